"""Any events in any order: never an exception, always a prompt or an end, always within the limits."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.effects import Prompt
from flows.engine.events import Again, Disconnect, Event, Input, Late, NoInput, Reply, Resume, Start
from flows.engine.run import MAIN_MENU, Limits
from flows.engine.values import Count, Digits, Identifier, Kilometres, Name, Phone, Pincode, TimedOut, Unavailable
from records import operations as of_caller
from services import bbps, billers, catalogue, csc, lpg, post
from tests.engine.test_machine import due, offices
from tests.engine.world import LATE, TODAY, Caller

LPG_ID = "12345678901234567"
DAY = date(2026, 11, 27)
CENTRES = tuple(
    csc.Centre(f"c{n}", Name(f"Centre {n}"), Name("V"), Name("A"), Name("B"), Phone("0000000001"), PIN, Kilometres(n))
    for n in range(3)
    for PIN in (Pincode("110001"),)
)
COMPANIES = tuple(billers.Biller(f"b{n}", Name(f"Company {n}"), Name(f"State {n % 12}")) for n in range(40))
OUTCOMES: dict[str, list[object]] = {
    "post.offices": [post.UnknownPin(), offices(1), offices(9), offices(40)],
    "csc.nearest": [csc.UnknownPin(), csc.NoneNear(), csc.Found(CENTRES)],
    "biller.electricity": [billers.Found(COMPANIES[:5]), billers.Found(COMPANIES)],
    "bill.electricity": [due(), bbps.NothingDue(), bbps.UnknownCustomer(), LATE],
    "bill.how_to_pay": [bbps.ByPhone(Phone("08045163666"))],
    "lpg.book": [lpg.NotFound(), lpg.Booked(Identifier("G1"), DAY), lpg.AlreadyBooked(Identifier("G1"), DAY), LATE],
    "catalogue.search": [catalogue.NothingFound()],
    "catalogue.entry": [catalogue.Gone()],
    "consent.status": [of_caller.Given(), of_caller.Needed()],
    "consent.give": [of_caller.Kept()],
    "person.status": [of_caller.HasPin(), of_caller.NoPin(), of_caller.Locked()],
    "person.check_pin": [of_caller.Right(), of_caller.Wrong(Count(1)), of_caller.Locked(), of_caller.NoPin()],
    "person.set_pin": [of_caller.Set(), of_caller.Different(), of_caller.TooEasy(), of_caller.HasPin()],
    "saved.lpg": [of_caller.NoneSaved(), of_caller.One(Digits(LPG_ID)), LATE],
    "saved.has_lpg": [of_caller.Kept(), of_caller.NotKept()],
    "saved.keep_lpg": [of_caller.Kept()],
}
"""What each service may answer; any of them may also be down or too late."""
TEXTS = st.one_of(
    st.sampled_from([
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "00", "01", "02", "05", "09", "*", "#", "", "13", "22", "28",
        "29", "37", "110001", LPG_ID, "4071", "1111", "123456789", "234567890124", "ka", "52", "yes", "नहीं", "१", "ZZ",
    ]),
    st.text(max_size=12),
)  # fmt: skip
LIMITS = Limits(blocks_a_turn=30, turns_a_session=15)


def events() -> st.SearchStrategy[Event]:
    actors = st.sampled_from(["", "", "", "agent"])
    channels = st.sampled_from(["ussd", "ivr"])
    return st.one_of(
        st.builds(Input, TEXTS, st.just(TODAY), actors),
        st.builds(Input, TEXTS, st.just(TODAY)),
        st.builds(Input, TEXTS, st.just(TODAY)),
        st.just(NoInput()),
        st.just(Again()),
        st.just(Disconnect()),
        st.builds(Late, st.sampled_from(["run1.1.bill", "recall", ""])),
        st.builds(Reply, st.sampled_from(["run1.1.bill", "recall", ""]), st.just(Unavailable())),
        st.builds(Resume, channels, st.just(TODAY), actors, st.booleans()),
        st.builds(
            Start,
            st.just("run1"),
            channels,
            st.just(TODAY),
            language=st.sampled_from(["", "en", "hi"]),
            inputs=st.lists(TEXTS, max_size=4).map(tuple),
            sms=st.booleans(),
        ),
    )


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_any_events_in_any_order(data: st.DataObject) -> None:
    def answering(name: str) -> object:
        outcomes = [*OUTCOMES[name], Unavailable(), TimedOut()]
        return lambda given: data.draw(st.sampled_from([o for o in outcomes if o is not LATE]))

    caller = Caller({name: answering(name) for name in OUTCOMES}, limits=LIMITS)
    caller.services["bill.electricity"] = data.draw(st.sampled_from(OUTCOMES["bill.electricity"]))
    caller.services["lpg.book"] = data.draw(st.sampled_from(OUTCOMES["lpg.book"]))
    caller.dial(language=data.draw(st.sampled_from(["", "en", "hi"])))
    for event in data.draw(st.lists(events(), max_size=12)):
        asked = len(caller.asked)
        caller.send(event)
        run = caller.run
        assert run is not None
        prompts = [effect for effect in caller.effects if isinstance(effect, Prompt)]
        silent = isinstance(event, Disconnect | Reply | Late)
        assert len(prompts) == 1 or (silent and not prompts)
        assert 1 <= len(run.frames) <= 3 and len(run.trail) <= 2
        assert run.turns <= LIMITS.turns_a_session + 1
        assert len(caller.asked) - asked <= 40
        assert run.midway is None
        for prompt in prompts:
            assert caller.script and (caller.screen or prompt.options)
            if not run.language:
                assert run.frames[-1].flow == "language" and run.frames[0].flow == MAIN_MENU
            if run.frames[0].flow == "lpg_book" and len(run.frames) == 1 and not (prompt.final or run.stopped):
                assert "pin" in run.auth and "consent:lpg_book" in run.auth


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=10))
def test_a_direct_code_never_confirms_agrees_or_tells_a_secret(inputs: list[str]) -> None:
    services = {name: outcomes[0] for name, outcomes in OUTCOMES.items()}
    caller = Caller({**services, "consent.status": of_caller.Needed()}).dial("37", *inputs)
    names = {request.operation for request in caller.asked}
    assert not names & {"consent.give", "person.set_pin", "person.check_pin", "lpg.book"}

"""When the use of a service has ended, and how: told by conversations on the real flows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.transactions import NO_USE, Transaction, Use, followed, packed, services, unpacked
from flows.engine.effects import End
from flows.engine.events import Disconnect, Event, Input, Start
from flows.engine.run import Limits, Run
from flows.engine.values import Count, Name
from services.post import Delivery, Found, Office, OfficeKind, UnknownPin
from tests.engine.world import TODAY, Caller, library

PSEUDONYM = b"p" * 16
GPO = Office("o1", Name("Pune GPO"), OfficeKind.head, Delivery.yes, Name("Pune"))
SERVICES = services(library().flows.by_name.values())


class Watched:
    """Somebody whose turns are followed as a door follows them; each turn takes ten seconds."""

    def __init__(self, caller: Caller | None = None) -> None:
        self.caller = caller or Caller()
        self.caller.services.setdefault("post.offices", UnknownPin())
        self.use, self.now = NO_USE, 1000
        self.ended: list[Transaction] = []

    def send(self, event: Event) -> "Watched":
        before = self.caller.run
        self.caller.send(event)
        self.now += 10
        assert self.caller.run is not None
        outcome = next((effect.outcome for effect in self.caller.effects if isinstance(effect, End)), "")
        self.use, ended = followed(
            before, self.use, self.caller.run, outcome, now=self.now, services=SERVICES, pseudonym=PSEUDONYM
        )
        self.ended += ended
        return self

    def dial(self, *inputs: str, run: str = "run1") -> "Watched":
        return self.send(Start(run, "ussd", TODAY, language="en", inputs=inputs))

    def type(self, *texts: str) -> "Watched":
        for text in texts:
            self.send(Input(text, TODAY))
        return self

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(transaction.service, transaction.outcome) for transaction in self.ended]


def test_menus_and_subdialogs_are_no_services() -> None:
    assert {"post_offices", "lpg_book", "csc_nearest"} <= SERVICES
    assert SERVICES.isdisjoint({"main_menu", "catalogue", "language", "consent", "pin"})


def test_a_service_that_was_used_to_its_end_is_done() -> None:
    caller = Caller(services={"post.offices": Found((GPO,), Count(1), Name("Pune"))})
    watched = Watched(caller).dial().type("1", "110001")
    while caller.run is not None and not caller.run.ended and watched.now < 1200:
        watched.type("1")
    (one,) = watched.ended
    assert (one.service, one.outcome, one.channel, one.language) == ("post_offices", "done", "ussd", "en")
    assert one.seconds == watched.now - 1020
    assert one.ended_at == watched.now and not one.demo


def test_nothing_ends_while_a_service_is_in_use() -> None:
    watched = Watched().dial().type("1", "99", "110002")
    assert watched.told == []
    assert watched.use.began == 1020


def test_a_caller_who_goes_home_has_left() -> None:
    watched = Watched().dial().type("1", "00")
    assert watched.told == [("post_offices", "left")]
    assert watched.use == NO_USE
    assert watched.ended[0].seconds == 10


def test_a_person_asked_for_ends_it_once() -> None:
    watched = Watched().dial().type("1", "09")
    assert watched.told == [("post_offices", "person")]
    watched.type("09")
    assert len({one.key for one in watched.ended}) == 1


def test_asking_for_a_person_at_the_main_menu_is_no_transaction() -> None:
    assert Watched().dial().type("09").told == []


def test_a_new_dial_without_going_on_drops_it() -> None:
    watched = Watched().dial().type("1").send(Disconnect()).dial("29", run="run2")
    assert watched.told == [("post_offices", "dropped")]


def test_what_has_ended_is_not_dropped_by_the_next_dial() -> None:
    watched = Watched(Caller(limits=Limits(turns_a_session=2))).dial().type("1", "99", "99").dial(run="run2")
    assert watched.told == [("post_offices", "limit")]


def test_a_direct_code_can_drop_one_service_and_end_another_in_one_turn() -> None:
    watched = Watched(Caller(limits=Limits(blocks_a_turn=30))).dial().type("1").send(Disconnect())
    watched.dial("13", "110002", "09", run="run2")
    if watched.told == [("post_offices", "dropped")]:  # an input that is a key is taken in a turn of its own
        watched.type("09")
    assert watched.told == [("post_offices", "dropped"), ("post_offices", "person")]
    assert watched.ended[0].key != watched.ended[1].key


def test_going_on_after_a_drop_is_the_same_use() -> None:
    watched = Watched().dial().type("1")
    began = watched.use
    watched.send(Disconnect()).send(Start("run2", "ussd", TODAY, "en")).type("1")
    assert watched.use == began and watched.told == []
    watched.type("00")
    assert watched.ended[0].seconds == watched.now - began.began


def test_refusing_to_go_on_is_leaving() -> None:
    watched = Watched().dial().type("1").send(Disconnect()).send(Start("run2", "ussd", TODAY, "en")).type("2")
    assert watched.told == [("post_offices", "left")]


def test_a_service_used_twice_in_one_run_is_two_transactions() -> None:
    watched = Watched().dial().type("1", "00", "1", "00")
    assert [one.outcome for one in watched.ended] == ["left", "left"]
    assert len({one.key for one in watched.ended}) == 2


def test_too_many_turns_end_at_the_limit() -> None:
    watched = Watched(Caller(limits=Limits(turns_a_session=3))).dial().type("1", "99", "99", "99")
    assert ("post_offices", "limit") in watched.told


def test_a_last_screen_that_is_shown_again_ends_nothing_again() -> None:
    watched = Watched(Caller(limits=Limits(turns_a_session=2))).dial().type("1", "99", "99")
    assert len(watched.ended) == 1
    watched.type("99", "99")
    assert len({one.key for one in watched.ended}) == 1


def test_demonstration_data_is_remembered_to_the_end_of_the_use() -> None:
    run = Run("r", "v", "ussd", "en", frames=Caller().dial("13").run.frames, visits=2)  # type: ignore[union-attr]
    told = replace(run, demo=("offices",))
    use, _ = followed(run, Use(1, 2), told, "", now=5, services=SERVICES, pseudonym=PSEUDONYM)
    use, ended = followed(told, use, replace(run, ended=True), "done", now=9, services=SERVICES, pseudonym=PSEUDONYM)
    assert [one.demo for one in ended] == [True]


def test_a_version_that_is_gone_is_told_as_such() -> None:
    watched = Watched().dial().type("1")
    before = watched.caller.run
    assert before is not None
    home = Caller().dial().run
    assert home is not None
    after = replace(home, id=before.id, version="newer")
    _, ended = followed(before, watched.use, after, "", now=2000, services=SERVICES, pseudonym=PSEUDONYM)
    assert [one.outcome for one in ended] == ["changed"]


def test_a_session_of_an_earlier_release_has_no_length() -> None:
    watched = Watched().dial().type("1")
    watched.use = NO_USE
    assert watched.type("00").ended[0].seconds == 0


@given(
    st.builds(
        Transaction, st.text(), st.binary(), st.text(), st.text(), st.text(), st.text(), st.integers(0, 2**40),
        st.booleans(), st.integers(0, 2**40),
    )
)  # fmt: skip
def test_what_is_packed_comes_back(transaction: Transaction) -> None:
    assert unpacked(packed(transaction)) == transaction


@pytest.mark.parametrize("plain", [b"", b"\xc1", b"\x80", b"\x91\x02", b"\x92\x01\x01"])
def test_what_is_no_transaction_is_none(plain: bytes) -> None:
    assert unpacked(plain) is None


def test_a_transaction_shows_no_pseudonym() -> None:
    assert "ppp" not in repr(Watched().dial().type("1", "00").ended[0])

"""The machine where things cross: a line that drops, a language that changes, a repeat of what is over."""

from dataclasses import replace

import pytest

from flows.engine.effects import SetLanguage
from flows.engine.events import Again, Disconnect, Event, Input, NoInput, Reply, Resume
from flows.engine.model import Flows
from flows.engine.run import MAIN_MENU
from flows.engine.values import Count, Digits, Identifier, Name, TimedOut, Unavailable
from records import operations as of_caller
from services import bbps, catalogue, lpg, post
from tests.engine.test_machine import BILLS, LPG_ID, PERSON, due, offices
from tests.engine.world import LATE, TODAY, Caller

AADHAAR_LIKE = "234567890124"


def ended() -> Caller:
    caller = Caller({"post.offices": offices(1)}).dial("13", "411001").type("1")
    assert caller.prompt.final
    return caller


def told_a_bill() -> Caller:
    """At a bill that waits for whether it is wanted by SMS."""
    caller = Caller({**BILLS, "bill.electricity": due()}).dial("22", sms=True).type("1", "123456789")
    assert "1,279.41" in caller.screen
    return caller


def without_post_offices(flows: Flows) -> Flows:
    kept = {name: flow for name, flow in flows.by_name.items() if name != "post_offices"}
    return replace(flows, version="new", by_name=kept)


def test_silence_after_the_end_tells_the_end_once_more() -> None:
    caller = ended().send(NoInput())
    assert caller.prompt.final and "Kalpur 0" in caller.screen


@pytest.mark.parametrize("key", ["01", "02", "7"])
def test_whatever_is_typed_after_the_end_tells_the_end_once_more(key: str) -> None:
    caller = ended().type(key)
    assert caller.prompt.final and "Kalpur 0" in caller.screen


def test_back_out_of_the_language_menu_while_resumption_is_offered_tells_nothing_of_the_service() -> None:
    caller = told_a_bill().dial(sms=True).type("05", "0")
    assert "Continue with" in caller.screen and "1,279.41" not in caller.screen


def test_back_out_of_the_language_menu_while_resumption_is_offered_asks_no_service() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", "123456789").dial().type("05")
    asked = len(caller.asked)
    caller.type("0")
    assert len(caller.asked) == asked and "Continue with" in caller.screen


def test_home_out_of_the_language_menu_while_resumption_is_offered_is_the_main_menu() -> None:
    caller = Caller().dial("13").dial().type("05", "00")
    assert caller.place == "main_menu.start" and "Continue" not in caller.screen
    assert caller.type("1").place == "post_offices.pin"


@pytest.mark.parametrize("event", [Again(), NoInput()])
def test_after_the_line_dropped_nothing_personal_is_told_again_without_a_proof(event: Event) -> None:
    caller = Caller(PERSON).dial("37").type("4071", LPG_ID).send(Disconnect()).send(event)
    assert caller.place == "pin.pin" and LPG_ID not in caller.screen


def test_after_the_line_dropped_nothing_is_written_without_a_proof() -> None:
    caller = Caller(PERSON).dial("37").type("4071", LPG_ID).send(Disconnect()).type("1")
    assert caller.place == "pin.pin"
    assert not [request for request in caller.asked if request.operation == "lpg.book"]
    assert caller.type("4071").place == "lpg_book.book"


def test_a_pin_that_was_being_chosen_when_the_line_dropped_is_chosen_from_the_start() -> None:
    chosen = {**PERSON, "person.status": of_caller.NoPin(), "person.set_pin": of_caller.Set()}
    caller = Caller(chosen).dial("37").type("4071")
    assert caller.place == "pin.again"
    caller.send(Disconnect())
    assert "4071" not in repr(caller.run)
    assert caller.type("4071").place == "pin.choose"


def test_a_line_that_drops_at_the_first_language_menu_leaves_the_caller_there() -> None:
    caller = Caller().dial(language="").send(Disconnect()).send(Again())
    assert caller.place == "language.choose"


@pytest.mark.parametrize("event", [Disconnect(), Resume("ussd", TODAY)])
def test_what_may_be_an_aadhaar_number_does_not_outlast_the_line(event: Event) -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", AADHAAR_LIKE).send(event)
    assert AADHAAR_LIKE not in repr(caller.run)
    caller.send(Again())
    assert caller.place == "bill_electricity.consumer" and caller.prompt.expect


@pytest.mark.parametrize("key", ["05", "0", "00"])
def test_what_may_be_an_aadhaar_number_is_dropped_by_every_key_that_leads_away(key: str) -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", AADHAAR_LIKE, key)
    assert AADHAAR_LIKE not in repr(caller.run)


def test_a_dropped_service_that_a_deploy_removed_is_told_at_home_at_the_next_dial() -> None:
    caller = Caller().dial("13")
    caller.flows = without_post_offices(caller.flows)
    caller.dial()
    assert caller.place == "main_menu.start" and "has changed" in caller.screen
    assert caller.run is not None and not caller.run.stopped and caller.run.version == "new"


def test_auth_does_not_outlast_a_dial_that_meets_a_deploy() -> None:
    caller = Caller(PERSON).dial("37").type("4071", LPG_ID)
    flow = caller.flows.by_name["lpg_book"]
    blocks = {name: block for name, block in flow.blocks.items() if name != "book"}
    by_name = {**caller.flows.by_name, "lpg_book": replace(flow, blocks=blocks)}
    caller.flows = replace(caller.flows, version="new", by_name=by_name)
    caller.dial()
    assert caller.run is not None and caller.run.auth == ()


def test_a_block_that_needs_what_its_older_version_did_not_ask_ends_at_home() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1")
    assert caller.run is not None
    (frame,) = caller.run.frames
    caller.run = replace(caller.run, frames=(replace(frame, answers={}),))
    caller.flows = replace(caller.flows, version="new")
    caller.type("123456789")
    assert caller.place == "main_menu.start" and "has changed" in caller.screen


def test_a_fault_in_todays_flows_is_not_taken_for_a_deploy() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1")
    assert caller.run is not None
    (frame,) = caller.run.frames
    caller.run = replace(caller.run, frames=(replace(frame, answers={}),))
    with pytest.raises(KeyError):
        caller.type("123456789")


def test_a_language_is_kept_though_the_list_to_be_shown_in_it_is_gone() -> None:
    caller = Caller({"post.offices": offices(2)}).dial("13", "411001").type("05")
    caller.services["post.offices"] = Unavailable()
    caller.type("1")
    assert caller.place == "main_menu.start" and SetLanguage("hi") in caller.effects
    assert caller.run is not None and caller.run.language == "hi"


def test_a_turn_that_ends_at_home_for_a_lost_list_counts_as_a_turn() -> None:
    caller = Caller({"post.offices": offices(3)}).dial("13", "411001")
    assert caller.run is not None
    before = caller.run.turns
    caller.services["post.offices"] = Unavailable()
    caller.type("1")
    assert caller.run.turns == before + 1


def test_nobody_goes_back_before_a_write_whose_fate_is_not_known() -> None:
    caller = Caller({**PERSON, "lpg.book": TimedOut()}).dial("37").type("4071", LPG_ID, "1", "0")
    assert caller.place == "lpg_book.book" and "do not know yet" in caller.screen
    caller.type("1")
    assert len({request.key for request in caller.asked if request.operation == "lpg.book"}) == 1


@pytest.mark.parametrize("answer", [TimedOut(), LATE])
def test_back_is_not_offered_where_a_write_forbids_it(answer: object) -> None:
    caller = Caller({**PERSON, "lpg.book": answer}).dial("37").type("4071", LPG_ID, "1")
    assert "back" not in caller.prompt.keys and "home" in caller.prompt.keys


def test_back_is_offered_while_an_answer_that_changes_nothing_is_awaited() -> None:
    assert "back" in Caller(dict(BILLS)).dial("22").type("1", "123456789").prompt.keys


def test_a_write_that_failed_is_tried_again_under_the_same_key() -> None:
    caller = Caller({**PERSON, "lpg.book": Unavailable()}).dial("37").type("4071", LPG_ID, "1")
    caller.services["lpg.book"] = lpg.Booked(Identifier("G1"), TODAY)
    caller.type("1")
    assert len({request.key for request in caller.asked if request.operation == "lpg.book"}) == 1
    assert "Refill booked" in caller.screen


def test_the_language_changes_in_the_middle_of_a_write_and_its_key_stays() -> None:
    caller = Caller({**PERSON, "lpg.book": LATE}).dial("37").type("4071", LPG_ID, "1", "05", "1")
    assert caller.prompt.waiting
    assert len({request.key for request in caller.asked if request.operation == "lpg.book"}) == 1


def test_a_write_resumed_after_a_drop_has_the_key_that_it_had() -> None:
    caller = Caller({**PERSON, "lpg.book": LATE}).dial("37").type("4071", LPG_ID, "1").send(Disconnect())
    caller.dial().type("1", "4071", "1")
    assert len({request.key for request in caller.asked if request.operation == "lpg.book"}) == 1


def test_a_direct_code_of_any_length_takes_so_many_inputs_only() -> None:
    caller = Caller().dial("13", *["1"] * 1000, language="")
    assert caller.run is not None and len(caller.run.inputs) == 20


def test_the_main_menus_own_code_is_the_main_menu() -> None:
    caller = Caller().dial("10")
    assert caller.place == "main_menu.start" and "not one of the choices" not in caller.screen


def test_the_service_that_was_chosen_last_is_opened_after_a_detour() -> None:
    level = catalogue.Level.central
    rows = tuple(catalogue.Entry(name, Name(name), Name("India Post"), level, Name("")) for name in ("post_offices",))
    services: dict[str, object] = {
        "catalogue.search": catalogue.Found(rows, Count(1)),
        "catalogue.entry": catalogue.Gone(),
    }
    caller = Caller(services).dial("29").type("post", "1")
    assert caller.place == "catalogue.nothing"
    services["catalogue.entry"] = catalogue.Here(Name("Post"), Name("India Post"))
    caller.services = services
    assert caller.type("1", "post", "1").place == "post_offices.pin"


def test_a_long_session_does_not_make_the_run_longer() -> None:
    caller = Caller({**PERSON, **BILLS, "bill.electricity": due(), "post.offices": offices(3)}).dial()
    sizes: list[int] = []
    for _ in range(6):
        caller.type("00", "3", *(() if sizes else ("4071",)), LPG_ID, "1", "00", "4", "1", "123456789", "00", "1")
        caller.type("411001", "1", "00")
        assert caller.run is not None
        sizes.append(len(repr(caller.run)))
    assert caller.run is not None and caller.run.frames[0].flow == MAIN_MENU
    assert sizes[-1] <= sizes[0] + 4  # serials have more digits


@pytest.mark.parametrize("typed", ["a", "1a", "²", "१०"])
def test_what_is_no_number_on_offer_is_no_choice(typed: str) -> None:
    caller = Caller().dial().send(Again()).type(typed)
    if typed == "१०":  # ten, the main menu's own code
        assert caller.place == "main_menu.start" and "not one of the choices" not in caller.screen
    else:
        assert "not one of the choices" in caller.screen


@pytest.mark.parametrize("typed", ["1", "yes", "हाँ"])
def test_trying_again_is_said_by_key_or_by_word(typed: str) -> None:
    caller = Caller({**BILLS, "bill.electricity": Unavailable()}).dial("22").type("1", "123456789")
    asked = len(caller.asked)
    caller.type(typed)
    assert len(caller.asked) == asked + 1


def test_what_is_no_yes_does_not_try_again() -> None:
    caller = Caller({**BILLS, "bill.electricity": Unavailable()}).dial("22").type("1", "123456789")
    asked = len(caller.asked)
    caller.type("2")
    assert len(caller.asked) == asked and "not one of the choices" in caller.screen


@pytest.mark.parametrize("answer", ["1", "2"])
def test_the_answer_about_a_saved_number_starts_the_attempts_anew(answer: str) -> None:
    caller = Caller({**PERSON, "saved.lpg": of_caller.One(Digits(LPG_ID))}).dial("37").type("4071", "7", "7", answer)
    assert caller.run is not None and caller.run.no_match == 0


def test_a_block_that_a_deploy_made_a_tell_ends_at_home() -> None:
    caller = Caller({"post.offices": offices(2)}).dial("13", "411001")
    assert caller.run is not None
    (frame,) = caller.run.frames
    caller.run = replace(
        caller.run, frames=(replace(frame, block="details", answers={**frame.answers, "office": "o1"}),)
    )
    caller.flows = replace(caller.flows, version="new")
    caller.type("1")
    assert caller.place == "main_menu.start" and "has changed" in caller.screen


def test_back_from_what_is_asked_anew_leads_before_it_was_asked_first() -> None:
    caller = Caller({"post.offices": post.UnknownPin()}).dial("13").type("999999", "1")
    assert caller.place == "post_offices.pin"
    assert caller.type("0").place == "main_menu.start"


def test_back_from_a_number_that_is_asked_anew_leads_to_the_question_before_it() -> None:
    caller = Caller({**BILLS, "bill.electricity": bbps.UnknownCustomer()}).dial("22").type("1", "123456789", "1")
    assert caller.place == "bill_electricity.consumer"
    assert caller.type("0").place == "bill_electricity.biller"


@pytest.mark.parametrize("told", [of_caller.Different(), of_caller.TooEasy(), of_caller.HasPin()])
def test_back_after_two_pins_that_were_refused_asks_neither_alone(told: object) -> None:
    services = {**PERSON, "person.status": of_caller.NoPin(), "person.set_pin": told}
    caller = Caller(services).dial("37").type("4071", "4072")
    assert caller.place in ("pin.choose", "pin.pin")
    assert caller.type("0").place == "main_menu.start"


def test_resuming_at_a_list_asks_for_it_once() -> None:
    caller = Caller({"post.offices": offices(3)}).dial("13", "411001")
    asked = len(caller.asked)
    caller.send(Resume("ussd", TODAY))
    assert caller.place == "post_offices.office" and len(caller.asked) == asked + 1


@pytest.mark.parametrize("event", [NoInput(), Again(), Input("7", TODAY)])
def test_whatever_comes_after_an_end_without_a_last_sentence_is_an_end_again(event: Event) -> None:
    caller = Caller(PERSON).dial("37", sms=True).type("4071", LPG_ID, "1", "2")
    assert caller.place == "lpg_book.kept" and caller.prompt.final
    assert caller.send(event).prompt.final


def test_a_reply_with_another_token_is_not_taken_for_the_one_that_is_awaited() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", "123456789")
    before = caller.run
    caller.send(Reply("run1.1.bill", due()))
    assert caller.run == before and caller.effects == []


def test_home_starts_the_attempts_anew() -> None:
    caller = Caller().dial("13").type("7", "7", "00", "x")
    assert not caller.prompt.final

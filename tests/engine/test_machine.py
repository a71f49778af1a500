"""The machine: each test is one rule of the design, on the real flows."""

from dataclasses import replace
from datetime import date

import pytest

from flows.engine.effects import End, Request, SendSms, SetLanguage, Transfer
from flows.engine.events import Again, Disconnect, Input, NoInput, Reply, Resume, Start
from flows.engine.machine import advance
from flows.engine.run import Limits
from flows.engine.values import Count, Digits, Identifier, Name, Paise, Phone, TimedOut, Unavailable
from records import operations as of_caller
from services import bbps, billers, lpg, post
from tests.engine.world import LATE, TODAY, Caller, library

SUB = post.OfficeKind.sub


def offices(how_many: int) -> post.Found:
    rows = tuple(
        post.Office(f"o{n}", Name(f"{'KLMNPRSTV'[n % 9]}alpur {n}"), SUB, post.Delivery.yes, Name("Pune"))
        for n in range(how_many)
    )  # fmt: skip
    return post.Found(rows, Count(how_many), Name("Pune"))


def due() -> bbps.Due:
    return bbps.Due(Name("R*** K***"), Paise(127941), date(2026, 12, 1), Identifier("B12"))


BILLS = {
    "biller.electricity": billers.Found((billers.Biller("b1", Name("BSES"), Name("Delhi")),)),
    "bill.electricity": LATE,
    "bill.how_to_pay": bbps.ByPhone(Phone("08045163666")),
}
PERSON = {
    "consent.status": of_caller.Given(),
    "person.status": of_caller.HasPin(),
    "person.check_pin": of_caller.Right(),
    "saved.lpg": of_caller.NoneSaved(),
    "saved.has_lpg": of_caller.Kept(),
    "lpg.book": lpg.Booked(Identifier("G1"), date(2026, 11, 27)),
}
LPG_ID = "12345678901234567"


def test_first_contact_chooses_a_language_and_it_is_remembered() -> None:
    caller = Caller().dial(language="")
    assert caller.place == "language.choose"
    caller.type("2")
    assert SetLanguage("en") in caller.effects
    assert caller.place == "main_menu.start"


def test_home_means_nothing_before_a_language_is_chosen() -> None:
    assert Caller().dial(language="").type("00").place == "language.choose"


def test_a_direct_code_goes_straight_to_the_answer() -> None:
    caller = Caller({"post.offices": offices(3)}).dial("13", "411001")
    assert caller.place == "post_offices.office"


def test_a_direct_code_waits_for_the_language_of_a_new_caller() -> None:
    caller = Caller({"post.offices": offices(3)}).dial("13", "411001", language="")
    assert caller.place == "language.choose"
    assert caller.type("2").place == "post_offices.office"


def test_the_first_input_that_is_refused_drops_the_rest_of_a_direct_code() -> None:
    caller = Caller({"post.offices": offices(3)}).dial("13", "012345", "1")
    assert caller.place == "post_offices.pin"
    assert "does not start with 0" in caller.screen
    assert caller.run is not None and caller.run.inputs == ()


def test_a_direct_code_never_confirms_a_write() -> None:
    caller = Caller(PERSON).dial("37", LPG_ID, "1").type("4071")
    assert caller.place == "lpg_book.book"
    assert not [request for request in caller.asked if request.operation == "lpg.book"]


def test_a_direct_code_never_agrees_and_never_gives_a_secret() -> None:
    caller = Caller({**PERSON, "consent.status": of_caller.Needed()}).dial("37", "1", "4071")
    assert caller.place == "consent.notice"


def test_a_typed_service_code_works_at_the_main_menu() -> None:
    assert Caller().dial().type("13").place == "post_offices.pin"


@pytest.mark.parametrize(
    ("key", "place"), [("0", "main_menu.start"), ("00", "main_menu.start"), ("02", "post_offices.pin")]
)
def test_the_fixed_keys_of_a_screen(key: str, place: str) -> None:
    assert Caller().dial("13").type(key).place == place


@pytest.mark.parametrize(
    ("key", "place"), [("8", "main_menu.start"), ("7", "main_menu.start"), ("9", "post_offices.pin")]
)
def test_the_fixed_keys_of_a_voice(key: str, place: str) -> None:
    assert Caller(channel="ivr").dial("13").type(key).place == place


@pytest.mark.parametrize(("channel", "key"), [("ussd", "05"), ("ivr", "*")])
def test_the_language_changes_anywhere_and_the_caller_stays_at_the_block(channel: str, key: str) -> None:
    caller = Caller({"post.offices": offices(3)}, channel=channel).dial("13", "411001").type(key)
    assert caller.place == "language.choose"
    caller.type("1")
    assert caller.place == "post_offices.office"
    assert caller.run is not None and caller.run.language == "hi"


def test_back_leaves_the_language_menu_without_changing_anything() -> None:
    assert Caller().dial("13").type("05", "0").place == "post_offices.pin"


@pytest.mark.parametrize(("channel", "key"), [("ussd", "09"), ("ivr", "0")])
def test_a_person_is_brought_with_the_path_and_the_run_can_go_on(channel: str, key: str) -> None:
    caller = Caller(channel=channel).dial("13").type(key)
    assert Transfer("asked", ("main_menu.start", "post_offices.pin")) in caller.effects
    assert End("person") in caller.effects and caller.prompt.final
    assert caller.run is not None and not caller.run.ended


def test_no_match_and_no_input_are_counted_apart_and_each_ends_at_a_person() -> None:
    caller = Caller().dial("13").type("1", "1")
    caller.send(NoInput()).send(NoInput())
    assert not caller.prompt.final
    caller.type("1")
    assert Transfer("no_match", ("main_menu.start", "post_offices.pin")) in caller.effects


def test_silence_is_told_apart_from_a_wrong_key() -> None:
    caller = Caller().dial("13").send(NoInput())
    assert caller.screen.startswith("Nothing was typed.")
    assert Caller().dial("13").type("7").screen.startswith("A PIN code has 6 digits")


def test_a_right_answer_starts_the_attempts_anew() -> None:
    caller = Caller({"post.offices": post.UnknownPin()}).dial("13").type("1", "1", "999999", "7", "7")
    assert not caller.prompt.final


def test_nine_options_are_a_menu_and_ten_are_narrowed_by_letters() -> None:
    assert len(Caller({"post.offices": offices(9)}).dial("13", "411001").prompt.options) == 9
    ten = Caller({"post.offices": offices(10)}).dial("13", "411001")
    assert ten.prompt.options == () and "10 found" in ten.screen


@pytest.mark.parametrize("typed", ["ka", "52", "KA"])
def test_letters_and_keys_narrow_a_list(typed: str) -> None:
    caller = Caller({"post.offices": offices(20)}).dial("13", "411001").type(typed)
    assert {"Kalpur 0", "Kalpur 9", "Kalpur 18"} <= set(caller.screen.replace("\n", " 1 ").split(" 1 ")) or (
        caller.screen.count("Kalpur") == 3
    )


def test_more_shows_the_plain_list_and_then_the_next_nine() -> None:
    caller = Caller({"post.offices": offices(12)}).dial("13", "411001").type("01")
    assert len(caller.prompt.options) == 9
    assert len(caller.type("01").prompt.options) == 3
    assert len(caller.type("01").prompt.options) == 9


def test_a_voice_offers_four_options_at_once() -> None:
    caller = Caller({"post.offices": offices(6)}, channel="ivr").dial("13", "411001")
    assert [option.key for option in caller.prompt.options] == ["1", "2", "3", "4"]
    assert len(caller.type("5").prompt.options) == 2
    assert caller.type("2").place == "post_offices.details"
    assert "Rlpur" not in caller.script[0]


def test_the_run_keeps_no_list() -> None:
    caller = Caller({"post.offices": offices(100)}).dial("13", "411001").type("01")
    assert caller.run is not None
    assert caller.run.midway is None
    assert len(repr(caller.run)) < 1500


def test_letters_that_begin_no_name_are_told_and_counted() -> None:
    caller = Caller({"post.offices": offices(20)}).dial("13", "411001").type("zz", "zz")
    assert "No name begins so." in caller.screen
    assert caller.type("zz").prompt.final


def test_back_widens_a_narrowed_list_before_it_leaves_it() -> None:
    caller = Caller({"post.offices": offices(20)}).dial("13", "411001").type("ka", "0")
    assert caller.place == "post_offices.office" and "20 found" in caller.screen
    assert caller.type("0").place == "post_offices.pin"


def test_a_list_that_is_gone_by_the_next_turn_is_told_at_home() -> None:
    caller = Caller({"post.offices": offices(3)}).dial("13", "411001")
    caller.services["post.offices"] = Unavailable()
    caller.type("1")
    assert caller.place == "main_menu.start" and "does not answer" in caller.screen


def test_a_service_that_is_down_offers_to_try_again_with_a_new_request() -> None:
    caller = Caller({**BILLS, "bill.electricity": Unavailable()}).dial("22").type("1", "123456789")
    assert "does not answer" in caller.screen
    first = caller.asked[-1].token
    caller.services["bill.electricity"] = due()
    caller.type("1")
    assert "1,279.41" in caller.screen
    assert [request.token for request in caller.asked].count(first) == 1


def test_a_late_answer_is_told_when_it_is_there_and_the_token_stays() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", "123456789")
    assert caller.prompt.waiting
    assert "Still checking" in caller.screen
    token = caller.asked[-1].token
    caller.type("1")
    assert caller.asked[-1].token == token
    caller.services["bill.electricity"] = due()
    caller.type("1")
    assert caller.asked[-2].token == token
    assert "Rs 1,279.41" in caller.screen and "08045163666" in caller.screen


def test_a_stale_reply_changes_nothing() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", "123456789")
    token = caller.asked[-1].token
    caller.type("0")
    before = caller.run
    caller.send(Reply(token, due()))
    assert caller.run == before and caller.effects == []


def test_what_was_asked_with_another_answer_has_another_token() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", "123456789")
    first = caller.asked[-1].token
    caller.type("0", "987654321")
    assert caller.asked[-1].token != first


def test_auth_and_consent_come_before_the_first_block() -> None:
    caller = Caller({**PERSON, "consent.status": of_caller.Needed(), "consent.give": of_caller.Kept()}).dial("37")
    assert caller.place == "consent.notice"
    assert caller.screen.startswith("To book your refill")
    assert caller.type("1").place == "pin.pin"
    assert caller.type("4071").place == "lpg_book.lpg_id"


def test_who_does_not_agree_goes_home_with_nothing_asked() -> None:
    caller = Caller({**PERSON, "consent.status": of_caller.Needed()}).dial("37").type("2")
    assert caller.place == "main_menu.start" and "nothing was kept" in caller.screen


def test_a_write_is_confirmed_and_its_key_is_its_token() -> None:
    caller = Caller(PERSON).dial("37").type("4071", LPG_ID)
    assert LPG_ID in caller.screen
    caller.type("1")
    booking = next(request for request in caller.asked if request.operation == "lpg.book")
    assert booking.key == booking.token != ""
    assert caller.place == "lpg_book.booked" and caller.prompt.final


def test_a_read_has_no_idempotency_key() -> None:
    caller = Caller({"post.offices": offices(3)}).dial("13", "411001")
    assert caller.asked[0].key == ""


def test_no_at_the_confirmation_does_nothing() -> None:
    caller = Caller(PERSON).dial("37").type("4071", LPG_ID, "2")
    assert "Nothing was done." in caller.screen and caller.place == "main_menu.start"
    assert not [request for request in caller.asked if request.operation == "lpg.book"]


def test_a_write_whose_fate_is_not_known_is_checked_again_under_the_same_key() -> None:
    caller = Caller({**PERSON, "lpg.book": TimedOut()}).dial("37").type("4071", LPG_ID, "1")
    assert "do not know yet" in caller.screen
    caller.type("1")
    first, second = [request for request in caller.asked if request.operation == "lpg.book"]
    assert first.key == second.key


def test_nobody_goes_back_while_a_write_is_under_way() -> None:
    caller = Caller({**PERSON, "lpg.book": LATE}).dial("37").type("4071", LPG_ID, "1", "0")
    assert caller.prompt.waiting


def test_after_a_write_there_is_no_way_back_before_it() -> None:
    caller = Caller({**PERSON, "saved.has_lpg": of_caller.NotKept()}).dial("37").type("4071", LPG_ID, "1")
    assert caller.place == "lpg_book.keep_offer"
    assert caller.type("0").place == "main_menu.start"


def test_two_bookings_in_one_session_have_two_keys() -> None:
    caller = Caller(PERSON).dial("37").type("4071", LPG_ID, "1", "00", "3", "76543210987654321", "1")
    keys = [request.key for request in caller.asked if request.operation == "lpg.book"]
    assert len(keys) == len(set(keys)) == 2


def test_the_secret_is_gone_as_soon_as_it_was_asked() -> None:
    caller = Caller(PERSON).dial("37").type("4071")
    assert "4071" not in repr(caller.run)


def test_a_saved_number_is_offered_by_its_end_and_never_shown_whole() -> None:
    caller = Caller({**PERSON, "saved.lpg": of_caller.One(Digits(LPG_ID))}).dial("37").type("4071")
    assert "4567" in caller.screen and LPG_ID not in caller.screen
    caller.type("1")
    assert caller.place == "lpg_book.book" and LPG_ID not in caller.screen
    caller.type("1")
    assert next(r for r in caller.asked if r.operation == "lpg.book").given == {"lpg_id": LPG_ID}


def test_another_number_than_the_saved_one_can_be_typed() -> None:
    caller = Caller({**PERSON, "saved.lpg": of_caller.One(Digits(LPG_ID))}).dial("37").type("4071", "2")
    assert caller.place == "lpg_book.lpg_id" and "Enter your 17-digit" in caller.screen


def test_a_dropped_service_is_offered_again_at_the_very_block_with_auth_asked_anew() -> None:
    caller = Caller(PERSON).dial("37").type("4071", LPG_ID).send(Disconnect())
    caller.dial()
    assert "Continue where you stopped?" in caller.screen and LPG_ID not in caller.screen
    assert caller.type("1").place == "pin.pin"
    assert caller.type("4071").place == "lpg_book.book"


def test_the_offer_to_resume_names_a_service_that_is_nobodys_secret() -> None:
    assert "Post offices by PIN code" in Caller().dial("13").dial().screen


@pytest.mark.parametrize("typed", ["2", "00"])
def test_who_does_not_want_to_resume_starts_again(typed: str) -> None:
    assert Caller().dial("13").dial().type(typed).place == "main_menu.start"


def test_a_direct_code_is_a_new_wish_and_nothing_is_offered_again() -> None:
    assert Caller().dial("13").dial("28").place == "csc_nearest.pin"


def test_nothing_is_offered_again_after_the_end_or_at_the_main_menu() -> None:
    ended = Caller({"post.offices": offices(1)}).dial("13", "411001").type("1")
    assert ended.dial().place == "main_menu.start"
    again = Caller().dial().dial()
    assert again.place == "main_menu.start"
    assert "Continue" not in again.screen


def test_the_language_can_be_changed_while_resumption_is_offered() -> None:
    caller = Caller().dial("13").dial().type("05", "1")
    assert "आगे बढ़ें" in caller.screen and caller.type("1").place == "post_offices.pin"


def test_an_agent_who_resumes_drives_alone() -> None:
    caller = Caller(PERSON).dial("37").type("4071", LPG_ID)
    caller.send(Resume("helpline", TODAY, actor="agent-7"))
    assert caller.place == "pin.pin"
    before = caller.run
    caller.type("1")
    assert "A helper is doing this" in caller.screen and caller.run == before
    caller.send(Input("4071", TODAY, actor="agent-7"))
    assert caller.place == "lpg_book.book"


def test_again_repeats_all_that_was_told_and_asks_nothing_twice() -> None:
    caller = Caller({**PERSON, "saved.has_lpg": of_caller.NotKept()}).dial("37").type("4071", LPG_ID, "1")
    screen = caller.screen
    asked = [request.operation for request in caller.asked].count("lpg.book")
    assert caller.send(Again()).screen == screen
    assert [request.operation for request in caller.asked].count("lpg.book") == asked == 1


def test_an_ended_run_can_be_repeated() -> None:
    caller = Caller({"post.offices": offices(1)}).dial("13", "411001").type("1")
    screen = caller.screen
    assert caller.prompt.final and caller.send(Again()).screen == screen


def test_repeating_twice_makes_a_voice_slower() -> None:
    caller = Caller(channel="ivr").dial("13").type("9")
    assert caller.run is not None and not caller.run.slower
    caller.type("9")
    assert caller.run.slower


def test_what_looks_like_aadhaar_is_refused_where_twelve_digits_are_no_answer() -> None:
    caller = Caller().dial("13").type("234567890124")
    assert "looks like an Aadhaar number" in caller.screen


def test_what_looks_like_aadhaar_is_asked_about_where_twelve_digits_may_be_an_answer() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", "234567890124")
    assert "Is this an Aadhaar number?" in caller.screen
    caller.type("1")
    assert caller.place == "bill_electricity.consumer" and "234567890124" not in repr(caller.run)


def test_twelve_digits_that_are_no_aadhaar_number_are_taken_when_the_caller_says_so() -> None:
    caller = Caller(dict(BILLS)).dial("22").type("1", "234567890124", "2")
    assert caller.asked[-1].given == {"biller": "b1", "consumer": "234567890124"}


def test_demonstration_answers_are_told_as_such() -> None:
    caller = Caller({**BILLS, "bill.electricity": due()}, demo=frozenset({"bill.electricity"}))
    caller.dial("22").type("1", "123456789")
    assert caller.screen.startswith("DEMO, not real")


def test_an_sms_is_offered_only_where_one_can_be_sent() -> None:
    without = Caller({"post.offices": offices(1)}).dial("13", "411001").type("1")
    assert without.prompt.final
    caller = Caller({"post.offices": offices(1)}).dial("13", "411001", sms=True).type("1")
    assert "Send by SMS" in caller.screen
    caller.type("1")
    assert [type(effect) for effect in caller.effects if isinstance(effect, SendSms)] == [SendSms]
    assert caller.prompt.final


def test_a_run_has_so_many_turns_and_then_ends_politely() -> None:
    caller = Caller(limits=Limits(turns_a_session=3)).dial().type("00", "00", "00")
    assert not caller.prompt.final
    assert "This has become long" in caller.type("00").screen and End("limit") in caller.effects


def test_a_block_that_a_deploy_removed_ends_at_home_with_a_sentence() -> None:
    caller = Caller().dial("13")
    flow = caller.flows.by_name["post_offices"]
    blocks = {name: block for name, block in flow.blocks.items() if name != "pin"}
    gone = {**caller.flows.by_name, "post_offices": replace(flow, blocks=blocks, start="offices")}
    caller.flows = replace(caller.flows, version="new", by_name=gone)
    caller.type("110001")
    assert caller.place == "main_menu.start" and "has changed" in caller.screen


def test_a_service_that_is_not_on_this_channel_says_so() -> None:
    caller = Caller()
    flow = replace(caller.flows.by_name["post_offices"], channels=("ivr",))
    caller.flows = replace(caller.flows, by_name={**caller.flows.by_name, "post_offices": flow})
    caller.dial().type("1")
    assert caller.place == "main_menu.start" and "not on this door" in caller.screen


def test_start_is_needed_first() -> None:
    with pytest.raises(ValueError, match="begins with Start"):
        advance(library().flows, None, Input("1", TODAY))


def test_the_same_events_give_the_same_steps() -> None:
    start = Start("run1", "ussd", TODAY, language="en", inputs=("13",))
    assert advance(library().flows, None, start) == advance(library().flows, None, start)


def test_requests_of_a_recalled_list_are_never_left_open() -> None:
    caller = Caller({"post.offices": offices(3)}).dial("13", "411001").type("1")
    assert all(isinstance(request, Request) for request in caller.asked)
    assert caller.run is not None and caller.run.midway is None

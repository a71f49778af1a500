"""What a prompt says by SMS: one message a sentence, the choices below the question, two parts at most."""

from datetime import date

import pytest

from flows.engine.effects import Prompt, Said, SendSms, Typed
from sms.parts import parts
from sms.texts import Message, messages, sentence, told
from tests.sms.worded import PIN, catalogue, choices, common, offices, prompt, said

UNKNOWN = prompt(
    "post_offices.unknown", said("post_offices.unknown", pin=PIN), options=choices("post_offices", "unknown")
)
ASKED = prompt("post_offices.pin", said("post_offices.pin"), expect="pincode")
RETRY = said("post_offices.pin.retry")
MISTYPED = prompt("post_offices.pin", RETRY, said("post_offices.pin"), expect="pincode")
LIST = said("post_offices.office", pin=PIN)
NARROW = prompt(
    "post_offices.office",
    LIST,
    common("narrow", count=Typed("Count", 153)),
    expect="letters 1 to 10",
    keys=("narrow_list", "back"),
)
NARROW_TEXT = "Post offices for 110001:\n153 found. Type the first letters of the name.\n01 List"
NONE_BEGIN = Prompt(NARROW.place, (common("none_begin"), *NARROW.said), expect=NARROW.expect, keys=NARROW.keys)
TRIED = said("pin.wrong", check__left=Typed("Count", 1))
TRIES = said("pin.wrong", check__left=Typed("Count", 2))
BILL = {
    "bill__name": Typed("Name", "Asha Devi"),
    "bill__amount": Typed("Paise", 123_400),
    "bill__due": Typed("date", date(2026, 12, 3)),
    "bill__bill_number": Typed("Identifier", "B77"),
}
DUE = said("bill_electricity.due", **BILL)


def native(language: str) -> Said:
    return Said(
        common("language_option").wording, {}, native={"hi": "हिन्दी", "en": "English"}[language], language=language
    )


LANGUAGES = prompt("language.choose", common("name"), options=(native("hi"), native("en")))


@pytest.mark.parametrize(
    ("given", "language", "before", "expected"),
    [
        (ASKED, "en", "", [("post_offices.pin", "Enter your 6-digit PIN code.")]),
        (ASKED, "hi", "", [("post_offices.pin", "6 अंकों का पिन कोड लिखें।")]),
        (
            UNKNOWN,
            "en",
            "post_offices.pin",
            [
                (
                    "post_offices.unknown options",
                    "No post office found for 110001.\n1 Try another PIN code\n2 Talk to a person",
                )
            ],
        ),
        (
            MISTYPED,
            "en",
            "post_offices.pin",
            [("post_offices.pin.retry", "A PIN code has 6 digits and does not start with 0.")],
        ),
        (
            MISTYPED,
            "en",
            "post_offices.unknown",
            [
                ("post_offices.pin.retry", "A PIN code has 6 digits and does not start with 0."),
                ("post_offices.pin", "Enter your 6-digit PIN code."),
            ],
        ),
        (
            NARROW,
            "en",
            "post_offices.pin",
            [("post_offices.office narrow", NARROW_TEXT)],
        ),
        (NARROW, "en", NARROW.place, [("post_offices.office narrow", NARROW_TEXT)]),
        (NONE_BEGIN, "en", NARROW.place, [("common.none_begin", "No name begins so.")]),
        (LANGUAGES, "hi", "", [("common.name options", "घंटी\n1 हिन्दी\n2 English")]),
        (prompt("x.y", TRIED, final=True), "en", "", [("pin.wrong one", "Wrong PIN. 1 try left.")]),
        (prompt("x.y", TRIES, final=True), "en", "", [("pin.wrong other", "Wrong PIN. 2 tries left.")]),
        (prompt("x.y", common("done"), final=True), "en", "", []),
        (
            prompt("x.y", DUE, said("bill_electricity.how", pay__number=Typed("Phone", "08045163666")), final=True),
            "en",
            "",
            [
                ("bill_electricity.due", "Asha Devi: Rs 1,234 by 3 Dec 2026. Bill B77."),
                ("bill_electricity.how", "To pay, ring UPI 123PAY: 08045163666. We never ask for a UPI PIN."),
            ],
        ),
        (
            prompt("x.y", common("demo"), DUE, final=True),
            "en",
            "",
            [("bill_electricity.due", "DEMO, not real\nAsha Devi: Rs 1,234 by 3 Dec 2026. Bill B77.")],
        ),
    ],
)
def test_a_prompt_as_messages(given: Prompt, language: str, before: str, expected: list[tuple[str, str]]) -> None:
    found = messages(given, catalogue(language), before)
    assert [one.key for one in found] == [key for key, _ in expected]
    assert [one.text for one in found] == [text for _, text in expected]
    assert {one.language for one in found} <= {language}


def test_a_demonstration_marks_every_message_of_its_prompt_and_is_no_message_itself() -> None:
    found = messages(prompt("a.b", common("demo"), DUE, LIST, options=offices("Delhi GPO")), catalogue("en"), "")
    assert [one.demo for one in found] == [True, True]
    assert [one.text.partition("\n")[0] for one in found] == ["DEMO, not real"] * 2


def test_at_the_same_question_nothing_but_a_mark_is_said_before_it_so_it_is_sent() -> None:
    given = prompt("post_offices.pin", common("demo"), said("post_offices.pin"), expect="pincode")
    assert [one.key for one in messages(given, catalogue("en"), "post_offices.pin")] == ["post_offices.pin"]


def test_at_the_same_menu_the_choices_are_sent_again() -> None:
    given = Prompt(UNKNOWN.place, (common("no_match"), *UNKNOWN.said), UNKNOWN.options)
    found = messages(given, catalogue("en"), UNKNOWN.place)
    assert [one.key for one in found] == ["common.no_match", "post_offices.unknown options"]


NINE = tuple(f"Office {letter * 30} {number}" for number, letter in enumerate("abcdefghi", 1))


@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_list_is_cut_between_lines_and_nothing_of_it_is_lost(language: str) -> None:
    given = prompt("post_offices.office", LIST, options=offices(*NINE), keys=("more", "back"))
    found = messages(given, catalogue(language), "")
    more = found[0].text.rpartition("\n")[2]
    lines = [line for one in found for line in one.text.split("\n")[1:]]
    assert [line for line in lines if line != more] == [f"{number} {name}" for number, name in enumerate(NINE, 1)]
    assert all(one.text.endswith(f"\n{more}") and one.text.count(more) == 1 for one in found)
    assert [one.key for one in found] == ["post_offices.office options", *["common.sms_more"] * (len(found) - 1)]
    assert max(parts(one.text) for one in found) == 2
    assert len(found) == 2 if language == "en" else len(found) > 2


def test_a_list_ends_without_the_key_for_more_where_there_is_no_more() -> None:
    found = messages(prompt("post_offices.office", LIST, options=offices(*NINE)), catalogue("en"), "")
    assert [one.text.endswith("\n01 More") for one in found] == [True, False]


def test_a_list_that_just_fits_is_one_message() -> None:
    names = ["x" * 60] * 4  # 24 septets of the question, then five lines of 63, 63, 63, 63 and the rest
    last = 306 - 24 - 4 * 63 - 3
    whole = messages(prompt("post_offices.office", LIST, options=offices(*names, "y" * last)), catalogue("en"), "")
    assert [len(one.text) for one in whole] == [306]
    more = messages(prompt("post_offices.office", LIST, options=offices(*names, "y" * (last + 1))), catalogue("en"), "")
    assert len(more) == 2


def test_a_long_name_is_cut_at_sixty_characters_and_a_long_number_is_not() -> None:
    long = {**BILL, "bill__name": Typed("Name", "Asha " * 20), "bill__bill_number": Typed("Identifier", "7" * 40)}
    text = messages(prompt("x.y", said("bill_electricity.due", **long), final=True), catalogue("en"), "")[0].text
    assert text == f"{('Asha ' * 12)[:59].rstrip()}.: Rs 1,234 by 3 Dec 2026. Bill {'7' * 40}."


def test_a_name_of_one_long_word_is_cut_at_sixty_characters() -> None:
    values = {**BILL, "bill__name": Typed("Name", "x" * 61)}
    assert sentence(said("bill_electricity.due", **values), catalogue("en")).text.startswith(f"{'x' * 59}.: ")


def test_the_line_of_a_demonstration_counts_too() -> None:
    names = {"centre__name": Typed("Name", "क" * 60), "centre__address": Typed("Name", "ष" * 60)}
    numbers = {"centre__phone": Typed("Phone", "9" * 11), "centre__away": Typed("Kilometres", 12)}
    one = said("csc_nearest.details", **names, **numbers)
    plain, marked = sentence(one, catalogue("hi")), sentence(one, catalogue("hi"), demo=True)
    assert parts(plain.text) == parts(marked.text) == 2
    assert marked.text.count("ष") < plain.text.count("ष")


def test_names_are_cut_further_where_two_parts_are_not_enough() -> None:
    long = {"centre__name": Typed("Name", "क" * 60), "centre__phone": Typed("Phone", "9" * 14)}
    far = {"centre__address": Typed("Name", "ष" * 60), "centre__away": Typed("Kilometres", 12)}
    text = sentence(said("csc_nearest.details", **long, **far), catalogue("hi")).text
    assert parts(text) == 2
    assert parts(text + "कक") == 3
    assert text.count("क.") == text.count("ष.") == 1


def test_what_a_tell_sends_has_the_key_of_its_own_sentence_and_says_that_it_is_made_up() -> None:
    sent = said(
        "catalogue.how.sms", entry__title=Typed("Name", "Birth certificate"), entry__how=Typed("HowToGet", "phone")
    )
    assert sent.wording is not None
    assert told(SendSms(sent.wording, sent.values), catalogue("en")) == Message(
        "catalogue.how.sms", "en", "How to get Birth certificate: ring the department."
    )
    assert told(SendSms(sent.wording, sent.values, demo=True), catalogue("en")) == Message(
        "catalogue.how.sms", "en", "DEMO, not real\nHow to get Birth certificate: ring the department.", demo=True
    )


def test_what_a_message_says_is_not_in_its_repr() -> None:
    assert "Asha" not in repr(messages(prompt("x.y", DUE, final=True), catalogue("en"), ""))

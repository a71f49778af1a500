"""What an answer in words means: a choice by its name, spelt or heard, and never a consent that only looks like one."""

import pytest

from sms.heard import heard
from sms.reading import Reading
from tests.sms.worded import catalogue, library

ENGLISH = Reading(catalogue("en"), library().catalogues.values())
HINDI = Reading(catalogue("hi"), library().catalogues.values())
OFFICES = (("1", "Lodi Road"), ("2", "Aliganj (South Delhi)"), ("3", "Golf Links"), ("4", "C G O Complex"))
CROPS = (("1", "प्याज़"), ("2", "आलू"), ("3", "टमाटर"), ("4", "गेहूँ"))
CONSENT = (("1", "I agree"), ("2", "I do not agree"))
KEEP = (("1", "Yes, keep it"), ("2", "No"))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("1", "1"),
        ("1.", "1"),
        ("(2)", "2"),
        ("३", "3"),
        ("Lodi Road", "1"),
        ("lodi road.", "1"),
        ("LODHI ROAD", "1"),
        ("lod", "1"),
        ("aliganj", "2"),
        ("golf lniks", "3"),
    ],
)
def test_a_choice_is_chosen_by_its_key_its_name_its_beginning_or_nearly(written: str, key: str) -> None:
    assert ENGLISH.meant(written, OFFICES) == key


@pytest.mark.parametrize("written", ["5", "lo", "road", "Golf Links 9", "wheat", "", "?", "l" * 1600])
def test_what_is_no_choice_stays_as_it_was_written(written: str) -> None:
    assert ENGLISH.meant(written, OFFICES) == written


@pytest.mark.parametrize(("written", "key"), [("pyaz", "1"), ("piyaaz", "1"), ("aloo", "2"), ("tamatr", "3")])
def test_a_hindi_choice_is_chosen_in_latin_letters(written: str, key: str) -> None:
    assert HINDI.meant(written, CROPS) == key


@pytest.mark.parametrize(("written", "key"), [("onion", "1"), ("Potato", "2"), ("tomatoe", "3"), ("WHEAT", "4")])
def test_a_hindi_choice_is_chosen_by_its_english_name(written: str, key: str) -> None:
    assert HINDI.meant(written, CROPS) == key


def test_two_choices_that_begin_alike_are_not_guessed_between() -> None:
    assert ENGLISH.meant("new", (("1", "New Delhi"), ("2", "New Town"))) == "new"


@pytest.mark.parametrize(("written", "key"), [("I agree", "1"), ("i do not agree.", "2"), ("1", "1")])
def test_a_consent_is_given_by_its_own_words(written: str, key: str) -> None:
    assert ENGLISH.meant(written, CONSENT, exactly=True) == key


@pytest.mark.parametrize("written", ["I disagree", "agree", "dont agree", "i agre", "yes", "no", "I"])
def test_nothing_that_only_looks_like_a_consent_is_one(written: str) -> None:
    assert ENGLISH.meant(written, CONSENT, exactly=True) == written


@pytest.mark.parametrize(("written", "key"), [("yes", "1"), ("haan", "1"), ("हाँ", "1"), ("nahi", "2"), ("No.", "2")])
@pytest.mark.parametrize("exactly", [False, True])
def test_yes_and_no_choose_the_label_that_says_so(written: str, key: str, exactly: bool) -> None:
    assert ENGLISH.meant(written, KEEP, exactly=exactly) == key


@pytest.mark.parametrize(("written", "key"), [("More", "01"), ("home", "00"), ("Language", "05"), ("Back", "0")])
def test_a_fixed_key_has_its_word(written: str, key: str) -> None:
    assert ENGLISH.fixed_key(written) == key
    assert ENGLISH.meant(written, OFFICES) == key


@pytest.mark.parametrize(
    ("written", "thing"),
    [
        ("प्याज़", "onion"),
        ("pyaj", "onion"),
        ("onoin", "onion"),
        ("gehun", "wheat"),
        ("chawal", "rice"),
        ("धान", "paddy"),
    ],
)
def test_a_thing_is_known_by_every_language_s_name(written: str, thing: str) -> None:
    assert ENGLISH.known(written).startswith(thing)
    assert ENGLISH.names(written)


@pytest.mark.parametrize("written", ["xyzzy", "on", "onion1", "", "110001"])
def test_what_is_no_thing_is_left_as_it_is(written: str) -> None:
    assert ENGLISH.known(written) == written
    assert not ENGLISH.names(written)


@pytest.mark.parametrize(
    "spellings",
    [
        ("प्याज़", "pyaz", "pyaaj", "pyaj"),
        ("आलू", "aloo", "alu", "aaloo", "ਆਲੂ", "આલુ", "ఆలు"),
        ("बिजली", "bijli", "bijlee", "bizli", "ਬਿਜਲੀ"),
        ("गेहूँ", "gehu", "gehun", "gehoon"),
        ("डाकघर", "dakghar", "daakghar", "ડાકઘર"),
        ("महाराष्ट्र", "maharashtra", "maharastra"),
    ],
)
def test_a_name_sounds_alike_in_its_scripts_and_in_latin_letters(spellings: tuple[str, ...]) -> None:
    assert len({heard(spelling) for spelling in spellings}) == 1


def test_other_words_and_numbers_keep_their_sounds_apart() -> None:
    assert len({heard(word) for word in ("pyaz", "aloo", "gehun", "dhan", "chana", "13", "31", "اردو", "👍")}) == 9

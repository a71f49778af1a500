"""Digits of every Indian script, invisible marks, and yes and no as people write them."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.scripts import DIGIT_ZEROS, NO, YES, ascii_digits, yes_no

SCRIPTS = {
    "Devanagari": "०१२३४५६७८९",
    "Bengali": "০১২৩৪৫৬৭৮৯",
    "Gurmukhi": "੦੧੨੩੪੫੬੭੮੯",
    "Gujarati": "૦૧૨૩૪૫૬૭૮૯",
    "Odia": "୦୧୨୩୪୫୬୭୮୯",
    "Tamil": "௦௧௨௩௪௫௬௭௮௯",
    "Telugu": "౦౧౨౩౪౫౬౭౮౯",
    "Kannada": "೦೧೨೩೪೫೬೭೮೯",
    "Malayalam": "൦൧൨൩൪൫൬൭൮൯",
    "Meetei Mayek": "꯰꯱꯲꯳꯴꯵꯶꯷꯸꯹",
    "Ol Chiki": "᱐᱑᱒᱓᱔᱕᱖᱗᱘᱙",
    "Arabic-Indic": "٠١٢٣٤٥٦٧٨٩",
    "Extended Arabic-Indic": "۰۱۲۳۴۵۶۷۸۹",
    "full-width": "０１２３４５６７８９",
}


def test_the_table_of_scripts_is_whole() -> None:
    assert {name: digits[0] for name, digits in SCRIPTS.items()} == DIGIT_ZEROS


@pytest.mark.parametrize("digits", SCRIPTS.values(), ids=SCRIPTS)
def test_the_digits_of_a_script_become_ascii(digits: str) -> None:
    assert ascii_digits(f"{digits} क") == "0123456789 क"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("110001", "110001"),
        ("\ufeff110001", "110001"),
        ("\u202a110001\u202c", "110001"),
        ("\u202e110001", "110001"),
        ("\u2066110001\u2069", "110001"),
        ("\u2060110001\u206f", "110001"),
        ("1\u200b1\u200e0\u200f0\u061c0\u00ad1", "110001"),
        ("1\ufe0f\ufe001", "11"),
        ("110\u00a0001", "110 001"),
        ("110\u2007001\u2000\u200a", "110 001  "),
        ("110\u2011001\u2212\u2013\u2015", "110-001---"),
        ("\uff0b\uff19\uff11\uff0d\uff21\uff5e", "+91-A~"),
        ("！！", "!!"),
        ("1⁰௰︐｟", "1⁰௰︐｟"),
        ("\u200d१\u200c२\u200d", "12"),
        ("a\u200db", "ab"),
        ("e\u0301", "é"),
        ("e\u200d\u0301", "é"),
        ("ড়", "ড়"),
    ],
)
def test_marks_that_nobody_sees_go(typed: str, plain: str) -> None:
    assert ascii_digits(typed) == plain


INVISIBLE = [0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F)]
INVISIBLE += [*range(0x2060, 0x2070), *range(0xFE00, 0xFE10)]
SPACES = [0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)]
HYPHENS = [*range(0x2010, 0x2016), 0x2212, 0xFF0D]


@pytest.mark.parametrize(("codes", "plain"), [(INVISIBLE, "11"), (SPACES, "1 1"), (HYPHENS, "1-1")])
def test_every_mark_space_and_hyphen_is_known(codes: list[int], plain: str) -> None:
    assert {hex(code): ascii_digits(f"1{chr(code)}1") for code in codes} == {hex(code): plain for code in codes}


@pytest.mark.parametrize("word", ["क्\u200dष", "র\u200d্য", "ന്\u200d", "می\u200cخواہم"])
def test_a_joiner_that_is_part_of_the_spelling_stays(word: str) -> None:
    assert ascii_digits(word) == word


@given(st.text())
@settings(deadline=None)
def test_plain_text_is_in_nfc_and_stays_as_it_is(text: str) -> None:
    plain = ascii_digits(text)
    assert plain == unicodedata.normalize("NFC", plain)
    assert ascii_digits(plain) == plain


YES_BY_LANGUAGE = {
    "en": "yes y Yes YES yeah ok okay OK. sure yes! 1 1# १",
    "hi": "हाँ हां हा जी ठीक haan ha han ji HAAN Haanji हाँ। jee",
    "as": "হয় হ'ব হ’ব hoi ১",
    "bn": "হ্যাঁ হ্যা হাঁ জি hyan",
    "gu": "હા હાજી જી ha haa",
    "kn": "ಹೌದು ಸರಿ howdu haudu",
    "ml": "അതെ അതേ ശരി athe",
    "mr": "हो होय ho hoy",
    "or": "ହଁ ହ hau",
    "pa": "ਹਾਂ ਹਾਂਜੀ ਜੀ haan",
    "ta": "ஆம் ஆமா ஆமாம் சரி aam aama sari",
    "te": "అవును ఔను సరే avunu sare",
    "ur": "ہاں جی ٹھیک هاں ۱ ہاں۔",
}
NO_BY_LANGUAGE = {
    "en": "no n No NO nope no. 2 2# २",
    "hi": "नहीं नही ना न nahin nahi na nhi",
    "as": "নহয় নাই না nohoi nai",
    "bn": "না নাহ na",
    "gu": "ના નહીં નથી na",
    "kn": "ಇಲ್ಲ ಬೇಡ illa beda",
    "ml": "അല്ല ഇല്ല വേണ്ട alla",
    "mr": "नाही नको nako nahi",
    "or": "ନା ନାହିଁ",
    "pa": "ਨਹੀਂ ਨਾ nahin",
    "ta": "இல்லை வேண்டாம் illai",
    "te": "కాదు లేదు kadu ledu",
    "ur": "نہیں نہ نا نهيں ۲",
}


def _each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(tag, word) for tag, words in table.items() for word in words.split()]


@pytest.mark.parametrize(("tag", "word"), _each(YES_BY_LANGUAGE))
def test_a_usual_yes_is_understood(tag: str, word: str) -> None:
    assert yes_no(word) is True


@pytest.mark.parametrize(("tag", "word"), _each(NO_BY_LANGUAGE))
def test_a_usual_no_is_understood(tag: str, word: str) -> None:
    assert yes_no(word) is False


@pytest.mark.parametrize(
    "word", ["haan ji", "Ji  haan", " जी हाँ ", "ہاں جی", "theek hai", "হ্যা\u200d", "ہاں\u200c", "yes .", "हाँ ।"]
)
def test_yes_in_two_words_or_with_idle_marks_is_understood(word: str) -> None:
    assert yes_no(word) is True


@pytest.mark.parametrize("word", ["nahi ji", "ji nahin", "जी नहीं", "নহয\u09bc", "no\u200b"])
def test_no_in_two_words_or_with_idle_marks_is_understood(word: str) -> None:
    assert yes_no(word) is False


@pytest.mark.parametrize("word", ["", " ", "#", "0", "3", "12", "11", "perhaps", "yes no", "no yes", "y" * 10_000])
def test_anything_else_is_neither(word: str) -> None:
    assert yes_no(word) is None


def test_no_spelling_means_both() -> None:
    assert YES.isdisjoint(NO)


@given(st.sampled_from(sorted(YES | NO)))
@settings(deadline=None)
def test_every_spelling_is_found_as_it_is_and_in_capitals(word: str) -> None:
    assert yes_no(word) is (word in YES)
    assert yes_no(f" {word.upper()}. ") is (word in YES)

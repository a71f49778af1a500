"""What each grammar takes, what it makes of it, and what it refuses."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.grammar import PATTERN, BadGrammar, grammar, value
from flows.engine.keys import TEXT_KEYS, VOICE_KEYS
from flows.engine.scripts import DIGIT_ZEROS
from flows.engine.values import WIDTHS, Scalar

TODAY = date(2026, 11, 24)
SPECS = (
    "pincode", "digits 4", "digits 8 to 13", "digits 1 to 20", "mobile", "date", "date_time", "amount",
    "amount 1 to 10000000", "yes_no", "words", "words 1 to 60", "letters", "letters 1 to 20", "pin",
)  # fmt: skip

MATCHES = [
    ("pincode", "110001", "110001"),
    ("pincode", "110 001", "110001"),
    ("pincode", "110-001.", "110001"),
    ("pincode", " 1 1 0 0 0 1 ", "110001"),
    ("pincode", "110001#", "110001"),
    ("pincode", "११०००१", "110001"),
    ("pincode", "110\u00a0001", "110001"),
    ("pincode", "110\t001\n", "110001"),
    ("digits 4", "0000", "0000"),
    ("digits 14", "1234/12345/12345", "12341234512345"),
    ("digits 8 to 13", "12345678", "12345678"),
    ("digits 8 to 13", "1234 5678 90123", "1234567890123"),
    ("digits 8 to 13", "1234-5678.9", "123456789"),
    ("mobile", "9876543210", "9876543210"),
    ("mobile", "6000000000", "6000000000"),
    ("mobile", "+91 98765-43210", "9876543210"),
    ("mobile", "+919876543210", "9876543210"),
    ("mobile", " +91 9876543210#", "9876543210"),
    ("mobile", "919876543210", "9876543210"),
    ("mobile", "0091 98765 43210", "9876543210"),
    ("mobile", "098765 43210", "9876543210"),
    ("mobile", "9198765432", "9198765432"),
    ("mobile", "＋९१ ९८७६५ ४३२१०", "9876543210"),
    ("date", "24112026", "2026-11-24"),
    ("date", "24-11-2026", "2026-11-24"),
    ("date", "4/1/2026", "2026-01-04"),
    ("date", "24.11.2026", "2026-11-24"),
    ("date", "24 11 2026#", "2026-11-24"),
    ("date", "24*11*2026", "2026-11-24"),
    ("date", "2026-11-24", "2026-11-24"),
    ("date", "20261124", "2026-11-24"),
    ("date", "2026/1/4", "2026-01-04"),
    ("date", " 24112026 ", "2026-11-24"),
    ("date", "15-08-1926", "1926-08-15"),
    ("date", "01011900", "1900-01-01"),
    ("date", "31122099", "2099-12-31"),
    ("date", "29022024", "2024-02-29"),
    ("date", "241126", "2026-11-24"),
    ("date", "24-11-26", "2026-11-24"),
    ("date", "01/01/27", "2027-01-01"),
    ("date", "01/01/28", "1928-01-01"),
    ("date", "150847", "1947-08-15"),
    ("date", "010100", "2000-01-01"),
    ("date_time", "24112026103005", "2026-11-24T10:30:05"),
    ("date_time", "20261124103005", "2026-11-24T10:30:05"),
    ("date_time", "24/11/2026 10:30:05", "2026-11-24T10:30:05"),
    ("date_time", "24-11-2026 103005", "2026-11-24T10:30:05"),
    ("date_time", "24112026 103005", "2026-11-24T10:30:05"),
    ("date_time", "24112026 10:30", "2026-11-24T10:30:00"),
    ("date_time", "24112026 1030", "2026-11-24T10:30:00"),
    ("date_time", "241120261030", "2026-11-24T10:30:00"),
    ("date_time", "4/1/2026 9.05.07", "2026-01-04T09:05:07"),
    ("date_time", "2026/11/24, 00:00:00", "2026-11-24T00:00:00"),
    ("date_time", "2026-11-24T23:59:59", "2026-11-24T23:59:59"),
    ("date_time", "241126 1030", "2026-11-24T10:30:00"),
    ("amount", "10", "1000"),
    ("amount", "12.50", "1250"),
    ("amount", "12.5", "1250"),
    ("amount", "12.", "1200"),
    ("amount", "१२.०५", "1205"),
    ("amount", "1000000", "100000000"),
    ("amount", "10,00,000.00", "100000000"),
    ("amount", "1,23,456", "12345600"),
    ("amount", "123,456", "12345600"),
    ("amount", "1 000", "100000"),
    ("amount", "10 00 000", "100000000"),
    ("amount", "Rs 500", "50000"),
    ("amount", "Rs.500/-", "50000"),
    ("amount", "₹500", "50000"),
    ("amount", "500 rupees", "50000"),
    ("amount", "रु 500", "50000"),
    ("amount", "500#", "50000"),
    ("amount", "500 # ", "50000"),
    ("amount", "INR 500", "50000"),
    ("amount", "500 Rs.", "50000"),
    ("amount", "500 rupee", "50000"),
    ("amount", "रू500", "50000"),
    ("amount", "500 रुपये", "50000"),
    ("amount", "500 रुपए", "50000"),
    ("amount", "500 रु", "50000"),
    ("amount", "₹ 1,234.50", "123450"),
    ("amount 1 to 5", "5", "500"),
    ("amount 1 to 5", "1.00", "100"),
    ("yes_no", "1", "yes"),
    ("yes_no", "नहीं", "no"),
    ("words", "Sita Devi", "Sita Devi"),
    ("words", "  Sita \n Devi # ", "Sita Devi"),
    ("words", "सीता देवी", "सीता देवी"),
    ("words", "House ४२ A", "House 42 A"),
    ("words", "x" * 60, "x" * 60),
    ("words 1 to 3", "क", "क"),
    ("letters", "pens", "PENS"),
    ("letters", "New Delhi", "NEWDELHI"),
    ("letters", "St. Mary's", "STMARYS"),
    ("letters", "Ganj-Ba", "GANJBA"),
    ("letters", "Kolhā#", "KOLHA"),
    ("letters", "7367", "7367"),
    ("letters", "७३", "73"),
    ("letters 1 to 10", "9", "9"),
    ("pin", "1234", "1234"),
    ("pin", "001234", "001234"),
    ("pin", "12345#", "12345"),
]
REFUSALS = [
    ("pincode", "012345"), ("pincode", "11000"), ("pincode", "1100011"), ("pincode", "11000a"), ("pincode", ""),
    ("pincode", "110*001"), ("pincode", "-110001"), ("pincode", "110001-"), ("pincode", "11000²"), ("pincode", "#"),
    ("digits 4", "123"), ("digits 4", "12345"), ("digits 4", "12a4"), ("digits 4", "१२३"), ("digits 4", "१२३४५"),
    ("digits 8 to 13", "1234567"), ("digits 8 to 13", "12345678901234"), ("digits 4", "+1234"),
    ("mobile", "5876543210"), ("mobile", "987654321"), ("mobile", "98765432101"), ("mobile", "+449876543210"),
    ("mobile", "+09876543210"), ("mobile", "91+9876543210"), ("mobile", "++919876543210"), ("mobile", "+"),
    ("mobile", "00919876543"), ("mobile", "9987654321012"),
    ("date", "31022026"), ("date", "29022026"), ("date", "00112026"), ("date", "24132026"), ("date", "2411202"),
    ("date", "24111899"), ("date", "01012100"), ("date", "24-11"), ("date", "24-11-226"), ("date", "24-11-2026-1"),
    ("date", "tomorrow"), ("date", ""), ("date", "24-nov-2026"), ("date", "24112026 1030"), ("date", "024-11-2026"),
    ("date", "24-011-2026"), ("date", "2026-011-24"), ("date", "2026-11-024"), ("date", "241126 1"),
    ("date_time", "24112026"), ("date_time", "24112026240000"), ("date_time", "24112026106000"),
    ("date_time", "24112026103060"), ("date_time", "31022026103000"), ("date_time", "24/11/2026 10"),
    ("date_time", "24/11/2026 10:30:05:01"), ("date_time", "24/11/2026 10:030"), ("date_time", "24112026 10305"),
    ("date_time", "2411202610300"), ("date_time", "24/11/2026"), ("date_time", "103005"),
    ("amount", "9.99"), ("amount", "1000000.01"), ("amount", "1000001"), ("amount", "0"), ("amount", "050"),
    ("amount", "-50"), ("amount", "12.345"), ("amount", "12,50"), ("amount", "1,2345"), ("amount", "50 100 1"),
    ("amount", "fifty"), ("amount", ""), ("amount", "1e3"), ("amount", "9" * 5000), ("amount", "Rs"), ("amount", "₹"),
    ("amount 1 to 5", "0.99"), ("amount 1 to 5", "5.01"), ("amount", "12345678901"),
    ("yes_no", "3"), ("yes_no", ""), ("yes_no", "perhaps"),
    ("words", "12345"), ("words", "a"), ("words", "x" * 61), ("words", ""), ("words", "  "), ("words", "१२३४"),
    ("words", "# # #"), ("words", "ab\x00c"), ("words", "ab\ud800c"), ("words", "ab\ue000"), ("words", "ab\x7f"),
    ("words", "ab\x1b[0m"), ("words", "ab\x9f"), ("words", "ab\ufffd"), ("words", "ab\uf8ff"),
    ("letters", "a"), ("letters", "abcdefghijk"), ("letters", "ab3"), ("letters", "101"), ("letters", "21"),
    ("letters", "डाक"), ("letters", ""), ("letters", "a*b"), ("letters 1 to 10", "1"), ("letters 1 to 10", "0"),
    ("pin", "123"), ("pin", "1234567"), ("pin", "12ab"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "typed", "canonical"), MATCHES)
def test_a_match_gives_the_canonical_string(spec: str, typed: str, canonical: str) -> None:
    assert grammar(spec).match(typed, TODAY) == canonical


@pytest.mark.parametrize(("spec", "typed"), REFUSALS)
def test_what_is_no_answer_is_no_match(spec: str, typed: str) -> None:
    assert grammar(spec).match(typed, TODAY) is None


@pytest.mark.parametrize("spec", SPECS)
@given(text=st.text(), today=st.dates())
@settings(deadline=None, max_examples=30)
def test_no_text_on_any_day_raises(spec: str, text: str, today: date) -> None:
    assert isinstance(grammar(spec).match(text, today), str | None)


@pytest.mark.parametrize("spec", SPECS)
@given(text=st.text("0123456789 .-/+*#:,T१۲௩abkxyz\u200d\u00a0é", max_size=24))
@settings(deadline=None, max_examples=60)
def test_a_canonical_string_matches_as_itself(spec: str, text: str) -> None:
    canonical = grammar(spec).match(text, TODAY)
    if canonical is not None and not spec.startswith("amount"):
        assert grammar(spec).match(canonical, TODAY) == canonical


@given(paise=st.integers(1000, 100_000_000))
@settings(deadline=None)
def test_an_amount_written_out_comes_back_in_paise(paise: int) -> None:
    assert grammar("amount").match(f"{paise // 100}.{paise % 100:02}", TODAY) == str(paise)


@pytest.mark.parametrize("zero", DIGIT_ZEROS.values(), ids=DIGIT_ZEROS)
def test_the_digits_of_every_script_give_the_same(zero: str) -> None:
    there = str.maketrans("0123456789", "".join(chr(ord(zero) + n) for n in range(10)))
    rows = [row for row in MATCHES if row[1].isascii()]
    assert [(spec, grammar(spec).match(typed.translate(there), TODAY)) for spec, typed, _ in rows] == [
        (spec, canonical) for spec, _, canonical in rows
    ]


@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
@settings(deadline=None)
def test_every_day_is_one_day_in_either_order_of_its_digits(day: date) -> None:
    takes = grammar("date").match
    assert takes(f"{day:%d%m}{day.year}", TODAY) == takes(f"{day.year}{day:%m%d}", TODAY) == day.isoformat()


@given(today=st.dates(date(2000, 1, 1), date(2098, 1, 1)), ago=st.integers(-300, 35_700))
@settings(deadline=None)
def test_two_digits_of_a_year_mean_the_hundred_years_up_to_next_year(today: date, ago: int) -> None:
    day = today - timedelta(days=ago)
    assert grammar("date").match(f"{day:%d%m%y}", today) == day.isoformat()


FORMS = [
    ("pincode", "Pincode", 6, 6, True, True),
    ("digits 4", "Digits", 4, 4, True, True),
    ("digits 8 to 13", "Digits", 8, 13, False, True),
    ("mobile", "Mobile", 10, 10, True, True),
    ("date", "date", 8, 8, True, True),
    ("date_time", "datetime", 14, 14, True, True),
    ("amount", "Paise", 2, 7, False, True),
    ("amount 100 to 999", "Paise", 3, 3, True, True),
    ("yes_no", "yes_no", 1, 1, True, True),
    ("words", "Words", 2, 60, False, False),
    ("words 5 to 5", "Words", 5, 5, False, False),
    ("letters", "Letters", 2, 10, False, True),
    ("letters 3 to 20", "Letters", 3, 20, False, True),
    ("pin", "Pin", 4, 6, False, True),
]


@pytest.mark.parametrize(("spec", "kind", "shortest", "longest", "fixed", "by_keys"), FORMS)
def test_a_grammar_says_its_type_and_its_keys(
    spec: str, kind: str, shortest: int, longest: int, fixed: bool, by_keys: bool
) -> None:
    it = grammar(spec)
    assert (it.kind, it.shortest, it.longest, it.fixed_length, it.spoken_by_keys) == (
        kind, shortest, longest, fixed, by_keys,
    )  # fmt: skip


@pytest.mark.parametrize("spec", SPECS)
def test_every_kind_is_a_value_type(spec: str) -> None:
    assert grammar(spec).kind in {*WIDTHS, "yes_no"}


KEYS = {*TEXT_KEYS, *VOICE_KEYS} - {"5"}


@pytest.mark.parametrize(
    ("spec", "taken"),
    [
        ("pincode", set()),
        ("digits 1", {"0", "7", "8", "9"}),
        ("digits 1 to 2", {"0", "7", "8", "9", "00", "01", "02", "05", "09"}),
        ("digits 2", {"00", "01", "02", "05", "09"}),
        ("digits 3 to 4", set()),
        ("mobile", set()),
        ("date", set()),
        ("date_time", set()),
        ("amount", set()),
        ("amount 1 to 9", {"7", "8", "9"}),
        ("yes_no", set()),
        ("words 1 to 60", set()),
        ("letters", set()),
        ("letters 1 to 10", {"7", "8", "9"}),
        ("pin", set()),
    ],
)
def test_a_grammar_says_which_fixed_keys_it_would_take(spec: str, taken: set[str]) -> None:
    assert {key for key in KEYS if grammar(spec).accepts_key(key)} == taken


BAD = [
    "", "pin code", "Pincode", "digits", "digits N", "digits 0", "digits 21", "digits 5 to 4", "digits 4 to",
    "digits 4 - 6", "digits -4", "digits four", "date 8", "pin 4", "amount 5", "amount 0 to 5", "amount 5 to 10000001",
    "words 5", "words 0 to 5", "words 2 to 61", "letters 4", "letters 0 to 4", "letters 2 to 21", "choice",
    "digits 123456789", "pincode mobile", "digits १",
]  # fmt: skip


@pytest.mark.parametrize("spec", BAD)
def test_anything_else_is_refused(spec: str) -> None:
    with pytest.raises(BadGrammar):
        grammar(spec)


def test_an_unknown_grammar_is_told_what_may_be_written() -> None:
    with pytest.raises(BadGrammar) as refused:
        grammar("digit 4")
    assert str(refused.value) == (
        '"digit 4" is not a grammar. Write one of: pincode, mobile, date, date_time, yes_no, pin, amount, words, '
        "letters, digits N, digits M to N, amount M to N, words M to N, letters M to N."
    )


def test_a_length_out_of_bounds_is_told_the_bounds() -> None:
    with pytest.raises(BadGrammar) as refused:
        grammar("digits 13 to 8")
    assert str(refused.value) == '"digits 13 to 8" is out of bounds: from 1 to 20, the smaller number first.'


@pytest.mark.parametrize("spec", SPECS)
def test_the_pattern_for_editors_takes_what_is_a_grammar(spec: str) -> None:
    assert re.search(PATTERN, spec)


@pytest.mark.parametrize("spec", ["digits", "digits 4 to", "xdate", "dates", "words 5", "Pincode"])
def test_the_pattern_for_editors_refuses_what_is_none(spec: str) -> None:
    assert re.search(PATTERN, spec) is None


def test_blanks_around_and_between_the_words_of_a_grammar_do_not_matter() -> None:
    assert grammar("  digits  8 to   13 ").spec == "digits 8 to 13"


def test_a_grammar_is_made_once() -> None:
    assert grammar("digits 8 to 13") is grammar("digits 8 to 13")


@pytest.mark.parametrize(
    ("spec_or_kind", "canonical", "typed"),
    [
        ("pincode", "110001", "110001"),
        ("Pincode", "110001", "110001"),
        ("digits 8 to 13", "00012345", "00012345"),
        ("date", "2026-11-24", date(2026, 11, 24)),
        ("datetime", "2026-11-24T10:30:05", datetime(2026, 11, 24, 10, 30, 5)),
        ("date_time", "2026-11-24T10:30:05", datetime(2026, 11, 24, 10, 30, 5)),
        ("amount 10 to 500", "1250", 1250),
        ("Paise", "1250", 1250),
        ("Count", "3", 3),
        ("Kilometres", "4", 4),
        ("Celsius", "-5", -5),
        ("yes_no", "yes", "yes"),
        ("Identifier", "AB12", "AB12"),
    ],
)
def test_a_canonical_string_becomes_its_typed_value(spec_or_kind: str, canonical: str, typed: Scalar) -> None:
    assert value(spec_or_kind, canonical) == typed
    assert type(value(spec_or_kind, canonical)) is type(typed)


def test_a_value_of_no_known_type_is_refused() -> None:
    with pytest.raises(BadGrammar):
        value("Rupees", "5")

"""How values stand on a screen and are read out, in English and Hindi."""

from datetime import date, datetime
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.forms import grouped, read_out, shown, widest
from flows.engine.values import WIDTHS, Scalar
from flows.languages import load

LANGUAGES = load()
EN, HI = LANGUAGES["en"].forms, LANGUAGES["hi"].forms
KINDS = sorted({*WIDTHS, "yes_no", "Masked"})

TABLE: list[tuple[str, Scalar, str, str, str, str]] = [
    # type, value, en screen, en voice, hi screen, hi voice
    ("Pincode", "110001", "110001", "1 1 0, 0 0 1", "110001", "1 1 0, 0 0 1"),
    ("Digits", "123", "123", "1 2 3", "123", "1 2 3"),
    ("Digits", "12345678", "12345678", "1 2 3 4, 5 6 7 8", "12345678", "1 2 3 4, 5 6 7 8"),
    ("Digits", "123456789", "123456789", "1 2 3 4, 5 6 7 8, 9", "123456789", "1 2 3 4, 5 6 7 8, 9"),
    ("Identifier", "AB12", "AB12", "A B 1 2", "AB12", "A B 1 2"),
    ("Identifier", "BK-2026/1_7", "BK-2026/1_7", "B K, 2 0 2 6, 1, 7", "BK-2026/1_7", "B K, 2 0 2 6, 1, 7"),
    ("Mobile", "9876543210", "9876543210", "9 8 7 6 5, 4 3 2 1 0", "9876543210", "9 8 7 6 5, 4 3 2 1 0"),
    ("Phone", "1921", "1921", "1 9 2 1", "1921", "1 9 2 1"),
    ("Phone", "9876543210", "9876543210", "9 8 7 6 5, 4 3 2 1 0", "9876543210", "9 8 7 6 5, 4 3 2 1 0"),
    ("Phone", "1800111555", "1800111555", "1 8 0 0, 1 1 1 5, 5 5", "1800111555", "1 8 0 0, 1 1 1 5, 5 5"),
    ("Phone", "1800-111-555", "1800-111-555", "1 8 0 0, 1 1 1, 5 5 5", "1800-111-555", "1 8 0 0, 1 1 1, 5 5 5"),
    ("Phone", "+91 11", "+91 11", "plus 9 1, 1 1", "+91 11", "प्लस 9 1, 1 1"),
    ("Name", "Connaught Place", "Connaught Place", "Connaught Place", "Connaught Place", "Connaught Place"),
    ("Words", "Sita 2", "Sita 2", "Sita 2", "Sita 2", "Sita 2"),
    ("Letters", "PENSI", "PENSI", "P E N S, I", "PENSI", "P E N S, I"),
    ("Pin", "123456", "****", "secret", "****", "गुप्त"),
    ("Masked", "12345678", "****5678", "ending in 5 6 7 8", "****5678", "जिसके अंत में 5 6 7 8 है"),
    ("Masked", "12345", "****45", "ending in 4 5", "****45", "जिसके अंत में 4 5 है"),
    ("Masked", "1", "****", "secret", "****", "गुप्त"),
    ("yes_no", "yes", "yes", "yes", "हाँ", "हाँ"),
    ("yes_no", "no", "no", "no", "नहीं", "नहीं"),
    ("Count", 0, "0", "0", "0", "0"),
    ("Count", 1234567, "12,34,567", "12,34,567", "12,34,567", "12,34,567"),
    ("Count", -3, "-3", "minus 3", "-3", "ऋण 3"),
    ("Paise", 12345650, "Rs 1,23,456.50", "1,23,456 rupees 50 paise", "रु 1,23,456.50", "1,23,456 रुपये 50 पैसे"),
    ("Paise", 12345600, "Rs 1,23,456", "1,23,456 rupees", "रु 1,23,456", "1,23,456 रुपये"),
    ("Paise", 101, "Rs 1.01", "1 rupee 1 paisa", "रु 1.01", "1 रुपया 1 पैसा"),
    ("Paise", 5, "Rs 0.05", "5 paise", "रु 0.05", "5 पैसे"),
    ("Paise", 0, "Rs 0", "0 rupees", "रु 0", "0 रुपया"),
    ("Paise", -250, "Rs -2.50", "minus 2 rupees 50 paise", "रु -2.50", "ऋण 2 रुपये 50 पैसे"),
    ("Paise", -1, "Rs -0.01", "minus 1 paisa", "रु -0.01", "ऋण 1 पैसा"),
    ("Kilometres", 1, "1 km", "1 kilometre", "1 किमी", "1 किलोमीटर"),
    ("Kilometres", 1200, "1,200 km", "1,200 kilometres", "1,200 किमी", "1,200 किलोमीटर"),
    ("Celsius", 31, "31 C", "31 degrees", "31°C", "31 डिग्री"),
    ("Celsius", 1, "1 C", "1 degree", "1°C", "1 डिग्री"),
    ("Celsius", 0, "0 C", "0 degrees", "0°C", "0 डिग्री"),
    ("Celsius", -1, "-1 C", "minus 1 degree", "-1°C", "शून्य से 1 डिग्री नीचे"),
    ("Celsius", -5, "-5 C", "minus 5 degrees", "-5°C", "शून्य से 5 डिग्री नीचे"),
    ("date", date(2026, 11, 24), "24 Nov 2026", "24 November 2026", "24 नव॰ 2026", "24 नवंबर 2026"),
    ("date", date(2026, 1, 4), "4 Jan 2026", "4 January 2026", "4 जन॰ 2026", "4 जनवरी 2026"),
    (
        "datetime", datetime(2026, 12, 31, 22, 5, 59), "31 Dec 2026 22:05", "31 December 2026, 22 hours 5 minutes",
        "31 दिस॰ 2026 22:05", "31 दिसंबर 2026, 22 बजकर 5 मिनट",
    ),
    (
        "datetime", datetime(2026, 2, 1, 1, 1), "1 Feb 2026 01:01", "1 February 2026, 1 hour 1 minute",
        "1 फ़र॰ 2026 01:01", "1 फ़रवरी 2026, 1 बजकर 1 मिनट",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "screen"), [(row[0], row[1], row[2]) for row in TABLE])
def test_shown_in_english(kind: str, value: Scalar, screen: str) -> None:
    assert shown(kind, value, EN) == screen


@pytest.mark.parametrize(("kind", "value", "voice"), [(row[0], row[1], row[3]) for row in TABLE])
def test_read_out_in_english(kind: str, value: Scalar, voice: str) -> None:
    assert read_out(kind, value, EN) == voice


@pytest.mark.parametrize(("kind", "value", "screen"), [(row[0], row[1], row[4]) for row in TABLE])
def test_shown_in_hindi(kind: str, value: Scalar, screen: str) -> None:
    assert shown(kind, value, HI) == screen


@pytest.mark.parametrize(("kind", "value", "voice"), [(row[0], row[1], row[5]) for row in TABLE])
def test_read_out_in_hindi(kind: str, value: Scalar, voice: str) -> None:
    assert read_out(kind, value, HI) == voice


def test_the_table_has_every_type() -> None:
    assert sorted({row[0] for row in TABLE}) == KINDS


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"), (999, "999"), (1000, "1,000"), (99999, "99,999"), (100000, "1,00,000"), (1050007, "10,50,007"),
        (10000000, "1,00,00,000"), (150000000, "15,00,00,000"),
        (-999, "-999"), (-1000, "-1,000"), (-100000, "-1,00,000"),
    ],
)  # fmt: skip
def test_numbers_are_grouped_in_thousands_lakhs_and_crores(number: int, text: str) -> None:
    assert grouped(number) == text


@given(st.integers())
@settings(deadline=None)
def test_grouping_changes_no_digit(number: int) -> None:
    assert int(grouped(number).replace(",", "")) == number


class Delivery(StrEnum):
    YES = "yes"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Delivery", Delivery.YES),
        ("Rupees", 5),
        ("date", "2026-11-24"),
        ("datetime", date(2026, 11, 24)),
        ("Paise", "5"),
        ("Name", 5),
    ],
)
def test_a_type_without_a_form_is_refused_without_the_value(kind: str, value: Scalar) -> None:
    with pytest.raises(ValueError, match=f"^no form for a value of type {kind}$"):
        shown(kind, value, EN)
    with pytest.raises(ValueError, match=f"^no form for a value of type {kind}$"):
        read_out(kind, value, EN)


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize(("kind", "value"), [(row[0], row[1]) for row in TABLE])
def test_nothing_is_wider_than_the_widest_form(tag: str, kind: str, value: Scalar) -> None:
    forms = LANGUAGES[tag].forms
    assert len(shown(kind, value, forms)) <= len(widest(kind, forms))


@pytest.mark.parametrize(
    ("kind", "en", "hi"),
    [
        ("date", 11, 14), ("datetime", 17, 20), ("Paise", 16, 16), ("Kilometres", 8, 10), ("Celsius", 5, 5),
        ("Count", 9, 9), ("yes_no", 3, 4), ("Pin", 4, 4), ("Masked", 8, 8), ("Name", 60, 60), ("Pincode", 6, 6),
    ],
)  # fmt: skip
def test_the_widest_form_in_characters(kind: str, en: int, hi: int) -> None:
    assert (len(widest(kind, EN)), len(widest(kind, HI))) == (en, hi)


def test_no_widest_form_of_an_unknown_type() -> None:
    with pytest.raises(ValueError, match="no form"):
        widest("Delivery", EN)


@given(day=st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)), paise=st.integers(-99_99_999_99, 99_99_999_99))
@settings(deadline=None, max_examples=50)
def test_no_day_or_amount_is_wider_than_the_widest_form(day: datetime, paise: int) -> None:
    for forms in (EN, HI):
        assert len(shown("datetime", day, forms)) <= len(widest("datetime", forms))
        assert len(shown("date", day.date(), forms)) <= len(widest("date", forms))
        assert len(shown("Paise", paise, forms)) <= len(widest("Paise", forms))

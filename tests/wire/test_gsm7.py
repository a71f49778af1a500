"""GSM-7 against 3GPP TS 23.038: the tables here are code points in the order of the specification, not our strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.gsm7 import BASIC, EXTENSION, SEPTETS, septets, units

# TS 23.038, section 6.2.1, codes 0x00 to 0x7F; 0x1B is the escape and no character.
DEFAULT_ALPHABET = [
    *[0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5, 0xE5],
    *[0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0xC6, 0xE6, 0xDF, 0xC9],
    *[0x20, 0x21, 0x22, 0x23, 0xA4, *range(0x25, 0x40)],
    *[0xA1, *range(0x41, 0x5B), 0xC4, 0xD6, 0xD1, 0xDC, 0xA7],
    *[0xBF, *range(0x61, 0x7B), 0xE4, 0xF6, 0xF1, 0xFC, 0xE0],
]
# Section 6.2.1.1: form feed ^ { } \ [ ~ ] | and the euro.
EXTENSION_TABLE = [0x0C, 0x5E, 0x7B, 0x7D, 0x5C, 0x5B, 0x7E, 0x5D, 0x7C, 0x20AC]


def test_the_default_alphabet_is_the_specification_s() -> None:
    assert [ord(letter) for letter in BASIC] == DEFAULT_ALPHABET
    assert len(DEFAULT_ALPHABET) == 127


def test_the_extension_table_is_the_specification_s() -> None:
    assert [ord(letter) for letter in EXTENSION] == EXTENSION_TABLE


def test_every_character_below_3000_counts_as_the_tables_say() -> None:
    for point in range(0x3000):
        expected = 1 if point in DEFAULT_ALPHABET else 2 if point in EXTENSION_TABLE else None
        assert septets(chr(point)) == expected, hex(point)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("0 Back 00 Home", 14),
        ("a\nb", 3),
        ("[1]", 5),
        ("{}€", 6),
        ("Ç", 1),
        ("ç", None),
        ("`", None),
        ("\t", None),
        ("₹ 20", None),
        ("Rs 20", 5),
        ("[ç]", None),
        ("डाकघर", None),
        ("\x1b", None),
        ("don’t", None),
        ("😀", None),
    ],
)
def test_septets(text: str, expected: int | None) -> None:
    assert septets(text) == expected


@given(st.text(alphabet=st.sampled_from(BASIC + EXTENSION + "ç₹क")))
def test_a_text_is_the_sum_of_its_characters_or_not_gsm7_at_all(text: str) -> None:
    each = [SEPTETS.get(letter) for letter in text]
    assert septets(text) == (None if None in each else sum(width for width in each if width))


@pytest.mark.parametrize(
    ("text", "expected"), [("", 0), ("abc", 3), ("क्ष", 3), ("क\u200dष", 3), ("😀", 2), ("😀a", 3), ("\ud800", 1)]
)
def test_units(text: str, expected: int) -> None:
    assert units(text) == expected

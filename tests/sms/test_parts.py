"""How many SMS a text takes, by the numbers of 3GPP TS 23.040, and how names are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.parts import parts, room, shortened
from wire.gsm7 import septets, units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("x" * 459, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("[" * 152, 2),
        ("[" * 153, 3),  # 306 septets, but an escape and its letter stay together: 76 a part
        ("x" + "[" * 152, 2),
        ("क" * 70, 1),
        ("क" * 71, 2),
        ("क" * 134, 2),
        ("क" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 66, 2),
        ("😀" * 67, 3),  # 134 units, but a pair stays together: 33 a part
        ("x" * 134 + "₹", 3),
    ],
)
def test_parts(text: str, expected: int) -> None:
    assert parts(text) == expected


@given(st.text(alphabet="ab[€\nकष😀", max_size=400))
def test_a_text_takes_as_many_parts_as_its_length_or_one_more_for_pairs_that_stay_together(text: str) -> None:
    gsm7 = septets(text)
    alone, size, used = (160, 153, gsm7) if gsm7 is not None else (70, 67, units(text))
    least = 1 if used <= alone else -(-used // size)
    assert least <= parts(text) <= max(least, -(-used // (size - 1)))


@given(st.text(alphabet="ab[", max_size=310), st.integers(2, 4))
def test_what_there_is_room_for_fits_and_one_letter_more_does_not(text: str, most: int) -> None:
    left = room(text, most)
    if left >= 0:
        assert parts(text + "x" * left) <= most
        assert parts(text + "x" * left + "x") == most + 1
    else:
        assert parts(text) > most


@pytest.mark.parametrize(
    ("name", "most", "expected"),
    [
        ("Connaught Place", 15, "Connaught Place"),
        ("Connaught Place", 14, "Connaught Pla."),
        ("Connaught Place", 11, "Connaught."),
        (" New \n Delhi\t", 20, "New Delhi"),
        ("क्षत्रिय नगर", 4, "क्ष."),
        ("ಕ್ಷೇತ್ರ", 4, "ಕ್ಷ."),
        ("e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301."),
        ("q" + "\u0301" * 40, 4, "q\u0301\u0301."),
    ],
)
def test_a_name_is_cut_between_letters_and_says_so(name: str, most: int, expected: str) -> None:
    assert shortened(name, most) == expected


@given(st.text(max_size=90), st.integers(2, 60))
def test_a_name_is_never_longer_than_asked_and_stands_on_one_line(name: str, most: int) -> None:
    cut = shortened(name, most)
    assert len(cut) <= most
    assert "\n" not in cut
    assert len(" ".join(name.split())) > most or cut == " ".join(name.split())

"""Aadhaar numbers and Virtual IDs are told from other numbers exactly as python-stdnum tells them."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import verhoeff as stdnum_verhoeff
from stdnum.in_ import aadhaar as stdnum_aadhaar
from stdnum.in_ import vid as stdnum_vid

from flows.engine.identifiers import aadhaar_like, verhoeff, virtual_id_like


def _numbers(length: int) -> list[str]:
    """Random numbers, half of them with a right check digit."""
    chance = Random(length)
    numbers = []
    for n in range(3000):
        body = "".join(chance.choices("0123456789", k=length - 1))
        numbers.append(body + (stdnum_verhoeff.calc_check_digit(body) if n % 2 else chance.choice("0123456789")))
    return numbers


@pytest.mark.parametrize("length", [2, 7, 8, 9, 12, 16, 17])
def test_the_check_digit_is_verhoeffs_at_any_length(length: int) -> None:
    numbers = _numbers(length)
    assert [verhoeff(n) for n in numbers] == [stdnum_verhoeff.is_valid(n) for n in numbers]


def test_twelve_digits_are_told_as_stdnum_tells_them() -> None:
    numbers = _numbers(12)
    assert [aadhaar_like(n) for n in numbers] == [stdnum_aadhaar.is_valid(n) for n in numbers]


def test_sixteen_digits_are_told_as_stdnum_tells_them() -> None:
    numbers = _numbers(16)
    assert [virtual_id_like(n) for n in numbers] == [stdnum_vid.is_valid(n) for n in numbers]


def test_about_eight_in_a_hundred_other_numbers_pass_by_chance() -> None:
    chance = Random(8)
    passed = sum(aadhaar_like("".join(chance.choices("0123456789", k=12))) for _ in range(5000))
    assert 0.065 < passed / 5000 < 0.095


@pytest.mark.parametrize(
    ("number", "like"),
    [
        ("234123412346", True),
        ("999941057058", True),
        ("234123412347", False),
        ("034123412340", False),
        ("123412341234", False),
        ("23412341234", False),
        ("2341234123412341", False),
        ("", False),
        ("23412341234a", False),
        ("23412341234٦", False),
        ("²34123412346", False),
        ("2341 2341 234", False),
    ],
)
def test_an_aadhaar_number_has_twelve_digits_and_begins_with_2_to_9(number: str, like: bool) -> None:
    assert aadhaar_like(number) is like


@pytest.mark.parametrize(
    ("number", "like"), [("2341234123412341", True), ("2341234123412342", False), ("234123412346", False)]
)
def test_a_virtual_id_has_sixteen_digits(number: str, like: bool) -> None:
    assert virtual_id_like(number) is like


@pytest.mark.parametrize("first", ["0", "1"])
def test_a_number_that_begins_with_0_or_1_is_none_even_with_a_right_check_digit(first: str) -> None:
    body = f"{first}2345678901"
    number = body + stdnum_verhoeff.calc_check_digit(body)
    assert verhoeff(number)
    assert not aadhaar_like(number)


@given(st.text())
@settings(deadline=None)
def test_no_text_raises(text: str) -> None:
    assert not (aadhaar_like(text) and virtual_id_like(text))

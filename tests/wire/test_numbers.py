"""Callers' numbers, as gateways write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.numbers import masked, msisdn


@pytest.mark.parametrize(
    "raw",
    [
        "+919876543210",
        "919876543210",
        "00919876543210",
        "09876543210",
        "9876543210",
        " 919876543210",
    ],
)
def test_an_indian_number_is_read_however_it_is_written(raw: str) -> None:
    assert msisdn(raw) == "+919876543210"


def test_ten_digits_that_begin_like_the_country_code_are_a_number() -> None:
    assert msisdn("9198765432") == "+919198765432"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "+",
        "987654321",
        "98765432101",
        "+9198765432101",
        "+254711000111",
        "254711000111",
        "+1 650 253 0000",
        "+91 98765 43210",
        "tel:+919876543210",
        "+919876543210;ext=1",
        "+910123456789",
        "+912222222222222",
        "0000000000",
        "+915555555555",
        "९८७६५४३२१०",
        "+91९८७६५४३२१०",
        "+91987654321O",
        "919876543210\n",
        "\x00" * 10,
    ],
)
def test_what_is_no_indian_number_is_refused(raw: str) -> None:
    assert msisdn(raw) is None


@given(st.text(max_size=20))
def test_any_text_is_a_number_in_e164_or_none(raw: str) -> None:
    number = msisdn(raw)
    assert number is None or (number.startswith("+91") and len(number) == 13)


def test_only_the_last_four_digits_are_shown() -> None:
    assert masked("+919876543210") == "*********3210"


def test_the_cache_is_bounded() -> None:
    assert msisdn.cache_info().maxsize == 4096

"""Service codes and dialled texts, as gateways write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ussd.cumulative import first_inputs, latest
from ussd.dialled import service_code, split


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("*123#", "123"),
        ("123", "123"),
        ("*384*21478#", "384*21478"),
        ("384*21478", "384*21478"),
        ("*#100#", "100"),
        ("*99*1*3#", "99*1*3"),
    ],
)
def test_a_service_code_becomes_digits_with_stars_inside(raw: str, code: str) -> None:
    assert service_code(raw) == code


@pytest.mark.parametrize(
    "raw", ["", "*", "#", "*#", "12a", "१२३", "*12**3#", "1" * 11, "*123#\n", "123 ", "1*1*1*1*1*1"]
)
def test_what_is_no_service_code_is_refused(raw: str) -> None:
    assert service_code(raw) is None


@pytest.mark.parametrize(
    ("dialled", "codes", "expected"),
    [
        ("123", (), ("123", "")),
        ("123*13*110001", (), ("123", "13*110001")),
        ("*123*13*110001#", (), ("123", "13*110001")),
        ("99*7*13", ("99*7", "99"), ("99*7", "13")),
        ("99*7*13", ("99", "99*7"), ("99*7", "13")),
        ("99*77*13", ("99*7", "99"), ("99", "77*13")),
        ("99*7", ("99*7",), ("99*7", "")),
        ("121*5", ("123",), ("121", "5")),
        (" *123# ", ("123",), ("123", "")),
        ("", ("123",), ("", "")),
        ("Asha", ("123",), ("", "")),
        ("no*13", (), ("", "")),
        ("****", (), ("", "")),
    ],
)
def test_a_dialled_text_splits_into_our_code_and_the_rest(
    dialled: str, codes: tuple[str, ...], expected: tuple[str, str]
) -> None:
    assert split(dialled, codes) == expected


@pytest.mark.parametrize(
    ("previous", "text", "answer"),
    [
        ("", "", None),
        ("", "1", "1"),
        ("", "13*110001", "13*110001"),
        ("1", "1*110001", "110001"),
        ("1", "1**", "*"),
        ("1", "1*2*3", "2*3"),
        ("1", "1*", ""),
        ("1*2*3", "1*2*3*4#5", "4#5"),
        ("1**", "1***", ""),
        ("1", "1", None),
        ("1", "12", None),
        ("1", "2*1", None),
        ("1*2", "1", None),
        ("1*2", "", None),
    ],
)
def test_the_latest_answer_is_what_follows_the_text_before(previous: str, text: str, answer: str | None) -> None:
    assert latest(previous, text) == answer


@given(st.text(min_size=1), st.text())
def test_an_answer_comes_back_whatever_is_in_it(previous: str, answer: str) -> None:
    assert latest(previous, f"{previous}*{answer}") == answer


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("", ()),
        ("#", ()),
        ("13", ("13",)),
        ("13*110001", ("13", "110001")),
        ("13*110001#", ("13", "110001")),
        ("*13**110001*#", ("13", "110001")),
        ("13*a#b", ("13", "a#b")),
    ],
)
def test_a_direct_code_splits_into_its_inputs(text: str, inputs: tuple[str, ...]) -> None:
    assert first_inputs(text) == inputs

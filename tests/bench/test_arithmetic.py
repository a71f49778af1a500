import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.arithmetic import percentile, ratio_of_rounds

HUNDRED = list(range(1, 101))


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 0.5, 7.0),
        ([7.0], 0.99, 7.0),
        ([1, 2, 3, 4], 0.5, 2),
        ([1, 2, 3, 4, 5], 0.5, 3),
        ([1, 2, 3, 4], 0.51, 3),
        (HUNDRED, 0.99, 99),
        (HUNDRED, 0.991, 100),
        (HUNDRED, 1, 100),
        (HUNDRED, 0.001, 1),
        # 0.07 * 100 is 7.000000000000001 in binary.
        (HUNDRED, 0.07, 7),
    ],
)
def test_a_percentile_is_the_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1).map(sorted), st.floats(0.001, 1))
def test_a_percentile_is_observed_and_enough_values_do_not_exceed_it(values: list[float], share: float) -> None:
    at = percentile(values, share)
    assert at in values
    assert sum(value <= at for value in values) >= share * len(values) - 1e-6


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0.0), ([1.0], 1.01), ([1.0], -0.5)])
def test_a_percentile_that_has_no_meaning_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError):
        percentile(values, share)


def test_the_ratio_is_the_median_of_each_rounds_own_ratio() -> None:
    # The ratios are 2, 3 and 1; the ratio of the medians would be 20 / 10 = 2 as well, that of the means 2.3.
    assert ratio_of_rounds([20, 90, 10], [10, 30, 10]) == 2
    assert ratio_of_rounds([10, 20, 60], [10, 5, 20]) == 3


@pytest.mark.parametrize(("ours", "theirs"), [([], []), ([1.0], [1.0, 2.0]), ([1.0, 2.0], [1.0])])
def test_rounds_that_cannot_be_paired_are_refused(ours: list[float], theirs: list[float]) -> None:
    with pytest.raises(ValueError, match="cannot be paired"):
        ratio_of_rounds(ours, theirs)


def test_a_round_without_an_answer_has_no_ratio() -> None:
    with pytest.raises(ValueError, match="without a single answer"):
        ratio_of_rounds([1.0, 1.0], [0.0, 1.0])

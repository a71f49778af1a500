"""Percentiles and ratios, in the plain nearest-rank sense: every figure printed was really observed."""

import math
from collections.abc import Sequence
from statistics import median


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (above 0, at most 1) of the ascending values do not exceed.

    Raises ValueError for an empty sequence or a share outside that range.
    """
    if not sorted_values:
        raise ValueError("no values to take a percentile of")
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}; it must be above 0 and at most 1")
    # 0.99 * 100 is 99.00000000000001 in binary: without rounding the rank would be one too high.
    return sorted_values[math.ceil(round(share * len(sorted_values), 6)) - 1]


def ratio_of_rounds(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median over the rounds of ours ÷ theirs in the same round.

    What disturbs a machine for seconds disturbs neighbours alike, so a round's ratio is steadier than its figures.
    Raises ValueError when the numbers of rounds differ, there are none, or theirs has a zero.
    """
    if len(ours) != len(theirs) or not ours:
        raise ValueError(f"{len(ours)} rounds of ours and {len(theirs)} of theirs cannot be paired")
    if not all(theirs):
        raise ValueError("a round without a single answer has no ratio")
    return median(our / their for our, their in zip(ours, theirs, strict=True))

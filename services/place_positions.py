"""Which of the directory's coordinates can be believed, and where a PIN code is.

The directory has offices with swapped, garbled, copied and mistyped coordinates (whole districts of them, and degrees
and minutes written as decimals): about 2 in 100 PIN codes would lie far away from where they are. So an office is
believed only when it lies within reach both of its district's middle and of the middle of all PIN codes that begin with
the same three digits (a sorting district of India Post). Reach is four times the median distance of those offices
from their middle, within bounds. A PIN code is believed when a third of its offices that have coordinates are; for the
others `csc` says "in your district" instead of a distance.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from statistics import median

from services.distance import kilometres

Position = tuple[float, float]

_SOUTH, _NORTH, _WEST, _EAST = 6.0, 38.0, 68.0, 98.0
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?:°?\s*[NE]?|°)\s*$")
_SPREADS = 4.0
_DISTRICT_BOUNDS, _SORTING_BOUNDS = (20.0, 250.0), (60.0, 300.0)
"""The least and the most reach, in kilometres."""


def read(latitude: object, longitude: object) -> Position | None:
    """A position in India in degrees, swapped coordinates put right; None when it is none."""
    north, east = _degrees(latitude), _degrees(longitude)
    if north is None or east is None:
        return None
    for position in ((north, east), (east, north)):
        if _SOUTH <= position[0] <= _NORTH and _WEST <= position[1] <= _EAST:
            return position
    return None


def middle(positions: Iterable[Position]) -> Position:
    """The median of both coordinates, to a metre or so: a stray office does not move it."""
    found = list(positions)
    return round(median(north for north, _ in found), 5), round(median(east for _, east in found), 5)


def believed(offices: Iterable[tuple[str, str, Position]]) -> Mapping[str, Position]:
    """PIN code → where it is, from (PIN code, district, position) of every office; doubtful PIN codes are left out."""
    listed = list(offices)
    of_district = _Reach(((district, position) for _, district, position in listed), _DISTRICT_BOUNDS)
    of_sorting = _Reach(((pin[:3], position) for pin, _, position in listed), _SORTING_BOUNDS)
    pins: dict[str, list[Position]] = defaultdict(list)
    for pin, district, position in listed:
        if of_district.holds(district, position) and of_sorting.holds(pin[:3], position):
            pins[pin].append(position)
    told = Counter(pin for pin, _, _ in listed)
    return {pin: middle(positions) for pin, positions in pins.items() if 3 * len(positions) >= told[pin]}


class _Reach:
    # How far the offices of each group lie from the group's middle, as a rule.

    def __init__(self, offices: Iterable[tuple[str, Position]], bounds: tuple[float, float]) -> None:
        groups: dict[str, list[Position]] = defaultdict(list)
        for group, position in offices:
            groups[group].append(position)
        least, most = bounds
        self._middles = {group: middle(positions) for group, positions in groups.items()}
        self._reach = {
            group: min(most, max(least, _SPREADS * median(kilometres(*self._middles[group], *p) for p in positions)))
            for group, positions in groups.items()
        }

    def holds(self, group: str, position: Position) -> bool:
        return kilometres(*self._middles[group], *position) <= self._reach[group]


def _degrees(raw: object) -> float | None:
    if raw is None:
        return None
    match = _NUMBER.match(str(raw))
    return float(match.group(1)) if match else None

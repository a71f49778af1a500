"""Common Service Centres near a PIN code, from the list that an operator imports (see `import_centres`).

Distances are between the middles of PIN codes, not between doors: good enough to say which centre is nearest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, floor, radians
from pathlib import Path
from typing import cast

import msgspec

from flows.engine.values import Kilometres, Name, Phone, Pincode
from flows.operations.answer import Answer
from flows.operations.registry import operation
from services.distance import KM_A_DEGREE, kilometres
from services.places import Place, Places
from services.readonly import ReadOnly

REMEDY = "import centres with: python -m services.import_centres FILE.csv"
CELL = 0.25
"""Side of a grid cell in degrees, about 28 km."""

_CELLS = "SELECT latitude, longitude, pin, many FROM place WHERE north BETWEEN ? AND ? AND east BETWEEN ? AND ?"
_AT_PIN = "SELECT centres FROM place WHERE pin = ?"
_DISTRICT = "SELECT pin, centres FROM place WHERE state = ? AND district = ? ORDER BY pin"
_DEMO = "SELECT value FROM stamp WHERE key = 'demo'"


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A centre as it is kept in the centres file, packed with the others of its PIN code."""

    id: str
    name: str
    vle: str
    address: str
    village: str
    phone: str


@dataclass(frozen=True, slots=True)
class Centre:
    """A Common Service Centre, its operator (VLE, village-level entrepreneur), and how far away it is about."""

    id: str
    name: Name
    vle: Name
    address: Name
    village: Name
    phone: Phone
    pin: Pincode
    away: Kilometres


@dataclass(frozen=True, slots=True)
class DistrictCentre:
    """A Common Service Centre in the same district, nobody knows how far away."""

    id: str
    name: Name
    vle: Name
    address: Name
    village: Name
    phone: Phone
    pin: Pincode


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest centres, the nearest first."""

    centres: tuple[Centre, ...]


@dataclass(frozen=True, slots=True)
class SameDistrict:
    """The position of the PIN code is not known: these centres are in its district, in no order of distance."""

    centres: tuple[DistrictCentre, ...]
    district: Name


@dataclass(frozen=True, slots=True)
class NoneNear:
    """No centre within reach."""


@dataclass(frozen=True, slots=True)
class UnknownPin:
    """No post office has this PIN code."""


_Counted = tuple[float, float, int, int]
unpacked = msgspec.msgpack.Decoder(list[Listed]).decode


class Centres:
    """The operator's list of centres. `reach_km`: how far a centre may be; `most`: how many are told."""

    def __init__(self, path: Path, places: Places, *, reach_km: int = 100, most: int = 5) -> None:
        self._file = ReadOnly(path, REMEDY)
        self._place = places.place
        self._reach = float(reach_km)
        self._most = most
        self.problem = self._file.problem

    @operation("csc.nearest", recall=True)
    def nearest(self, pin: Pincode) -> Answer[Found | SameDistrict | NoneNear | UnknownPin]:
        """The centres nearest to a PIN code."""
        place = self._place(pin)
        if place is None:
            return Answer(UnknownPin())
        demo = self._file.row(_DEMO) == ("1",)
        if place.position is None:
            return Answer(self._in_district(place), demo)
        centres = tuple(
            Centre(c.id, Name(c.name), Name(c.vle), Name(c.address), Name(c.village), Phone(c.phone), at, away)
            for c, at, away in self._nearest(*place.position)
        )
        return Answer(Found(centres) if centres else NoneNear(), demo)

    OPERATIONS = (nearest,)

    def _in_district(self, place: Place) -> SameDistrict | NoneNear:
        found: list[DistrictCentre] = []
        for pin, packed in self._file.rows(_DISTRICT, (place.state, place.district)):
            for c in unpacked(cast(bytes, packed)):
                found.append(
                    DistrictCentre(
                        c.id,
                        Name(c.name),
                        Name(c.vle),
                        Name(c.address),
                        Name(c.village),
                        Phone(c.phone),
                        Pincode(str(pin)),
                    )
                )
            if len(found) >= self._most:
                break
        return SameDistrict(tuple(found[: self._most]), Name(place.district)) if found else NoneNear()

    def _nearest(self, latitude: float, longitude: float) -> Iterator[tuple[Listed, Pincode, Kilometres]]:
        told = 0
        for away, pin, _ in self._by_distance(latitude, longitude):
            row = self._file.row(_AT_PIN, (pin,))
            for centre in unpacked(cast(bytes, row[0])) if row else ():
                yield centre, Pincode(str(pin)), Kilometres(round(away))
                told += 1
                if told == self._most:
                    return

    def _by_distance(self, latitude: float, longitude: float) -> list[tuple[float, int, int]]:
        # (km, PIN code, how many centres) of enough PIN codes, the nearest first, none beyond reach. Looked for in a
        # square of cells around the caller's, twice as wide each time, until nothing outside it can be nearer.
        north, east = cell(latitude, longitude)
        rings = 1
        while True:
            margin = rings * CELL
            sure = margin * KM_A_DEGREE * cos(radians(min(89.0, abs(latitude) + margin)))
            within = (north - rings, north + rings, east - rings, east + rings)
            limit = min(sure, self._reach)
            near = sorted(
                (away, pin, many)
                for there, across, pin, many in cast("Iterator[_Counted]", self._file.rows(_CELLS, within))
                if (away := kilometres(latitude, longitude, there, across)) <= limit
            )
            if sure >= self._reach or sum(many for _, _, many in near) >= self._most:
                return near
            rings *= 2


def cell(latitude: float, longitude: float) -> tuple[int, int]:
    """The grid cell of a position."""
    return floor(latitude / CELL), floor(longitude / CELL)

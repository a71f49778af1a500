"""Places by PIN code: where it is, whose it is, and its post offices, from the file that `build_places` makes."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from services.readonly import ReadOnly

REMEDY = "build it with: python -m services.build_places"
_OFFICES = "SELECT offices FROM pin WHERE pin = ?"
_PLACE = "SELECT latitude, longitude, district, state FROM pin WHERE pin = ?"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a PIN code is: the middle of its post offices in degrees, or None where no position can be trusted."""

    position: tuple[float, float] | None
    district: str
    state: str
    """In capitals in the source, here "Tamil Nadu"; "" when nothing tells."""


class Places:
    """The PIN codes of India, read-only; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._file = ReadOnly(path, REMEDY)
        self.problem = self._file.problem

    def offices(self, pin: str) -> bytes | None:
        """The packed post offices of a PIN code (see `post`), or None when there is no such PIN code."""
        row = self._file.row(_OFFICES, (pin,))
        return None if row is None else cast(bytes, row[0])

    def place(self, pin: str) -> Place | None:
        """Where a PIN code is, or None when there is no such PIN code."""
        row = self._file.row(_PLACE, (pin,))
        if row is None:
            return None
        latitude, longitude, district, state = cast(tuple[float | None, float | None, str, str], row)
        position = None if latitude is None or longitude is None else (latitude, longitude)
        return Place(position, district, state)

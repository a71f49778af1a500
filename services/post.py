"""Post offices by PIN code, from India Post's directory as `build_places` keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial

import msgspec

from flows.engine.values import Count, Name, Pincode
from flows.operations.registry import operation
from services.places import Places


class OfficeKind(StrEnum):
    """What a post office is to its neighbours: a head office has sub offices, those have branch offices."""

    head = "head"
    sub = "sub"
    branch = "branch"


class Delivery(StrEnum):
    """Whether an office delivers letters itself."""

    yes = "yes"
    no = "no"


@dataclass(frozen=True, slots=True)
class Office:
    """One post office; `id` is the same as long as its name and kind are."""

    id: str
    name: Name
    kind: OfficeKind
    delivery: Delivery
    district: Name


@dataclass(frozen=True, slots=True)
class Found:
    """All offices of the PIN code: head offices first, then by name. `district` is that of most of them."""

    offices: tuple[Office, ...]
    count: Count
    district: Name


@dataclass(frozen=True, slots=True)
class UnknownPin:
    """No post office has this PIN code."""


_KEPT = 512
"""PIN codes whose offices stay at hand: those of the dialogues under way, some 2 MB."""
_UNKNOWN = UnknownPin()
_decoded = msgspec.msgpack.Decoder(Found).decode


def packed(found: Found) -> bytes:
    """An answer as it is kept in the places file, a row for each PIN code."""
    return msgspec.msgpack.encode(found)


def _read(offices: Callable[[str], bytes | None], pin: str) -> Found | UnknownPin:
    kept = offices(pin)
    return _UNKNOWN if kept is None else _decoded(kept)


class PostOffices:
    """India Post's directory."""

    def __init__(self, places: Places) -> None:
        # A caller who looks at a list needs it for several turns, and each look at the file lets another thread run.
        self._found = lru_cache(maxsize=_KEPT)(partial(_read, places.offices))

    @operation("post.offices", recall=True)
    def offices(self, pin: Pincode) -> Found | UnknownPin:
        """The post offices of a PIN code."""
        return self._found(pin)

    OPERATIONS = (offices,)

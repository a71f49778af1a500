"""What is kept of one caller, and what the operations ask of whoever keeps it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec

from flows.operations import Caller

T = TypeVar("T")


class Consent(msgspec.Struct, frozen=True, array_like=True):
    """That the notice was accepted: its version, the language and channel of it, and when (Unix seconds)."""

    version: str
    language: str
    channel: str
    at: int


class CallerRecord(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of one caller. `pin` is an argon2 hash; `saved` maps a kind of number ("lpg") to the number."""

    consents: dict[str, Consent] = {}
    pin: str = ""
    wrong: int = 0
    locked_until: int = 0
    saved: dict[str, str] = {}
    last_check: tuple[str, str] = ("", "")
    """The last PIN check's request and result: a repeated webhook is not a second try."""


class Callers(Protocol):
    """Whoever keeps caller records: the database (`records/durable.py`), or a terminal's memory."""

    def read(self, pseudonym: bytes) -> CallerRecord:
        """The caller's record, an empty one for whoever is not known."""

    def change(self, caller: Caller, change: Callable[[CallerRecord], tuple[CallerRecord, T]]) -> T:
        """Change the record; `change` may run again on a fresh record."""

"""The small store of caller records: one sealed value a caller, changed by compare-and-set."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import msgspec

KEEP_SECONDS = 400 * 24 * 3600
"""How long a record is kept after it was last changed."""
_TRIES = 8
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


class Sealed(Protocol):
    """What came out of the box: the value, and the version to save against."""

    @property
    def value(self) -> bytes | None:
        """The plain value, or None."""

    @property
    def version(self) -> bytes:
        """What `save` compares."""


class Box(Protocol):
    """A sealed store with compare-and-set (`sessions.store.Store`)."""

    def load(self, key: bytes) -> Sealed:
        """Read one value."""

    def save(self, key: bytes, plain: bytes, version: bytes, ttl: int) -> bool:
        """Write it if nobody else did; False if somebody did."""


class Busy(RuntimeError):
    """The record was changed by others again and again while we tried."""


@dataclass(frozen=True, slots=True)
class Callers:
    """Caller records by pseudonym (a keyed hash of the number, 16 bytes)."""

    box: Box
    _encoder: msgspec.msgpack.Encoder = field(default_factory=msgspec.msgpack.Encoder)

    def read(self, pseudonym: bytes) -> CallerRecord:
        """The caller's record, an empty one for whoever is not known."""
        return _decode(self.box.load(_key(pseudonym)).value)

    def change(self, pseudonym: bytes, change: Callable[[CallerRecord], tuple[CallerRecord, T]]) -> T:
        """Change the record; `change` may run again on a fresh record. Raises Busy."""
        for _ in range(_TRIES):
            sealed = self.box.load(_key(pseudonym))
            before = _decode(sealed.value)
            after, result = change(before)
            if after == before:
                return result
            if self.box.save(_key(pseudonym), self._encoder.encode(after), sealed.version, KEEP_SECONDS):
                return result
        raise Busy


def _key(pseudonym: bytes) -> bytes:
    return b"c:" + pseudonym


_decoder = msgspec.msgpack.Decoder(CallerRecord)


def _decode(value: bytes | None) -> CallerRecord:
    return _decoder.decode(value) if value is not None else CallerRecord()

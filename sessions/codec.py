"""A session as few bytes: msgpack arrays, with what is as usual left out at the end."""

import hashlib
import zlib
from dataclasses import dataclass
from typing import Any

import msgspec

from figures.transactions import NO_USE, Use
from flows.engine.run import Run
from sessions.packed_run import packed_run, unpacked_run

FORMAT = 2
"""To be changed with the order or the meaning of what is packed here or in `packed_run`."""
FINGERPRINT_BYTES = 8
DEFLATED_FROM = 448
"""Bytes from which a record is deflated: 10 µs that a typical one is spared, and that halve the largest."""
_WINDOW = -11
_MEMORY = 5
"""A window of 2 KiB without a header (RFC 1951): setting up the usual 32 KiB costs ten times the work."""
_DEFLATED = b"\xc1"
"""The one byte that no msgpack value begins with (msgpack's specification, "formats")."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Any]).decode


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What is kept of one caller on one door between two turns.

    `session` and `previous` are fingerprints of the gateway's session ids, this one's and the one before. The text that
    came last had `typed_length` characters and the fingerprint `typed`; `at` is when, in Unix seconds. `reply` is what
    was shown, `rest` the screens behind it, and `stays` says whether the session goes on after the last of them.
    """

    session: bytes
    typed_length: int
    typed: bytes
    at: int
    reply: str
    run: Run
    stays: bool = True
    rest: tuple[str, ...] = ()
    previous: bytes = b""
    use: Use = NO_USE
    """The service in use, for the transaction that its end will be."""

    @property
    def goes_on(self) -> bool:
        """Whether the session goes on after `reply`."""
        return self.stays or bool(self.rest)


def fingerprint(text: str) -> bytes:
    """Eight bytes that tell one text from another: enough for one caller's, who gains nothing by making two alike."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=FINGERPRINT_BYTES).digest()


def encode(record: SessionRecord) -> bytes:
    """The record as bytes, for `Store.save`."""
    plain = _encode(
        (
            FORMAT,
            record.session,
            record.typed_length,
            record.typed,
            record.at,
            record.reply,
            packed_run(record.run),
            record.stays,
            record.previous,
            (record.use.began, record.use.visit, record.use.demo),
            *record.rest,
        )
    )
    if len(plain) < DEFLATED_FROM:
        return plain
    deflate = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _MEMORY)
    return _DEFLATED + deflate.compress(plain) + deflate.flush()


def decode(plain: bytes) -> SessionRecord | None:
    """The record that `encode` made these bytes of; None for what another release kept in another format."""
    if plain[:1] == _DEFLATED:
        plain = zlib.decompress(plain[1:], _WINDOW)
    form, *fields = _decode(plain)
    if form != FORMAT:
        return None
    session, typed_length, typed, at, reply, run, stays, previous, use, *rest = fields
    run = unpacked_run(run)
    return SessionRecord(session, typed_length, typed, at, reply, run, stays, tuple(rest), previous, Use(*use))

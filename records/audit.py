"""The audit log: who agreed, withdrew, set or locked a PIN, was erased. Each row's hash holds the row before it.

The hash has a key: whoever changes a row, takes one out or puts one in, and does not know the key, is found out. Rows
at the end that are missing show against the head, which `python -m records verify` prints to be kept elsewhere.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, select, update

from records.tables import audit_head, audit_log

_NOTHING = bytes(32)
_BATCH = 1000
EXPIRED = "audit_expired"
"""What a row says that stands for older ones whose time was over: its detail is the last one's number and hash."""


class Broken(Exception):
    """The chain does not hold; the message says at which row."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row's number and hash."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"


class AuditLog:
    """Appends to the log, inside the transaction of what it tells, and proves it. `key` is 32 bytes or more."""

    def __init__(self, key: bytes) -> None:
        # BLAKE2b takes a key of 64 bytes at most (RFC 7693, section 2.1); `person` sets it apart from callers' hashes.
        short = hashlib.blake2b(key).digest()
        self._hash = hashlib.blake2b(key=short, digest_size=len(_NOTHING), person=b"ghanti audit")

    def append(self, connection: Connection, at: int, what: str, pseudonym: bytes | None, detail: str = "") -> None:
        """Add a row; whoever else appends waits until this transaction ends."""
        head = _head(connection, lock=True)
        seq = head.seq + 1
        hashed = self._chained(head.hash, seq, at, what, pseudonym, detail)
        row = {"seq": seq, "at": at, "what": what, "pseudonym": pseudonym, "detail": detail, "hash": hashed}
        connection.execute(audit_log.insert(), row)
        connection.execute(update(audit_head).values(seq=seq, hash=hashed))

    def verify(self, connection: Connection, known: str = "") -> Head:
        """Prove every row; `known` is a head that was printed earlier and must be there. Raises Broken.

        `connection` must show one moment (`Database.read(snapshot=True)`).
        """
        head, expired = _head(connection), set[str]()
        first = before = self._before_all(connection)
        seen = {str(first)}
        for row in _rows(connection):
            if row.seq != before.seq + 1:
                raise Broken(f"row {before.seq + 1} is missing")
            if row.hash != self._chained(before.hash, row.seq, row.at, row.what, row.pseudonym, row.detail):
                raise Broken(f"row {row.seq} is not as it was written, or the one before it is not")
            before = Head(row.seq, bytes(row.hash))
            if str(before) == known:
                seen.add(known)
            if row.what == EXPIRED:
                expired.add(row.detail)
        if first.seq and str(first) not in expired:
            raise Broken(f"the rows up to {first.seq} are missing")
        if before != head:
            raise Broken(f"rows after {before.seq} are missing, or the head was changed")
        if known and known not in seen and int(known.partition(":")[0]) >= first.seq:
            raise Broken(f"row {known.partition(':')[0]} is not the one that is known")
        return head

    def expire(self, connection: Connection, now: int, before: int) -> int:
        """Delete the rows from before a time (Unix seconds), and say so in the log; gives how many."""
        _head(connection, lock=True)
        # A clock may go back: only what is old together with everything before it goes.
        kept = select(func.min(audit_log.c.seq)).where(audit_log.c.at >= before).scalar_subquery()
        newest = select(audit_log.c.seq, audit_log.c.hash).where(
            audit_log.c.at < before, audit_log.c.seq < func.coalesce(kept, audit_log.c.seq + 1)
        )
        last = connection.execute(newest.order_by(audit_log.c.seq.desc()).limit(1)).first()
        if last is None:
            return 0
        gone = connection.execute(delete(audit_log).where(audit_log.c.seq <= last.seq)).rowcount
        self.append(connection, now, EXPIRED, None, str(Head(last.seq, bytes(last.hash))))
        return gone

    def _before_all(self, connection: Connection) -> Head:
        """What the oldest row follows: nothing, or the last of those whose time was over, as a later row names it."""
        first = connection.execute(select(func.min(audit_log.c.seq))).scalar()
        if first is None or first == 1:
            return Head(0, _NOTHING)
        for detail in connection.execute(select(audit_log.c.detail).where(audit_log.c.what == EXPIRED)).scalars():
            seq, _, hashed = detail.partition(":")
            if seq == str(first - 1):
                return Head(first - 1, bytes.fromhex(hashed))
        raise Broken(f"row {first - 1} is missing")

    def _chained(self, before: bytes, *row: int | str | bytes | None) -> bytes:
        hashed = self._hash.copy()
        hashed.update(before)
        hashed.update(msgspec.msgpack.encode(row))
        return hashed.digest()


def _head(connection: Connection, lock: bool = False) -> Head:
    asked = select(audit_head.c.seq, audit_head.c.hash)
    row = connection.execute(asked.with_for_update() if lock else asked).one()
    return Head(row.seq, bytes(row.hash))


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    seq = 0
    while rows := connection.execute(
        select(audit_log).where(audit_log.c.seq > seq).order_by(audit_log.c.seq).limit(_BATCH)
    ).all():
        yield from rows
        seq = rows[-1].seq

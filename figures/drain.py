"""Moves counts and transactions from Redis into SQL, each once: every few seconds, by any number of processes.

What is to be moved is first given a name of its own, a batch, in Redis. A batch of counts is noted in the table
`counted` by the transaction that adds it, and a transaction's row has its unique key; only then the batch is deleted.
Whoever is killed in between leaves a batch that the next drain does over, and that changes nothing.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Table, delete
from sqlalchemy.dialects import postgresql, sqlite

from figures.tally import DAYS_KEY, DEMO_TRANSACTION, SEPARATOR, TOTALS_KEY, TRANSACTION, Ask, Key
from figures.transactions import LIST_KEY, Transaction, unpacked
from records.database import Database
from records.fact_tables import counted, counts, transactions
from records.facts import new_row

log = logging.getLogger(__name__)
INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
MOST = 1000
"""Transactions in one batch: 0.1 s on SQLite, where nobody else can write meanwhile."""
REMEMBERED = 24 * 3600
"""Seconds that a batch is remembered after it was added; it is deleted from Redis at once."""
_BATCHES, _SERIAL = b"batches", b"batch"
_TAKE = """
if redis.call('SCARD', KEYS[3]) == 0 then
  local function batch(kind)
    local name = kind .. ':' .. ARGV[2] .. '.' .. redis.call('INCR', KEYS[4])
    redis.call('SADD', KEYS[3], name)
    return name
  end
  for _, day in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    if redis.call('EXISTS', day) == 1 then redis.call('RENAME', day, batch(day)) end
    redis.call('SREM', KEYS[1], day)
  end
  local ended = redis.call('LPOP', KEYS[2], ARGV[1])
  if ended then redis.call('RPUSH', batch(KEYS[2]), unpack(ended)) end
end
return redis.call('SMEMBERS', KEYS[3])
"""
"""The batches that are there; new ones only when none is left, so that they do not pile up while SQL is away.

A name is never given again, even if Redis forgot everything. LPOP with a count needs Redis 6.2.
"""


def _widths(table: Table) -> dict[str, int]:
    """How many characters each column takes: PostgreSQL refuses more."""
    return {column.name: width for column in table.c if (width := getattr(column.type, "length", None))}


_OF_COUNTS, _OF_TRANSACTIONS = _widths(counts), _widths(transactions)
_PARTS = ("what", "channel", "language", "service", "place")


class Drain:
    """Moves what there is. Raises what `ask` raises when Redis is away, and what `records.database.AWAY` names."""

    def __init__(self, ask: Ask, database: Database, now: Callable[[], int]) -> None:
        self._ask = ask
        self._database = database
        self._now = now

    def drain(self) -> int:
        """Move everything; gives how many transactions were new."""
        new = 0
        while True:
            names = self._ask("EVAL", _TAKE, 4, DAYS_KEY, LIST_KEY, _BATCHES, _SERIAL, MOST, secrets.token_hex(6))
            full = False
            for name in sorted(names):
                if name.startswith(LIST_KEY + b":"):
                    packed = self._ask("LRANGE", name, 0, -1)
                    new += self._transactions(packed)
                    full = full or len(packed) >= MOST
                else:
                    self._counts(name)
                self._ask("EVAL", "redis.call('DEL', KEYS[1]) redis.call('SREM', KEYS[2], KEYS[1])", 2, name, _BATCHES)
            if not full:
                return new

    def tidy(self) -> None:
        """Forget batches of long ago; to be done now and then, after a `drain` that went well."""
        with self._database.write() as connection:
            connection.execute(delete(counted).where(counted.c.at < self._now() - REMEMBERED))

    def waiting(self) -> int:
        """How many transactions wait in Redis."""
        return int(self._ask("LLEN", LIST_KEY))

    def _counts(self, name: bytes) -> None:
        flat = self._ask("HGETALL", name)
        found: Counter[tuple[str, Key]] = Counter()
        day = name.split(b":")[1].decode()
        for field, number in zip(flat[::2], flat[1::2], strict=True):
            what, channel, language, service, place = field.decode().split(SEPARATOR)
            found[day, _fitting((what, channel, language, service, place))] += int(number)
        with self._database.write() as connection:
            if new_row(connection, counted, {"batch": name.decode(), "at": self._now()}):
                _add(connection, found)

    def _transactions(self, packed: Iterable[bytes]) -> int:
        read = [unpacked(plain) for plain in packed]
        found = [transaction for transaction in read if transaction is not None]
        if len(found) < len(read):
            log.error("%d transactions are of another format, and are not kept", len(read) - len(found))
        if not found:
            return 0
        with self._database.write() as connection:
            new = keep(connection, found)
        for outcome, number in Counter(transaction.outcome for transaction in new).items():
            # For /metrics alone, which may miss some when this process is killed here.
            self._ask("HINCRBY", TOTALS_KEY, SEPARATOR.join((TRANSACTION, "", outcome)), number)
        return len(new)


def keep(connection: Connection, found: Iterable[Transaction]) -> list[Transaction]:
    """Keep transactions, counted, in a SQL transaction that is open; gives those that were not there yet.

    For a door that keeps its state in SQL: what it ends is kept in the transaction that changes its state.
    """
    once: dict[str, Transaction] = {}
    for transaction in found:
        once.setdefault(transaction.key[: _OF_TRANSACTIONS["key"]], transaction)
    rows = [_row(once[key]) for key in sorted(once)]  # in one order: no two processes wait for each other
    if not rows:
        return []
    kept = _insert(connection, transactions).on_conflict_do_nothing().returning(transactions.c.key)
    new = [once[key] for key in connection.execute(kept, rows).scalars()]
    _add(connection, Counter(map(_key_of, new)))
    return new


def _fitting(key: Key) -> Key:
    what, channel, language, service, place = (part[: _OF_COUNTS[name]] for name, part in zip(_PARTS, key, strict=True))
    return what, channel, language, service, place


def _key_of(transaction: Transaction) -> tuple[str, Key]:
    day = datetime.fromtimestamp(transaction.ended_at, INDIA).date().isoformat()
    what = DEMO_TRANSACTION if transaction.demo else TRANSACTION
    key = (what, transaction.channel, transaction.language, transaction.service, transaction.outcome)
    return day, _fitting(key)


def _insert(connection: Connection, table: Table) -> Any:
    # Each has its own, with the same words.
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def _row(transaction: Transaction) -> dict[str, object]:
    row = asdict(transaction)
    return {**row, **{name: row[name][:width] for name, width in _OF_TRANSACTIONS.items()}}


def _add(connection: Connection, found: Counter[tuple[str, Key]]) -> None:
    if not found:
        return
    rows = [
        {"day": day, "number": found[day, key], **dict(zip(_PARTS, key, strict=True))} for day, key in sorted(found)
    ]
    adding = _insert(connection, counts)
    connection.execute(
        adding.on_conflict_do_update(
            index_elements=list(counts.primary_key), set_={"number": counts.c.number + adding.excluded.number}
        ),
        rows,
    )

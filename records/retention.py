"""Retention: deletes what is past its time, once a day, by whichever sweeper comes first.

It goes in small batches at a quiet hour, so that callers hardly wait. Counts stay for ever: they name nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import sleep

from sqlalchemy import Column, ColumnElement, Connection, delete, select, update

from records.durable import DurableCallers
from records.fact_tables import (
    call_backs,
    call_records,
    conversations,
    counted,
    daily,
    inbox,
    outbox,
    ratings,
    work_items,
)
from records.fact_tables import transactions as used
from records.facts import new_row
from records.tables import callers, consents
from records.upkeep import DAY, EXPIRED, remove

HOUR = 3600
_WHAT = "retention"
_INDIA = 5 * HOUR + HOUR // 2
"""India Standard Time, ahead of UTC, all year."""
_QUIET = (2 * HOUR, 5 * HOUR)
"""From 02:00 until 05:00 in India."""
_AT_WORK = HOUR
"""Seconds after which whoever began and did not end is taken to be lost."""
_BATCH = 500
_PEOPLE = 50
"""Callers in a batch: each takes a row of the audit log, and whoever else appends to it waits."""
_REST = 0.05
"""Seconds between batches: SQLite's waiters look again after less."""


@dataclass(frozen=True, slots=True)
class Periods:
    """How long what is kept, in days, and conversations in hours."""

    callers_days: int = 400
    audit_days: int = 365
    logs_days: int = 365
    outbox_days: int = 30
    inbox_days: int = 30
    conversations_hours: int = 24


class Retention:
    """Deletes by these periods. Any number may ask whether it is due, every few seconds; one does it."""

    def __init__(self, kept: DurableCallers, periods: Periods, rest: Callable[[float], None] = sleep) -> None:
        self._kept = kept
        self._periods = periods
        self._rest = rest

    def due(self, now: int) -> bool:
        """Whether today's is to be done, and nobody is at it: in the quiet hours, or at once when a day was missed."""
        with self._kept.database.read() as connection:
            row = connection.execute(select(daily).where(daily.c.what == _WHAT)).first()
        return row is None or _is_due(row.begun_at, row.ended_at, now)

    def run_if_due(self, now: int) -> Mapping[str, int] | None:
        """Do it if it is due; gives how much of what was deleted, None when it was not due or somebody else began."""
        return self.run(now) if self.due(now) and self._begun(now) else None

    def run(self, now: int) -> dict[str, int]:
        """Do it now; gives how much of what was deleted."""
        periods, gone = self._periods, {"callers": self._callers(now)}
        day_of_logs, day_of_audit = now - periods.logs_days * DAY, now - periods.audit_days * DAY
        webhooks = now - periods.inbox_days * DAY
        past: dict[str, tuple[Column[object], ColumnElement[bool]]] = {
            "consents": (consents.c.id, consents.c.withdrawn_at < day_of_audit),
            "transactions": (used.c.id, used.c.ended_at < day_of_logs),
            "ratings": (ratings.c.id, ratings.c.given_at < day_of_logs),
            "call records": (call_records.c.id, call_records.c.began_at < day_of_logs),
            "call-backs": (call_backs.c.id, _ended(call_backs.c.ended_at, day_of_logs)),
            "work items": (work_items.c.id, _ended(work_items.c.ended_at, day_of_logs)),
            "tasks": (outbox.c.id, _ended(outbox.c.ended_at, now - periods.outbox_days * DAY)),
            "webhooks": (inbox.c.id, inbox.c.came_at < webhooks),
            "batches of counts": (counted.c.batch, counted.c.at < webhooks),
            "conversations": (
                conversations.c.pseudonym,
                conversations.c.changed_at < now - periods.conversations_hours * HOUR,
            ),
        }
        for name, (key, old) in past.items():
            gone[name] = self._rows(key, old)
        with self._kept.database.write() as connection:
            gone["rows of the audit log"] = self._kept.audit.expire(connection, now, day_of_audit)
            _row_of_day(connection)
            connection.execute(update(daily).where(daily.c.what == _WHAT).values(ended_at=now))
        return gone

    def _begun(self, now: int) -> bool:
        with self._kept.database.write() as connection:
            _row_of_day(connection)
            row = connection.execute(select(daily).where(daily.c.what == _WHAT).with_for_update()).one()
            if not _is_due(row.begun_at, row.ended_at, now):
                return False
            connection.execute(update(daily).where(daily.c.what == _WHAT).values(begun_at=now))
        return True

    def _callers(self, now: int) -> int:
        """Delete those who did nothing for long. Who wrote STOP, or was blocked, stays: it must not be forgotten."""
        long_ago = callers.c.changed_at < now - self._periods.callers_days * DAY
        old = select(callers.c.pseudonym).where(long_ago, ~callers.c.opted_out, ~callers.c.blocked)
        gone = 0
        while True:
            with self._kept.database.write() as connection:
                batch = old.order_by(callers.c.pseudonym).limit(_PEOPLE).with_for_update()
                found = connection.execute(batch).scalars().all()
                gone += sum(remove(connection, self._kept, pseudonym, EXPIRED, now) for pseudonym in found)
            if len(found) < _PEOPLE:
                return gone
            self._rest(_REST)

    def _rows(self, key: Column[object], old: ColumnElement[bool]) -> int:
        gone = 0
        while True:
            with self._kept.database.write() as connection:
                batch = select(key).where(old).order_by(key).limit(_BATCH)
                # Old itself too, not only in the list: what is changed meanwhile is looked at again, and stays.
                count = connection.execute(delete(key.table).where(key.in_(batch), old)).rowcount
            gone += count
            if count < _BATCH:
                return gone
            self._rest(_REST)


def _row_of_day(connection: Connection) -> None:
    new_row(connection, daily, {"what": _WHAT})


def _ended(at: Column[int], before: int) -> ColumnElement[bool]:
    return (at > 0) & (at < before)


def _is_due(begun_at: int, ended_at: int, now: int) -> bool:
    if begun_at > ended_at and now - begun_at < _AT_WORK:
        return False
    today = (now + _INDIA) // DAY * DAY - _INDIA
    quiet = _QUIET[0] <= now - today < _QUIET[1]
    # What was done after today's quiet hours began, by hand perhaps, was done today.
    return ended_at < today + _QUIET[0] if quiet else ended_at < today + _QUIET[0] - DAY

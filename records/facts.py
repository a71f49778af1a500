"""Facts: what a turn or a webhook commits to, kept whole in one transaction with the work that follows from it.

A fact has a key. Kept twice, it is there once: whoever repeats a webhook after a crash changes nothing.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.operations import Caller
from records.audit import AuditLog
from records.callers import CallerRecord
from records.database import Database
from records.durable import Busy, columns_of, first_columns, place
from records.fact_tables import inbox, outbox, work_items
from records.tables import callers
from records.vault import DataKey, Vault

log = logging.getLogger(__name__)
WAITING = "waiting"
_TRIES = 8
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Task:
    """Work to be done once, behind the turn. `kind` names who does it ("sms.send"), `held` is for them alone.

    `due`: not before this time, in Unix seconds. Tasks of one `lane` are done one after another, in the order in which
    they were kept.
    """

    kind: str
    key: str
    held: Mapping[str, Any] = field(repr=False)
    due: int = 0
    lane: str = ""
    unasked: bool = False
    """Nobody asked for it in this conversation: not done for somebody who wrote STOP, or was blocked."""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Somebody whom a person is to help; `path` is where they have been, as `flow.block` names, nothing typed."""

    key: str
    service: str
    path: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Came:
    """A webhook that creates facts: the provider's name and its own id of what came."""

    provider: str
    provider_id: str


Fact = Task | WorkItem


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of keeping facts: `repeated` when the webhook was taken before; `stopped` when SMS are not wanted."""

    repeated: bool = False
    stopped: bool = False


class Facts:
    """Keeps facts. `hurry` tells somebody that a task waits, by its number; it may fail, a sweeper comes after.

    Of one key, the first fact stands. Everything here raises what `records.database.AWAY` names when the database
    is away.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        audit: AuditLog,
        now: Callable[[], int],
        hurry: Callable[[int], None] = lambda number: None,
    ) -> None:
        self.database = database
        self.vault = vault
        self.audit = audit
        self.now = now
        self.hurry = hurry

    def keep(
        self,
        caller: Caller,
        facts: Sequence[Fact],
        came: Came | None = None,
        also: Callable[[Connection], None] | None = None,
    ) -> Kept:
        """Keep all of it, or nothing; `also` writes more in the same transaction, and undoes all when it raises."""
        with self.database.write() as connection:
            if came is not None and not new_row(
                connection, inbox, {"provider": came.provider, "provider_id": came.provider_id, "came_at": self.now()}
            ):
                return Kept(repeated=True)
            numbers, stopped = self.write(connection, caller, facts)
            if also is not None:
                also(connection)
        self.hurry_all(numbers)
        return Kept(stopped=stopped)

    def hurry_all(self, numbers: Sequence[int]) -> None:
        """Tell of tasks that wait, after the transaction that kept them; never raises."""
        try:
            for number in numbers:
                self.hurry(number)
        except Exception as error:
            # What is kept is kept: the caller must not hear that it failed.
            log.warning("tasks wait for the sweeper: %s", type(error).__name__)

    def write(self, connection: Connection, caller: Caller, facts: Sequence[Fact]) -> tuple[list[int], bool]:
        """The same in a transaction that is open; gives the tasks to hurry after it, and whether SMS are stopped."""
        key, stopped = self.known(connection, caller)
        numbers = []
        for fact in facts:
            match fact:
                case Task() if stopped and fact.unasked:
                    pass
                case Task():
                    row = self._task(fact, caller, key)
                    if new_row(connection, outbox, row) and fact.due <= self.now():
                        numbers.append(number_of(connection, fact.key))
                case WorkItem():
                    new_row(connection, work_items, self._item(fact, caller))
        return numbers, stopped

    def known(self, connection: Connection, caller: Caller) -> tuple[DataKey, bool]:
        """The caller's data key, and whether nothing unasked is to be sent to them; their row is made if none is there.

        The row is held until the transaction ends: what one caller's facts are numbered by is the order in which they
        were kept, and nobody erases the caller meanwhile. Raises Busy.
        """
        wanted = (callers.c.data_key, callers.c.key_id, callers.c.opted_out, callers.c.blocked, callers.c.changed_at)
        mine = select(*wanted).where(callers.c.pseudonym == caller.pseudonym)
        now = self.now()
        for _ in range(_TRIES):
            # NO KEY UPDATE: rows that point to this one may be written by others all the same.
            row = connection.execute(mine.with_for_update(key_share=True)).first()
            if row is not None:
                if row.changed_at < now - _DAY:  # whoever comes again is not past their time
                    here = update(callers).where(callers.c.pseudonym == caller.pseudonym)
                    connection.execute(here.values(changed_at=now))
                key = self.vault.open(row.data_key, row.key_id, caller.pseudonym)
                return key, bool(row.opted_out or row.blocked)
            key = self.vault.new(caller.pseudonym)
            first = first_columns(caller, key, now) | columns_of(CallerRecord(), caller, key, 1, now)
            if new_row(connection, callers, first):
                return key, False
            # Another process met this caller at the same moment; in rare cases they were erased again since.
        raise Busy

    def _task(self, task: Task, caller: Caller, key: DataKey) -> dict[str, Any]:
        held = msgspec.json.encode({"language": caller.language, "channel": caller.channel, **task.held})
        return {
            "key": task.key,
            "pseudonym": caller.pseudonym,
            "kind": task.kind,
            "lane": task.lane,
            "held": key.seal(held.decode(), place(caller.pseudonym, "outbox", task.key)),
            "state": WAITING,
            "unasked": task.unasked,
            "due_at": task.due or self.now(),
            "handed_at": 0 if task.due > self.now() else self.now(),
            "made_at": self.now(),
        }

    def _item(self, item: WorkItem, caller: Caller) -> dict[str, Any]:
        return {
            "key": item.key,
            "pseudonym": caller.pseudonym,
            "channel": caller.channel,
            "language": caller.language,
            "service": item.service,
            "path": "\n".join(item.path),
            "reason": item.reason,
            "state": WAITING,
            "made_at": self.now(),
        }


def new_row(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert unless a row with the same unique key is there; whether it was inserted."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return connection.execute(dialect.insert(table).values(row).on_conflict_do_nothing()).rowcount == 1


def number_of(connection: Connection, key: str) -> int:
    """The number of the task with this key."""
    number: int = connection.execute(select(outbox.c.id).where(outbox.c.key == key)).scalar_one()
    return number

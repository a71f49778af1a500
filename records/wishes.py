"""What callers wish, and supervisors decide, about being reached: STOP, START, blocked, the channel they prefer.

Each is usable in a transaction that is open (`Facts.keep(…, also=…)`, `Done.also`), and each change is told in the
audit log.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from flows.operations import Caller
from records.fact_tables import outbox
from records.facts import WAITING, Facts
from records.tables import callers
from records.tasks import ended


@dataclass(frozen=True, slots=True)
class Wished:
    """How somebody is to be reached; `prefers` is a channel, "" for none in particular."""

    opted_out: bool = False
    blocked: bool = False
    prefers: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Changes how callers are reached. What changes something says True; said again, it changes nothing."""

    facts: Facts

    def of(self, connection: Connection, pseudonym: bytes) -> Wished:
        """How this caller is to be reached; whoever is not known wished nothing."""
        columns = callers.c.opted_out, callers.c.blocked, callers.c.prefers
        row = connection.execute(select(*columns).where(callers.c.pseudonym == pseudonym)).first()
        return Wished() if row is None else Wished(bool(row.opted_out), bool(row.blocked), row.prefers)

    def stop(self, connection: Connection, caller: Caller) -> bool:
        """Send nothing unasked to this caller from now on; what waits of it ends. A number not known yet is kept."""
        self.facts.known(connection, caller)
        return self._set(connection, caller.pseudonym, "stopped", opted_out=True)

    def start(self, connection: Connection, caller: Caller) -> bool:
        """Take a STOP back."""
        return self._set(connection, caller.pseudonym, "started", opted_out=False)

    def block(self, connection: Connection, pseudonym: bytes) -> bool:
        """By a supervisor: nobody sends anything to this caller, and nobody rings. False for somebody not known."""
        return self._set(connection, pseudonym, "blocked", blocked=True)

    def unblock(self, connection: Connection, pseudonym: bytes) -> bool:
        """Take a block back."""
        return self._set(connection, pseudonym, "unblocked", blocked=False)

    def prefer(self, connection: Connection, caller: Caller, channel: str) -> bool:
        """Reach this caller on this channel where there is a choice; "" takes it back."""
        self.facts.known(connection, caller)
        return self._set(connection, caller.pseudonym, "prefers", channel, prefers=channel)

    def _set(self, connection: Connection, pseudonym: bytes, what: str, detail: str = "", **wish: Any) -> bool:
        now = self.facts.now()
        ((name, value),) = wish.items()
        mine = update(callers).where(callers.c.pseudonym == pseudonym, callers.c[name] != value)
        if connection.execute(mine.values({name: value, "changed_at": now})).rowcount == 0:
            return False
        if value is True:
            waits = (outbox.c.pseudonym == pseudonym) & outbox.c.unasked & (outbox.c.state == WAITING)
            connection.execute(update(outbox).where(waits).values({**ended(now), "reason": what}))
        self.facts.audit.append(connection, now, what, pseudonym, detail)
        return True

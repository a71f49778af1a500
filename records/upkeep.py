"""What an operator does with records: seal anew, erase, list whom a breach touched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, select, update

from records.durable import DurableCallers, place
from records.tables import audit_log, callers

DAY = 24 * 3600
_BATCH = 500
ERASED, EXPIRED = "erased", "expired"


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody whose record was here in a window of time: how to reach them, in which language, and since when."""

    number: str = field(repr=False)
    language: str
    channel: str
    made_at: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The upkeep of these records. Each batch is a transaction of its own, so that callers go on meanwhile.

    `forget` removes what is kept elsewhere under a pseudonym: a live session, the remembered language.
    """

    kept: DurableCallers
    forget: Callable[[bytes], None] = lambda pseudonym: None

    def rotate(self, now: int) -> int:
        """Seal every data key with the first key of the ring; gives how many were sealed with another one."""
        done = 0
        while batch := self._rotate_some():
            done += batch
        if done:
            with self.kept.database.write() as connection:
                self.kept.audit.append(connection, now, "keys_rotated", None, f"{self.kept.vault.key_id} {done}")
        return done

    def _rotate_some(self) -> int:
        vault, columns = self.kept.vault, (callers.c.pseudonym, callers.c.data_key, callers.c.key_id)
        # Not `!=`, which no index serves: one below the first key's id, or one above.
        other = (callers.c.key_id < vault.key_id) | (callers.c.key_id > vault.key_id)
        with self.kept.database.write() as connection:
            # Ordered, and held: two that rotate side by side do not wait for each other in a circle.
            rows = select(*columns).where(other).order_by(callers.c.pseudonym).limit(_BATCH).with_for_update()
            found = connection.execute(rows).all()
            for row in found:
                anew = vault.seal_anew(row.data_key, row.key_id, row.pseudonym)
                mine = update(callers).where(callers.c.pseudonym == row.pseudonym)
                connection.execute(mine.values(data_key=anew.sealed, key_id=anew.key_id))
        return len(found)

    def erase(self, pseudonym: bytes, now: int) -> bool:
        """Remove a person, data key and all; logs and ratings keep the pseudonym. False for somebody not known.

        `forget` is asked last, for somebody not known as well; what it raises is raised, and erasing may be repeated.
        """
        with self.kept.database.write() as connection:
            removed = remove(connection, self.kept, pseudonym, ERASED, now)
        self.forget(pseudonym)
        return removed

    def touched(self, begin: int, end: int, now: int) -> Iterator[Touched]:
        """Everybody whose record was here between two times, in Unix seconds; the log keeps that it was asked."""
        with self.kept.database.write() as connection:
            self.kept.audit.append(connection, now, "breach_listed", None, f"{begin} {end}")
        last = b""
        while rows := self._touched_after(last, end):
            yield from (touched for _, touched in rows)
            last = rows[-1][0]

    def _touched_after(self, last: bytes, end: int) -> list[tuple[bytes, Touched]]:
        here = select(callers).where(callers.c.pseudonym > last, callers.c.made_at <= end)
        with self.kept.database.read() as connection:
            rows = connection.execute(here.order_by(callers.c.pseudonym).limit(_BATCH)).all()
        found = []
        for row in rows:
            key = self.kept.vault.open(row.data_key, row.key_id, row.pseudonym)
            number = key.open(row.number, place(row.pseudonym, "number"))
            found.append((row.pseudonym, Touched(number, row.language, row.channel, row.made_at, row.changed_at)))
        return found

    def out_of_reach(self, begin: int) -> int:
        """How many were removed since a time: they may have been touched, and their numbers are gone."""
        gone = select(func.count()).where(audit_log.c.what.in_((ERASED, EXPIRED)), audit_log.c.at >= begin)
        with self.kept.database.read() as connection:
            return connection.execute(gone).scalar_one()


def remove(connection: Connection, kept: DurableCallers, pseudonym: bytes, what: str, now: int) -> bool:
    """Delete a caller and everything that is theirs, and tell it in the log; False for somebody not known."""
    if not connection.execute(delete(callers).where(callers.c.pseudonym == pseudonym)).rowcount:
        return False
    kept.audit.append(connection, now, what, pseudonym)
    return True

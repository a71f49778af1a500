"""How long after each kill work went on: what was in hand was taken up again, and something of that kind was done."""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from bench.chaos_processes import REDIS, WEB, WEB_PROCESS
from records.database import AWAY, Database
from records.fact_tables import outbox
from records.tasks import DONE, WORKING


@dataclass
class Kill:
    """One kill, in Unix seconds. `in_hand`: tasks (number, owner) that were at work and are not taken up again yet."""

    at: float
    part: str
    in_hand: set[tuple[int, str]] = field(default_factory=set)
    taken_up: float = 0.0
    """When the last of them was taken up again, or ended; 0 where none was in hand."""


class Watch:
    """Watches the tasks that were in hand when something was killed. `look` is to be called each second or so."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.kills: list[Kill] = []

    def killed(self, part: str) -> None:
        """Note a kill, and what was in hand."""
        now = time.time()
        in_hand = set() if part in (WEB, WEB_PROCESS) else self._at_work() or set()
        self.kills.append(Kill(now, part, in_hand))

    def look(self) -> None:
        """See what was taken up again."""
        waiting = [kill for kill in self.kills if kill.in_hand]
        if not waiting:
            return
        now, at_work = time.time(), self._at_work()
        if at_work is None:
            return
        for kill in waiting:
            if kill.in_hand - at_work:
                kill.taken_up = now
            kill.in_hand &= at_work

    def _at_work(self) -> set[tuple[int, str]] | None:
        """The tasks at work; None when the database does not answer just now."""
        try:
            with self._database.read() as connection:
                rows = connection.execute(select(outbox.c.id, outbox.c.owner).where(outbox.c.state == WORKING)).all()
        except AWAY:
            return None
        return {(number, owner) for number, owner in rows}

    def ended(self) -> list[float]:
        """When tasks were done, in Unix seconds rounded up."""
        with self._database.read() as connection:
            rows = connection.execute(select(outbox.c.ended_at).where(outbox.c.state == DONE)).scalars().all()
        return sorted(at + 1.0 for at in rows)


Answered = Sequence[tuple[float, float]]
"""Webhooks that were answered: when each was sent, and when its answer came."""


def resumed_s(kill: Kill, answered: Answered, screens: Answered, ended: Iterable[float]) -> float:
    """Seconds from this kill until work of its kind went on; infinite where it never did.

    A web process: the next webhook answered that was sent after the kill. Redis: the next screen that needs it. All
    others: the next task done, and what was in hand taken up again.
    """
    if kill.part in (WEB, WEB_PROCESS, REDIS):
        came = answered if kill.part != REDIS else screens
        first = min((at for sent, at in came if sent >= kill.at), default=math.inf)
    else:
        first = min((at for at in ended if at - 1.0 >= kill.at), default=math.inf)
    return math.inf if kill.in_hand else max(first, kill.taken_up) - kill.at

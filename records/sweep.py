"""The sweeper: finds promised work that nobody has in hand, and what waits too long, every few seconds.

Any number of sweepers may run: of two that find the same task, one hands it over. Where the queue is away, a sweeper
does the work itself.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update

from records.fact_tables import outbox
from records.facts import WAITING
from records.outbox import Outbox
from records.tasks import DEAD, WORKING, takeable

log = logging.getLogger(__name__)
OVERDUE = 6
"""Seconds after which a task that was handed over and not begun is handed over again."""
_MOST = 500


@dataclass(frozen=True, slots=True)
class DeadTask:
    """A task that could not be done: what people see of it."""

    number: int
    kind: str
    reason: str
    tries: int
    made_at: int
    ended_at: int


class Sweeper:
    """Looks after an outbox. `hand_over` gives a task to the queue, and says whether the queue took it."""

    def __init__(self, box: Outbox, hand_over: Callable[[int], bool]) -> None:
        self._box = box
        self._hand_over = hand_over

    def sweep(self) -> int:
        """Hand over what is due and in nobody's hands; gives how much that was."""
        found = self._lost()
        for place, number in enumerate(found):
            if not self._hand_over(number):
                log.warning("the queue is away: the sweeper does %d tasks itself", len(found) - place)
                for left in found[place:]:
                    self._box.deliver(left)
                break
        return len(found)

    def _lost(self) -> Sequence[int]:
        now = self._box.facts.now()
        lost = or_(*takeable(now)) & (outbox.c.handed_at <= now - OVERDUE)
        with self._box.facts.database.write() as connection:
            rows = select(outbox.c.id).where(lost).order_by(outbox.c.due_at, outbox.c.id).limit(_MOST)
            found = connection.execute(rows.with_for_update(of=outbox, skip_locked=True)).scalars().all()
            if found:
                connection.execute(update(outbox).where(outbox.c.id.in_(found)).values(handed_at=now))
        return found

    def waiting(self) -> tuple[int, int]:
        """How many tasks are not done, and how many are dead."""
        by_state = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        with self._box.facts.database.read() as connection:
            rows = connection.execute(by_state.where(outbox.c.state.in_((WAITING, WORKING, DEAD)))).all()
        counted: dict[str, int] = {state: number for state, number in rows}
        return counted.get(WAITING, 0) + counted.get(WORKING, 0), counted.get(DEAD, 0)

    def dead(self) -> Sequence[DeadTask]:
        """The tasks that could not be done, the newest last."""
        wanted = (outbox.c.id, outbox.c.kind, outbox.c.reason, outbox.c.tries, outbox.c.made_at, outbox.c.ended_at)
        with self._box.facts.database.read() as connection:
            rows = connection.execute(select(*wanted).where(outbox.c.state == DEAD).order_by(outbox.c.ended_at)).all()
        return [DeadTask(*row) for row in rows]

    def replay(self, numbers: Sequence[int]) -> int:
        """Try these dead tasks anew, all of them when none is named; gives how many there were."""
        dead = outbox.c.state == DEAD
        which = dead & outbox.c.id.in_(numbers) if numbers else dead
        fresh = {"state": WAITING, "tries": 0, "due_at": self._box.facts.now(), "handed_at": 0, "ended_at": 0}
        with self._box.facts.database.write() as connection:
            # Held in order: two that replay side by side do not wait for each other in a circle.
            held = select(outbox.c.id).where(which).order_by(outbox.c.id).with_for_update()
            found = connection.execute(held).scalars().all()
            if found:
                connection.execute(update(outbox).where(outbox.c.id.in_(found)).values(fresh))
        return len(found)

"""The outbox: work that was promised is claimed, tried, tried again later, and ends as done or dead.

A row is `waiting` until its time, `working` while somebody holds a lease on it, then `done`, or `dead` for people to
look at. Whoever is killed holds a lease that runs out, and the next one is told that an earlier try may have succeeded
(`Claimed.unsure`). Nothing here runs by itself: jobs name a task by its number, and `records/sweep.py` finds what was
lost.
"""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, Connection, Row, case, or_, select, update
from sqlalchemy.exc import IntegrityError

from flows.operations import Caller
from records.durable import place
from records.fact_tables import outbox
from records.facts import WAITING, Fact, Facts
from records.tables import callers
from records.tasks import DEAD as DEAD
from records.tasks import DONE as DONE
from records.tasks import HAD, end_unsure, ended, give_up, next_of_lane, pause, takeable
from records.tasks import WORKING as WORKING
from records.vault import CannotOpen

log = logging.getLogger(__name__)
LEASE = 30
"""Seconds that one try may take; a try that was killed is done over after them."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task in our hands. `caller.language` and `.channel` are those of the moment when it was promised.

    `unsure`: an earlier try may have succeeded. `wanted` is False when the caller wrote STOP, or was blocked, since:
    then what is `unasked` must not be done, and for somebody `blocked` nothing is sent at all.
    """

    number: int
    kind: str
    key: str
    caller: Caller
    held: Mapping[str, Any] = field(repr=False)
    tries: int
    made_at: int
    unsure: bool
    wanted: bool
    owner: str
    unasked: bool = False
    blocked: bool = False
    reason: str = ""
    """Why the try before did not do it."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done; `ref` is the provider's own name for it. `facts` and `also` are kept in the same transaction."""

    ref: str = ""
    facts: tuple[Fact, ...] = ()
    also: Callable[[Connection], None] | None = None
    caller: Caller | None = None
    """Whose facts these are, in the language that they use now; None for the task's caller as they were."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not done; to be tried again. `unsure`: it may have been done after all. `seconds`: 0 for the usual pause.

    `counts` is False for what was no try at all: it was not the time yet.
    """

    reason: str
    unsure: bool = False
    seconds: int = 0
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Dead:
    """It cannot be done; `reason` is a short word, free of anything personal."""

    reason: str


Result = Done | Later | Dead


class Handler(Protocol):
    """Does the tasks of one kind."""

    def __call__(self, task: Claimed) -> Result:
        """Do it. Whatever it raises is taken for `Later`, with an unsure end."""


class Outbox:
    """Drives tasks. `chance` gives a number from 0 to 1 for the jitter; `tries` is how many there are at most."""

    def __init__(
        self, facts: Facts, handlers: Mapping[str, Handler], chance: Callable[[], float], tries: int = 8
    ) -> None:
        self.facts = facts
        self.handlers = handlers
        self._chance = chance
        self._tries = tries

    def deliver(self, number: int) -> str:
        """Do this task if it is its time and nobody else does; gives its state, "" when it was not ours to do."""
        try:
            task = self.claim(number)
        except CannotOpen:
            log.error("task %d is of a key that is not in the ring, or was changed", number)
            return ""
        if task is None:
            return ""
        try:
            result = self.handlers[task.kind](task)
        except Exception as error:
            # Only what it was: its text may hold what a caller typed.
            result = Later(f"fault_{type(error).__name__}"[:64], unsure=True)
        return self.settle(task, result)

    def claim(self, number: int) -> Claimed | None:
        """Take a task in hand: from now on it is ours for `LEASE` seconds. Raises CannotOpen."""
        now, owner = self.facts.now(), secrets.token_hex(8)
        lost, ready = takeable(now)
        mine = {"state": WORKING, "owner": owner, "lease_until": now + LEASE, "tried_at": now}
        again = {"tries": outbox.c.tries + 1, "unsure": case((lost, True), else_=outbox.c.unsure)}
        free = or_(lost & (outbox.c.tries < self._tries) & ~HAD, ready)
        try:
            with self.facts.database.write() as connection:
                taken = connection.execute(update(outbox).where(outbox.c.id == number, free).values({**mine, **again}))
                both = select(outbox, callers).join(callers, callers.c.pseudonym == outbox.c.pseudonym)
                both = both.where(outbox.c.id == number).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
                row = connection.execute(both).one() if taken.rowcount else None
                behind = give_up(connection, number, now, self._tries) if row is None else []
        except IntegrityError:
            return None  # another of its lane was taken in hand at the same moment
        self.facts.hurry_all(behind)
        # After the transaction: what does not open was tried all the same, and dies in time.
        return None if row is None else self._claimed(row, owner)

    def _claimed(self, row: Row[Any], owner: str) -> Claimed:
        pseudonym = row.callers_pseudonym
        key = self.facts.vault.open(row.callers_data_key, row.callers_key_id, pseudonym)
        held = msgspec.json.decode(key.open(row.outbox_held, place(pseudonym, "outbox", row.outbox_key)))
        msisdn = key.open(row.callers_number, place(pseudonym, "number"))
        caller = Caller(pseudonym, msisdn, held.pop("channel"), held.pop("language"))
        return Claimed(
            row.outbox_id,
            row.outbox_kind,
            row.outbox_key,
            caller,
            held,
            row.outbox_tries,
            row.outbox_made_at,
            bool(row.outbox_unsure),
            not (row.callers_opted_out or row.callers_blocked),
            owner,
            bool(row.outbox_unasked),
            bool(row.callers_blocked),
            row.outbox_reason,
        )

    def settle(self, task: Claimed, result: Result) -> str:
        """Write down what came of a try, with what follows from it; "" when the lease was lost meanwhile."""
        now, numbers = self.facts.now(), list[int]()
        values, facts, also = self._values(task, result, now)
        mine = (outbox.c.id == task.number) & (outbox.c.owner == task.owner) & (outbox.c.state == WORKING)
        state = str(values["state"])
        with self.facts.database.write() as connection:
            if facts or also is not None:
                # The caller before the task, as erasing does it: neither waits for the other in a circle.
                held = select(callers.c.pseudonym).where(callers.c.pseudonym == task.caller.pseudonym)
                connection.execute(held.with_for_update(key_share=True))
            if connection.execute(update(outbox).where(mine).values(values)).rowcount != 1:
                return ""
            if values.get("unsure") and end_unsure(connection, task.number, now, ""):
                state = DONE  # the provider's report was quicker than we
            if facts:
                asker = result.caller if isinstance(result, Done) and result.caller is not None else task.caller
                numbers, _ = self.facts.write(connection, asker, facts)
            if also is not None:
                also(connection)
            if state in (DONE, DEAD):
                numbers += next_of_lane(connection, task.number, now)
        self.facts.hurry_all(numbers)
        return state

    def _values(
        self, task: Claimed, result: Result, now: int
    ) -> tuple[dict[str, Any], Sequence[Fact], Callable[[Connection], None] | None]:
        match result:
            case Done(ref=ref, facts=facts, also=also):
                return ended(now, ref), facts, also
            case Later(reason=reason, unsure=unsure, seconds=seconds, counts=counts) if (
                task.tries < self._tries or not counts
            ):
                waiting = {
                    "state": WAITING,
                    "handed_at": 0,
                    "reason": reason[:64],
                    "due_at": now + (seconds or pause(task.tries, self._chance())),
                }
                return {**waiting, "unsure": task.unsure or unsure, "tries": task.tries - (not counts)}, (), None
            case Later(reason=reason, unsure=unsure):
                return {
                    "state": DEAD, "reason": reason[:64], "ended_at": now, "unsure": task.unsure or unsure,
                }, (), None  # fmt: skip
            case Dead(reason=reason):
                return {"state": DEAD, "reason": reason[:64], "ended_at": now}, (), None

    def confirm(self, number: int, delivery: str, ref: str = "") -> bool:
        """A provider reports on a task: it had it, whatever we know. False for a task that is not there.

        A later word never takes back that something was delivered.
        """
        now, mine = self.facts.now(), outbox.c.id == number
        said = case((outbox.c.delivery == "delivered", outbox.c.delivery), else_=delivery)
        behind = list[int]()
        with self.facts.database.write() as connection:
            found: bool = connection.execute(update(outbox).where(mine).values(delivery=said)).rowcount == 1
            if found and end_unsure(connection, number, now, ref):
                behind = next_of_lane(connection, number, now)
        self.facts.hurry_all(behind)
        return found


_of_process: Outbox | None = None


def install(box: Outbox) -> None:
    """Make this the one that jobs of this process use."""
    global _of_process
    _of_process = box


def deliver(number: str) -> None:
    """The job: `Outbox.deliver` of this process. Raises LookupError in a process that was not made a worker."""
    if _of_process is None:
        raise LookupError("this process has no outbox: install() was not used")
    _of_process.deliver(int(number))

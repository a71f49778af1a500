"""Tasks as rows of the outbox: which may be taken in hand, and how they end. `records/outbox.py` drives them."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select, update

from records.fact_tables import outbox
from records.facts import WAITING

WORKING, DONE, DEAD = "working", "done", "dead"
HAD = outbox.c.delivery.not_in(("", "failed"))
"""The provider reported that it had the task, whatever became of our try."""
FIRST_PAUSE, LONGEST_PAUSE = 4, 900
"""Seconds between tries: doubled from the first to the longest."""
_DOUBLED = 16
"""Times at most: by then it is the longest by far."""
_other = outbox.alias("other")


def takeable(now: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which tasks may be taken in hand: those whose owner was lost, and those whose time and turn it is."""
    lost = (outbox.c.state == WORKING) & (outbox.c.lease_until <= now)
    ready = (outbox.c.state == WAITING) & (outbox.c.due_at <= now)
    # Not behind an older one, nor beside a younger one that was begun before this one was replayed.
    before = (_other.c.id < outbox.c.id) & (_other.c.state == WAITING)
    in_its_way = exists().where(_other.c.lane == outbox.c.lane, or_(before, _other.c.state == WORKING))
    return lost, ready & or_(outbox.c.lane == "", ~in_its_way)


def ended(now: int, ref: str = "") -> dict[str, Any]:
    """What a row says of a task that is done: what was in it is gone."""
    return {"state": DONE, "ref": ref[:128], "reason": "", "ended_at": now, "held": None}


def end_unsure(connection: Connection, number: int, now: int, ref: str) -> bool:
    """End a task of which nobody knew whether it was done, when the provider says that it had it."""
    unknown = (outbox.c.id == number) & outbox.c.state.in_((WAITING, DEAD)) & outbox.c.unsure & HAD
    return bool(connection.execute(update(outbox).where(unknown).values(ended(now, ref))).rowcount)


def next_of_lane(connection: Connection, number: int, now: int) -> list[int]:
    """The task that waited behind this one, if it is its time."""
    lane = select(outbox.c.lane).where(outbox.c.id == number).scalar_subquery()
    behind = select(outbox.c.id).where(
        outbox.c.lane == lane, outbox.c.lane != "", outbox.c.state == WAITING, outbox.c.due_at <= now
    )
    found = connection.execute(behind.order_by(outbox.c.id).limit(1)).scalar()
    return [] if found is None else [found]


def give_up(connection: Connection, number: int, now: int, tries: int) -> list[int]:
    """End a task whose owner was lost, when the provider had it or it was tried often enough; gives what it freed."""
    lost = (outbox.c.id == number) & takeable(now)[0]
    had = connection.execute(update(outbox).where(lost, HAD).values(ended(now)))
    dead = {"state": DEAD, "reason": "lost", "ended_at": now, "unsure": True}
    often = connection.execute(update(outbox).where(lost, outbox.c.tries >= tries).values(dead))
    return next_of_lane(connection, number, now) if had.rowcount or often.rowcount else []


def pause(tries: int, chance: float) -> int:
    """Seconds until the next try: doubled each time, and spread, so that what failed together does not come so."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE << min(tries - 1, _DOUBLED))
    return max(1, round(longest * (0.5 + chance / 2)))

"""A transaction: somebody used a service, and that has ended. Told from the Run before a turn and the Run after it."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import msgspec

from flows.engine.model import Flow
from flows.engine.run import MAIN_MENU, Run

NO_SERVICES = frozenset({MAIN_MENU, "catalogue"})
"""Flows that only lead to others."""
LEFT, DROPPED, CHANGED = "left", "dropped", "changed"
"""Gone to another flow; dialled anew without going on; the version of the flows that this began with is gone."""
LIST_KEY = b"ended"
"""The list in Redis where transactions wait for `figures.drain`."""
FORMAT = 1
MOST_KEY = 96
"""Characters of a key in SQL; what makes it its own stands first."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Any]).decode


@dataclass(frozen=True, slots=True)
class Use:
    """A service in use: since when, in Unix seconds, and the Run's serial (`visits`) then; 0 while none is."""

    began: int = 0
    visit: int = 0
    demo: bool = False
    """Something that was told was demonstration data."""


NO_USE = Use()


@dataclass(frozen=True, slots=True)
class Transaction:
    """One use of a service that has ended. `key` is its own for ever; of two with the same key the first counts.

    `outcome`: done, person, failed, limit, or changed as the Run ended; left, dropped.
    """

    key: str
    pseudonym: bytes = field(repr=False)
    service: str
    channel: str
    language: str
    outcome: str
    seconds: int
    demo: bool
    ended_at: int


def services(flows: Iterable[Flow]) -> frozenset[str]:
    """The flows whose use is a transaction: all but subdialogs and menus of services."""
    return frozenset(flow.name for flow in flows if not flow.subdialog and flow.name not in NO_SERVICES)


def followed(
    before: Run | None, use: Use, after: Run, outcome: str, *, now: int, services: AbstractSet[str], pseudonym: bytes
) -> tuple[Use, tuple[Transaction, ...]]:
    """What is in use after a turn, and which uses it ended: one, or two when a service was left and another finished.

    `before` is the Run that was kept, with its `use`, whether this turn went on with it or not; `outcome` is how the
    conversation ended in this turn, "" when it did not (`sessions.runner.Outcome.ended`).
    """
    earlier = _service(before, services)
    later = _service(after, services)
    same_run = before is not None and before.id == after.id
    ended: tuple[Transaction, ...] = ()
    if same_run and earlier == later:
        if after.demo and later and not use.demo:
            use = Use(use.began, use.visit, True)
    else:
        if before is not None and earlier and not before.ended:
            ended = (_transaction(before, earlier, use, _went(before, after), now, pseudonym),)
        use = Use(now, after.visits, bool(after.demo)) if later else NO_USE
    if outcome and later:
        ended = (*ended, _transaction(after, later, use, outcome, now, pseudonym))
    return use, ended


def _service(run: Run | None, services: AbstractSet[str]) -> str:
    if run is None or not run.frames:
        return ""
    flow = run.frames[0].flow
    return flow if flow in services else ""


def _went(before: Run, after: Run) -> str:
    if before.id != after.id:
        return DROPPED
    return LEFT if before.version == after.version else CHANGED


def _transaction(run: Run, service: str, use: Use, outcome: str, now: int, pseudonym: bytes) -> Transaction:
    seconds = max(0, now - use.began) if use.began else 0
    key = f"{run.id}.{use.visit}.{service}"[:MOST_KEY]
    return Transaction(key, pseudonym, service, run.channel, run.language, outcome, seconds, use.demo, now)


def packed(transaction: Transaction) -> bytes:
    """The transaction as bytes, for the list `LIST_KEY` in Redis: nothing of the caller but the pseudonym."""
    t = transaction
    return _encode(
        (FORMAT, t.key, t.pseudonym, t.service, t.channel, t.language, t.outcome, t.seconds, t.demo, t.ended_at)
    )


def unpacked(plain: bytes) -> Transaction | None:
    """The transaction that `packed` made these bytes of; None for what is none, or of another release's format."""
    try:
        form, *fields = _decode(plain)
        return Transaction(*fields) if form == FORMAT else None
    except (msgspec.DecodeError, TypeError, ValueError):
        return None

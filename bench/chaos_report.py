"""What a chaos run saw, and what is made of it: figures for `--json`, lines for a person, and whether it passed."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bench.chaos_reconcile import LOST, NOT_OWED, TWICE, UNFINISHED, Fault, count

FEWEST_TRANSACTIONS, FEWEST_KILLS, LONGEST_RESUME_S = 2000, 50, 60.0
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """The observations of a run. `resumed`: what was killed, and the seconds until its work went on."""

    seed: str
    transactions: int
    texts: int
    repeats: int
    bookings: int
    webhooks: int
    webhooks_twice: int
    redis_losses: int
    pauses: int
    resumed: Sequence[tuple[str, float]]
    faults: Sequence[Fault]
    slowest_text_s: float
    quiet_s: float
    took_s: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What `--json` writes. `not_owed`: texts that nobody was promised; `slowest_resume_s` is None for never."""

    transactions: int
    kills: int
    lost: int
    sent_twice: int
    unfinished: int
    not_owed: int
    slowest_resume_s: float | None
    slowest_text_s: float

    def json(self) -> str:
        """One object, numbers to one decimal."""
        rounded = {name: round(value, 1) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return json.dumps(rounded, indent=2) + "\n"


def figures(seen: Seen) -> Figures:
    """The figures of a run."""
    slowest = max((seconds for _, seconds in seen.resumed), default=0.0)
    return Figures(
        transactions=seen.transactions,
        kills=len(seen.resumed),
        lost=count(seen.faults, LOST),
        sent_twice=count(seen.faults, TWICE),
        unfinished=count(seen.faults, UNFINISHED),
        not_owed=count(seen.faults, NOT_OWED),
        slowest_resume_s=None if math.isinf(slowest) else slowest,
        slowest_text_s=seen.slowest_text_s,
    )


def problems(made: Figures, transactions: int = FEWEST_TRANSACTIONS, kills: int = FEWEST_KILLS) -> list[str]:
    """Why the run proves nothing, or proves that something is wrong; none when all is well."""
    found = [
        f"{name} is {number}, and must be 0"
        for name in (LOST, TWICE, NOT_OWED, UNFINISHED)
        if (number := getattr(made, name))
    ]
    if made.transactions < transactions:
        found.append(f"{made.transactions} transactions are fewer than {transactions}")
    if made.kills < kills:
        found.append(f"{made.kills} kills are fewer than {kills}")
    if made.slowest_resume_s is None:
        found.append("after a kill, work was not resumed at all")
    elif made.slowest_resume_s > LONGEST_RESUME_S:
        found.append(f"work was resumed after {made.slowest_resume_s:.0f} s, later than {LONGEST_RESUME_S:.0f}")
    return found


def lines(seen: Seen) -> list[str]:
    """The run as a person reads it."""
    made = figures(seen)
    parts: dict[str, list[float]] = {}
    for part, seconds in seen.resumed:
        parts.setdefault(part, []).append(seconds)
    return [
        f"Chaos, seed {seen.seed}, {seen.took_s:.0f} s",
        f"  transactions      {made.transactions:>7,}   {seen.webhooks:,} webhooks, {seen.webhooks_twice:,} came twice",
        f"  at the provider   {seen.texts:>7,}   texts, {seen.repeats:,} requests repeated; {seen.bookings:,} bookings",
        f"  kills             {made.kills:>7,}   and {seen.pauses} pauses; Redis lost its last second "
        f"{seen.redis_losses} times",
        *(
            f"    {part:<15} {len(times):>7,}   work went on after {max(times):.1f} s at the latest"
            for part, times in sorted(parts.items())
        ),
        f"  lost              {made.lost:>7,}",
        f"  sent twice        {made.sent_twice:>7,}",
        f"  not owed          {made.not_owed:>7,}",
        f"  unfinished        {made.unfinished:>7,}",
        f"  slowest resume    {_seconds(made.slowest_resume_s)}   from a kill until its work went on",
        f"  slowest text      {_seconds(made.slowest_text_s)}   from its promise to the provider",
        f"  quiet after       {_seconds(seen.quiet_s)}   when the last caller had gone",
        *(f"  {fault.kind}: transaction {fault.serial}, {fault.why}" for fault in seen.faults[:_SHOWN]),
        *([f"  … and {len(seen.faults) - _SHOWN} more"] if len(seen.faults) > _SHOWN else []),
    ]


def _seconds(value: float | None) -> str:
    return "  never" if value is None else f"{value:>5.1f} s"

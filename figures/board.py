"""The figures as they are shown: computed at most once in a while, whoever asks, and kept when SQL is away."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Protocol

from figures.stats import Stats, read
from records.database import AWAY, Database

log = logging.getLogger(__name__)
KEPT = 10.0
"""Seconds that figures are shown before they are computed anew."""
SHARE = 20
"""And at least so many times as long as computing took: however large the tables are, it costs little of their time."""
PATIENCE, FIRST_PATIENCE = 2.0, 15.0
"""Seconds that the one who finds them old waits for new ones, or for the first; all others get what is there."""


class Entry(Protocol):
    """A service of the catalogue (`services.catalogue.Entry`)."""

    @property
    def level(self) -> str:
        """Central, state or bill."""

    @property
    def department(self) -> str:
        """Whose it is."""


@dataclass(frozen=True, slots=True)
class House:
    """What is there without SQL. `demo`: the catalogue, or what departments answer, is made up for trying things out.

    `conversations`: how many services are open here. `languages` maps a tag to the language's own name, `titles` a flow
    to its title.
    """

    levels: Mapping[str, int]
    departments: int
    conversations: int
    doors: tuple[str, ...]
    languages: Mapping[str, str]
    titles: Mapping[str, str]
    demo_catalogue: bool = False
    demo_departments: bool = False

    @property
    def services(self) -> int:
        """All of the catalogue."""
        return sum(self.levels.values())


def counted_catalogue(entries: Iterable[Entry]) -> tuple[Mapping[str, int], int]:
    """How many services there are of each level, and how many departments they are of."""
    levels: dict[str, int] = {}
    departments = set()
    for entry in entries:
        levels[str(entry.level)] = levels.get(str(entry.level), 0) + 1
        departments.add(entry.department)
    return levels, len(departments)


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures with the time, in Unix seconds, at which they were computed. `old`: SQL is away since."""

    stats: Stats
    at: int
    old: bool = False


class Board:
    """Gives the figures of a house. `now` in Unix seconds, `today` India's. Safe for any number of threads."""

    def __init__(
        self,
        database: Database,
        house: House,
        now: Callable[[], int],
        today: Callable[[], date],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.house = house
        self._database = database
        self._now = now
        self._today = today
        self._clock = clock
        self._busy = threading.Lock()
        self._shown: Shown | None = None
        self._due = 0.0

    def latest(self) -> Shown | None:
        """The newest figures that can be had soon; None when there never were any."""
        if self._clock() >= self._due and self._busy.acquire(blocking=False):
            # In a thread of its own: a database that hangs must not hold those who answer callers.
            work = threading.Thread(target=self._compute, name="board", daemon=True)
            work.start()
            work.join(PATIENCE if self._shown else FIRST_PATIENCE)
        return self._shown

    def _compute(self) -> None:
        begun = self._clock()
        try:
            with self._database.read(snapshot=True) as connection:
                self._shown = Shown(read(connection, self._today()), self._now())
        except AWAY as error:
            log.warning("figures cannot be computed: %s", type(error).__name__)
            if self._shown is not None:
                self._shown = Shown(self._shown.stats, self._shown.at, old=True)
        finally:
            ended = self._clock()
            self._due = ended + max(KEPT, SHARE * (ended - begun))
            self._busy.release()

"""The figures, read from SQL: sums alone, nothing about one person, and small groups of people are hidden."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, func, or_, select

from figures.tally import ANSWER, DEMO_TRANSACTION, HIT, PROMPT, TRANSACTION
from records.fact_tables import counts, ratings
from records.tables import callers, consents

FEWEST = 10
"""A group of fewer people than this is not shown: who knows some of them could guess the rest (k-anonymity)."""
PERIODS: Mapping[str, int] = {"today": 1, "7 days": 7, "30 days": 30, "365 days": 365, "all": 0}
"""Days of each period, today among them; 0 for ever."""
DAYS_SHOWN = 30
WHATS = (HIT, TRANSACTION, DEMO_TRANSACTION)


@dataclass(frozen=True, slots=True)
class Line:
    """Sums of one channel, language, service or day. `rating` is None where nobody rated."""

    name: str
    hits: int = 0
    transactions: int = 0
    demo: int = 0
    ratings: int = 0
    rating: float | None = None
    registered: int | None = 0
    """None: fewer than `FEWEST`, or hidden with such a group so that nobody can subtract."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """How often a block asked, and how often nobody answered there."""

    flow: str
    block: str
    prompts: int
    unanswered: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.unanswered / self.prompts if self.prompts else 0.0


@dataclass(frozen=True, slots=True)
class Stats:
    """What SQL says: `periods` are sums by period, `outcomes` of all transactions."""

    registered: int | None
    periods: tuple[Line, ...]
    by_channel: tuple[Line, ...]
    by_language: tuple[Line, ...]
    by_service: tuple[Line, ...]
    by_day: tuple[Line, ...]
    outcomes: Mapping[str, int]
    dropped: tuple[Dropped, ...]


@dataclass(slots=True)
class _Cut:
    """Sums by one name."""

    sums: Counter[tuple[str, str]] = field(default_factory=Counter)
    stars: Counter[str] = field(default_factory=Counter)
    rated: Counter[str] = field(default_factory=Counter)
    people: Mapping[str, int | None] = field(default_factory=dict)

    def lines(self, names: Iterable[str] = ()) -> tuple[Line, ...]:
        """A line for each name: these, else all, those with the most hits first."""
        seen = {name for name, _ in self.sums} | set(self.rated) | set(self.people)
        return tuple(map(self._line, names or sorted(seen, key=lambda name: (-self.sums[name, HIT], name))))

    def _line(self, name: str) -> Line:
        rated = self.rated[name]
        return Line(
            name,
            hits=self.sums[name, HIT],
            transactions=self.sums[name, TRANSACTION],
            demo=self.sums[name, DEMO_TRANSACTION],
            ratings=rated,
            rating=round(self.stars[name] / rated, 2) if rated else None,
            registered=self.people.get(name, 0),
        )


def read(connection: Connection, today: date) -> Stats:
    """Everything, in one snapshot."""
    days, channel, language, service = _Cut(), _Cut(), _Cut(), _Cut()
    _read_sums(connection, days, channel, language, service)
    _read_ratings(connection, days, channel, language, service)
    channel.people, language.people, registered = _registered(connection)
    service.people = _agreed(connection)
    periods = _Cut()
    for period, length in PERIODS.items():
        first = (today - timedelta(days=length - 1)).isoformat() if length else ""
        for (day, what), number in days.sums.items():
            periods.sums[period, what] += number if day >= first else 0
        for day in days.rated:
            if day >= first:
                periods.rated[period] += days.rated[day]
                periods.stars[period] += days.stars[day]
    shown = [(today - timedelta(days=back)).isoformat() for back in range(DAYS_SHOWN)]
    return Stats(
        registered if registered == 0 or registered >= FEWEST else None,
        periods.lines(PERIODS),
        channel.lines(),
        language.lines(),
        service.lines(),
        days.lines(shown),
        _outcomes(connection),
        _dropped(connection, shown[-1]),
    )


def _read_sums(connection: Connection, days: _Cut, *cuts: _Cut) -> None:
    c = counts.c
    summed = func.sum(c.number)
    by_day = select(c.day, c.what, summed).where(c.what.in_(WHATS)).group_by(c.day, c.what)
    for day, what, number in connection.execute(by_day):
        days.sums[day, what] += int(number)
    named = select(c.what, c.channel, c.language, c.service, summed).where(c.what.in_(WHATS))
    for what, *names, number in connection.execute(named.group_by(c.what, c.channel, c.language, c.service)):
        for cut, name in zip(cuts, names, strict=True):
            cut.sums[name, what] += int(number)


def _read_ratings(connection: Connection, *cuts: _Cut) -> None:
    c = ratings.c
    names = (c.day, c.channel, c.language, c.service)
    for *found, rated, stars in connection.execute(select(*names, func.count(), func.sum(c.stars)).group_by(*names)):
        for cut, name in zip(cuts, found, strict=True):
            cut.rated[name] += rated
            cut.stars[name] += int(stars)


def _registered(connection: Connection) -> tuple[Mapping[str, int | None], Mapping[str, int | None], int]:
    """People with a PIN or a consent that stands: by channel, by language, and in all."""
    c = callers.c
    agreed = select(consents.c.pseudonym).where(consents.c.withdrawn_at.is_(None))
    known = or_(c.pin.is_not(None), c.pseudonym.in_(agreed))
    by_channel, by_language = Counter[str](), Counter[str]()
    rows = select(c.channel, c.language, func.count()).where(known).group_by(c.channel, c.language)
    for channel, language, number in connection.execute(rows):
        by_channel[channel] += number
        by_language[language] += number
    return hidden(by_channel), hidden(by_language), by_channel.total()


def _agreed(connection: Connection) -> Mapping[str, int | None]:
    """People who agreed to what a service needs of them, by service."""
    c = consents.c
    rows = select(c.purpose, func.count(c.pseudonym.distinct())).where(c.withdrawn_at.is_(None)).group_by(c.purpose)
    return hidden({purpose: number for purpose, number in connection.execute(rows)})


def hidden(people: Mapping[str, int]) -> dict[str, int | None]:
    """The same with None for a group of fewer than `FEWEST`, and for so many more that no total gives one away."""
    ascending = sorted(people, key=lambda name: (people[name], name))
    hide: list[str] = []
    for name in ascending:
        alone = bool(hide) and (len(hide) == 1 or sum(people[other] for other in hide) < FEWEST)
        if people[name] < FEWEST or alone:
            hide.append(name)
    return {name: None if name in hide else number for name, number in people.items()}


def _outcomes(connection: Connection) -> Mapping[str, int]:
    c = counts.c
    rows = select(c.place, func.sum(c.number)).where(c.what.in_((TRANSACTION, DEMO_TRANSACTION))).group_by(c.place)
    return {outcome: int(number) for outcome, number in connection.execute(rows.order_by(c.place))}


def _dropped(connection: Connection, first: str) -> tuple[Dropped, ...]:
    c = counts.c
    rows = select(c.place, c.what, func.sum(c.number)).where(c.day >= first, c.what.in_((PROMPT, ANSWER)))
    found: Counter[tuple[str, str]] = Counter()
    for place, what, number in connection.execute(rows.group_by(c.place, c.what)):
        found[place, what] += int(number)
    return tuple(
        Dropped(flow, block, prompts, max(0, prompts - found[f"{flow}.{block}", ANSWER]))
        for (place, what), prompts in sorted(found.items())
        if what == PROMPT
        for flow, _, block in [place.partition(".")]
    )

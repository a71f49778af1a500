"""Every service there is, whether Ghanti has it as a conversation or only knows how to get it.

The file has the columns n, level, state, department, title, flow, how, helpline, keywords, in any order. `flow` is
the name of the conversation, "" where there is none. A file of made-up entries is labelled (see `labelled`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flows.engine.values import Count, Identifier, Letters, Name, Phone, Words
from flows.operations.answer import Answer
from flows.operations.registry import operation
from services.labelled import Malformed, labelled
from services.place_names import fitting
from services.search import Index, Searched

COLUMNS = ("n", "level", "state", "department", "title", "flow", "how", "helpline", "keywords")
ALL_INDIA = "All India"


class Level(StrEnum):
    """Whose service it is."""

    central = "central"
    state = "state"
    bill = "bill"


class HowToGet(StrEnum):
    """How a service is got that is no conversation here."""

    centre = "centre"
    office = "office"
    phone = "phone"


@dataclass(frozen=True, slots=True)
class Entry:
    """One service. `id` is the conversation's name, or "entry:12" where there is none."""

    id: str
    title: Name
    department: Name
    level: Level
    state: Name


@dataclass(frozen=True, slots=True)
class Found:
    """Services, the best match first; `count` says how many there are in all."""

    services: tuple[Entry, ...]
    count: Count


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No service fits what was typed."""


@dataclass(frozen=True, slots=True)
class Here:
    """Ghanti has this service: open the conversation of that name."""

    title: Name
    department: Name


@dataclass(frozen=True, slots=True)
class Listed:
    """Ghanti does not have this service, and says honestly how to get it."""

    title: Name
    department: Name
    helpline: Phone
    how: HowToGet


@dataclass(frozen=True, slots=True)
class Gone:
    """No such service is in the catalogue any more."""


class Catalogue:
    """The services of a file. `most`: how many a search tells. Raises Malformed."""

    def __init__(self, path: Path, *, most: int = 60) -> None:
        self._most = most
        entries: list[Entry] = []
        searched: list[Searched] = []
        self._entries: dict[str, Here | Listed] = {}
        with labelled(path, COLUMNS) as (self._demo, rows):
            for line, row in rows:
                try:
                    entry = _entry(row)
                    if entry.id in self._entries:
                        raise ValueError("twice")
                    known = (entry.title, entry.department)
                    self._entries[entry.id] = (
                        Here(*known) if row["flow"] else Listed(*known, Phone(row["helpline"]), HowToGet(row["how"]))
                    )
                except (KeyError, ValueError):
                    raise Malformed(f"{path.name}:{line}: not an entry, or one that stands there twice") from None
                entries.append(entry)
                searched.append(Searched(entry.title, f"{row['department']} {row['state']} {row['keywords']}"))
        self._listed = tuple(entries)
        self._index = Index(searched)
        self._all = Answer(Found(self._listed, Count(len(entries))), self._demo)

    @operation("catalogue.search", recall=True)
    def search(self, letters: Letters) -> Answer[Found | NothingFound]:
        """Services with a word that begins with these letters, typed or keyed."""
        return self._told(self._index.by_letters(letters))

    @operation("catalogue.find", recall=True)
    def find(self, words: Words) -> Answer[Found | NothingFound]:
        """Services with these words, in any order and simply misspelt too."""
        return self._told(self._index.by_words(words))

    @operation("catalogue.browse", recall=True)
    def browse(self) -> Answer[Found]:
        """All services."""
        return self._all

    @operation("catalogue.entry", recall=True)
    def entry(self, service: Identifier) -> Answer[Here | Listed | Gone]:
        """What to do about a service that was found."""
        known = self._entries.get(service)
        return Answer(known or Gone(), self._demo and isinstance(known, Listed))

    OPERATIONS = (search, find, browse, entry)

    def _told(self, numbers: list[int]) -> Answer[Found | NothingFound]:
        if not numbers:
            return Answer(NothingFound(), self._demo)
        services = tuple(self._listed[number] for number in numbers[: self._most])
        return Answer(Found(services, Count(len(numbers))), self._demo and _made_up(services))


def _made_up(services: Iterable[Entry]) -> bool:
    return any(service.id.startswith("entry:") for service in services)


def _entry(row: Mapping[str, str]) -> Entry:
    if not (row["title"] and row["department"]):
        raise ValueError("empty")
    return Entry(
        row["flow"] or f"entry:{int(row['n'])}",
        Name(fitting(row["title"])),
        Name(fitting(row["department"])),
        Level(row["level"]),
        Name(row["state"] or ALL_INDIA),
    )

"""The words of one language, read once from `languages/<tag>.toml` and checked: a word too few would be heard wrong."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FOLDER = Path(__file__).with_name("languages")
LANGUAGES = ("en", "hi", "as", "bn", "gu", "kn", "ml", "mr", "or", "pa", "ta", "te", "ur")
"""Every language that has a table."""
Pieces = tuple[str, ...]
Endings = tuple[tuple[str, str], ...]


class BadTable(ValueError):
    """A language's file is not as it must be; the message says where, and what to do."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted, for the numbers that take the singular, and for all others."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How a language counts.

    `numbers` are 0 to 99, `hundreds` 1 to 9 hundred, `thousands` 1 to 99 thousand where they are words of their own.
    `thousand`, `lakh` and `crore` are one of them, and the word after a larger number. Endings are pairs, the end of a
    word and what it becomes: `before_number` where smaller numbers follow, `before_noun` where a thing follows, which
    one crore is for the number before it. `one_thing` is 1 before a noun. `link` stands before the last two digits.
    """

    numbers: tuple[Pieces, ...]
    hundreds: tuple[Pieces, ...]
    thousands: tuple[Pieces, ...]
    thousand: tuple[Pieces, str]
    lakh: tuple[Pieces, str]
    crore: tuple[Pieces, str]
    before_number: Endings
    before_noun: Endings
    one_thing: str
    link: str
    year_hundreds: tuple[Pieces, ...]
    """11 to 19 hundred, as years are said; empty where years are said as numbers."""
    year_pairs: bool
    """2026 is said as 20 and 26."""
    oh: str
    """The nought before the last digit of a year or before a single minute; "" where it is not said."""


@dataclass(frozen=True, slots=True)
class Table:
    """All words of one language. Patterns hold names in braces; their other words are a piece each.

    `hours` are 1 to 12 o'clock, `hours_before_minutes` where they differ. `parts` are the parts of the day by the hour
    that each begins with. `singular` are the numbers that take the singular (CLDR plural rules).
    """

    review: str
    number: NumberWords
    months: Pieces
    days: Pieces
    hours: Pieces
    hours_before_minutes: Pieces
    parts: tuple[tuple[int, str], ...]
    on_the_hour: str
    past_the_hour: str
    minute: Counted
    rupee: Counted
    paisa: Counted
    kilometre: Counted
    degree: Counted
    singular: frozenset[int]
    point: str
    minus: str
    below_zero: str
    plus: str
    ending: str
    secret: str
    yes: str
    no: str
    letters: Mapping[str, str]


@cache
def table(language: str) -> Table:
    """The words of a language. Raises KeyError for a language without a table, BadTable, OSError."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return read((FOLDER / f"{language}.toml").read_text(encoding="utf-8"), language)


def read(text: str, name: str) -> Table:
    """The words in this text, as `table` gives them. Raises BadTable."""
    try:
        written = tomllib.loads(text)
    except ValueError as error:
        raise BadTable(f"{name}: {error}") from None
    if not unicodedata.is_normalized("NFC", text):
        raise BadTable(f"{name}: write it in Unicode's form NFC")
    try:
        made = _table(_Reader(written))
    except BadTable as error:
        raise BadTable(f"{name}: {error}") from None
    except KeyError as error:
        raise BadTable(f"{name}: write {error.args[0]} as well") from None
    return made


class _Reader:
    """The keys of a file, each taken in its form and counted."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self._written = written

    def text(self, key: str) -> str:
        value = self._written[key]
        if not isinstance(value, str):
            raise BadTable(f"{key}: write a text")
        return value.strip()

    def listed(self, key: str, count: int, may_lack: bool = False) -> Pieces:
        """A list with commas, of this many; the empty text where the language needs none."""
        entries = tuple(entry.strip() for entry in re.split(r"[,\n]", self.text(key)) if entry.strip())
        if len(entries) != count and not (may_lack and not entries):
            raise BadTable(f"{key}: write {count} entries, not {len(entries)}")
        return entries

    def split(self, key: str, count: int, may_lack: bool = False) -> tuple[Pieces, ...]:
        """A list whose entries are pieces with a space between."""
        return tuple(tuple(entry.split()) for entry in self.listed(key, count, may_lack))

    def scale(self, key: str) -> tuple[Pieces, str]:
        """One thousand, and the word after a larger number."""
        one, many = self.listed(key, 2)
        return tuple(one.split()), many

    def counted(self, key: str) -> Counted:
        return Counted(*self.listed(key, 2))

    def endings(self, key: str) -> Endings:
        """Pairs of an ending and what it becomes; the longest first, so that it wins."""
        pairs = [pair.split(" > ") for pair in re.split(r"[,\n]", self.text(key)) if pair.strip()]
        if any(len(pair) != 2 for pair in pairs):
            raise BadTable(f"{key}: write each as: ending > what it becomes")
        return tuple(sorted(((old.strip(), new.strip()) for old, new in pairs), key=lambda pair: -len(pair[0])))

    def parts(self, key: str) -> tuple[tuple[int, str], ...]:
        pairs = tuple((hour, words) for hour, words in self._written[key])
        hours = [hour for hour, _ in pairs]
        if hours[:1] != [0] or hours != sorted(set(hours)) or hours[-1] > 23:
            raise BadTable(f"{key}: write the hours that they begin with, from 0 on")
        return pairs

    def numbers(self, key: str) -> frozenset[int]:
        return frozenset(int(number) for number in self.listed(key, len(self.text(key).split(","))))


def _table(of: _Reader) -> Table:
    number = NumberWords(
        numbers=of.split("numbers", 100),
        hundreds=of.split("hundreds", 9),
        thousands=of.split("thousands", 99, may_lack=True),
        thousand=of.scale("thousand"),
        lakh=of.scale("lakh"),
        crore=of.scale("crore"),
        before_number=of.endings("before_number"),
        before_noun=of.endings("before_noun"),
        one_thing=of.text("one_thing"),
        link=of.text("link"),
        year_hundreds=of.split("year_hundreds", 9, may_lack=True),
        year_pairs=of.text("year_pairs") == "yes",
        oh=of.text("oh"),
    )
    hours = of.listed("hours", 12)
    return Table(
        review=of.text("review"),
        number=number,
        months=of.listed("months", 12),
        days=of.listed("days", 31, may_lack=True),
        hours=hours,
        hours_before_minutes=of.listed("hours_before_minutes", 12, may_lack=True) or hours,
        parts=of.parts("parts"),
        on_the_hour=of.text("on_the_hour"),
        past_the_hour=of.text("past_the_hour"),
        below_zero=of.text("below_zero"),
        ending=of.text("ending"),
        minute=of.counted("minute"),
        rupee=of.counted("rupee"),
        paisa=of.counted("paisa"),
        kilometre=of.counted("kilometre"),
        degree=of.counted("degree"),
        point=of.text("point"),
        minus=of.text("minus"),
        plus=of.text("plus"),
        secret=of.text("secret"),
        yes=of.text("yes"),
        no=of.text("no"),
        singular=of.numbers("singular"),
        letters=MappingProxyType(
            dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", of.listed("letters", 26), strict=True)),
        ),
    )

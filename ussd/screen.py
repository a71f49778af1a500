"""Cuts what is to be said into screens that a carrier delivers whole.

A screen has 160 octets: 182 GSM-7 septets, or 80 UTF-16 units as soon as one character is outside GSM-7 (3GPP TS
23.038, sections 5 and 6.1.2.3). Everything on it counts, options and footer included, and each page is judged alone.

Conjuncts of Kannada, Tamil and Gurmukhi are not one grapheme cluster (Unicode UAX #29, rule GB9c, leaves them out), so
no word is cut after a virama (canonical combining class 9, Unicode Standard, section 4.3), whatever the script.
"""

from dataclasses import dataclass
from typing import NamedTuple

import regex

from wire.gsm7 import septets, units

_FOREIGN = 1_000_000
"""Stands for the septets of a text that is not GSM-7: more than any budget."""

_AROUND = " \r\n"
_GAP = regex.compile(r"(?:[\r\n]| (?![\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]))+")
_NUMBER = regex.compile(r"[0-9]{1,3} +")
_CLUSTER = regex.compile(r"\X")
_CHARACTER = regex.compile(r".", regex.DOTALL)
_HALF = regex.compile(r"\p{ccc=9}[\u200c\u200d]*\Z")


@dataclass(frozen=True, slots=True)
class Budget:
    """What fits one screen of a gateway: septets when it is wholly GSM-7, else UTF-16 units."""

    septets: int = 182
    units: int = 80


class Width(NamedTuple):
    """How much of a screen a text takes, and how much there is, in septets or in UTF-16 units."""

    used: int
    limit: int

    @property
    def fits(self) -> bool:
        """Whether the text can be one screen."""
        return self.used <= self.limit


def width(text: str, budget: Budget) -> Width:
    """What the text takes of one screen, in the encoding that it forces."""
    used = septets(text)
    return Width(units(text), budget.units) if used is None else Width(used, budget.septets)


def pages(
    body: str, budget: Budget, *, more: str, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The screens that say `body`, in order; never empty, each within the budget.

    `body` is lines separated by "\\n"; an option is a line such as "3 Label". `more` ("01 More") ends every page but
    the last. The last ends with `required` and as many of `optional`, in their order, as there is room for, on one
    line. Nothing of the body is lost or repeated: only the white space at a cut and around the body goes. Raises
    ValueError when the footers leave no room for a character of the body.
    """
    body = body.strip(_AROUND)
    whole = _closed(body, (*required, *optional))
    if _fits(whole, budget):
        return (whole,)
    screens: tuple[str, ...] = ()
    if not _fits(_closed(body, required), budget):
        screens, body = _early(body, budget, more, required)
    return (*screens, _last(body, budget, required, optional))


def _fits(text: str, budget: Budget) -> bool:
    used = septets(text)
    return units(text) <= budget.units if used is None else used <= budget.septets


def _closed(body: str, footers: tuple[str, ...]) -> str:
    if not footers:
        return body
    return f"{body}\n{' '.join(footers)}" if body else " ".join(footers)


def _last(body: str, budget: Budget, required: tuple[str, ...], optional: tuple[str, ...]) -> str:
    screen = _closed(body, required)
    for count in range(1, len(optional) + 1):
        fuller = _closed(body, (*required, *optional[:count]))
        if not _fits(fuller, budget):
            break
        screen = fuller
    return screen


def _early(body: str, budget: Budget, more: str, required: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Every page but the last, and what is left for that one."""
    foot, last = f"\n{more}", f"\n{' '.join(required)}" if required else ""
    screens: list[str] = []
    while not _fits(body + last, budget):
        cut = _between_words(body, budget, foot, last) or _inside_word(body, budget, foot)
        screens.append(body[:cut].rstrip(_AROUND) + foot)
        body = body[_resumes(body, cut) :]
    return tuple(screens), body


def _resumes(body: str, cut: int) -> int:
    gap = _GAP.match(body, cut)
    return gap.end() if gap else cut


class _Room:
    """Counts what a page takes as text is added to it, its footer first."""

    __slots__ = ("_budget", "_septets", "_units")

    def __init__(self, budget: Budget, foot: str) -> None:
        self._budget = budget
        self._septets = self._units = 0
        self.add(foot)

    def add(self, text: str) -> None:
        used = septets(text)
        self._septets += _FOREIGN if used is None else used
        self._units += units(text)

    def fits(self) -> bool:
        if self._septets < _FOREIGN:
            return self._septets <= self._budget.septets
        return self._units <= self._budget.units

    def over(self) -> bool:
        """Whether no further text can make it fit: one foreign character more may change the limit that holds."""
        return self._septets > self._budget.septets and self._units > self._budget.units

    def used_well(self) -> bool:
        """Whether at most a third of the page is wasted: a broken line is harder to read than a short page."""
        if self._septets < _FOREIGN:
            return 3 * self._septets >= 2 * self._budget.septets
        return 3 * self._units >= 2 * self._budget.units


def _between_words(body: str, budget: Budget, foot: str, last: str) -> int:
    """Where the first page of `body` ends: between lines when that costs little, else between words; 0 for nowhere."""
    room = _Room(budget, foot)
    line, counted, well = 0, 0, False
    while (cut := body.find("\n", counted)) >= 0:
        room.add(body[counted:cut])
        if room.over():
            break
        if room.fits():
            line, well = cut, room.used_well()
        room.add("\n")
        counted = cut + 1
    begins = _resumes(body, line) if line else 0
    if line and (well or _moves_whole(body[begins:], budget, foot, last)):
        return line
    return _last_word(body, budget, foot, begins) or line


def _moves_whole(rest: str, budget: Budget, foot: str, last: str) -> bool:
    """Whether `rest` begins with an option that one page can hold."""
    option, newline, _ = rest.partition("\n")
    return _NUMBER.match(option) is not None and _fits(option + (foot if newline else last), budget)


def _last_word(body: str, budget: Budget, foot: str, begins: int) -> int:
    """The last gap between words that fits, in the line that begins there; not the one behind an option's number."""
    room = _Room(budget, foot + body[:begins])
    counted, word = begins, 0
    for gap in _GAP.finditer(body, begins):
        cut = gap.start()
        room.add(body[counted:cut])
        counted = cut
        if room.over() or "\n" in gap[0]:
            break
        if room.fits() and not _NUMBER.fullmatch(body, begins, gap.end()):
            word = cut
    return word


def _inside_word(body: str, budget: Budget, foot: str) -> int:
    """Where the first page of `body` ends when its first word is longer than a page. Raises ValueError for nowhere."""
    number = _NUMBER.match(body)
    cut = (
        _furthest(body, budget, foot, _CLUSTER, number.end() if number else 0)
        or _furthest(body, budget, foot, _CHARACTER)
        or _furthest(body, budget, foot, _CHARACTER, halves=True)
    )
    if not cut:
        raise ValueError("the footers leave no room on the screen")
    return cut


def _furthest(
    body: str, budget: Budget, foot: str, piece: regex.Pattern[str], least: int = 0, *, halves: bool = False
) -> int:
    """The last end of a piece, after `least`, that fits; with `halves` it may follow a virama. 0 for none."""
    room = _Room(budget, foot)
    furthest = 0
    for found in piece.finditer(body):
        cut = found.end()
        room.add(found[0])
        if cut == len(body) or room.over():
            break
        if room.fits() and cut > least and (halves or not _HALF.search(body, max(cut - 4, 0), cut)):
            furthest = cut
    return furthest

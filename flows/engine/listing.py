"""Long lists on twelve keys: over nine options are narrowed by group, then by keypad letters, then shown in windows.

The Run keeps the position (`Narrowing`), never the list; the rows are recalled and the view is worked out anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.engine.keypad import matches
from flows.engine.keys import TEXT_OPTIONS
from flows.engine.lookup import field_of, references
from flows.engine.model import Listing
from flows.engine.run import Narrowing


@dataclass(frozen=True, slots=True)
class View:
    """What of a list is in sight: `letters` asks for the first letters of `count` names, else `items` are on offer.

    `groups`: the items are values of the group field (strings), not rows. `more`: there are further windows.
    """

    items: tuple[object, ...]
    count: int
    letters: bool = False
    groups: bool = False
    more: bool = False


def view(rows: Sequence[object], listing: Listing, narrowing: Narrowing, at_once: int) -> View:
    """Work out what is in sight of these rows at this position, `at_once` options at a time."""
    if listing.group and len(rows) > TEXT_OPTIONS:
        if not narrowing.group:
            groups = sorted({str(field_of(row, listing.group)) for row in rows})
            if len(groups) > 1:
                return _window(groups, groups, narrowing, at_once, groups=True)
        else:
            rows = [row for row in rows if str(field_of(row, listing.group)) == narrowing.group]
    if len(rows) <= TEXT_OPTIONS and not narrowing.letters:
        return _shown(rows, narrowing.first, at_once, groups=False)
    return _window(rows, names(rows, listing), narrowing, at_once, groups=False)


def names(rows: Sequence[object], listing: Listing) -> list[str]:
    """What each row is looked for by: the first field of its label."""
    first = references(listing.label.text)[0]
    return [str(field_of(row, first)) for row in rows]


def picked(view: View, number: int) -> object | None:
    """The item behind option `number` (1 is the first in sight), or None."""
    if view.letters or not 1 <= number <= len(view.items):
        return None
    return view.items[number - 1]


def narrower(narrowing: Narrowing, letters: str) -> Narrowing:
    """The position after these letters were typed."""
    return replace(narrowing, letters=letters, first=0)


def further(narrowing: Narrowing, view: View, at_once: int) -> Narrowing:
    """The position after `more`: the plain list instead of letters, the next window, or the first again."""
    if view.letters:
        return replace(narrowing, listing=True, first=0)
    first = narrowing.first + at_once
    return replace(narrowing, first=first if first < view.count else 0)


def wider(narrowing: Narrowing) -> Narrowing | None:
    """The position before the last narrowing, or None when nothing was narrowed."""
    if narrowing.letters or narrowing.listing or narrowing.first:
        return Narrowing(group=narrowing.group)
    return Narrowing() if narrowing.group else None


def _window(items: Sequence[object], names: Sequence[str], narrowing: Narrowing, at_once: int, *, groups: bool) -> View:
    if narrowing.letters:
        items = [item for item, name in zip(items, names, strict=True) if matches(name, narrowing.letters)]
    elif len(items) > TEXT_OPTIONS and not narrowing.listing:
        return View((), len(items), letters=True, groups=groups)
    return _shown(items, narrowing.first, at_once, groups=groups)


def _shown(items: Sequence[object], first: int, at_once: int, *, groups: bool) -> View:
    if first >= len(items):
        first = 0
    return View(tuple(items[first : first + at_once]), len(items), groups=groups, more=len(items) > at_once)

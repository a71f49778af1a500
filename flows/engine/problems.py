"""A problem that the parser or the linter found: where it is, what is wrong, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_MOST_LISTED = 12


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `file` is a path as people write it, `line` counts from 1, `code` names the kind of mistake."""

    file: str
    line: int
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence} [{self.code}]"


def instead(word: str, known: Iterable[str], list_them: str = "") -> str:
    """What to write instead of a word that nobody knows: the nearest known one, else `list_them` with all of them."""
    known = list(known)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{near[0]}"?'
    if len(known) > _MOST_LISTED:
        known[_MOST_LISTED:] = [f"and {len(known) - _MOST_LISTED} more"]
    return f"{list_them}{', '.join(known)}." if known else "Take it out."

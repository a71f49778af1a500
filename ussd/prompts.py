"""A prompt as screens: its words, its choices, and at the foot the fixed keys, needed ones first."""

from functools import cache

from flows.engine.effects import Prompt
from flows.engine.wording import Catalogue, footers, text_of
from ussd.screen import Budget, pages

_REQUIRED = frozenset({"more", "narrow_list", "back"})
"""Fixed keys that are always shown where they do something; the others where there is room."""


def screens(prompt: Prompt, catalogue: Catalogue, budget: Budget) -> tuple[str, ...]:
    """The screens that give this prompt in this language, in order; never empty."""
    more, required, optional = _footing(prompt.keys, catalogue)
    return pages(text_of(prompt, catalogue).body, budget, more=more, required=required, optional=optional)


@cache
def _footing(keys: tuple[str, ...], catalogue: Catalogue) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What stands at the foot of a screen: the line for more pages, what must be there, and what may."""
    lines = footers(keys, catalogue)
    ((_, more),) = footers(("more",), catalogue)
    required = tuple(line for name, line in lines if name in _REQUIRED)
    return more, required, tuple(line for name, line in lines if name not in _REQUIRED)

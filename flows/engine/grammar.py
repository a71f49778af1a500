"""Typed grammars: what an `ask` expects, from its `expect:` line (SRGS's built-in grammars, VoiceXML 2.0 appendix P).

A Grammar says which value type an answer has, how many keys it takes, and what was typed in canonical form.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType

from flows.engine import matching
from flows.engine.matching import Match
from flows.engine.values import WIDTHS, Scalar

_ANY_DAY = date(2000, 1, 1)


class BadGrammar(ValueError):
    """An `expect:` line that is no grammar; the message says what may be written."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What one `ask` expects.

    `kind` is the value type of an answer, a name of `values.py` or `yes_no`. `shortest` and `longest` are keys on a
    telephone keypad (characters, for words). `match(text, today)` gives the canonical string, or None for no match; it
    raises nothing. Canonical: digits without separators, `2026-11-24`, `2026-11-24T10:30:05`, paise, `yes` or `no`.
    A longer way of writing the same (a mobile number with +91) and a shorter one (a year of two digits) match too.
    """

    spec: str
    kind: str
    shortest: int
    longest: int
    match: Match
    spoken_by_keys: bool = True
    """Whether it can be entered on a telephone keypad; words cannot."""

    @property
    def fixed_length(self) -> bool:
        """Whether a telephone's input is complete after `longest` keys, without `#`."""
        return self.spoken_by_keys and self.shortest == self.longest

    def accepts_key(self, key: str) -> bool:
        """Say whether the key alone, such as `0` or `00`, would be an answer, and so cannot be a fixed key here."""
        return self.match(key, _ANY_DAY) is not None


@dataclass(frozen=True, slots=True)
class _Sized:
    """A grammar with lengths or bounds: `usual` ones where none are given, within `least` and `most`."""

    kind: str
    make: Callable[[int, int], Match]
    least: int
    most: int
    usual: tuple[int, int] | None = None
    one: bool = False
    """Whether one length may stand instead of two."""


_PLAIN: Mapping[str, tuple[str, int, int, Match]] = MappingProxyType(
    {
        "pincode": ("Pincode", 6, 6, matching.pincode),
        "mobile": ("Mobile", 10, 10, matching.mobile),
        "date": ("date", 8, 8, matching.day),
        "date_time": ("datetime", 14, 14, matching.moment),
        "yes_no": ("yes_no", 1, 1, matching.yes_no),
        "pin": ("Pin", 4, 6, matching.digits(4, 6)),
    }
)
_SIZED: Mapping[str, _Sized] = MappingProxyType(
    {
        "digits": _Sized("Digits", matching.digits, 1, 20, one=True),
        "amount": _Sized("Paise", matching.amount, 1, 10_000_000, (10, 1_000_000)),
        "words": _Sized("Words", matching.words, 1, 60, (2, 60)),
        "letters": _Sized("Letters", matching.letters, 1, 20, (2, 10)),
    }
)
_SHAPES = (
    *_PLAIN,
    *(name for name, sized in _SIZED.items() if sized.usual),
    *(f"{name} N" for name, sized in _SIZED.items() if sized.one),
    *(f"{name} M to N" for name in _SIZED),
)
ALLOWED = ", ".join(_SHAPES)
"""Everything that may stand after `expect:`; M and N are whole numbers."""
PATTERN = f"^({re.sub('[MN]', '[0-9]{1,8}', '|'.join(_SHAPES))})$"
"""The shape of a specification as a regular expression, for editors that complete and check flows."""


@cache
def grammar(spec: str) -> Grammar:
    """The grammar of a specification such as `digits 8 to 13`. Raises BadGrammar."""
    spec = " ".join(spec.split())
    if re.fullmatch(PATTERN, spec) is None:
        raise BadGrammar(f'"{spec}" is not a grammar. Write one of: {ALLOWED}.')
    name, *numbers = spec.replace(" to ", " ").split()
    if name in _PLAIN:
        return Grammar(spec, *_PLAIN[name])
    sized = _SIZED[name]
    fewest, most = _bounds(spec, sized, tuple(map(int, numbers)))
    match = sized.make(fewest, most)
    if name == "amount":
        fewest, most = len(str(fewest)), len(str(most))
    return Grammar(spec, sized.kind, fewest, most, match, spoken_by_keys=name != "words")


def _bounds(spec: str, sized: _Sized, numbers: tuple[int, ...]) -> tuple[int, int]:
    match numbers:
        case ():
            fewest, most = sized.usual or (sized.least, sized.most)
        case (only,):
            fewest = most = only
        case _:
            fewest, most = numbers
    if not sized.least <= fewest <= most <= sized.most:
        raise BadGrammar(f'"{spec}" is out of bounds: from {sized.least} to {sized.most}, the smaller number first.')
    return fewest, most


_READ: Mapping[str, Callable[[str], Scalar]] = MappingProxyType(
    {
        **dict.fromkeys(WIDTHS, str),
        "yes_no": str,
        "Count": int,
        "Paise": int,
        "Kilometres": int,
        "Celsius": int,
        "date": date.fromisoformat,
        "datetime": datetime.fromisoformat,
    }
)


def value(spec_or_kind: str, canonical: str) -> Scalar:
    """The typed value of a canonical string, by its grammar's specification or its value type.

    Raises BadGrammar where the first is neither, ValueError where the second is not canonical.
    """
    read = _READ.get(spec_or_kind) or _READ[grammar(spec_or_kind).kind]
    return read(canonical)

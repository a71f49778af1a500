"""Numbers and letters that are read one by one: telephone numbers, PIN codes, identifiers, in groups with a pause.

The groups are those in which India writes and says them: a mobile number 5 + 5, a PIN code 3 + 3, a toll-free number
1800 and then three.
"""

import re
import unicodedata
from collections.abc import Iterator

from tts_prompts.values.pieces import PAUSE, Piece, fixed
from tts_prompts.values.tables import Table

LAST_SPOKEN = 4
"""How many digits at the end of a masked number are ever said."""
_APART = re.compile(r"(?:[^\w+]|_)+")
_MOBILE = re.compile(r"(\+91|0)?([6-9][0-9]{4})([0-9]{5})").fullmatch
_TOLL_FREE = re.compile(r"(18[0-9]{2})([0-9]{3})([0-9]{3,4})").fullmatch
_HELPLINE = 5


def one_by_one(kind: str, text: str, words: Table) -> tuple[Piece, ...]:
    """Every letter and digit by itself, with a pause between groups. A stretch of another script is free text."""
    pieces: list[Piece] = []
    for group in _groups(kind, _plain(text)):
        pieces += [PAUSE] if pieces else []
        pieces += _characters(group, words)
    return tuple(pieces)


def end_of(text: str) -> str:
    """The end of a number that is masked: at most its last four, and never more than half of it."""
    return text[len(text) - min(LAST_SPOKEN, len(text) // 2) :]


def _plain(text: str) -> str:
    """The text with the digits of every script as 0-9, and in NFC."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in composed)


def _groups(kind: str, text: str) -> Iterator[str]:
    for part in _APART.split(text):
        if not part:
            continue
        if kind in ("Mobile", "Phone") and (mobile := _MOBILE(part)):
            prefix, first, second = mobile.groups(default="")
            # The nought before a mobile number belongs to its first half; a country code stands alone.
            yield from (prefix, first, second) if prefix == "+91" else (prefix + first, second)
        elif kind == "Phone" and (toll_free := _TOLL_FREE(part)):
            yield from toll_free.groups()
        else:
            yield from _of_size(part, 3 if kind == "Pincode" else 5 if kind == "Mobile" else 4)


def _of_size(part: str, size: int) -> Iterator[str]:
    """Groups of this size. A single character at the end is not left alone, and helplines are one group."""
    if len(part) <= _HELPLINE and size == 4:
        yield part
        return
    starts = list(range(0, len(part), size))
    if len(part) % size == 1 and len(starts) > 1 and size == 4:
        starts.pop()
    for start, end in zip(starts, [*starts[1:], len(part)], strict=True):
        yield part[start:end]


def _characters(group: str, words: Table) -> Iterator[Piece]:
    free = ""
    for character in group:
        known: tuple[str, ...] = ()
        if character in "0123456789":
            known = words.number.numbers[int(character)]
        elif character == "+":
            known = (words.plus,)
        elif letter := words.letters.get(character.upper()):
            known = (letter,)
        if known:
            yield from [Piece(free, False)] if free else []
            yield from fixed(known)
            free = ""
        else:
            free += character
    yield from [Piece(free, False)] if free else []

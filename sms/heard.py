"""How a word sounds, roughly: the same for a name in its own script and for the ways in which people write it in Latin.

Nine scripts of India stand in Unicode in one order, 128 code points each (The Unicode Standard, chapter 12, after
ISCII), so one table reads them all. Aspiration, length, nasal ends and every short or long a are left out: those are
what people write differently (pyaz, pyaaj, piyaz; aloo, alu).
"""

import re
from functools import lru_cache
from unicodedata import normalize

from flows.engine.scripts import ascii_digits

_FIRST, _LAST, _BLOCK = 0x0900, 0x0D7F, 0x80
_AT = {
    **dict.fromkeys((0x01, 0x02, 0x19, 0x1E, 0x23, 0x28, 0x29), "n"),
    **dict.fromkeys((0x07, 0x08, 0x10, 0x3F, 0x40, 0x48), "i"),
    **dict.fromkeys((0x09, 0x0A, 0x14, 0x41, 0x42, 0x4C), "u"),
    **dict.fromkeys((0x0B, 0x43), "ri"),
    **dict.fromkeys((0x0D, 0x0E, 0x0F, 0x45, 0x46, 0x47), "e"),
    **dict.fromkeys((0x11, 0x12, 0x13, 0x49, 0x4A, 0x4B), "o"),
    **dict.fromkeys((0x15, 0x16), "k"),
    **dict.fromkeys((0x17, 0x18), "g"),
    **dict.fromkeys((0x1A, 0x1B), "c"),
    **dict.fromkeys((0x1C, 0x1D), "j"),
    **dict.fromkeys((0x1F, 0x20, 0x24, 0x25), "t"),
    **dict.fromkeys((0x21, 0x22, 0x26, 0x27), "d"),
    0x2A: "p",
    0x2B: "f",
    **dict.fromkeys((0x2C, 0x2D), "b"),
    0x2E: "m",
    0x2F: "y",
    **dict.fromkeys((0x30, 0x31), "r"),
    **dict.fromkeys((0x32, 0x33, 0x34), "l"),
    0x35: "v",
    **dict.fromkeys((0x36, 0x37, 0x38), "s"),
    0x39: "h",
}
"""Place within a script's block → Latin letter; a, virama, nukta and what has no sound of its own are not there."""
_SPELT = (
    ("ee", "i"), ("oo", "u"), ("ph", "f"), ("chh", "c"), ("ch", "c"), ("ck", "k"), ("x", "ks"), ("q", "k"),
    ("w", "v"), ("z", "j"), ("sh", "s"), ("iy", "y"),
)  # fmt: skip
_ASPIRATED = re.compile("([kgcjtdpb])h")
_REPEATED = re.compile(r"([a-z])\1+")


@lru_cache(maxsize=4096)
def heard(text: str) -> str:
    """The sound of each word, a space between them; other scripts and digits stay as they are."""
    return " ".join(_word(word) for word in ascii_digits(text).casefold().split())


def _word(word: str) -> str:
    # The words of one script come out in Latin letters, whose own spellings are made alike after that.
    latin = "".join(_letter(sign) for sign in normalize("NFD", word) if not "\u0300" <= sign <= "\u036f")
    for written, alike in _SPELT:
        latin = latin.replace(written, alike)
    sound = _REPEATED.sub(r"\1", _ASPIRATED.sub(r"\1", latin).replace("a", ""))
    return sound[:-1] if len(sound) > 3 and sound.endswith("n") else sound


def _letter(sign: str) -> str:
    code = ord(sign)
    return _AT.get((code - _FIRST) % _BLOCK, "") if _FIRST <= code <= _LAST else sign

"""Letters on a telephone keypad: ITU-T E.161 (02/2001), figure 2, puts A-Z on the keys 2 to 9."""

import re
from functools import lru_cache
from unicodedata import category, normalize

_KEYS = {
    ord(letter): key
    for key, letters in {
        "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz",
    }.items()
    for letter in letters
}  # fmt: skip
_NOT_KEYED = re.compile(r"[^0-9]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
"""The dots of `G.P.O.`, which people look for as GPO."""
_MOST_LABELS = 8192


def folded(text: str) -> str:
    """The text without case and without the accents of Latin letters."""
    return _ACCENTS.sub("", normalize("NFKD", text)).casefold()


def keys_of(word: str) -> str:
    """The keys that spell the Latin letters of a word; its digits stand for themselves, anything else has no key."""
    return _NOT_KEYED.sub("", folded(word).translate(_KEYS))


def matches(label: str, typed: str) -> bool:
    """Say whether these letters, or keys, begin any word of the label, or the whole label without its spaces."""
    by_letters, by_keys = _looked_up(label)
    if typed.isascii() and typed.isdigit():
        return f" {typed}" in by_keys
    return f" {folded(typed)}" in by_letters


@lru_cache(maxsize=_MOST_LABELS)
def _looked_up(label: str) -> tuple[str, str]:
    """Every word of the label and the whole of it, each after a space: as letters, and as keys."""
    plain = _INITIALS.sub("", folded(label))
    words = "".join(c if category(c)[0] in "LMN" else " " for c in plain).split()
    words.append("".join(words))
    return _spaced(words), _spaced([keys_of(word) for word in words])


def _spaced(words: list[str]) -> str:
    return "".join(f" {word}" for word in words if word)

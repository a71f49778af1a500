"""The text as a synthesiser must get it: what a screen shows is not always what a voice can read.

Voices were made from other spellings than Unicode's normal form: letters that NFC takes apart are spelled out mark by
mark. Only what is spoken is changed; a screen and a translation keep their own.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_EASTERN_NAGARI = {"\u09a1\u09bc": "\u09dc", "\u09a2\u09bc": "\u09dd", "\u09af\u09bc": "\u09df"}
"""Letters with a dot that NFC writes in two (Unicode's composition exclusions): rra, rha, yya."""
_CHILLU = {"ണ": "ൺ", "ന": "ൻ", "ര": "ർ", "ല": "ൽ", "ള": "ൾ", "ക": "ൿ"}
"""The Malayalam letters without a vowel; before Unicode 5.1 they were written with a virama and a joiner."""
_CHANGES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        # Bengali ra is not a letter of Assamese: a voice for it reads its name.
        "as": {**_EASTERN_NAGARI, "\u09b0": "\u09f0"},
        "bn": {**_EASTERN_NAGARI, "\u09a4\u09cd\u200d": "\u09ce"},
        "ml": {f"{letter}\u0d4d{_ZWJ}": chillu for letter, chillu in _CHILLU.items()},
        "or": {"\u0b71": "\u0b35", "\u0b21\u0b3c": "\u0b5c", "\u0b22\u0b3c": "\u0b5d"},
        # Kaf and yeh of Arabic keyboards look the same in most forms, and are other letters.
        "ur": {"\u0643": "\u06a9", "\u064a": "\u06cc", "\u0649": "\u06cc"},
    }
)


def speech_form(text: str, language: str) -> str:
    """The text for a voice of this language: in NFC, then composed and mapped, without joiners (U+200C, U+200D)."""
    form = unicodedata.normalize("NFC", text)
    for written, read in _CHANGES.get(language, {}).items():
        form = form.replace(written, read)
    return form.replace(_ZWNJ, "").replace(_ZWJ, "")

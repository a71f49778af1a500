"""What a written answer means: a choice by its name, a fixed key by its word, a name that is spelt or sounds nearly so.

People write the name of what they want, not its number, and spell it as they hear it.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from flows.engine.keys import KEY_OF
from flows.engine.scripts import yes_no
from flows.engine.wording import TEXT, Catalogue
from sms.heard import heard
from sms.inbound import plain

SHORTEST = 3
"""Letters of the shortest word that means anything by itself."""
_CLOSE = 0.75
"""How alike two words must be, from 0 to 1 (difflib's ratio): one wrong letter in four, or two in the wrong order."""
_FIXED = ("more", "back", "home", "language", "person", "repeat")
_TERMS = "terms."
_SOURCE = "en"


class Reading:
    """Reads answers in one language; names of things are known in all."""

    def __init__(self, catalogue: Catalogue, all_languages: Iterable[Catalogue]) -> None:
        self._catalogue = catalogue
        languages = tuple(all_languages)
        self._terms, self._sounds = _terms(languages), _sounds(languages)

    def fixed_key(self, text: str) -> str:
        """The fixed key whose word this is; "" for any other text."""
        word = plain(text)
        for name in _FIXED:
            if word == plain(_sentence(self._catalogue, f"common.{name}")):
                return KEY_OF[False][name]
        return ""

    def meant(self, text: str, options: Sequence[tuple[str, str]], *, exactly: bool = False) -> str:
        """What to give to the machine: the key of the choice or of the word, else the text as it is.

        `options` are (key, label). `exactly`: nothing that is only nearly a choice is one, because much hangs on it.
        """
        word = plain(text)
        if key := self.fixed_key(text):
            return key
        if word in (key for key, _ in options):
            return word
        labels = {plain(label): key for key, label in options}
        if word in labels:
            return labels[word]
        if (said := yes_no(text)) is not None:
            answers = [key for label, key in labels.items() if yes_no(label.split(" ")[0].strip(",.;")) is said]
            return answers[0] if len(answers) == 1 else text
        if exactly or len(word) < SHORTEST:
            return text
        known = plain(self.known(text))
        for alike in (
            [key for label, key in labels.items() if label.startswith(word)],
            [key for label, key in labels.items() if self._terms.get(label, label) == known],
            [key for label, key in labels.items() if heard(label) == heard(word)],
        ):
            if len(alike) == 1:
                return alike[0]
        close = [] if _has_digit(word) else get_close_matches(word, labels, n=1, cutoff=_CLOSE)
        return labels[close[0]] if close else text

    def names(self, word: str) -> bool:
        """Whether this word is the name of a thing, or nearly."""
        return plain(word) in self._terms or self.known(word) != word

    def known(self, text: str) -> str:
        """The English name of a thing that is written in any language, or nearly; else the text as it is."""
        word = plain(text)
        if word in self._terms:
            return self._terms[word]
        if len(word) < SHORTEST or _has_digit(word):
            return text
        if found := self._sounds.get(heard(word)):
            return found
        close = get_close_matches(word, self._terms, n=1, cutoff=_CLOSE)
        return self._terms[close[0]] if close else text


def _has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


@lru_cache(maxsize=8)
def _sounds(catalogues: tuple[Catalogue, ...]) -> Mapping[str, str]:
    """Sound of a thing's name → its name in English; what sounds like two things is left out."""
    found: dict[str, set[str]] = {}
    for name, thing in _terms(catalogues).items():
        found.setdefault(heard(name), set()).add(thing)
    return {sound: things.pop() for sound, things in found.items() if len(things) == 1 and sound}


@lru_cache(maxsize=8)
def _terms(catalogues: tuple[Catalogue, ...]) -> Mapping[str, str]:
    """Name of a thing in any language → in English: the words for what services answer with."""
    found: dict[str, str] = {}
    source = next((one for one in catalogues if one.tag == _SOURCE), catalogues[0])
    for catalogue in catalogues:
        for form, key in catalogue.sentences:
            if form == TEXT and key.startswith(_TERMS):
                found.setdefault(plain(_sentence(catalogue, key)), plain(_sentence(source, key)))
    return found


def _sentence(catalogue: Catalogue, key: str) -> str:
    return catalogue.sentences[TEXT, key][-1][0][0]

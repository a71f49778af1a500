"""Finding services by what a person types or keys: first letters, whole words, a typing error here or there.

Two ways, over the same entries, both in memory and decided once when the catalogue is loaded. `by_letters`: the first
letters of any word of the title, run together ("PENS", "7367", "OLDAGE"). `by_words`: words in any order, beginnings
of words and single typing errors allowed (a letter too many, too few, another, or two swapped).
"""

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_STOP = {"a", "an", "and", "by", "for", "in", "my", "of", "on", "or", "the", "to", "ka", "ke", "ki"}
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_TYPO_FROM = 4
"""Letters that a word must have before an error in it is forgiven."""
_EXACT, _BEGINNING, _TYPO = 8, 5, 2
_LAST = "\U0010ffff"
_INDIAN_SCRIPTS = "\u0900"
_INSIDE_WORDS = "'’."


@dataclass(frozen=True, slots=True)
class Searched:
    """What of an entry is searched: its title, and more words that only count half."""

    title: str
    more: str = ""


def words_of(text: str) -> list[str]:
    """The words of a text: small letters and digits, Latin ones without accents, Indian ones with their vowel signs."""
    return "".join(map(_kept, unicodedata.normalize("NFKD", text.casefold()))).split()


def _kept(character: str) -> str:
    if character.isalnum():
        return character
    if unicodedata.category(character) in ("Mn", "Mc"):
        return character if character >= _INDIAN_SCRIPTS else ""
    return "" if character in _INSIDE_WORDS else " "


class Index:
    """The searchable entries; what is found are their numbers, the best first, among equals in their order."""

    def __init__(self, entries: Iterable[Searched]) -> None:
        weights: dict[str, dict[int, int]] = defaultdict(dict)
        beginnings: list[tuple[str, int]] = []
        for number, entry in enumerate(entries):
            title = words_of(entry.title)
            for word in words_of(entry.more):
                weights[word][number] = 1
            for word in title:
                weights[word][number] = 2
            beginnings += [("".join(title[start:]), number) for start in range(len(title))]
        self._weights = dict(weights)
        self._words = sorted(weights)
        self._misspelt: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for slip in _shortened(word):
                self._misspelt[slip].append(word)
        self._letters = sorted(beginnings)
        self._keys = sorted((run.translate(_KEYPAD), number) for run, number in beginnings)

    def by_letters(self, letters: str) -> list[int]:
        """Entries one of whose words begins so, spaces left out; digits 2 to 9 are keys of a keypad."""
        typed = "".join(words_of(letters))
        if not typed:
            return []
        table = self._keys if typed.isdecimal() else self._letters
        found = {number for _, number in _between(table, typed)}
        return sorted(found) if found or typed.isdecimal() else self.by_words(letters)

    def by_words(self, words: str) -> list[int]:
        """Entries with these words; those with only some of them when none has all."""
        asked = [word for word in words_of(words) if word not in _STOP] or words_of(words)
        scores: dict[int, int] = defaultdict(int)
        hits: dict[int, int] = defaultdict(int)
        for word in dict.fromkeys(asked):
            for number, score in self._scored(word).items():
                scores[number] += score
                hits[number] += 1
        most = max(hits.values(), default=0)
        return sorted((n for n, hit in hits.items() if hit == most), key=lambda n: (-scores[n], n))

    def _scored(self, word: str) -> dict[int, int]:
        scores: dict[int, int] = {}
        self._add(scores, (word,), _EXACT)
        if len(word) > 1:
            first = bisect_left(self._words, word)
            self._add(scores, self._words[first : bisect_left(self._words, word + _LAST)], _BEGINNING)
        if not scores and len(word) >= _TYPO_FROM:
            near = {known for slip in _shortened(word) for known in self._misspelt.get(slip, ()) if _close(word, known)}
            self._add(scores, near, _TYPO)
        return scores

    def _add(self, scores: dict[int, int], words: Iterable[str], worth: int) -> None:
        for word in words:
            for number, weight in self._weights.get(word, {}).items():
                scores[number] = max(scores.get(number, 0), worth * weight)


def _between(table: Sequence[tuple[str, int]], beginning: str) -> Sequence[tuple[str, int]]:
    return table[bisect_left(table, (beginning,)) : bisect_left(table, (beginning + _LAST,))]


def _shortened(word: str) -> set[str]:
    # The word, and it with one letter missing: words that differ by one error have one of these in common.
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def _close(typed: str, known: str) -> bool:
    # Whether one error makes one of the other: insertion, omission, replacement, or two neighbours swapped.
    start = next((i for i, (a, b) in enumerate(zip(typed, known, strict=False)) if a != b), min(len(typed), len(known)))
    a, b = typed[start:], known[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])

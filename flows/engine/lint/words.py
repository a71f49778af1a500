"""Sentences in every language as the proof needs them: with the widest values, or as long as a voice says them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from flows.engine.lint.references import CHOICE
from flows.engine.lint.sentences import Kinds
from flows.engine.lint.settings import LintSettings
from flows.engine.lookup import PARTS
from flows.engine.model import Flow, Flows, Menu, Wording
from flows.engine.values import WIDTHS
from flows.engine.wording import SAY, TEXT
from flows.engine.wordings import spoken

_LETTERS_A_DIGIT = 5
_SPOKEN_LETTERS: Mapping[str, int] = MappingProxyType(
    {
        "Name": 20,
        "Words": 20,
        "Letters": 4 * _LETTERS_A_DIGIT,
        "Identifier": 10 * _LETTERS_A_DIGIT,
        "Digits": 12 * _LETTERS_A_DIGIT,
        "Phone": 11 * _LETTERS_A_DIGIT,
        "Count": 10,
        "Paise": 35,
        "Kilometres": 20,
        "Celsius": 15,
        "date": 25,
        "datetime": 45,
        "yes_no": 3,
    }
)
"""How many letters a usual value of each type takes when it is read out; five a digit where digits are read."""


class Words:
    """The sentences of all flows, in each language; where a translation is missing, the English stands for it."""

    def __init__(self, flows: Flows, settings: LintSettings) -> None:
        self._flows = flows
        self._settings = settings
        self._texts: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def texts(self, wording: Wording, form: str, language: str) -> tuple[str, ...]:
        """The sentence as (other,) or (one, other)."""
        place = (wording.key, form, language)
        if place not in self._texts:
            found = None
            if language != self._settings.source_language:
                found = self._settings.translate(wording.key, form, language)
            translated = found is not None and not found.fuzzy and bool(found.texts) and all(found.texts)
            self._texts[place] = found.texts if found is not None and translated else english(wording, form)
        return self._texts[place]

    def common(self, name: str, form: str, language: str) -> str:
        """A sentence of common.yaml, or "" where it is missing."""
        wording = self._flows.common.get(name)
        return self.texts(wording, form, language)[-1] if wording is not None else ""

    def widest(self, flow: Flow, wording: Wording, kinds: Kinds, language: str) -> str:
        """The sentence on a screen, with the widest values that it can have."""
        return max(
            (
                "".join(
                    piece if index % 2 == 0 else self._wide(flow, piece, kinds, language)
                    for index, piece in enumerate(pieces)
                )
                for pieces in map(PARTS.split, self.texts(wording, TEXT, language))
            ),
            key=len,
        )

    def spoken(self, flow: Flow, wording: Wording, kinds: Kinds, language: str) -> str:
        """The sentence as a voice says it, every value replaced by as many letters as it usually takes."""
        pieces = PARTS.split(self.texts(wording, SAY, language)[-1])
        return "".join(
            piece if index % 2 == 0 else "·" * self._long(flow, piece, kinds, language)
            for index, piece in enumerate(pieces)
        )

    def seconds(self, said: str, language: str) -> float:
        """How long a voice takes to say this."""
        return len(said) / self._settings.languages[language].letters_a_second

    def _wide(self, flow: Flow, reference: str, kinds: Kinds, language: str) -> str:
        found = [self._widest_value(flow, reference, kind, language) for kind in kinds.get(reference, ())]
        return max(found, key=len, default="")

    def _widest_value(self, flow: Flow, reference: str, kind: str, language: str) -> str:
        if kind in WIDTHS or kind == "yes_no":
            return self._settings.widest(language, kind)
        shown = [self.texts(wording, TEXT, language)[-1] for wording in self._members(flow, reference, kind)]
        return max(shown, key=len, default="")

    def _long(self, flow: Flow, reference: str, kinds: Kinds, language: str) -> int:
        found = [self._longest_value(flow, reference, kind, language) for kind in kinds.get(reference, ())]
        return max(found, default=0)

    def _longest_value(self, flow: Flow, reference: str, kind: str, language: str) -> int:
        if kind in WIDTHS or kind == "yes_no":
            return _SPOKEN_LETTERS.get(kind, WIDTHS.get(kind, 1) * _LETTERS_A_DIGIT)
        said = [self.texts(wording, SAY, language)[-1] for wording in self._members(flow, reference, kind)]
        return max(map(len, said), default=0)

    def _members(self, flow: Flow, reference: str, kind: str) -> Iterable[Wording]:
        menu = flow.blocks.get(reference)
        if kind == CHOICE and isinstance(menu, Menu):
            return [choice.label for choice in menu.choices]
        return self._flows.terms.get(kind, {}).values()


def english(wording: Wording, form: str) -> tuple[str, ...]:
    """The sentence in the flow's own English, as (other,) or (one, other)."""
    one, other = spoken(wording) if form == SAY else (wording.one, wording.text)
    return (one, other) if wording.one else (other,)

"""Which templates must be registered, made from the flows: every text that can be sent, in every language.

The layouts are those of `texts`. A value becomes as many variables as its widest form needs; choices that a service
names become as many as fill two parts; choices that stand in the flow are registered word by word.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flows.engine.format import LANGUAGES
from flows.engine.keys import TEXT_OPTIONS
from flows.engine.lint.case import Case
from flows.engine.lint.knowledge import knowledge
from flows.engine.lint.references import named_in
from flows.engine.lint.sentences import Kinds, kinds
from flows.engine.lint.settings import LintSettings
from flows.engine.lint.words import Words
from flows.engine.lookup import PARTS
from flows.engine.model import Ask, Flow, Flows, Menu, Query, Tell, Wording
from flows.engine.wording import TEXT
from sms.parts import MOST_PARTS, parts, room
from sms.templates import VARIABLE, VARIABLE_CHARACTERS
from sms.texts import CUT, LEAST, MORE, NARROW, ONE, OPTIONS, OTHER

_SAID = (
    "no_match", "no_input", "none_begin", "aadhaar_refused", "give_up", "person_reached", "unavailable", "not_done",
    "too_long", "changed", "not_here", "taken", "not_kept", "sms_help", "sms_stopped_now",
    "sms_started_now", "sms_ready",
)  # fmt: skip
"""Sentences of common.yaml that are said by themselves."""
_ASKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "checking": ("check_again",),
        "unavailable": ("try_again",),
        "unsure": ("check_again",),
        "aadhaar_ask": ("aadhaar_yes", "aadhaar_no"),
        "saved": ("saved_yes", "saved_no"),
        "resume": ("resume_yes", "resume_no"),
        "resume_private": ("resume_yes", "resume_no"),
    }
)
"""Sentences of common.yaml that are asked, and the choices below them."""
_COMMON_KINDS: Kinds = {
    "helpline": frozenset({"Phone"}),
    "last": frozenset({"Digits"}),
    "count": frozenset({"Count"}),
    "title": frozenset({"title"}),
}
_FOREIGN = "क"
"""A letter that makes any text UCS-2."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One template. `file` and `line` are where its sentence stands; `fits`: every text of it takes two parts at most.

    A text with names takes more room in other scripts, and is made to fit by cutting names; the proof counts them so.
    """

    key: str
    language: str
    text: str
    file: str
    line: int
    fits: bool


def expected(flows: Flows, settings: LintSettings) -> Iterator[Expected]:
    """Every template in every language, in the order of the flows; what is not translated is left out."""
    words = Words(flows, settings)
    for language in settings.languages:
        made = _Language(flows, settings, words, language)
        yield from made.common()
        for flow in flows.by_name.values():
            if "sms" in flow.channels or any(isinstance(block, Tell) and block.sms for block in flow.blocks.values()):
                yield from made.flow(flow)


class _Language:
    """Makes the templates of one language."""

    def __init__(self, flows: Flows, settings: LintSettings, words: Words, language: str) -> None:
        self._flows = flows
        self._settings = settings
        self._words = words
        self._language = language

    def common(self) -> Iterator[Expected]:
        flow = next(iter(self._flows.by_name.values()))
        found = self._flows.common
        made = _Sentences(self, flow, _COMMON_KINDS, self._settings.common_file)
        if not {*_SAID, *_ASKED, *itertools.chain(*_ASKED.values()), "name", "sms_more"} <= found.keys():
            return  # the linter says which are missing
        for name in _SAID:
            yield from made.alone(found[name])
        for name, choices in _ASKED.items():
            yield from made.above(found[name], [found[choice] for choice in choices])
        yield from self._languages(made, found["name"])
        yield from made.above(found["sms_more"], None, key=MORE)

    def flow(self, flow: Flow) -> Iterator[Expected]:
        case = Case(flow, self._flows, self._settings, knowledge(flow))
        by_text = "sms" in flow.channels
        if flow.purpose is not None and by_text:
            yield from _Sentences(self, flow, {}, flow.file).alone(flow.purpose)
        for name, block in flow.blocks.items():
            match block:
                case Tell(sms_wording=other, prompt=prompt, only=only, sms=sent):
                    if sent or (by_text and (not only or "sms" in only)):
                        yield from self._in(case, name, other or prompt).alone(other or prompt)
                case _ if not by_text:
                    pass
                case Ask(prompt=prompt, retry=retry):
                    yield from self._in(case, name, prompt).alone(prompt)
                    if retry is not None:
                        yield from self._in(case, name, retry).alone(retry)
                case Query(confirm=confirm) if confirm is not None:
                    choices = [self._flows.common[choice] for choice in ("confirm_yes", "confirm_no")]
                    yield from self._in(case, name, confirm).above(confirm, choices)
                case Menu() as menu:
                    yield from self._menu(case, menu)

    def _menu(self, case: Case, menu: Menu) -> Iterator[Expected]:
        made = self._in(case, menu.name, menu.prompt)
        listing = menu.listing
        if listing is None:
            labels = [choice.label for choice in menu.choices]
            settled = len(labels) <= TEXT_OPTIONS and not any(map(named_in, labels))
            yield from made.above(menu.prompt, labels if settled else None)
        elif listing.block == LANGUAGES:
            yield from self._languages(made, menu.prompt)
        else:
            for head in (menu.prompt, listing.group_menu):
                if head is not None:
                    within = self._in(case, menu.name, head)
                    yield from within.above(head, None)
                    yield from within.narrowed(head)

    def _languages(self, made: "_Sentences", head: Wording) -> Iterator[Expected]:
        native = [self._flows.languages_native[tag] for tag in self._flows.languages]
        yield from made.above(head, native if len(native) <= TEXT_OPTIONS else None)

    def _in(self, case: Case, block: str, wording: Wording) -> "_Sentences":
        return _Sentences(self, case.flow, kinds(case, block, wording), case.flow.file)

    def texts(self, wording: Wording) -> tuple[str, ...]:
        """The sentence as (other,) or (one, other); nothing where it is not translated."""
        if self._language != self._settings.source_language:
            found = self._settings.translate(wording.key, TEXT, self._language)
            if found is None or found.fuzzy or not found.texts or not all(found.texts):
                return ()
        return self._words.texts(wording, TEXT, self._language)

    def line(self, name: str) -> str:
        """The line of the key 01, for more or for the list."""
        return f"01 {self._words.common(name, TEXT, self._language)}"

    def widest(self, flow: Flow, reference: str, found: Kinds) -> str:
        """The widest value of a reference on a screen."""
        if found.get(reference) == frozenset({"title"}):
            titles = (one.title for one in self._flows.by_name.values())
            return max((text for title in titles for text in self.texts(title)), key=len, default="")
        alone = Wording(f"{flow.name}.{{{reference}}}", f"{{{reference}}}")  # a sentence of this value and nothing else
        return self._words.widest(flow, alone, found, self._language)

    @property
    def language(self) -> str:
        """Its tag."""
        return self._language

    @property
    def narrow(self) -> Wording:
        """What is said where a list is too long to be shown."""
        return self._flows.common["narrow"]


class _Sentences:
    """Makes the templates of sentences of one place: `found` are the types of the values that they name."""

    def __init__(self, made: _Language, flow: Flow, found: Kinds, file: str) -> None:
        self._made = made
        self._flow = flow
        self._kinds = {**_COMMON_KINDS, **found}
        self._file = file

    def alone(self, wording: Wording) -> Iterator[Expected]:
        """A sentence that is a message by itself."""
        for form, text in self._forms(wording):
            yield self._one(wording, form, self._slots(text), self._fits(text))

    def above(self, wording: Wording, choices: Sequence[Wording | str] | None, key: str = "") -> Iterator[Expected]:
        """A sentence with choices below it; None are those that a service names, or that do not fit two parts."""
        labels = [self._label(choice) for choice in choices or ()]
        if not all(labels):
            return
        lines = "".join(f"\n{number} {label}" for number, label in enumerate(labels, 1))
        for form, text in self._forms(wording):
            if choices is not None and self._fits(text, lines):
                yield self._one(wording, form + OPTIONS, self._slots(text) + lines, True, key)
                continue
            left = room(self._filled(text, lambda reference: "") + "\n")
            count = max(1, -(-left // VARIABLE_CHARACTERS))
            listed = f"{self._slots(text)}\n{VARIABLE * count}"
            fits = self._fits(text, f"\n{self._made.line('more')}")
            yield self._one(wording, form + OPTIONS, listed, fits, key)

    def narrowed(self, wording: Wording) -> Iterator[Expected]:
        """A question above a list that is too long, which is narrowed by letters or shown at 01."""
        for _, narrow in self._forms(self._made.narrow):
            line = f"\n{self._made.line('narrow_list')}"
            for form, text in self._forms(wording):
                whole = f"{text}\n{narrow}"
                yield self._one(wording, form + NARROW, self._slots(whole) + line, self._fits(whole, line))

    def _one(self, wording: Wording, kind: str, text: str, fits: bool, key: str = "") -> Expected:
        return Expected(key or wording.key + kind, self._made.language, text, self._file, wording.line or 1, fits)

    def _forms(self, wording: Wording) -> list[tuple[str, str]]:
        texts = self._made.texts(wording)
        return list(zip((ONE, OTHER) if len(texts) > 1 else ("",), texts, strict=False))

    def _label(self, choice: Wording | str) -> str:
        return choice if isinstance(choice, str) else (*self._made.texts(choice), "")[0]

    def _slots(self, text: str) -> str:
        def slots(reference: str) -> str:
            widest = len(self._made.widest(self._flow, reference, self._kinds))
            return VARIABLE * max(1, -(-widest // VARIABLE_CHARACTERS))

        return self._filled(text, slots)

    def _fits(self, text: str, lines: str = "") -> bool:
        """Whether two parts are enough in the worst case, with names as short as they may be cut."""

        def value(reference: str) -> str:
            if self._kinds.get(reference, frozenset()) & CUT:
                return _FOREIGN * LEAST
            return self._made.widest(self._flow, reference, self._kinds)

        return parts(self._filled(text, value) + lines) <= MOST_PARTS

    def _filled(self, text: str, value: Callable[[str], str]) -> str:
        pieces = PARTS.split(text)
        return "".join(piece if index % 2 == 0 else value(piece) for index, piece in enumerate(pieces))

"""Turning what the machine says into words of one language, for a screen, a voice or an SMS.

A `Catalogue` is one language made ready at load: every sentence already cut into literals and references, so that a
turn only joins them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from flows.engine.effects import Option, Prompt, Said, Typed
from flows.engine.forms import LanguageForms, read_out, shown
from flows.engine.keys import KEY_OF
from flows.engine.lookup import PARTS

TEXT, SAY, SMS = "text", "say", "sms"
Template = tuple[tuple[str, str], ...]
"""Pairs of literal and the reference that follows it ("" = none)."""
_HINTS = ("back", "home", "repeat", "language", "person")


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """One language: its sentences by form and key (one template, or `one` and `other`), its forms of values."""

    tag: str
    forms: LanguageForms
    plural: Callable[[int], str]
    sentences: Mapping[tuple[str, str], tuple[Template, ...]]
    others: Mapping[str, "Catalogue"] = field(default_factory=lambda: MappingProxyType({}))
    """The other languages, for a menu in which each language offers itself."""


@dataclass(frozen=True, slots=True)
class Text:
    """A prompt in words for a screen: the body, and the fixed keys on offer as (name, line)."""

    body: str
    keys: tuple[tuple[str, str], ...]


def template(sentence: str) -> Template:
    """Cut a sentence into literals and references."""
    pieces = PARTS.split(sentence)
    return tuple(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def render(said: Said, catalogue: Catalogue, form: str = TEXT) -> str:
    """The sentence in this language and form; KeyError names a sentence that the catalogue lacks."""
    if said.language and said.language != catalogue.tag:
        catalogue = catalogue.others[said.language]
    wording = said.wording
    if wording is None:
        return " ".join(_value(typed, catalogue, form) for typed in said.values.values()) or said.native
    if said.native and form == TEXT:
        return said.native
    templates = catalogue.sentences[form, wording.key]
    values = said.values
    chosen = templates[-1]
    if len(templates) > 1:
        counts = [typed.value for typed in values.values() if typed.kind == "Count"]
        if counts and catalogue.plural(int(str(counts[0]))) == "one":
            chosen = templates[0]
    if len(chosen) == 1:
        return chosen[0][0]
    return "".join([lit + (_value(values[ref], catalogue, form) if ref else "") for lit, ref in chosen])


def _value(typed: Typed, catalogue: Catalogue, form: str) -> str:
    kind = typed.kind
    if kind == "Name" and form != SAY:
        return str(typed.value)
    if kind == "wording":
        return _words(str(typed.value), catalogue, form)
    term = (form, f"terms.{kind}.{typed.value}")
    if term in catalogue.sentences:
        return catalogue.sentences[term][-1][0][0]
    show = read_out if form == SAY else shown
    return show(kind, typed.value, catalogue.forms)


def _words(key: str, catalogue: Catalogue, form: str) -> str:
    return catalogue.sentences[form, key][-1][0][0]


def text_of(prompt: Prompt, catalogue: Catalogue) -> Text:
    """The prompt for a screen: sentences, then one line an option."""
    lines = [render(said, catalogue) for said in prompt.said]
    lines += [f"{option.key} {render(option.label, catalogue)}" for option in prompt.options]
    return Text("\n".join(lines), footers(prompt.keys, catalogue))


@cache
def footers(names: tuple[str, ...], catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """The lines of a screen that offer these fixed keys: (name, the key and its word)."""
    keys = KEY_OF[False]
    return tuple(
        (name, f"{keys['more' if name == 'narrow_list' else name]} {_words(f'common.{name}', catalogue, TEXT)}")
        for name in names
    )


def script_of(prompt: Prompt, catalogue: Catalogue) -> tuple[str, ...]:
    """The prompt for a voice, sentence by sentence: option before key, and the fixed keys where they help."""
    spoken = [render(said, catalogue, SAY) for said in prompt.said]
    spoken += [_spoken_option(option, catalogue) for option in prompt.options]
    spoken += [_spoken_key(name, catalogue) for name in prompt.keys if name in ("more", "narrow_list")]
    if _was_silent(prompt.said):
        spoken += [_spoken_key(name, catalogue) for name in _HINTS if name in prompt.keys]
    return tuple(sentence for sentence in spoken if sentence)


def _spoken_option(option: Option, catalogue: Catalogue) -> str:
    key = Typed("Digits", option.key)
    if option.label.language:
        others = catalogue.others
        own = others[option.label.language] if option.label.language != catalogue.tag else catalogue
        return _joined(own.sentences[SAY, "common.language_option"][-1], {"key": key}, own)
    label = render(option.label, catalogue, SAY)
    return _joined(
        catalogue.sentences[SAY, "common.option"][-1], {"key": key, "label": Typed("said", label)}, catalogue
    )


def _spoken_key(name: str, catalogue: Catalogue) -> str:
    key = Typed("Digits", KEY_OF[True]["more" if name == "narrow_list" else name])
    return _joined(catalogue.sentences[SAY, f"common.{name}"][-1], {"key": key}, catalogue)


def _joined(template: Template, values: Mapping[str, Typed], catalogue: Catalogue) -> str:
    def word(typed: Typed) -> str:
        return str(typed.value) if typed.kind == "said" else read_out(typed.kind, typed.value, catalogue.forms)

    return "".join(literal + (word(values[ref]) if ref else "") for literal, ref in template)


def _was_silent(said: Iterable[Said]) -> bool:
    return any(one.wording is not None and one.wording.key == "common.no_input" for one in said)

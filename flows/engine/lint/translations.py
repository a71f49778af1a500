"""Translations: there is one for every sentence and form, it names the same values, and it can be read and spoken."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from unicodedata import category, name

from flows.engine.keys import is_voice
from flows.engine.lint.settings import LanguageFacts, LintSettings, Translated
from flows.engine.lint.words import english
from flows.engine.lookup import PARTS, references
from flows.engine.model import Flows, Wording
from flows.engine.problems import Problem
from flows.engine.reading import shortened
from flows.engine.wording import SAY, TEXT
from flows.engine.wordings import flow_wordings

_SHOWN = 5
_LATIN_WORD = re.compile(r"[0-9]*[A-Za-z][A-Za-z0-9]*")
_CAPITALS = re.compile(r"\b(?=[A-Z0-9]*[A-Z])[A-Z0-9]{2,}\b|\b[A-Z](?:\.[A-Z])+\b")
_FORM = {TEXT: "screen", SAY: "voice"}
SCRIPTS: Mapping[str, str] = MappingProxyType(
    {
        "Latn": "LATIN",
        "Deva": "DEVANAGARI",
        "Beng": "BENGALI",
        "Guru": "GURMUKHI",
        "Gujr": "GUJARATI",
        "Orya": "ORIYA",
        "Taml": "TAMIL",
        "Telu": "TELUGU",
        "Knda": "KANNADA",
        "Mlym": "MALAYALAM",
        "Arab": "ARABIC",
        "Mtei": "MEETEI MAYEK",
        "Olck": "OL CHIKI",
    }
)
"""ISO 15924 code → how the Unicode names of the script's letters begin."""


def check(flows: Flows, settings: LintSettings) -> Iterator[Problem]:
    """Every sentence in every language and form."""
    wanted = list(_wanted(flows, settings))
    for language, facts in settings.languages.items():
        lacking: list[tuple[str, str]] = []
        for file, wording, form in wanted:
            if language == settings.source_language:
                problems = _english(file, wording, form, facts, settings)
            else:
                found = settings.translate(wording.key, form, language)
                if found is None or not found.texts or not all(found.texts):
                    lacking.append((wording.key, form))
                    continue
                problems = _translated(wording, form, found, facts, settings)
            yield from problems
        yield from _lacking(lacking, len(wanted), facts)


def _wanted(flows: Flows, settings: LintSettings) -> Iterator[tuple[str, Wording, str]]:
    """File, sentence and form of everything that must be there; only what a voice says needs words for a voice."""
    shared = [(settings.common_file, wording) for wording in flows.common.values()]
    shared += [(settings.terms_file, wording) for members in flows.terms.values() for wording in members.values()]
    for file, wording in shared:
        yield from ((file, wording, form) for form in (TEXT, SAY))
    for flow in flows.by_name.values():
        voice = any(map(is_voice, flow.channels))
        for wording in flow_wordings(flow):
            if flow.subdialog and wording is flow.title:
                continue  # nobody hears of a subdialog by name
            yield flow.file, wording, TEXT
            if voice and not wording.key.endswith(".sms"):
                yield flow.file, wording, SAY


def _lacking(lacking: list[tuple[str, str]], all_: int, facts: LanguageFacts) -> Iterator[Problem]:
    hint = "Run python -m flows words --update, and translate them"
    for key, form in lacking[:_SHOWN] if len(lacking) > _SHOWN + 1 else lacking:
        told = f"{facts.english} has no words for {key} ({_FORM[form]}). {hint}."
        yield Problem(facts.file, 1, "untranslated", told)
    if len(lacking) > _SHOWN + 1:
        rest = len(lacking) - _SHOWN
        told = f"{facts.english} lacks {rest} more of {all_} sentences. {hint}, or take the language out of the menu."
        yield Problem(facts.file, 1, "untranslated", told)


def _english(file: str, wording: Wording, form: str, facts: LanguageFacts, settings: LintSettings) -> Iterator[Problem]:
    if form == SAY and not wording.say:
        unfit = next(filter(None, (_unspeakable(text, settings) for text in english(wording, SAY))), "")
        if unfit:
            told = f'"{shortened(wording.text)}" is said by a voice too, and {unfit}. Add say: the same in words.'
            yield Problem(file, wording.line or 1, "unspeakable", told)
        return
    for text in english(wording, form):
        for code, told in _unfit(text, form, facts, settings):
            yield Problem(file, wording.line or 1, code, told)


def _translated(
    wording: Wording, form: str, found: Translated, facts: LanguageFacts, settings: LintSettings
) -> Iterator[Problem]:
    where = f"{wording.key} ({_FORM[form]})"
    if found.fuzzy:
        told = f"{where} is marked fuzzy: its English changed, or nobody has reviewed it. Look at it, then unmark it."
        yield Problem(facts.file, found.line, "fuzzy", told)
        return
    source = english(wording, form)
    if len(found.texts) != len(source):
        forms = "one and other" if len(source) == 2 else "a single form"
        told = f"{where} needs {forms}, as the English has. Run python -m flows words --update to get the entry right."
        yield Problem(facts.file, found.line, "plural", told)
        return
    named = set(references(source[-1]))
    for text in found.texts:
        if set(references(text)) != named or "{" in PARTS.sub("", text) or "}" in PARTS.sub("", text):
            values = " ".join(f"{{{reference}}}" for reference in references(source[-1])) or "no values"
            told = f'{where}: "{shortened(text)}" must hold {values}, as the English does, and nothing else in braces'
            yield Problem(facts.file, found.line, "placeholders", f"{told}. Put the braces right.")
            continue
        for code, told in _unfit(text, form, facts, settings):
            yield Problem(facts.file, found.line, code, f"{where}: {told}")


def _unfit(text: str, form: str, facts: LanguageFacts, settings: LintSettings) -> Iterator[tuple[str, str]]:
    """What cannot stand in a text of this language and form."""
    bare = PARTS.sub(" ", text)
    allowed = settings.spelled if form == SAY else settings.words | settings.spelled
    if facts.script != "Latn":
        for word in _LATIN_WORD.findall(bare):
            if word not in allowed:
                told = f'"{shortened(text)}" has the Latin word "{word}". Write it in the script of {facts.english}.'
                yield "script", told
                break
    own = ("", SCRIPTS.get(facts.script, facts.script))
    strange = next((letter for letter in bare if not letter.isascii() and _script_of(letter) not in own), "")
    if strange:
        told = f'"{shortened(text)}" has "{strange}", a letter of another script ({_script_of(strange).title()})'
        yield "script", f"{told}. Write it in the script of {facts.english}."
    if form == SAY:
        unfit = _unspeakable(text, settings)
        if unfit:
            yield "unspeakable", f'"{shortened(text)}" is for a voice, and {unfit}. Write it in words.'


def _unspeakable(text: str, settings: LintSettings) -> str:
    """What a voice would spell out or read wrongly."""
    bare = PARTS.sub(" ", text)
    digits = "".join(letter for letter in bare if category(letter) == "Nd")
    if digits:
        return f'has the digits "{digits}"'
    capitals = [word for word in _CAPITALS.findall(bare) if word not in settings.spelled]
    return f'has the capitals "{capitals[0]}", which would be spelled' if capitals else ""


@cache
def _script_of(letter: str) -> str:
    """How the Unicode name of a letter begins: its script; "" for what is no letter."""
    if category(letter)[0] not in "LM":
        return ""
    own = name(letter, "")
    return next((script for script in SCRIPTS.values() if own.startswith(f"{script} ")), own.partition(" ")[0])

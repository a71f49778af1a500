"""The linter's settings from the folder of flows: languages, translations, the register of codes.

What lies above flows (how a carrier cuts screens, what operations declare) comes in as arguments.
"""

import tomllib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from flows.catalogues import SOURCE_LANGUAGE, entries, read
from flows.engine.forms import widest
from flows.engine.lint.settings import Bounds, LanguageFacts, LintSettings, Pages, Translate, Translated
from flows.languages import Language
from flows.library import Library

WORDS = frozenset({"PIN", "SMS", "LPG", "ID", "CSC", "UPI", "123PAY", "DEMO", "STOP", "START", "HELP"})
"""Words in Latin letters that people know in every script: a screen of any language may show them."""
SPELLED = frozenset({"SMS"})
"""Abbreviations that every voice spells out rightly."""


def settings(
    library: Library,
    register: str,
    *,
    pages: Mapping[str, Pages],
    sms_parts: Callable[[str], int],
    members: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    bounds: Bounds | None = None,
) -> LintSettings:
    """Make the settings ready; `register` is the text of codes.toml. Raises ValueError when that is no TOML."""
    codes = tomllib.loads(register).get("codes", {})
    return LintSettings(
        languages={tag: _facts(language) for tag, language in library.languages.items()},
        translate=_translate(library),
        widest=lambda language, kind: widest(kind, library.languages[language].forms),
        pages=pages,
        sms_parts=sms_parts,
        codes={str(code): str(flow) for code, flow in codes.items()},
        code_lines=_lines(register),
        members=members,
        words=WORDS,
        spelled=SPELLED,
        source_language=SOURCE_LANGUAGE,
        bounds=bounds or Bounds(),
    )


def _facts(language: Language) -> LanguageFacts:
    file = f"flows/locales/{language.tag}.po"
    return LanguageFacts(language.english, language.script, file, language.letters_a_second)


def _translate(library: Library) -> Translate:
    found: dict[tuple[str, str, str], Translated] = {}
    wanted = list(entries(library.flows))
    for tag in library.languages:
        catalog = read(library.sources.get(f"locales/{tag}.po", ""), tag)
        for entry in wanted:
            message = catalog.get((entry.one, entry.other) if entry.one else entry.other, context=entry.context)
            if message is not None:
                texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
                place = (entry.wording.key, entry.form, tag)
                found[place] = Translated(texts, message.fuzzy, message.lineno or 1)
    return lambda key, form, language: found.get((key, form, language))


def _lines(register: str) -> Mapping[str, int]:
    """Code → line of the register: each stands at the beginning of its own line."""
    lines: dict[str, int] = {}
    for number, line in enumerate(register.splitlines(), 1):
        code = line.partition("=")[0].strip().strip('"')
        if code.isdigit():
            lines.setdefault(code, number)
    return lines

"""Ghanti's own languages, read once from `languages.toml`: names, script, plural rule and the forms of values."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

from babel import Locale, UnknownLocaleError

from flows.engine.forms import LanguageForms, ScreenForms, VoiceForms

LANGUAGES_FILE = Path(__file__).with_name("languages.toml")
_COUNTED = ("hours", "minutes", "rupees", "paise", "kilometres", "degrees")
_IN_BRACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "screen.day": frozenset({"day", "month", "year"}),
        "screen.moment": frozenset({"day", "time"}),
        **{f"screen.{number}": frozenset({"n"}) for number in ("amount", "kilometres", "celsius")},
        "voice.day": frozenset({"day", "month", "year"}),
        "voice.moment": frozenset({"day", "hours", "minutes"}),
        "voice.amount": frozenset({"rupees", "paise"}),
        "voice.below_zero": frozenset({"value"}),
        "voice.minus": frozenset({"value"}),
        "voice.ending": frozenset({"digits"}),
        **{f"voice.{thing}.{form}": frozenset({"n"}) for thing in _COUNTED for form in ("one", "other")},
    }
)
"""The values that stand in braces in each pattern; a text that is not here has none."""


class BadLanguages(ValueError):
    """The file of languages is not as it must be; the message says where, and what to do."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the menu.

    `direction` is `ltr` or `rtl`, `script` a code of ISO 15924, `letters_a_second` how fast a voice speaks its texts.
    """

    tag: str
    native: str
    english: str
    script: str
    direction: str
    letters_a_second: int
    forms: LanguageForms

    def plural(self, number: int) -> str:
        """The CLDR plural form of a whole number of things: `one` or `other`."""
        return self.forms.plural(number)


@dataclass(frozen=True, slots=True)
class _Table:
    """A language as it stands in the file."""

    native: str
    english: str
    script: str
    direction: str
    plural: str
    letters_a_second: int
    screen: ScreenForms
    voice: VoiceForms


def load(path: Path = LANGUAGES_FILE) -> Mapping[str, Language]:
    """The languages by tag, in the order of the menu. Raises BadLanguages, and OSError where there is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadLanguages(f"{path.name}: {error}") from None
    return read(text, path.name)


def read(text: str, name: str = LANGUAGES_FILE.name) -> Mapping[str, Language]:
    """The languages in this text, as `load` gives them. Raises BadLanguages."""
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise BadLanguages(f"{name}: {error}") from None
    if not tables:
        raise BadLanguages(f"{name}: write at least one language")
    try:
        return MappingProxyType({tag: _language(tag, table) for tag, table in tables.items()})
    except BadLanguages as error:
        raise BadLanguages(f"{name}: {error}") from None


def _language(tag: str, written: object) -> Language:
    table = _built(_Table, written, tag, "")
    if table.direction not in ("ltr", "rtl"):
        raise BadLanguages(f"[{tag}] direction: write ltr or rtl")
    forms = LanguageForms(table.screen, table.voice, _plural_rule(tag, table.plural))
    return Language(
        tag, table.native, table.english, table.script, table.direction, table.letters_a_second, forms
    )  # fmt: skip


def _plural_rule(tag: str, language: str) -> Callable[[int], str]:
    """The CLDR's plural rule of a language, for whole numbers."""
    try:
        rule = Locale.parse(language).plural_form
    except (UnknownLocaleError, ValueError):
        raise BadLanguages(f"[{tag}] plural: the CLDR has no language {language}") from None
    if not rule.tags <= {"one"}:
        raise BadLanguages(f"[{tag}] plural: {language} has more forms than one and other")
    return lru_cache(maxsize=1024)(rule)


_Built = TypeVar("_Built")


def _built(into: type[_Built], written: object, tag: str, key: str) -> _Built:
    """The table of the file as this dataclass, every key and type checked."""
    where = f"[{tag}] {key}".rstrip()
    if not isinstance(written, dict):
        raise BadLanguages(f"{where}: write a table")
    wanted = get_type_hints(into)
    if missing := wanted.keys() - written.keys():
        raise BadLanguages(f"{where}: write {', '.join(sorted(missing))} as well")
    if unknown := written.keys() - wanted.keys():
        raise BadLanguages(f"{where}: leave out {', '.join(sorted(unknown))}, nothing of that name is known")
    return into(
        **{name: _value(kind, written[name], tag, f"{key}.{name}".lstrip(".")) for name, kind in wanted.items()}
    )


def _value(kind: Any, written: object, tag: str, key: str) -> object:
    where = f"[{tag}] {key}"
    if is_dataclass(kind):
        assert isinstance(kind, type)
        return _built(kind, written, tag, key)
    if kind is int:
        if not isinstance(written, int) or isinstance(written, bool) or written < 1:
            raise BadLanguages(f"{where}: write a whole number from 1 on")
        return written
    if kind is str:
        return _pattern(written, where, _IN_BRACES.get(key, frozenset()))
    if not isinstance(written, list) or len(written) != 12:
        raise BadLanguages(f"{where}: write twelve months, from January on")
    return tuple(_pattern(month, where, frozenset()) for month in written)


def _pattern(written: object, where: str, wanted: frozenset[str]) -> str:
    if not isinstance(written, str) or not written.strip():
        raise BadLanguages(f"{where}: write a text")
    expected = f"{where}: write {' '.join(f'{{{name}}}' for name in sorted(wanted)) or 'nothing'} in braces"
    try:
        found = {
            (name, spec, conversion) for _, name, spec, conversion in Formatter().parse(written) if name is not None
        }
    except ValueError:
        raise BadLanguages(expected) from None
    if found != {(name, "", None) for name in wanted}:
        raise BadLanguages(expected)
    return written

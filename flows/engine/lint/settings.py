"""What the linter must be told, as plain data and functions: everything that lies above the engine or outside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Translated:
    """What a language has for a sentence: (other,) or (one, other). `fuzzy`: a translator must look at it again."""

    texts: tuple[str, ...]
    fuzzy: bool = False
    line: int = 1


@dataclass(frozen=True, slots=True)
class LanguageFacts:
    """One language: its English name, ISO 15924 script, the file of its sentences, and how fast a voice speaks."""

    english: str
    script: str
    file: str
    letters_a_second: float


Translate = Callable[[str, str, str], Translated | None]
"""(key of a sentence, form `text` or `say`, language) → what the language has, or None."""
Pages = Callable[[str, str, tuple[str, ...]], int]
"""(body, line for more, lines that must stand at the end) → how many screens the carrier needs."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a caller can bear. Pages of a screen by what is shown on it; seconds of a voice; parts of an SMS."""

    pages: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"menu": 3, "ask": 2, "confirm": 2, "tell": 4})
    )
    menu_seconds: float = 20.0
    clip_seconds: float = 8.0
    sms_parts: int = 2
    inputs: int = 8


@dataclass(frozen=True, slots=True)
class LintSettings:
    """All that the proof needs beside the flows.

    `widest(language, kind)` gives the widest value of a type on a screen. `pages` is by channel; a channel that is not
    there has room enough. `sms_parts` counts the SMS that a text takes. `codes` is the
    register of service codes: code → flow, also of flows that are gone; `code_lines` code → line of the register.
    `members` is enumeration → its members. `words` are words in Latin letters that may stand in any script; `spelled`
    are abbreviations that a voice may spell out.
    """

    languages: Mapping[str, LanguageFacts]
    translate: Translate
    widest: Callable[[str, str], str]
    pages: Mapping[str, Pages]
    sms_parts: Callable[[str], int]
    codes: Mapping[str, str]
    code_lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    members: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    words: frozenset[str] = frozenset()
    spelled: frozenset[str] = frozenset()
    source_language: str = "en"
    bounds: Bounds = field(default_factory=Bounds)
    codes_file: str = "flows/codes.toml"
    common_file: str = "flows/common.yaml"
    terms_file: str = "flows/terms.yaml"

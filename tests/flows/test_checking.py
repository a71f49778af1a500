"""The linter's settings from the folder of flows: what translators and the register wrote arrives in the proof."""

from pathlib import Path

import pytest

from flows import checking
from flows.engine import lint
from flows.engine.lint import LintSettings, Translated
from flows.library import Library, load
from tests.engine.lint_world import BASE, SIGNATURES

ROOT = Path(__file__).resolve().parents[2]
REGISTER = '# Codes are for ever.\n[codes]\n10 = "main_menu"\n"13" = "gone"\n'
PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgctxt "main_menu.start text"
msgid "Which service?"
msgstr "कौन सी सेवा?"

#, fuzzy
msgctxt "main_menu.start say"
msgid "Which service?"
msgstr "कौन सी?"

msgctxt "main_menu.start.choice.main_menu text"
msgid "Another English"
msgstr "फिर"

msgctxt "pin.wrong text"
msgid "{check.left} try is left."
msgid_plural "{check.left} tries are left."
msgstr[0] "{check.left} बार।"
msgstr[1] "{check.left} बार और।"
"""


def library() -> Library:
    sources = {path.relative_to(BASE).as_posix(): path.read_text(encoding="utf-8") for path in BASE.rglob("*.yaml")}
    languages = (ROOT / "flows" / "languages.toml").read_text(encoding="utf-8")
    return load({**sources, "common.yaml": "{}", "languages.toml": languages, "locales/hi.po": PO}, SIGNATURES)


def made(register: str = REGISTER) -> LintSettings:
    return checking.settings(library(), register, pages={}, sms_parts=len)


@pytest.mark.parametrize(
    ("key", "form", "expected"),
    [
        ("main_menu.start", "text", Translated(("कौन सी सेवा?",), line=7)),
        ("main_menu.start", "say", Translated(("कौन सी?",), fuzzy=True, line=12)),
        ("main_menu.start.choice.main_menu", "text", None),
        ("main_menu.start.choice.main_menu", "say", None),
        ("pin.wrong", "text", Translated(("{check.left} बार।", "{check.left} बार और।"), line=20)),
    ],
    ids=["translated", "fuzzy", "of another English", "missing", "with a count"],
)
def test_translations(key: str, form: str, expected: Translated | None) -> None:
    assert made().translate(key, form, "hi") == expected


def test_a_language_without_a_file_has_nothing() -> None:
    assert made().translate("main_menu.start", "text", "en") is None


def test_facts_of_a_language() -> None:
    hindi = made().languages["hi"]
    assert (hindi.english, hindi.script, hindi.file) == ("Hindi", "Deva", "flows/locales/hi.po")
    assert hindi.letters_a_second > 0


def test_the_register_with_its_lines() -> None:
    settings = made()
    assert settings.codes == {"10": "main_menu", "13": "gone"}
    assert settings.code_lines == {"10": 3, "13": 4}


def test_a_register_that_is_no_toml_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        made("codes: {}")


def test_widest_values_are_those_of_the_language() -> None:
    settings = made()
    assert settings.widest("en", "Pincode") == "000000"
    assert settings.widest("en", "Paise") != settings.widest("hi", "Paise")


def test_problems_of_a_translation_name_its_file_and_line() -> None:
    ready = library()
    told = [str(problem) for problem in lint.check(ready.flows, made()) if problem.code == "fuzzy"]
    assert told == [
        "flows/locales/hi.po:12: main_menu.start (voice) is marked fuzzy: its English changed, or nobody has reviewed "
        "it. Look at it, then unmark it. [fuzzy]"
    ]

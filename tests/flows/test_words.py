"""Translations: the PO files carry everything, lose nothing, and are written the same each time."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows import words
from flows.catalogues import catalogue, catalogues, entries, read, translation
from flows.engine.effects import Said, Typed
from flows.engine.wording import SAY, TEXT, render
from flows.library import FLOWS, read_sources
from tests.engine.world import library

FLOWS_, HINDI = library().flows, library().languages["hi"]
HI_PO = (FLOWS / "locales" / "hi.po").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hi.po").write_text(HI_PO, encoding="utf-8")
    return tmp_path


def changed(key: str, text: str) -> "object":
    flow = FLOWS_.by_name["post_offices"]
    pin = flow.blocks["pin"]
    blocks = {**flow.blocks, "pin": replace(pin, prompt=replace(pin.prompt, text=text, say=text))}  # type: ignore[arg-type, union-attr]
    return replace(FLOWS_, by_name={**FLOWS_.by_name, "post_offices": replace(flow, blocks=blocks)})


def test_the_committed_file_is_what_update_writes(folder: Path) -> None:
    words.update(FLOWS_, HINDI, folder)
    assert (folder / "hi.po").read_text(encoding="utf-8") == HI_PO


def test_hindi_and_english_are_complete(folder: Path) -> None:
    for language in library().languages.values():
        for share in words.shares(FLOWS_, language, folder):
            assert (share.percent, share.fuzzy) == (100, 0), share


def test_a_new_language_starts_empty_and_with_the_plural_rule_of_cldr(tmp_path: Path) -> None:
    tamil = replace(HINDI, tag="ta", english="Tamil")
    words.update(FLOWS_, tamil, tmp_path)
    text = (tmp_path / "ta.po").read_text(encoding="utf-8")
    assert '"Plural-Forms: nplurals=2; plural=' in text and "n == 1" in text and "n == 0" not in text
    assert words.shares(FLOWS_, tamil, tmp_path)[0].translated == 0
    assert text.count("msgctxt") == len(list(entries(FLOWS_)))


def test_hindi_counts_nought_as_one() -> None:
    assert "plural=((((n == 0)) || ((n == 1))) ? 0 : 1)" in HI_PO


def test_changed_english_keeps_the_old_translation_as_fuzzy_and_it_is_not_used(folder: Path) -> None:
    flows = changed("post_offices.pin", "Enter a PIN code.")
    words.update(flows, HINDI, folder)  # type: ignore[arg-type]
    text = (folder / "hi.po").read_text(encoding="utf-8")
    assert '#, fuzzy\n#| msgid "Enter your 6-digit PIN code."' in text
    share = words.shares(flows, HINDI, folder)[0]  # type: ignore[arg-type]
    assert share.fuzzy == 1 and share.translated == share.all - 1
    ready = catalogue(flows, HINDI, read(text, "hi"))  # type: ignore[arg-type]
    assert render(Said(flows.by_name["post_offices"].blocks["pin"].prompt, {}), ready) == "Enter a PIN code."  # type: ignore[attr-defined]


def test_a_reviewed_sentence_is_counted(folder: Path) -> None:
    text = HI_PO.replace('msgctxt "common.back text"', '# status: approved\nmsgctxt "common.back text"')
    (folder / "hi.po").write_text(text, encoding="utf-8")
    assert words.shares(FLOWS_, HINDI, folder)[0].approved == 1
    words.update(FLOWS_, HINDI, folder)
    assert "# status: approved\n" in (folder / "hi.po").read_text(encoding="utf-8")


def test_the_plural_of_the_language_decides() -> None:
    wrong = FLOWS_.by_name["pin"].blocks["wrong"].prompt  # type: ignore[union-attr]
    for count, form in ((1, "मौक़ा"), (2, "मौक़े")):
        said = Said(wrong, {"check.left": Typed("Count", count)})
        assert form in render(said, library().catalogues["hi"], TEXT)


def test_a_voice_never_falls_back_to_a_screen(folder: Path) -> None:
    without = HI_PO.replace('msgctxt "post_offices.pin say"', 'msgctxt "post_offices.pin gone"')
    ready = catalogues(FLOWS_, library().languages, {"hi": without})["hi"]
    prompt = FLOWS_.by_name["post_offices"].blocks["pin"].prompt  # type: ignore[union-attr]
    assert render(Said(prompt, {}), ready, SAY) == "Please key in the six digits of your pin code."
    assert render(Said(prompt, {}), ready, TEXT) == "6 अंकों का पिन कोड लिखें।"


def test_every_entry_has_its_own_context() -> None:
    contexts = [entry.context for entry in entries(FLOWS_)]
    assert len(contexts) == len(set(contexts))


def test_a_translation_of_other_english_is_none() -> None:
    entry = next(iter(entries(FLOWS_)))
    other = replace(entry, other="Something else")
    assert translation(read(HI_PO, "hi"), entry) and translation(read(HI_PO, "hi"), other) is None


def test_the_version_changes_with_any_source() -> None:
    from flows.library import version_of

    sources = dict(read_sources())
    before = version_of(sources)
    assert before == version_of(dict(reversed(sources.items())))
    sources["locales/hi.po"] += "\n"
    assert version_of(sources) != before

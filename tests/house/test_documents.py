"""The documents say what there is, and what they say is there."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, code, documents, files, parsed, rooms, shown

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
TEXTS = [file for file in files(".md")]


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def entries() -> set[str]:
    """What `python -m` can start: packages with a `__main__`, and modules that start something themselves."""
    found = set()
    for file in code():
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        if file.name == "__main__.py":
            found.add(name.removesuffix(".__main__"))
        elif any(_is_main_guard(node) for node in parsed(file).body):
            found.add(name)
    return found - {"app"}


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_make_target_is_in_the_documents(target: str) -> None:
    assert re.search(rf"`make {target}\b", documents())


@pytest.mark.parametrize("entry", sorted(entries()))
def test_every_entry_point_is_in_the_documents(entry: str) -> None:
    assert re.search(rf"python -m {re.escape(entry)}(?![\w.])", documents())


@pytest.mark.parametrize("file", TEXTS, ids=shown)
def test_every_command_in_a_document_exists(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    made = set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE))
    started = set(re.findall(r"python -m ([\w.]*\w)", text))
    assert made - TARGETS == set()
    assert started - entries() - {"pytest", "pip"} == set()


@pytest.mark.parametrize("file", TEXTS, ids=shown)
def test_every_link_in_a_document_leads_somewhere(file: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


@pytest.mark.parametrize("room", [*rooms(), "bench", *(file.name for file in code() if file.parent == ROOT)])
def test_the_architecture_shows_every_room(room: str) -> None:
    assert re.search(rf"\b{re.escape(room)}\b", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", TEXTS, ids=shown)
def test_every_file_that_a_document_names_exists(file: Path) -> None:
    named = set(
        re.findall(r"`((?:flows|ussd|sessions|services|bench|docs|tests)/[\w./-]*\w)`", file.read_text("utf-8"))
    )
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [file.name[:5] for file in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_a_decision_has_its_number_its_context_and_its_consequences(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.match(rf"# {file.name[:4]} [A-Z]", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[:3] == ["Context", "Decision", "Consequences"]


def test_the_readme_gives_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\nmake run\n" in text
    assert "\nmake test\n" in text


def test_the_transcript_in_the_readme_is_one_that_the_tests_replay() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- transcript")[2].partition("<!-- end -->")[0]
    shown_there = text.partition("```\n")[2].partition("```")[0]
    replayed = [file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "transcripts").rglob("*.*")]
    assert shown_there.startswith("dials ")
    assert any(shown_there in conversation for conversation in replayed)

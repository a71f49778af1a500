"""One word for one idea: a word that GLOSSARY.md refuses names nothing in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, code, parsed, shown

GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
REFUSED = frozenset(
    re.findall(r"`(\w+)`", GLOSSARY.partition("<!-- refused names -->")[2].partition("<!-- end -->")[0])
)


def _names(tree: ast.Module) -> Iterator[str]:
    """Every name that this file gives to something: what it imports was named by others."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def _words(name: str) -> str:
    return "_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_") + "_"


def refused_in(tree: ast.Module) -> set[str]:
    """The names in a file that hold a refused word."""
    return {name for name in _names(tree) if any(f"_{word}_" in _words(name) for word in REFUSED)}


def test_the_glossary_refuses_some_names() -> None:
    assert {"journey", "user_id", "payload"} <= REFUSED


def test_a_refused_word_is_found_in_any_spelling() -> None:
    assert refused_in(ast.parse("class UserJourney: ...\nuser_id = 1\ndef f(payload): ...\nmessage = 2")) == {
        "UserJourney",
        "user_id",
        "payload",
    }


@pytest.mark.parametrize("file", code(), ids=shown)
def test_a_file_gives_no_refused_name(file: Path) -> None:
    assert refused_in(parsed(file)) == set()

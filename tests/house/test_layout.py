"""Small files, each with a name that says its job, in folders that say what is in them."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import code, files, parsed, shown

MOST_LINES = 250
REFUSED_NAMES = {"util", "utils", "helper", "helpers", "base", "manager", "managers", "misc", "common_utils", "core"}


@pytest.mark.parametrize("file", code(), ids=shown)
def test_no_code_file_is_longer_than_250_lines(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", code(), ids=shown)
def test_every_code_file_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(parsed(file)), f"{shown(file)} needs a docstring at its top"


def test_every_folder_of_code_is_a_package_that_says_what_is_in_it() -> None:
    folders = {file.parent for file in code() if "/" in shown(file) and not shown(file).startswith("docs/")}
    assert [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    names = {part.removesuffix(".py"): shown(file) for file in files(".py") for part in shown(file).split("/")}
    assert {names[name] for name in REFUSED_NAMES & names.keys()} == set()


def test_every_file_ends_with_one_newline() -> None:
    texts = files(".py", ".md", ".toml", ".yaml", ".po", ".txt")
    ends = {shown(file): file.read_bytes()[-2:] for file in texts if file.stat().st_size}
    assert [name for name, end in ends.items() if not end.endswith(b"\n") or end == b"\n\n"] == []

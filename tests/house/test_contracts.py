"""Who may import whom: the contracts run, they cover every room, and the engine stays a function."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, parsed, rooms, shown

LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in LINTER["contracts"]}
PURE = {
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "difflib",
    "enum",
    "functools",
    "heapq",
    "itertools",
    "math",
    "operator",
    "re",
    "types",
    "typing",
    "unicodedata",
}
"""What the engine may import beside itself: nothing that reads a clock, a file, a socket or a random number."""
CLOCKS = {"now", "today", "utcnow", "open", "input", "print", "eval", "exec", "__import__", "getenv"}


def test_every_contract_is_kept() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_room_stands_in_the_contracts() -> None:
    named = {name.strip(" ()") for layer in CONTRACTS["layers"]["layers"] for name in layer.split("|")}
    assert set(rooms()) == set(LINTER["root_packages"])
    assert set(rooms()) <= named
    assert set(rooms()) == set(CONTRACTS["app"]["source_modules"])


ENGINE = [file for file in files(".py") if shown(file).startswith("flows/engine/")]


def _imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "name the whole module"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("file", ENGINE, ids=shown)
def test_the_engine_imports_only_itself_and_pure_parts_of_the_standard_library(file: Path) -> None:
    outside = {name for name in _imported(parsed(file)) if name != "flows.engine" and "flows.engine." not in name}
    assert outside <= PURE


@pytest.mark.parametrize("file", ENGINE, ids=shown)
def test_the_engine_reads_no_clock_and_no_file(file: Path) -> None:
    asked = {
        function.attr if isinstance(function, ast.Attribute) else function.id
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        for function in [node.func]
        if isinstance(function, ast.Attribute | ast.Name)
    }
    assert asked & CLOCKS == set()

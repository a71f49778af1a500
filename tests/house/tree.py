"""The files of this project as the house rules see them: what a fresh clone holds, nothing that was made later."""

import ast
import os
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MADE = {".git", ".venv", "var", "node_modules", "__pycache__"}


@cache
def files(*endings: str) -> tuple[Path, ...]:
    """Every file, or those with one of these endings (`.py`), sorted."""
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in _MADE and not name.endswith(("_cache", ".hypothesis"))]
        found += [Path(folder, name) for name in names if name != ".env" and not name.endswith(".pyc")]
    return tuple(sorted(file for file in found if not endings or file.suffix in endings))


def shown(file: Path) -> str:
    """The path as a person names it."""
    return file.relative_to(ROOT).as_posix()


def code() -> tuple[Path, ...]:
    """Every Python file that is not a test."""
    return tuple(file for file in files(".py") if not shown(file).startswith("tests/"))


def rooms() -> tuple[str, ...]:
    """The packages at the top of the house that hold the service itself."""
    return tuple(sorted({shown(file).split("/")[0] for file in code() if "/" in shown(file)} - {"bench", "docs"}))


@cache
def parsed(file: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=shown(file))


def documents() -> str:
    """The text of every document, one after another."""
    return "\n".join(file.read_text(encoding="utf-8") for file in files(".md"))

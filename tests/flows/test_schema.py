"""The schema for editors and the parser agree: what the one takes the other takes."""

import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from flows import read_yaml, schema
from flows.engine.format import BLOCKS, HEADER
from flows.engine.source import Mapping, Node, Scalar

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "tests" / "engine" / "lint_cases").glob("*.yaml"))
FLOWS = sorted(
    path for path in (ROOT / "flows").rglob("*.yaml") if path.name not in ("common.yaml", "terms.yaml")
)  # fmt: skip
BASE = sorted(path for path in (ROOT / "tests" / "engine" / "lint_base").rglob("*.yaml") if path.name != "terms.yaml")
SHAPES = {"unknown-key", "missing-key", "kind", "value", "shape", "empty", "name", "code", "sentence", "grammar"}
"""Kinds of mistakes that can be seen in one part of a file, without the rest and without meaning."""
HEADER_TEXT = "title: Case\nlevel: help\ndepartment: Test\nowner: test\ncode: 20\nauth: none\n"


def first_case_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0]


@cache
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(schema.schema())


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    return [plain(item) for item in node.items]


def parts(text: str) -> list[object]:
    found, problems = read_yaml.documents(text, "x")
    assert problems == []
    return [plain(node) for node in found]


def valid(part: object) -> bool:
    return validator().is_valid(part)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(schema.schema())
    assert json.loads(schema.text()) == schema.schema()


@pytest.mark.parametrize("path", [*FLOWS, *BASE], ids=lambda path: path.stem)
def test_every_flow_is_valid(path: Path) -> None:
    assert [valid(part) for part in parts(path.read_text(encoding="utf-8"))] == [True, True]


@pytest.mark.parametrize(
    "path",
    [path for path in CASES if path.stem.startswith("good") and "# as: terms" not in first_case_line(path)],
    ids=lambda path: path.stem,
)
def test_every_good_case_is_valid(path: Path) -> None:
    assert all(valid(part) for part in parts(path.read_text(encoding="utf-8")))


def broken_shapes() -> list[Path]:
    chosen = []
    for path in CASES:
        line = first_case_line(path)
        kind = line.rpartition("[")[2].rstrip("]")
        elsewhere = "# as: common\n" in (text := path.read_text(encoding="utf-8")) or "# as: terms\n" in text
        if line.startswith("# expect:") and kind in SHAPES and not elsewhere and path.stem not in MEANT:
            chosen.append(path)
    return chosen


MEANT = {"grammar_bounds", "code_in_register", "register_of_wrong_codes", "too_deep", "say_without_one"}
"""Cases whose mistake a schema cannot see: bounds of numbers, other files, depth, two keys that must look alike."""


@pytest.mark.parametrize("path", broken_shapes(), ids=lambda path: path.stem)
def test_a_broken_flow_is_not_valid(path: Path) -> None:
    assert not all(valid(part) for part in parts(path.read_text(encoding="utf-8")))


def test_there_are_broken_flows_of_each_shape() -> None:
    kinds = {first_case_line(path).rpartition("[")[2].rstrip("]") for path in broken_shapes()}
    assert kinds == SHAPES


def test_a_code_may_be_a_number_as_editors_read_it() -> None:
    (header,) = parts(HEADER_TEXT)
    assert isinstance(header, dict)
    assert valid({**header, "code": 20})
    assert not valid({**header, "code": 7})


@pytest.mark.parametrize("key", [key.name for key in HEADER if key.required])
def test_a_header_needs_each_of_its_required_keys(key: str) -> None:
    (header,) = parts(HEADER_TEXT)
    assert isinstance(header, dict)
    assert valid(header)
    assert not valid({name: value for name, value in header.items() if name != key})


def test_a_block_that_is_called_as_a_key_of_the_header_is_a_block() -> None:
    (body,) = parts("title:\n  tell: Hello\n  then: end\n")
    assert valid(body)


def test_every_key_says_what_it_is_for() -> None:
    definitions = schema.schema()["definitions"]
    assert isinstance(definitions, dict)
    for kind in ("header", "subdialog", *BLOCKS):
        assert all(shape["description"] for shape in definitions[kind]["properties"].values())


def test_the_file_for_editors_is_the_schema() -> None:
    kept = (ROOT / "flows" / "flow.schema.json").read_text(encoding="utf-8")
    assert kept == schema.text(), "make docs writes it anew"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_flow_tells_an_editor_its_schema(path: Path) -> None:
    modeline = path.read_text(encoding="utf-8").partition("\n")[0]
    name = modeline.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / name).resolve() == (ROOT / "flows" / "flow.schema.json").resolve()

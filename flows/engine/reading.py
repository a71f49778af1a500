"""Taking a written file apart by the tables of `format`: every surprise becomes a problem, never an exception."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.engine import source
from flows.engine.format import NAME, Key
from flows.engine.problems import Problem, instead
from flows.engine.source import Node, Scalar

_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under one key, and the line of the key."""

    line: int
    node: Node


class Reader:
    """Reads one file; `problems` grows as it goes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def problem(self, line: int, code: str, sentence: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(self.file, line, code, sentence))

    def pairs(self, node: Node, what: str) -> Iterator[tuple[str, Entry]]:
        """The entries of a mapping, each key once; a node that is no mapping has none."""
        if not isinstance(node, source.Mapping):
            self.problem(node.line, "shape", f'{what} must be a mapping. Write lines of "key: value" there.')
            return
        seen: dict[str, int] = {}
        for key, value in node.entries:
            if key.text in seen:
                first = seen[key.text]
                told = f'"{shortened(key.text)}" stands twice in {what}, first on line {first}. Keep one.'
                self.problem(key.line, "duplicate-key", told)
                continue
            seen[key.text] = key.line
            yield key.text, Entry(key.line, value)

    def keyed(self, node: Node, what: str, keys: Sequence[Key]) -> dict[str, Entry] | None:
        """The entries of a mapping whose keys are these; None when one that must be there is missing."""
        known = [key.name for key in keys]
        found: dict[str, Entry] = {}
        for name, entry in self.pairs(node, what):
            if name in known:
                found[name] = entry
                continue
            hint = instead(name, known, "Its keys are: ")
            self.problem(entry.line, "unknown-key", f'"{shortened(name)}" is not a key of {what}. {hint}')
        if not isinstance(node, source.Mapping):
            return None
        missing = [key for key in keys if key.required and key.name not in found]
        for key in missing:
            self.problem(node.line, "missing-key", f'{what} has no "{key.name}". Add it: {uncapped(key.about)}')
        return None if missing else found

    def text(self, node: Node, what: str) -> str | None:
        """A text in one line, not empty."""
        if not isinstance(node, Scalar):
            self.problem(node.line, "shape", f"{what} must be a text. Write it on one line, in double quotes.")
            return None
        text = " ".join(node.text.split())
        if not text:
            self.problem(node.line, "empty", f"{what} is empty. Write something there, or take the key out.")
            return None
        return text

    def fitting(self, node: Node, what: str, pattern: str, hint: str, code: str = "name") -> str | None:
        """A text of this pattern; `hint` says what to write instead, under this code of a problem."""
        text = self.text(node, what)
        if text is None or re.fullmatch(pattern, text):
            return text
        self.problem(node.line, code, f'{what} cannot be "{shortened(text)}". {hint}')
        return None

    def one_of(self, node: Node, what: str, values: Sequence[str]) -> str | None:
        """One of these texts."""
        text = self.text(node, what)
        if text is None or text in values:
            return text
        told = f'{what} cannot be "{shortened(text)}". {instead(text, values, "Write one of: ")}'
        self.problem(node.line, "value", told)
        return None

    def several(self, node: Node, what: str) -> tuple[Scalar, ...] | None:
        """A list of texts; a single text is a list of one."""
        items = node.items if isinstance(node, source.Sequence) else (node,)
        if not items:
            self.problem(node.line, "empty", f"{what} is missing: the list is empty. Fill it, or take the key out.")
        found = [Scalar(text, item.line) for item in items if (text := self.text(item, what)) is not None]
        return tuple(found) if found and len(found) == len(items) else None

    def several_of(self, node: Node, what: str, values: Sequence[str]) -> tuple[str, ...] | None:
        """A list of these texts, in the order of `values`."""
        items = self.several(node, what)
        if items is None:
            return None
        chosen = {text for item in items if (text := self.one_of(item, what, values)) is not None}
        return tuple(value for value in values if value in chosen) or None

    def named(self, name: str, line: int, what: str) -> bool:
        """Say whether this is a name as names are written here."""
        if re.fullmatch(NAME, name):
            return True
        told = f'{what} cannot be called "{shortened(name)}". Use small letters, digits and _, beginning with a letter.'
        self.problem(line, "name", told)
        return False


def shortened(text: str) -> str:
    """A text as it is shown inside a problem."""
    text = " ".join(text.split())
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def uncapped(sentence: str) -> str:
    """A sentence as the end of another."""
    return sentence[:1].lower() + sentence[1:]

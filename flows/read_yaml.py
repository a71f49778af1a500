"""YAML text in, `engine.source` nodes out: the one place that knows YAML.

The events of the parser are read, not its values: a scalar stays what stands there (`no` is never False), a key that
stands twice is still there twice, and every line is known. Anchors, aliases and tags are refused.
"""

from collections.abc import Iterator, Mapping

import yaml

from flows.engine import parse, source
from flows.engine.model import Flow, Wording
from flows.engine.problems import Problem
from flows.engine.source import Node, Scalar

DEEPEST = 20
"""Levels of indentation; a flow needs five."""


class _Refused(Exception):
    def __init__(self, line: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = (line, code, sentence)


def documents(text: str, file: str) -> tuple[tuple[Node, ...], list[Problem]]:
    """The documents of a file, parted by `---`. Text that is not YAML gives a problem and no documents."""
    try:
        return tuple(_documents(yaml.parse(text, Loader=yaml.CSafeLoader))), []
    except _Refused as refused:
        return (), [Problem(file, *refused.problem)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = f"this is not YAML: {error.problem or error.context}. Look at this line and the one before it."
        return (), [Problem(file, mark.line + 1 if mark else 1, "yaml", told)]
    except (yaml.YAMLError, UnicodeError):
        told = "this is not YAML: there is a character that no text file has. Write the file anew as UTF-8."
        return (), [Problem(file, 1, "yaml", told)]


def flow(name: str, file: str, text: str) -> tuple[Flow | None, list[Problem]]:
    """Read a flow from the text of its file."""
    found, problems = documents(text, file)
    if problems:
        return None, problems
    if len(found) != 2:
        told = f"a flow is a header, a line with ---, and blocks; here are {len(found)} parts. Write exactly two."
        return None, [Problem(file, found[-1].line if found else 1, "parts", told)]
    return parse.flow(name, file, *found)


def common(file: str, text: str) -> tuple[Mapping[str, Wording], list[Problem]]:
    """Read common.yaml from its text."""
    node, problems = _one(file, text)
    return ({}, problems) if node is None else parse.common(node, file)


def terms(file: str, text: str) -> tuple[Mapping[str, Mapping[str, Wording]], list[Problem]]:
    """Read terms.yaml from its text."""
    node, problems = _one(file, text)
    return ({}, problems) if node is None else parse.terms(node, file)


def _one(file: str, text: str) -> tuple[Node | None, list[Problem]]:
    found, problems = documents(text, file)
    if problems:
        return None, problems
    if len(found) != 1:
        told = f"a file of sentences is one mapping; here are {len(found)} parts. Take the lines with --- out."
        return None, [Problem(file, found[-1].line if found else 1, "parts", told)]
    return found[0], []


def _documents(events: Iterator[yaml.Event]) -> Iterator[Node]:
    """Build the nodes without recursion: how deep a file is nested is decided by whoever wrote it."""
    open_: list[tuple[yaml.Event, list[Node]]] = []
    for event in events:
        line = _line(event)
        _plain(event, line)
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                open_.append((event, []))
                if len(open_) > DEEPEST:
                    raise _Refused(line, "shape", f"this is nested deeper than {DEEPEST} levels. Write it flatter.")
                continue
            case yaml.ScalarEvent(value=text):
                node: Node = Scalar(text, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                begun, items = open_.pop()
                node = _closed(begun, items)
            case _:
                continue
        if open_:
            open_[-1][1].append(node)
        else:
            yield node


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _plain(event: yaml.Event, line: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        told = "this uses an anchor or an alias (& or *). Write it out, or put the text in double quotes."
        raise _Refused(line, "yaml", told)
    if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None):
        raise _Refused(line, "yaml", "this uses a tag (!). Take it out, or put the text in double quotes.")


def _closed(begun: yaml.Event, items: list[Node]) -> Node:
    line = _line(begun)
    if isinstance(begun, yaml.SequenceStartEvent):
        return source.Sequence(tuple(items), line)
    entries: list[tuple[Scalar, Node]] = []
    for key, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise _Refused(key.line, "yaml", "a key must be a word. Write it as text before the colon.")
        entries.append((key, value))
    return source.Mapping(tuple(entries), line)

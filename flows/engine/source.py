"""A file of flows as it was written: texts, mappings and lists, each with its line; nothing means anything yet.

Every scalar is a string: `no` is the two letters, `012` has its nought, `13` is no number. A mapping keeps every entry,
also one whose key stands there twice, so that the parser can say so.
"""

from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; `line` counts from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and what stands under them, in the order of the file."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int


Node = Union[Scalar, Mapping, Sequence]  # noqa: UP007 - the classes above name it before it is known

"""A piece: what a voice says in one go, and one clip for whoever records or renders it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter


@dataclass(frozen=True, slots=True)
class Piece:
    """One clip's text, in NFC. A fixed piece is in its language's vocabulary; any other is free text, such as a name.

    The text is kept out of the representation: pieces in a row are somebody's telephone number or name.
    """

    text: str = field(repr=False)
    fixed: bool = True


PAUSE = Piece("")
"""A short silence between groups of letters or digits. It is no clip, and in no vocabulary."""


def fixed(texts: Iterable[str]) -> tuple[Piece, ...]:
    """These texts as fixed pieces."""
    return tuple(Piece(text) for text in texts)


def filled(pattern: str, holes: Mapping[str, tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """A pattern with names in braces: each stretch of words is one piece, each name the pieces given for it."""
    pieces: list[Piece] = []
    for literal, name, _, _ in Formatter().parse(pattern):
        if words := literal.strip():
            pieces.append(Piece(words))
        if name is not None:
            pieces += holes[name]
    return tuple(pieces)

"""What an operation answered as bytes, and back: only into classes that the operation declares."""

import types
from collections.abc import Mapping
from typing import Self, get_args, get_origin, get_type_hints

import msgspec

from flows.engine.values import TimedOut, Unavailable
from flows.operations import Answer, Operation

_encode = msgspec.msgpack.encode
_decode = msgspec.msgpack.Decoder(tuple[str, str, bool, msgspec.Raw]).decode


class Outcomes:
    """The outcome classes of every operation: operation's name → class name → class."""

    def __init__(self, classes: Mapping[str, Mapping[str, type]]) -> None:
        self._classes = classes

    @classmethod
    def of(cls, operations: Mapping[str, Operation]) -> Self:
        """Those that the operations' return types name."""
        return cls({name: _returned(function) for name, function in operations.items()})

    def packed(self, operation: str, answer: Answer[object]) -> bytes:
        """An answer of this operation as bytes."""
        return _encode((operation, type(answer.outcome).__name__, answer.demo, answer.outcome))

    def unpacked(self, packed: bytes) -> Answer[object]:
        """The answer; Unavailable when the operation has no such outcome (any more), or its fields are others."""
        operation, name, demo, fields = _decode(packed)
        found = self._classes.get(operation, {}).get(name) or {"TimedOut": TimedOut}.get(name, Unavailable)
        try:
            return Answer(msgspec.msgpack.decode(fields, type=found), demo)
        except msgspec.ValidationError:
            return Answer(Unavailable())


def _returned(function: Operation) -> Mapping[str, type]:
    returned = get_type_hints(function)["return"]
    if get_origin(returned) is Answer:
        (returned,) = get_args(returned)
    union = get_args(returned) if isinstance(returned, types.UnionType) else (returned,)
    return {outcome.__name__: outcome for outcome in union}

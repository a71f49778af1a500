"""Declaring operations, and collecting those of all rooms: explicit, without effects on import."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from flows.engine.model import AUTH_LEVELS, Signature
from flows.operations.signatures import OperationRefused, derived

Operation = Callable[..., object]
F = TypeVar("F", bound=Operation)

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\.[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Declared:
    """What `operation` says about a function; see `flows.engine.model.Signature` for the meaning of each."""

    name: str
    write: bool
    auth: str
    deadline: float
    recall: bool
    caller: bool
    opens: str


class Room(Protocol):
    """A module, or an object whose class lists its own methods in `OPERATIONS`."""

    @property
    def OPERATIONS(self) -> tuple[Operation, ...]:
        """The operations on offer."""


def operation(
    name: str,
    *,
    write: bool = False,
    auth: str = "none",
    deadline: float = 1.5,
    recall: bool = False,
    caller: bool = False,
    opens: str = "",
) -> Callable[[F], F]:
    """Declares a function or method as the operation of this name ("post.offices").

    The function's parameters and its return type are the operation's contract. Three keyword parameters are not part
    of what a flow gives: `key: str` (a write's idempotency key, required of every write), `caller` (with `caller=True`)
    and `until: Deadline` (for whatever waits). Raises OperationRefused when the declaration contradicts itself.
    """
    if not _NAME.fullmatch(name):
        raise OperationRefused(f'the name "{name}" must be like post.offices')
    if auth not in AUTH_LEVELS:
        raise OperationRefused(f'{name}: auth "{auth}" is none of {", ".join(AUTH_LEVELS)}')
    if write and recall:
        raise OperationRefused(f"{name}: a write cannot be recalled, it would be done again")
    if deadline <= 0:
        raise OperationRefused(f"{name}: the deadline must be more than 0 seconds")
    declared = Declared(name, write, auth, deadline, recall, caller, opens)

    def declare(function: F) -> F:
        cast(dict[str, object], function.__dict__)["declared"] = declared
        return function

    return declare


def declaration(function: Operation) -> Declared:
    """What was declared of this function or bound method. Raises OperationRefused when nothing was."""
    declared = getattr(function, "declared", None)
    if not isinstance(declared, Declared):
        raise OperationRefused(f"{getattr(function, '__qualname__', function)!s} is not declared with @operation")
    return declared


def collect(rooms: Iterable[Room]) -> Mapping[str, Operation]:
    """Name → function of everything the rooms offer. Raises OperationRefused when two have the same name."""
    found: dict[str, Operation] = {}
    for room in rooms:
        for listed in room.OPERATIONS:
            function: Operation = getattr(room, listed.__name__)
            name = declaration(function).name
            if name in found:
                raise OperationRefused(f"two operations are called {name}")
            found[name] = function
    return found


def signature(function: Operation) -> Signature:
    """What the engine and the linter must know of this operation. Raises OperationRefused with what to change."""
    declared = declaration(function)
    parameters, outcomes = derived(function, declared.name, write=declared.write, caller=declared.caller)
    return Signature(
        name=declared.name,
        parameters=parameters,
        outcomes=outcomes,
        auth=declared.auth,
        write=declared.write,
        deadline=declared.deadline,
        recall=declared.recall,
        caller=declared.caller,
        opens=declared.opens,
    )

"""Performing an operation: canonical strings in, a typed answer out, whatever goes wrong on the way."""

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import get_type_hints

from flows.engine import values
from flows.engine.model import Signature
from flows.engine.values import TimedOut, Unavailable
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline, DeadlinePassed
from flows.operations.registry import Operation, declaration, signature
from flows.operations.signatures import enumerations

_log = logging.getLogger(__name__)

_UNAVAILABLE: Answer[object] = Answer(Unavailable())
_TIMED_OUT: Answer[object] = Answer(TimedOut())
_WHOLE_NUMBERS = (values.Count, values.Paise, values.Kilometres, values.Celsius)

Ask = Callable[[Mapping[str, str], object, str], object]


class UnknownOperation(LookupError):
    """No room offers an operation of this name: the linter was not heeded."""


class Services:
    """Every operation, ready to be performed; safe to share between threads.

    `checks` tell what is not ready to serve: each returns a sentence, or "".
    """

    def __init__(self, operations: Mapping[str, Operation], checks: Iterable[Callable[[], str]] = ()) -> None:
        self.operations = operations
        self.signatures: Mapping[str, Signature] = {name: signature(found) for name, found in operations.items()}
        # Each must have all its words in flows/terms.yaml.
        self.enumerations: Mapping[str, tuple[str, ...]] = {
            found.__name__: tuple(member.value for member in found)
            for function in operations.values()
            for found in enumerations(function)
        }
        self._asks = {name: _prepared(found) for name, found in operations.items()}
        self._checks = tuple(checks)

    def perform(self, name: str, given: Mapping[str, str], caller: object = None, key: str = "") -> Answer[object]:
        """Asks the operation, with what a flow gives in canonical form (see `flows.engine.run`).

        `caller` reaches only operations declared with it, `key` only writes. Never raises for what a service does: that
        is Unavailable, or TimedOut beyond the operation's deadline. Raises UnknownOperation.
        """
        try:
            ask = self._asks[name]
        except KeyError:
            raise UnknownOperation(name) from None
        try:
            outcome = ask(given, caller, key)
        except DeadlinePassed:
            _log.warning("%s: too late", name)
            return _TIMED_OUT
        except Exception as error:
            _log.warning("%s: %s at %s", name, type(error).__name__, _place(error))
            return _UNAVAILABLE
        return outcome if type(outcome) is Answer else Answer(outcome)

    def problems(self) -> tuple[str, ...]:
        """Why some operation cannot serve now, a sentence each; empty when all can."""
        return tuple(problem for check in self._checks if (problem := check()))


def _prepared(function: Operation) -> Ask:
    # One closure for each shape, made once: the plain one is on the path of every turn.
    declared = declaration(function)
    hints = get_type_hints(function)
    until = next((name for name, hint in hints.items() if hint is Deadline), "")
    reading = {name: reader for name, hint in hints.items() if (reader := _reader(hint)) and name != "return"}
    if not (declared.write or declared.caller or until or reading):
        return lambda given, caller, key: function(**given)

    def ask(given: Mapping[str, str], caller: object, key: str) -> object:
        passed: dict[str, object] = {
            name: reading[name](text) if name in reading else text for name, text in given.items()
        }
        if declared.write:
            if not key:
                raise ValueError("a write without an idempotency key")
            passed["key"] = key
        if declared.caller:
            passed["caller"] = caller
        if until:
            passed[until] = Deadline.after(declared.deadline)
        return function(**passed)

    return ask


def _reader(hint: object) -> Callable[[str], object] | None:
    if hint in _WHOLE_NUMBERS:
        return int
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    return hint if isinstance(hint, type) and issubclass(hint, StrEnum) else None


def _place(error: BaseException) -> str:
    # Where it was raised, never its text: an exception's message may hold what a caller typed.
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"

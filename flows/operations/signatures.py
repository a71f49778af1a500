"""Reading an operation's contract from its type hints: parameters, exits, fields, enumerations."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum

from flows.engine import values
from flows.engine.model import Record
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline

UNDECLARED = (values.Unavailable, values.TimedOut)
"""Outcomes that every operation may have, and that none declares."""


class OperationRefused(TypeError):
    """An operation cannot be offered as it is written; the message says what to change."""


def derived(
    function: Callable[..., object], name: str, *, write: bool, caller: bool
) -> tuple[Mapping[str, str], Mapping[str, Record]]:
    """What a flow gives (parameter → type name) and what may come of it (exit → record). Raises OperationRefused."""
    hints = typing.get_type_hints(function)
    unpassed = {"key": write, "caller": caller}
    parameters: dict[str, str] = {}
    for parameter in inspect.signature(function).parameters.values():
        where = f"{name}: parameter {parameter.name}"
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise OperationRefused(f"{where}: a list of parameters cannot be read by the linter; name each one")
        if parameter.name not in hints:
            raise OperationRefused(f"{where} has no type")
        hint = hints[parameter.name]
        if hint is Deadline:
            continue
        if parameter.name not in unpassed:
            parameters[parameter.name] = value_type(hint, where)
        elif not unpassed.pop(parameter.name):
            raise OperationRefused(f"{where} is only for an operation declared so")
    for missing, wanted in unpassed.items():
        if wanted:
            raise OperationRefused(f"{name}: it must take the keyword {missing}")
    if "return" not in hints:
        raise OperationRefused(f"{name} has no return type")
    return parameters, dict(_outcomes(hints["return"], name))


def value_type(hint: object, where: str) -> str:
    """The name of a value type or an enumeration. Raises OperationRefused for anything else."""
    if isinstance(hint, typing.NewType):
        name = str(getattr(hint, "__name__", ""))
        if getattr(values, name, None) is hint:
            return name
    if hint in (date, datetime) or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return typing.cast(type, hint).__name__
    raise OperationRefused(
        f"{where}: {_shown(hint)} is not a value type; use one of flows/engine/values.py, a StrEnum or a tuple of rows"
    )


def enumerations(function: Callable[..., object]) -> Iterator[type[StrEnum]]:
    """Every enumeration in this operation's contract: each needs its words in flows/terms.yaml."""
    hints = typing.get_type_hints(function)
    returned = hints.pop("return", None)
    for outcome in _union(returned):
        for hint in typing.get_type_hints(outcome).values():
            row = _row(hint)
            yield from _enumerations(typing.get_type_hints(row).values() if row else (hint,))
    yield from _enumerations(hints.values())


def _enumerations(hints: typing.Iterable[object]) -> Iterator[type[StrEnum]]:
    return (hint for hint in hints if isinstance(hint, type) and issubclass(hint, StrEnum))


def _union(hint: object) -> tuple[type, ...]:
    if typing.get_origin(hint) is Answer:
        (hint,) = typing.get_args(hint)
    return typing.get_args(hint) if isinstance(hint, types.UnionType) else (typing.cast(type, hint),)


def _outcomes(hint: object, name: str) -> Iterator[tuple[str, Record]]:
    seen: set[str] = set()
    for outcome in _union(hint):
        where = f"{name}: outcome {_shown(outcome)}"
        if outcome in UNDECLARED:
            raise OperationRefused(f"{where} is possible for every operation and must not be declared")
        _frozen(outcome, where)
        exit_ = values.exit_name(outcome)
        if exit_ in seen:
            raise OperationRefused(f"{where}: two outcomes have the exit {exit_}")
        seen.add(exit_)
        yield exit_, _record(outcome, where, listed=False)


def _record(record: type, where: str, *, listed: bool) -> Record:
    fields: dict[str, str] = {}
    rows: dict[str, Record] = {}
    for field, hint in typing.get_type_hints(record).items():
        row = _row(hint)
        if listed and field == "id" and hint is str:
            fields[field] = "Identifier"
        elif row is None or listed:
            fields[field] = value_type(hint, f"{where}, field {field}")
        else:
            within = f"{where}, rows of {field}"
            _frozen(row, within)
            if typing.get_type_hints(row).get("id") is not str:
                raise OperationRefused(f"{within}: {_shown(row)} needs a field id: str")
            fields[field] = f"[{row.__name__}]"
            rows[field] = _record(row, within, listed=True)
    return Record(record.__name__, fields, rows)


def _row(hint: object) -> type | None:
    match typing.get_origin(hint), typing.get_args(hint):
        case builtin, (row, more) if builtin is tuple and more is Ellipsis and isinstance(row, type):
            return row
    return None


def _frozen(record: object, where: str) -> None:
    params = getattr(record, "__dataclass_params__", None)
    if not dataclasses.is_dataclass(record) or params is None or not params.frozen or not hasattr(record, "__slots__"):
        raise OperationRefused(f"{where} must be a dataclass with frozen=True and slots=True")


def _shown(hint: object) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)

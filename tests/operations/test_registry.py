from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pytest

from flows.engine.model import Record
from flows.engine.values import Count, Day, Digits, Identifier, Name, Pincode, TimedOut, Unavailable, exit_name
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline
from flows.operations.registry import Operation, collect, declaration, operation, signature
from flows.operations.signatures import OperationRefused, enumerations


class Kind(StrEnum):
    big = "big"
    small = "small"


class Size(StrEnum):
    high = "high"


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    name: Name
    kind: Kind


@dataclass(frozen=True, slots=True)
class Found:
    rows: tuple[Row, ...]
    count: Count
    day: Day


@dataclass(frozen=True, slots=True)
class UnknownPin:
    pass


@dataclass
class Loose:
    name: Name


@dataclass(frozen=True)
class Unslotted:
    name: Name


@dataclass(frozen=True, slots=True)
class Texts:
    name: str


@dataclass(frozen=True, slots=True)
class Nameless:
    name: Name


@dataclass(frozen=True, slots=True)
class Unidentified:
    rows: tuple[Nameless, ...]


@dataclass(frozen=True, slots=True)
class Nested:
    rows: tuple[Found, ...]


class Elsewhere:
    @dataclass(frozen=True, slots=True)
    class UnknownPin:
        pass


@operation("a.read", recall=True)
def read(pin: Pincode, size: Size) -> Found | UnknownPin: ...  # type: ignore[empty-body]


class Department:
    @operation("a.write", write=True, auth="known", deadline=10.0, caller=True, opens="pin")
    def change(self, lpg_id: Digits, *, key: str, caller: object, until: Deadline) -> Answer[Found | UnknownPin]: ...  # type: ignore[empty-body]

    OPERATIONS = (change,)


def test_what_a_read_takes_and_may_answer() -> None:
    found = signature(read)
    assert found.parameters == {"pin": "Pincode", "size": "Size"}
    rows = Record("Row", {"id": "Identifier", "name": "Name", "kind": "Kind"}, {})
    assert found.outcomes == {
        "found": Record("Found", {"rows": "[Row]", "count": "Count", "day": "date"}, {"rows": rows}),
        "unknown_pin": Record("UnknownPin", {}, {}),
    }
    assert (found.name, found.auth, found.write, found.deadline, found.recall) == ("a.read", "none", False, 1.5, True)


def test_key_caller_and_deadline_are_not_given_by_a_flow() -> None:
    found = signature(Department().change)
    assert found.parameters == {"lpg_id": "Digits"}
    assert (found.auth, found.write, found.deadline, found.caller, found.opens) == ("known", True, 10.0, True, "pin")


def test_an_answer_with_its_origin_has_the_outcomes_of_what_it_wraps() -> None:
    assert set(signature(Department().change).outcomes) == {"found", "unknown_pin"}


def test_enumerations_of_parameters_fields_and_rows_are_all_told() -> None:
    assert set(enumerations(read)) == {Kind, Size}


@pytest.mark.parametrize(
    ("name", "exit_"), [("UnknownPin", "unknown_pin"), ("Found", "found"), ("NoneNear", "none_near")]
)
def test_the_exit_is_the_class_name_in_snake_case(name: str, exit_: str) -> None:
    assert exit_name(type(name, (), {})) == exit_


def test_operations_of_objects_and_modules_are_collected_by_name() -> None:
    department = Department()
    assert collect([department]) == {"a.write": department.change}


def test_two_operations_of_one_name_are_refused() -> None:
    with pytest.raises(OperationRefused, match=r"two operations are called a\.write"):
        collect([Department(), Department()])


def test_a_function_that_is_not_declared_is_refused() -> None:
    with pytest.raises(OperationRefused, match="is not declared with @operation"):
        declaration(lambda: None)


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        ("offices", {}, "must be like post.offices"),
        ("Post.offices", {}, "must be like post.offices"),
        ("a.b", {"auth": "password"}, 'auth "password" is none of none, known, pin, birth_date'),
        ("a.b", {"write": True, "recall": True}, "a write cannot be recalled"),
        ("a.b", {"deadline": 0}, "more than 0 seconds"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(name: str, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(OperationRefused, match=sentence):
        operation(name, **more)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Listing:
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Pair:
    rows: tuple[Row, Row]


@dataclass
class LooseRow:
    id: str


@dataclass(frozen=True, slots=True)
class OfLooseRows:
    rows: tuple[LooseRow, ...]


def untyped(pin) -> UnknownPin: ...  # type: ignore[no-untyped-def,empty-body]
def text(pin: str) -> UnknownPin: ...  # type: ignore[empty-body]
def many(*pins: Pincode) -> UnknownPin: ...  # type: ignore[empty-body]
def keyed(key: str) -> UnknownPin: ...  # type: ignore[empty-body]
def answerless(pin: Pincode): ...  # type: ignore[no-untyped-def]
def loose() -> Loose: ...  # type: ignore[empty-body]
def unslotted() -> Unslotted: ...  # type: ignore[empty-body]
def texts() -> Texts: ...  # type: ignore[empty-body]
def unidentified() -> Unidentified: ...  # type: ignore[empty-body]
def nested() -> Nested: ...  # type: ignore[empty-body]
def listing() -> Listing: ...  # type: ignore[empty-body]
def pair() -> Pair: ...  # type: ignore[empty-body]
def of_loose_rows() -> OfLooseRows: ...  # type: ignore[empty-body]
def late() -> UnknownPin | TimedOut: ...  # type: ignore[empty-body]
def away() -> Answer[UnknownPin | Unavailable]: ...  # type: ignore[empty-body]
def doubled() -> UnknownPin | Elsewhere.UnknownPin: ...  # type: ignore[empty-body]
def optional() -> Found | None: ...


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (untyped, "a.b: parameter pin has no type"),
        (text, "a.b: parameter pin: str is not a value type; use one of flows/engine/values.py"),
        (many, "a.b: parameter pins: a list of parameters cannot be read"),
        (keyed, "a.b: parameter key is only for an operation declared so"),
        (answerless, "a.b has no return type"),
        (loose, "a.b: outcome Loose must be a dataclass with frozen=True and slots=True"),
        (unslotted, "a.b: outcome Unslotted must be a dataclass with frozen=True and slots=True"),
        (texts, "a.b: outcome Texts, field name: str is not a value type"),
        (unidentified, "a.b: outcome Unidentified, rows of rows: Nameless needs a field id: str"),
        (nested, "a.b: outcome Nested, rows of rows: Found needs a field id: str"),
        (listing, "a.b: outcome Listing, field rows: .* is not a value type"),
        (pair, "a.b: outcome Pair, field rows: .* is not a value type"),
        (of_loose_rows, "a.b: outcome OfLooseRows, rows of rows must be a dataclass with frozen=True"),
        (late, "a.b: outcome TimedOut is possible for every operation and must not be declared"),
        (away, "a.b: outcome Unavailable is possible for every operation and must not be declared"),
        (doubled, "a.b: outcome UnknownPin: two outcomes have the exit unknown_pin"),
        (optional, "a.b: outcome NoneType must be a dataclass"),
    ],
)
def test_a_contract_that_the_linter_cannot_read_is_refused(function: Operation, sentence: str) -> None:
    with pytest.raises(OperationRefused, match=sentence):
        signature(operation("a.b")(function))


@pytest.mark.parametrize(("more", "missing"), [({"write": True}, "key"), ({"caller": True}, "caller")])
def test_what_is_declared_must_be_taken(more: dict[str, bool], missing: str) -> None:
    def fine(pin: Pincode) -> UnknownPin: ...  # type: ignore[empty-body]

    with pytest.raises(OperationRefused, match=f"a.b: it must take the keyword {missing}"):
        signature(operation("a.b", **more)(fine))  # type: ignore[arg-type]


def test_a_new_type_of_ones_own_is_no_value_type() -> None:
    from typing import NewType

    Serial = NewType("Serial", str)

    def odd(serial: Serial) -> UnknownPin: ...  # type: ignore[empty-body]

    odd.__annotations__ = {"serial": Serial, "return": UnknownPin}
    with pytest.raises(OperationRefused, match="is not a value type"):
        signature(operation("a.b")(odd))


def test_dates_are_value_types() -> None:
    def dated(day: date, booking: Identifier) -> UnknownPin: ...  # type: ignore[empty-body]

    assert signature(operation("a.b")(dated)).parameters == {"day": "date", "booking": "Identifier"}

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import pytest

from flows.engine.values import Day, Digits, Moment, Name, Paise, TimedOut, Unavailable
from flows.operations import Answer, operation
from sessions.outcomes import Outcomes


class Kind(StrEnum):
    DOMESTIC = "domestic"


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    name: Name


@dataclass(frozen=True, slots=True)
class Due:
    name: Name
    amount: Paise
    due: Day
    fetched: Moment
    kind: Kind
    bills: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class NothingDue:
    pass


class Room:
    @operation("bill.demo")
    def bill(self, number: Digits) -> Answer[Due | NothingDue]:
        raise NotImplementedError

    @operation("bill.one")
    def one(self) -> NothingDue:
        raise NotImplementedError


DUE = Due(
    Name("आर० कुमार"),
    Paise(123456),
    date(2026, 12, 1),
    datetime(2026, 11, 24, 10, 30, 5),
    Kind.DOMESTIC,
    (Row("1", Name("November")), Row("2", Name("October"))),
)
OUTCOMES = Outcomes.of({"bill.demo": Room().bill, "bill.one": Room().one})


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("bill.demo", Answer(DUE)),
        ("bill.demo", Answer(DUE, demo=True)),
        ("bill.demo", Answer(NothingDue())),
        ("bill.one", Answer(NothingDue())),
        ("bill.one", Answer(TimedOut())),
        ("bill.one", Answer(Unavailable())),
    ],
)
def test_an_answer_comes_back_as_it_was(name: str, answer: Answer[object]) -> None:
    back = OUTCOMES.unpacked(OUTCOMES.packed(name, answer))
    assert back == answer
    assert type(back.outcome) is type(answer.outcome)


def test_an_enumeration_comes_back_as_its_member() -> None:
    back = OUTCOMES.unpacked(OUTCOMES.packed("bill.demo", Answer(DUE))).outcome
    assert isinstance(back, Due)
    assert back.kind is Kind.DOMESTIC


def test_an_outcome_that_the_operation_does_not_declare_is_unavailable() -> None:
    packed = OUTCOMES.packed("bill.one", Answer(DUE))
    assert OUTCOMES.unpacked(packed) == Answer(Unavailable())


def test_an_operation_that_is_gone_is_unavailable() -> None:
    packed = OUTCOMES.packed("bill.demo", Answer(DUE))
    assert Outcomes({}).unpacked(packed).outcome == Unavailable()


def test_an_outcome_whose_fields_have_changed_is_unavailable() -> None:
    @dataclass(frozen=True, slots=True)
    class NothingDue:
        since: Day

    packed = OUTCOMES.packed("bill.one", Answer(DUE.bills[0]))
    changed = Outcomes({"bill.one": {"Row": NothingDue}})
    assert changed.unpacked(packed) == Answer(Unavailable())

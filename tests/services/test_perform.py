import logging
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import pytest

from flows.engine.values import Count, Day, Moment, Name, Paise, Pincode, TimedOut, Unavailable
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline, DeadlinePassed
from flows.operations.registry import Operation, operation
from services.perform import Services, UnknownOperation


class Kind(StrEnum):
    big = "big"


@dataclass(frozen=True, slots=True)
class Echo:
    text: Name


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


seen: list[object] = []


@operation("test.echo", recall=True)
def echo(pin: Pincode) -> Echo:
    return Echo(Name(pin))


@operation("test.typed")
def typed(day: Day, at: Moment, amount: Paise, many: Count, kind: Kind) -> Nothing:
    seen.extend((day, at, amount, many, kind))
    return Nothing()


@operation("test.write", write=True, caller=True, deadline=7.0)
def write(pin: Pincode, *, key: str, caller: object, until: Deadline) -> Answer[Nothing]:
    seen.extend((pin, key, caller, until.left()))
    return Answer(Nothing(), demo=True)


@operation("test.broken")
def broken(pin: Pincode) -> Nothing:
    raise RuntimeError(f"secret {pin}")


@operation("test.late")
def late() -> Nothing:
    raise DeadlinePassed


ALL: dict[str, Operation] = {
    "test.echo": echo,
    "test.typed": typed,
    "test.write": write,
    "test.broken": broken,
    "test.late": late,
}


@pytest.fixture
def services() -> Services:
    seen.clear()
    return Services(ALL)


def test_a_bare_outcome_is_not_made_up(services: Services) -> None:
    assert services.perform("test.echo", {"pin": "110001"}) == Answer(Echo(Name("110001")), demo=False)


def test_an_answer_keeps_where_it_came_from(services: Services) -> None:
    assert services.perform("test.write", {"pin": "110001"}, caller=None, key="k") == Answer(Nothing(), demo=True)


def test_canonical_strings_become_what_the_operation_takes(services: Services) -> None:
    given = {"day": "2026-11-24", "at": "2026-11-24T10:30:05", "amount": "12345", "many": "3", "kind": "big"}
    services.perform("test.typed", given)
    assert seen == [date(2026, 11, 24), datetime(2026, 11, 24, 10, 30, 5), 12345, 3, Kind.big]
    assert type(seen[4]) is Kind


def test_key_caller_and_deadline_reach_the_operation_that_takes_them(services: Services) -> None:
    services.perform("test.write", {"pin": "110001"}, caller="somebody", key="run-1")
    assert seen[:3] == ["110001", "run-1", "somebody"]
    assert 6.5 < float(str(seen[3])) <= 7.0


def test_a_write_without_a_key_is_not_done(services: Services) -> None:
    assert services.perform("test.write", {"pin": "110001"}) == Answer(Unavailable())
    assert seen == []


@pytest.mark.parametrize(
    ("name", "given", "outcome"),
    [
        ("test.broken", {"pin": "110001"}, Unavailable()),
        ("test.late", {}, TimedOut()),
        ("test.echo", {"other": "110001"}, Unavailable()),
        ("test.typed", {"day": "yesterday"}, Unavailable()),
        ("test.typed", {"kind": "huge"}, Unavailable()),
    ],
)
def test_whatever_goes_wrong_is_an_outcome(
    services: Services, name: str, given: dict[str, str], outcome: object
) -> None:
    assert services.perform(name, given) == Answer(outcome)


def test_what_went_wrong_is_logged_without_what_was_typed(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        services.perform("test.broken", {"pin": "110001"})
    assert "test.broken: RuntimeError at test_perform.py:" in caplog.text
    assert "110001" not in caplog.text


def test_being_late_is_logged(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        services.perform("test.late", {})
    assert caplog.messages == ["test.late: too late"]


def test_an_operation_that_nobody_offers_is_an_error_of_the_programmer(services: Services) -> None:
    with pytest.raises(UnknownOperation, match=r"test\.other"):
        services.perform("test.other", {})


def test_signatures_and_enumerations_are_told_by_name(services: Services) -> None:
    assert set(services.signatures) == set(ALL)
    assert services.enumerations == {"Kind": ("big",)}


def test_problems_are_those_of_the_checks_that_have_one() -> None:
    checks: list[Callable[[], str]] = [lambda: "", lambda: "places are missing"]
    assert Services({}, checks).problems() == ("places are missing",)


def test_performing_adds_less_than_three_microseconds() -> None:
    # The floor of several runs: what other work on the machine adds is not performing's.
    services, given = Services(ALL), {"pin": "110001"}
    performed = min(timeit.repeat(lambda: services.perform("test.echo", given), number=2000, repeat=7)) / 2000
    direct = min(timeit.repeat(lambda: echo(pin=Pincode("110001")), number=2000, repeat=7)) / 2000
    assert performed - direct < 3e-6

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from flows.engine.values import Phone, TimedOut, Unavailable
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline, DeadlinePassed
from services.assemble import assemble
from services.bbps import Bills, ByPhone, Due, NothingDue, UnknownCustomer
from services.configuration import ServiceSettings
from services.http import Heard
from services.perform import Services

BILLER = "el-ka-bescom"


@pytest.fixture(autouse=True)
def fresh(sandbox: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/reset")


def fetch(services: Services, consumer: str, biller: str = BILLER) -> Answer[object]:
    return services.perform("bill.electricity", {"biller": biller, "consumer": consumer})


def test_a_bill_that_is_due_has_its_holder_masked(services: Services) -> None:
    answer = fetch(services, "12345678")
    assert isinstance(answer.outcome, Due)
    assert answer.outcome.name == "D*** K***"
    assert 10_000 <= answer.outcome.amount < 500_000
    assert date(2026, 11, 25) <= answer.outcome.due <= date(2026, 12, 14)
    assert answer.outcome.bill_number.startswith("DEMO")
    assert answer.demo


@pytest.mark.parametrize(
    ("consumer", "outcome"),
    [
        ("12340404", UnknownCustomer()),
        ("12340200", NothingDue()),
        ("12340503", Unavailable()),
        ("12340505", Unavailable()),
    ],
)
def test_what_else_may_come_of_it(services: Services, consumer: str, outcome: object) -> None:
    assert fetch(services, consumer).outcome == outcome


def test_a_biller_that_is_not_listed_is_unavailable(services: Services) -> None:
    assert fetch(services, "12345678", "el-xx-none").outcome == Unavailable()


def test_a_bill_that_takes_its_time_is_waited_for(services: Services, sandbox: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/bill_seconds", json=[0.2, 0.2])
    assert isinstance(fetch(services, "12345678").outcome, Due)


def test_a_silent_system_is_timed_out(settings: ServiceSettings) -> None:
    services = assemble(replace(settings, bbps=replace(settings.bbps, answer_seconds=0.1)))
    assert fetch(services, "12340504").outcome == TimedOut()


def test_an_outage_while_looking_again_is_unavailable(services: Services, sandbox: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/bbps", json={"failure": "down"})
    assert fetch(services, "12345678").outcome == Unavailable()


class Scripted:
    """An upstream that gives these answers in turn, on a clock that only resting moves."""

    def __init__(self, *answers: object, real: bool = False) -> None:
        self.real = real
        self.now = 0.0
        self.asked: list[tuple[float, str, object, object]] = []
        self._answers: Iterator[object] = iter(answers)

    def read(self, path: str, *, until: Deadline, body: object = None, headers: object = None) -> Heard:
        until.left()
        self.asked.append((self.now, path, body, headers))
        return Heard(200, next(self._answers), demo=False)

    def rest(self, seconds: float) -> None:
        self.now += seconds


def entity(status: str = "processing", **more: object) -> dict[str, object]:
    return {"id": "billreq_1/2", "status": status, **more}


BILL = {"bill_number": "820356722187", "amount": 101550, "account_holder_name": "Gaurav Kumar", "due_date": 1609459200}


@pytest.fixture
def outcome() -> Callable[[Scripted], object]:
    def ask(upstream: Scripted, ids: dict[str, str] | None = None, key: str = "id:secret") -> object:
        bills = Bills(upstream, key, ids or {BILLER: "BESCOM000KAR01"}, poll_seconds=3.0, pay_number="1")  # type: ignore[arg-type]
        until = Deadline(45.0, lambda: upstream.now, upstream.rest)
        return bills.electricity(BILLER, "12345678", until=until).outcome  # type: ignore[arg-type]

    return ask


def test_it_asks_once_and_looks_every_three_seconds(outcome: Callable[[Scripted], object]) -> None:
    upstream = Scripted(entity(), entity(), entity(), entity("success", bills=[BILL]))
    assert outcome(upstream) == Due("G*** K***", 101550, date(2021, 1, 1), "820356722187")  # type: ignore[arg-type]
    assert [(at, path) for at, path, _, _ in upstream.asked] == [
        (0.0, "/v1/bill_payments/bill_requests"),
        (3.0, "/v1/bill_payments/bill_requests/billreq_1%2F2"),
        (6.0, "/v1/bill_payments/bill_requests/billreq_1%2F2"),
        (9.0, "/v1/bill_payments/bill_requests/billreq_1%2F2"),
    ]


def test_the_question_names_the_billers_own_id_and_the_key(outcome: Callable[[Scripted], object]) -> None:
    upstream = Scripted(entity("success", bills=[BILL]))
    outcome(upstream)
    _, _, body, headers = upstream.asked[0]
    assert body == {
        "biller_id": "BESCOM000KAR01",
        "biller_data": {"account_holder": {"consumer_number": "12345678"}},
    }
    assert headers == {"authorization": "Basic aWQ6c2VjcmV0"}


def test_it_gives_up_before_the_deadline(outcome: Callable[[Scripted], object]) -> None:
    upstream = Scripted(*[entity()] * 99)
    with pytest.raises(DeadlinePassed):
        outcome(upstream)
    assert upstream.now == 42.0


def test_the_due_day_is_a_day_in_india(outcome: Callable[[Scripted], object]) -> None:
    # 19:00 UTC on the 24th is past midnight of the 25th in India.
    found = outcome(Scripted(entity("success", bills=[{**BILL, "due_date": 1795546800}])))
    assert isinstance(found, Due)
    assert found.due == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (entity("success", bills=[]), NothingDue()),
        (entity("success", bills=[{**BILL, "amount": 0}]), NothingDue()),
        (entity("failed", error_reason="no_bill_due"), NothingDue()),
        (entity("failed", error_code="BFR003"), NothingDue()),
        (entity("failed", error_code="BFR004"), NothingDue()),
        (entity("failed", error_reason="invalid_customer_details"), UnknownCustomer()),
        (entity("failed", error_code="BFR001"), UnknownCustomer()),
        (entity("failed", error_code="BFR002"), UnknownCustomer()),
    ],
)
def test_why_there_is_no_bill(outcome: Callable[[Scripted], object], answer: object, expected: object) -> None:
    assert outcome(Scripted(answer)) == expected


@pytest.mark.parametrize(
    "answer",
    [
        entity("failed", error_reason="biller_down"),
        entity("failed"),
        entity("expired"),
        entity("success", bills=[{**BILL, "due_date": None}]),
        entity("success", bills=[{"amount": 1}]),
        {"error": {"reason": "not_found"}},
        [],
    ],
)
def test_anything_else_is_down(outcome: Callable[[Scripted], object], answer: object) -> None:
    from services.http import UpstreamDown

    with pytest.raises(UpstreamDown):
        outcome(Scripted(answer))


def test_the_real_system_is_not_asked_with_an_id_of_ours() -> None:
    from services.http import UpstreamDown

    upstream = Scripted(entity(), real=True)
    bills = Bills(upstream, "", {BILLER: ""}, poll_seconds=3.0, pay_number="1")  # type: ignore[arg-type]
    with pytest.raises(UpstreamDown, match="BBPS id is not filled in"):
        bills.electricity(BILLER, "12345678", until=Deadline.after(1.0))  # type: ignore[arg-type]
    assert upstream.asked == []


def test_how_to_pay_is_a_number_to_ring(settings: ServiceSettings) -> None:
    services = assemble(replace(settings, pay_number="08045163666"))
    assert services.perform("bill.how_to_pay", {}) == Answer(ByPhone(Phone("08045163666")))


def test_a_bill_takes_up_to_forty_five_seconds_and_needs_no_auth(services: Services) -> None:
    signature = services.signatures["bill.electricity"]
    assert (signature.auth, signature.write, signature.deadline, signature.recall) == ("none", False, 45.0, False)
    assert set(signature.outcomes) == {"due", "nothing_due", "unknown_customer"}


def test_the_companies_that_ship_are_many_and_of_every_state(services: Services, real_places: Path) -> None:
    import sqlite3

    found = services.perform("biller.electricity", {})
    billers = found.outcome.billers  # type: ignore[attr-defined]
    with sqlite3.connect(f"file:{real_places}?mode=ro", uri=True) as connection:
        states = {state for (state,) in connection.execute("SELECT DISTINCT state FROM pin")}
    assert {biller.state for biller in billers} == states
    assert 60 <= len(billers) <= 90
    assert [(b.state, b.name) for b in billers] == sorted((b.state, b.name) for b in billers)
    assert all(biller.id.startswith("el-") and len(biller.id) <= 20 for biller in billers)
    assert not found.demo

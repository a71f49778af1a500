from collections.abc import Callable
from dataclasses import replace
from datetime import date

import httpx
import pytest

from flows.engine.values import TimedOut, Unavailable
from flows.operations.answer import Answer
from services.assemble import assemble
from services.configuration import ServiceSettings, UmangSettings, UpstreamSettings
from services.lpg import AlreadyBooked, Booked, NotFound
from services.perform import Services

LPG_ID = "10000000000001234"
DELIVERY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def fresh(sandbox: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/reset")


def book(services: Services, lpg_id: str = LPG_ID, key: str = "run-1/book") -> Answer[object]:
    return services.perform("lpg.book", {"lpg_id": lpg_id}, key=key)


def bookings(sandbox: str) -> list[str]:
    made: list[str] = httpx.get(f"{sandbox}/_sandbox").json()["bookings"]
    return made


def test_a_refill_is_booked_and_is_made_up(services: Services, sandbox: str) -> None:
    answer = book(services)
    assert isinstance(answer.outcome, Booked)
    assert bookings(sandbox) == [answer.outcome.booking]
    assert answer.outcome.delivery_by == DELIVERY
    assert answer.demo


def test_one_key_books_once_however_often_it_is_sent(services: Services, sandbox: str) -> None:
    answers = [book(services) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert len(bookings(sandbox)) == 1


def test_another_key_for_the_same_connection_finds_it_booked(services: Services, sandbox: str) -> None:
    first = book(services).outcome
    assert isinstance(first, Booked)
    assert book(services, key="run-2/book").outcome == AlreadyBooked(first.booking, DELIVERY)
    assert len(bookings(sandbox)) == 1


def test_two_connections_are_booked_each(services: Services, sandbox: str) -> None:
    book(services)
    book(services, "10000000000005678", "run-2/book")
    assert len(set(bookings(sandbox))) == 2


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        ("0404", NotFound()),
        ("0503", Unavailable()),
        ("0505", Unavailable()),
        ("0506", Unavailable()),
    ],
)
def test_what_else_may_come_of_it(services: Services, sandbox: str, end: str, outcome: object) -> None:
    assert book(services, f"1000000000000{end}").outcome == outcome
    assert bookings(sandbox) == []


def test_a_connection_with_an_open_booking_is_told_so(services: Services) -> None:
    outcome = book(services, "10000000000000409").outcome
    assert isinstance(outcome, AlreadyBooked)
    assert outcome.booking.startswith("DEMO")


def test_a_department_that_is_silent_is_timed_out(settings: ServiceSettings) -> None:
    services = assemble(replace(settings, lpg=replace(settings.lpg, answer_seconds=0.1)))
    assert book(services, "10000000000000504") == Answer(TimedOut())


def test_a_department_whose_address_is_not_set_is_unavailable(settings: ServiceSettings) -> None:
    assert book(assemble(replace(settings, lpg=UpstreamSettings("lpg", base_url="")))) == Answer(Unavailable())


@pytest.fixture
def upstream_saying(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], list[tuple[str, object, object]]]:
    """Makes every upstream give this JSON; what was sent is in the list that comes back."""

    def prepare(data: object) -> list[tuple[str, object, object]]:
        sent: list[tuple[str, object, object]] = []

        def write(self: object, path: str, *, until: object, body: object, headers: object) -> object:
            from services.http import Heard

            sent.append((path, body, headers))
            return Heard(200, data, demo=False)

        monkeypatch.setattr("services.http.Upstream.write", write)
        return sent

    return prepare


@pytest.mark.parametrize(
    "data",
    [
        {"rs": "F", "rd": "SERVER BUSY", "pd": []},
        {"rs": "S", "rd": "Success", "pd": []},
        {"rs": "S", "pd": [{"bookingNumber": "1"}]},
        {"rs": "S", "pd": [{"bookingNumber": "1", "deliveryBy": "soon"}]},
        {"rs": "F", "rd": "REFILL ALREADY BOOKED", "pd": []},
        {"rd": "Success"},
        ["rs"],
    ],
)
def test_an_answer_that_says_nothing_is_unavailable(
    services: Services, upstream_saying: Callable[[object], object], data: object
) -> None:
    upstream_saying(data)
    assert book(services) == Answer(Unavailable())


def test_the_shape_is_umangs(
    settings: ServiceSettings, upstream_saying: Callable[[object], list[tuple[str, object, object]]]
) -> None:
    identity = UmangSettings(bearer="b", token="t", user="u", department="12", service="34")
    services = assemble(replace(settings, umang=identity, lpg=replace(settings.lpg, key="x")))
    sent = upstream_saying({"rs": "S", "pd": [{"bookingNumber": "AB1", "deliveryBy": "2026-11-27"}]})
    assert book(services) == Answer(Booked("AB1", DELIVERY), demo=False)  # type: ignore[arg-type]
    subject = {"deptid": "12", "srvid": "34", "subsid": "0", "subsid2": "0", "formtrkr": "0"}
    assert sent == [
        (
            "/umang/apisetu/dept/lpgapi/ws1/bookRefill",
            {
                "tkn": "t",
                "trkr": "run-1/book",
                "usrid": "u",
                "mode": "web",
                "pltfrm": "apisetu",
                "did": None,
                **subject,
                "bookRefill": {"language": "en", "lpgId": LPG_ID},
            },
            {"x-api-key": "x", "authorization": "Bearer b", **subject},
        )
    ]


def test_booking_needs_a_known_caller_a_confirmation_and_ten_seconds(services: Services) -> None:
    signature = services.signatures["lpg.book"]
    assert (signature.auth, signature.write, signature.deadline, signature.recall) == ("known", True, 10.0, False)
    assert set(signature.outcomes) == {"booked", "not_found", "already_booked"}

"""The parts of a chaos run by themselves: the provider's ledger, the carrier, the callers' own book, and kills."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.chaos_book import Transaction
from bench.chaos_callers import MIX, Caller, transactions
from bench.chaos_carrier import Carrier, Screen
from bench.chaos_processes import WEB, WEB_PROCESS, Machine, Redis, Unit
from bench.chaos_provider import Ledger, Temper, create_provider
from wire.numbers import msisdn


def test_a_key_that_comes_again_sends_nothing_and_is_noted() -> None:
    ledger = Ledger()
    assert [ledger.send("k", "+911", "Hello"), ledger.send("k", "+911", "Hello")] == [True, False]
    (row,) = ledger.all()["texts"]
    assert (row["times"], row["repeats"], ledger.phone("+911")) == (1, 1, ["Hello"])


def test_another_text_under_the_same_key_is_noted_as_sent_twice() -> None:
    ledger = Ledger()
    ledger.send("k", "+911", "Hello")
    ledger.send("k", "+911", "Goodbye")
    assert ledger.all()["texts"][0]["times"] == 2


def test_the_department_books_each_key_whoever_asks() -> None:
    ledger = Ledger()
    numbers = [ledger.book(key, "1" * 17) for key in ("a", "a", "b")]
    assert (numbers[0] == numbers[1], numbers[1] == numbers[2], len(ledger.all()["bookings"])) == (True, False, 2)


def test_the_provider_is_unkind_now_and_then_and_answers_most() -> None:
    client = create_provider("1").test_client()
    wanted = {"trkr": "k", "bookRefill": {"lpgId": "1" * 17}}
    path = "/umang/apisetu/dept/lpgapi/ws1/bookRefill"
    statuses = [client.post(path, json=wanted, environ_base=LINE).status_code for _ in range(60)]
    assert set(statuses) == {200, 503} and statuses.count(200) > 40


class Line:
    """A connection that can be dropped."""

    def shutdown(self, how: int) -> None:
        """Nothing is behind it."""


LINE = {"werkzeug.socket": Line()}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting where only the draws matter."""
    monkeypatch.setattr(Temper, "spread", lambda self, least, most: least)
    monkeypatch.setattr("bench.chaos_provider.time.sleep", lambda seconds: None)


@pytest.fixture
def web() -> Iterator[tuple[int, list[bytes]]]:
    """A web server that refuses the first webhook and takes the others; its port and what was brought."""
    brought: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            brought.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(503 if len(brought) == 1 else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, brought
    server.shutdown()
    server.server_close()


def test_a_text_is_brought_again_until_it_is_acknowledged(web: tuple[int, list[bytes]]) -> None:
    port, brought = web
    carrier = Carrier(port)
    taken = carrier.sms("ref", "+919800000001", "POST", random.Random(3))
    carrier.close()
    assert taken and len(brought) >= 2 and len(set(brought)) == 1


def test_some_webhooks_come_twice(web: tuple[int, list[bytes]]) -> None:
    port, brought = web
    carrier = Carrier(port)
    for number in range(40):
        carrier.sms(f"{number}", "+919800000001", "POST", random.Random(number))
    carrier.close()
    assert carrier.repeated and len(brought) == carrier.brought + carrier.repeated + 1


class Scripted(Carrier):
    """A carrier that shows these screens, one a turn."""

    def __init__(self, *screens: str | None) -> None:
        super().__init__(0)
        self.shown = list(screens)

    def ussd(self, form: Mapping[str, str], draw: random.Random) -> Screen | None:
        text = self.shown.pop(0) if self.shown else "It will come by SMS."
        return None if text is None else Screen(text, "SMS." not in text)


def calls(kind: str, *screens: str | None) -> Transaction:
    """What is in the caller's book after a conversation with these screens."""
    one = Transaction(1, kind, "+919800000001", "7" * 17)
    Caller(Scripted(*screens), lambda to: (), ["110011"], "1", one).do()
    return one


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Caller, "_think", lambda self, least, most: None)


def test_an_acknowledged_wish_is_owed_once() -> None:
    (owed,) = calls("ussd_offer", "Which service?", "Post offices for", "1 Send by SMS").owed
    assert (owed.least, owed.most) == (1, 1)


def test_a_wish_in_a_dialogue_that_was_dropped_and_continued_is_the_same_wish() -> None:
    (owed,) = calls("ussd_offer", "1 Send by SMS", None, "Continue with it?", "1 Send by SMS").owed
    assert (owed.least, owed.most) == (1, 1)


def test_a_wish_in_a_dialogue_that_began_anew_is_another_one() -> None:
    (owed,) = calls("ussd_offer", "1 Send by SMS", None, "Which service?", "1 Send by SMS").owed
    assert (owed.least, owed.most) == (1, 2)


def test_a_booking_that_was_shown_is_in_the_book() -> None:
    one = calls("lpg", "Book one refill for", "Refill booked. Number CHAOS7. Delivery\n1 Send by SMS")
    assert (one.told, one.confirmed) == ({"CHAOS7"}, 1)


def test_callers_have_numbers_of_their_own_and_all_kinds_come() -> None:
    crowd = transactions(200, "1")
    assert len({one.msisdn for one in crowd}) == 200 == len({one.lpg_id for one in crowd})
    assert {one.kind for one in crowd} == set(MIX)
    assert all(msisdn(one.msisdn) == one.msisdn for one in crowd)


def test_a_unit_that_was_killed_is_started_again(tmp_path: Path) -> None:
    unit = Unit(WEB, {}, tmp_path / "log")
    unit.child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], process_group=0)
    machine = Machine({WEB: unit}, Redis(tmp_path, random.Random(1)), random.Random(1))
    started: list[float] = []
    unit.start = lambda: started.append(time.monotonic())  # type: ignore[method-assign]
    assert machine.kill(WEB)
    assert unit.child.wait(5) == -signal.SIGKILL
    unit.keep(random.Random(1))
    assert unit.due and not started
    unit.due = time.monotonic() - 1
    unit.keep(random.Random(1))
    assert started


def test_what_is_dead_already_is_not_counted_as_killed(tmp_path: Path) -> None:
    machine = Machine({WEB: Unit(WEB, {}, tmp_path / "log")}, Redis(tmp_path, random.Random(1)), random.Random(1))
    assert not machine.kill(WEB_PROCESS)


def test_a_killed_redis_can_lose_what_it_wrote_last(tmp_path: Path) -> None:
    log = tmp_path / "appendonlydir" / "appendonly.aof.1.incr.aof"
    log.parent.mkdir()
    log.write_bytes(b"0123456789")
    redis = Redis(tmp_path, random.Random(1), sizes=[(1.0, log, 4), (2.0, log, 7), (3.0, log, 10)])
    redis._lose(2.5)
    assert (log.read_bytes(), redis.losses) == (b"0123456", 1)

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from redis import Redis

from bench.sizes import largest_of, sessions
from bench.valkey import valkey
from flows.engine.values import Name
from services.post import Delivery, Office, OfficeKind
from tests.bench.tiny_server import server

OFFICES = (Office("1", Name("Mohan"), OfficeKind.branch, Delivery.yes, Name("Dumka")),)


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    with valkey(None) as path:
        yield path


@pytest.fixture
def redis(socket: Path) -> Iterator[Redis]:
    with Redis(unix_socket_path=str(socket)) as redis:
        redis.flushall()
        yield redis


def test_a_session_counts_at_its_largest_with_every_key(redis: Redis) -> None:
    lengths = iter([10, 300, 20])

    def answer(path: str) -> tuple[int, bytes]:
        redis.set("caller", "x" * next(lengths))
        redis.set("language", "en")
        return 200, b"CON"

    with server(answer) as port:
        largest, screen = largest_of(port, redis, ("2", "1"), 1)
    assert largest == len("caller") + 300 + len("language") + len("en")
    assert screen == "CON"


def test_each_caller_is_measured_alone(redis: Redis) -> None:
    turns = count(1)

    def answer(path: str) -> tuple[int, bytes]:
        turn = next(turns)
        redis.set(f"session{(turn - 1) // 5}", "x" * turn)
        return 200, b"END Mohan, Branch Office."

    with server(answer) as port:
        # English, then Hindi: five turns each.
        assert sessions(port, redis, {"814133": OFFICES}, count(1)) == [8 + 5, 8 + 10]


@pytest.mark.parametrize("last", [b"END A person can help you with this.", b"CON Which service?"])
def test_a_way_that_does_not_end_at_a_post_office_is_a_fault(redis: Redis, last: bytes) -> None:
    with server(lambda path: (200, last)) as port, pytest.raises(RuntimeError, match="814133"):
        sessions(port, redis, {"814133": OFFICES}, count(1))


def test_something_stored_as_no_string_is_a_fault(redis: Redis) -> None:
    def answer(path: str) -> tuple[int, bytes]:
        redis.hset("h", "field", "value")
        return 200, b"CON"

    with server(answer) as port, pytest.raises(RuntimeError, match="string"):
        largest_of(port, redis, (), 1)


def test_a_turn_that_is_refused_is_a_fault(redis: Redis) -> None:
    with server(lambda path: (403, b"no")) as port, pytest.raises(RuntimeError, match="403"):
        largest_of(port, redis, (), 1)

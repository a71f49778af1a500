"""Counting: nothing is lost and nothing twice, whatever Redis does."""

import os
import threading
from datetime import date
from typing import Any

import pytest
from redis import Redis

from figures.tally import HIT, LOST, MOST, PROMPT, TOOK, TOOK_US, Tally, totals
from sessions.connection import Connection, StoreAway
from tests.conversation import TODAY


def in_redis(redis: Redis, day: str = "2026-11-24") -> dict[str, int]:
    found: dict[bytes, bytes] = redis.hgetall(f"counts:{day}")  # type: ignore[assignment]
    return {field.decode().replace("\t", "|"): int(number) for field, number in found.items()}


def test_what_was_counted_is_in_redis_after_a_flush(tally: Tally, redis: Redis) -> None:
    tally.count(HIT, "ussd", "en", "lpg_book")
    tally.count(HIT, "ussd", "en", "lpg_book")
    tally.count(PROMPT, "ussd", "hi", "lpg_book", "lpg_book.lpg_id")
    tally.flush()
    tally.flush()
    assert in_redis(redis) == {"hit|ussd|en|lpg_book|": 2, "prompt|ussd|hi|lpg_book|lpg_book.lpg_id": 1}
    assert redis.smembers("counts") == {b"counts:2026-11-24"}


def test_threads_lose_nothing(tally: Tally, redis: Redis) -> None:
    def body() -> None:
        for _ in range(5000):
            tally.count(HIT, "ussd")

    threads = [threading.Thread(target=body) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        tally.flush()
    tally.flush()
    assert in_redis(redis) == {"hit|ussd|||": 20_000}


def test_a_flush_whose_answer_got_lost_is_not_counted_twice(connection: Connection, redis: Redis) -> None:
    lose = [True]

    def ask(*command: bytes | str | int) -> Any:
        answer = connection.ask(*command)
        if lose.pop() if lose else False:
            raise StoreAway("lost on the way")
        return answer

    tally = Tally(ask, lambda: TODAY)
    tally.count(HIT, "ussd")
    with pytest.raises(StoreAway):
        tally.flush()
    tally.count(HIT, "ussd")
    tally.flush()
    assert in_redis(redis) == {"hit|ussd|||": 2}


def test_what_was_counted_while_redis_was_away_comes_later_under_its_day(connection: Connection, redis: Redis) -> None:
    away, day = [True], [date(2026, 11, 24)]

    def ask(*command: bytes | str | int) -> Any:
        if away[0]:
            raise StoreAway("away")
        return connection.ask(*command)

    tally = Tally(ask, lambda: day[0])
    for number, today in enumerate((24, 25, 25), 1):
        day[0] = date(2026, 11, today)
        tally.count(HIT, "ussd", number=number)
        with pytest.raises(StoreAway):
            tally.flush()
    away[0] = False
    tally.flush()
    assert in_redis(redis) == {"hit|ussd|||": 1}
    assert in_redis(redis, "2026-11-25") == {"hit|ussd|||": 5}


def test_what_waits_is_bounded_and_the_rest_is_counted_as_lost(connection: Connection, redis: Redis) -> None:
    away = [True]

    def ask(*command: bytes | str | int) -> Any:
        if away[0]:
            raise StoreAway("away")
        return connection.ask(*command)

    tally = Tally(ask, lambda: TODAY)
    for part in range(3):
        for number in range(MOST // 2):
            tally.count(HIT, "ussd", place=f"{part}.{number}")
        with pytest.raises(StoreAway):
            tally.flush()
    for number in range(MOST + 5):
        tally.count(HIT, "sms", place=str(number))
    away[0] = False
    tally.flush()
    assert sum(in_redis(redis).values()) <= 2 * MOST + MOST // 2
    assert totals(connection.ask)[LOST, "", ""] >= 5
    assert sum(number for (what, *_), number in totals(connection.ask).items() if what in (HIT, LOST)) == (
        3 * (MOST // 2) + MOST + 5
    )


def test_a_forked_child_tells_only_its_own(tally: Tally, redis: Redis, connection: Connection) -> None:
    tally.count(HIT, "ussd")
    child = os.fork()
    if child == 0:
        try:
            tally.count(HIT, "sms")
            tally.flush()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert in_redis(redis) == {"hit|sms|||": 1}
    tally.flush()
    assert in_redis(redis) == {"hit|sms|||": 1, "hit|ussd|||": 1}


@pytest.mark.parametrize(
    ("seconds", "bound"), [(0.0001, "0.005"), (0.005, "0.005"), (0.0051, "0.01"), (2.0, "2.0"), (2.1, "+Inf")]
)
def test_how_long_it_took_is_in_one_bucket(tally: Tally, connection: Connection, seconds: float, bound: str) -> None:
    tally.took("ussd", seconds)
    tally.flush()
    assert totals(connection.ask) == {
        (TOOK, "ussd", bound): 1,
        (TOOK_US, "ussd", ""): int(seconds * 1_000_000),
    }


def test_totals_go_on_when_the_day_is_moved_away(tally: Tally, connection: Connection, redis: Redis) -> None:
    tally.count(HIT, "ussd", "en", "lpg_book")
    tally.flush()
    redis.delete("counts:2026-11-24")
    tally.count(HIT, "ussd", "hi", "post_offices")
    tally.flush()
    assert totals(connection.ask) == {(HIT, "ussd", ""): 2}


def test_a_started_tally_flushes_by_itself(tally: Tally, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("figures.tally._FLUSH_SECONDS", 0.01)
    flushed = threading.Event()
    flush = tally.flush

    def noted() -> None:
        flush()
        if in_redis(redis):
            flushed.set()

    monkeypatch.setattr(tally, "flush", noted)
    tally.start()
    tally.count(HIT, "ussd")
    assert flushed.wait(5)

"""From Redis into SQL, once: on both databases, by many at once, and after whatever was killed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

import figures.drain
from figures.drain import MOST, REMEMBERED, Drain, keep
from figures.tally import HIT, TRANSACTION, Tally, totals
from figures.transactions import LIST_KEY, Transaction, packed
from records.database import Database
from records.fact_tables import counted, counts, transactions
from sessions.connection import Connection, StoreAway
from tests.conversation import Clock

ENDED = 1_795_000_000  # 18-11-2026 16:36:40 in India


def one(number: int, **changes: Any) -> Transaction:
    told = {
        "key": f"run{number}.1.lpg_book", "pseudonym": b"p" * 16, "service": "lpg_book", "channel": "ussd",
        "language": "hi", "outcome": "done", "seconds": 42, "demo": False, "ended_at": ENDED,
    }  # fmt: skip
    return Transaction(**{**told, **changes})


def put(redis: Redis, *ended: Transaction) -> None:
    redis.rpush(LIST_KEY.decode(), *map(packed, ended))


def in_sql(database: Database) -> Counter[tuple[str, ...]]:
    c = counts.c
    with database.read() as connection:
        rows = connection.execute(select(c.day, c.what, c.channel, c.language, c.service, c.place, c.number)).all()
    return Counter({tuple(names): number for *names, number in rows})


def kept(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(transactions)).scalar_one())


def leftovers(redis: Redis) -> set[bytes]:
    keys: list[bytes] = redis.keys("*")  # type: ignore[assignment]
    return {key for key in keys if not key.startswith((b"flushed:", b"totals", b"batch"))} | {
        key for key in keys if key == b"batches"
    }


def test_a_transaction_is_kept_and_counted_on_its_day_in_india(drain: Drain, database: Database, redis: Redis) -> None:
    put(redis, one(1), one(2, ended_at=ENDED + 8 * 3600, demo=True))
    assert drain.drain() == 2
    assert in_sql(database) == {
        ("2026-11-18", "transaction", "ussd", "hi", "lpg_book", "done"): 1,
        ("2026-11-19", "demo_transaction", "ussd", "hi", "lpg_book", "done"): 1,
    }
    assert kept(database) == 2 and leftovers(redis) == set()


def test_a_transaction_told_twice_is_one(drain: Drain, database: Database, redis: Redis) -> None:
    put(redis, one(1), one(1, outcome="left"))
    assert drain.drain() == 1
    put(redis, one(1), one(2))
    assert drain.drain() == 1
    assert sum(in_sql(database).values()) == kept(database) == 2
    assert ("2026-11-18", "transaction", "ussd", "hi", "lpg_book", "left") not in in_sql(database)


def test_counts_add_up_over_drains(drain: Drain, tally: Tally, database: Database, redis: Redis) -> None:
    for _ in range(3):
        tally.count(HIT, "ussd", "en", "lpg_book")
        tally.flush()
        drain.drain()
    assert in_sql(database) == {("2026-11-24", "hit", "ussd", "en", "lpg_book", ""): 3}
    assert leftovers(redis) == set()


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("command", range(1, 9))
@pytest.mark.parametrize("answered", [False, True])
def test_whoever_is_killed_between_two_commands_loses_nothing_and_doubles_nothing(
    connection: Connection, tally: Tally, database: Database, clock: Clock, redis: Redis, command: int, answered: bool
) -> None:
    left = [command]

    def ask(*sent: bytes | str | int) -> Any:
        left[0] -= 1
        if left[0] == 0 and not answered:
            raise Killed
        answer = connection.ask(*sent)
        if left[0] == 0:
            raise Killed
        return answer

    tally.count(HIT, "ussd", number=5)
    tally.flush()
    put(redis, *map(one, range(3)))
    try:
        Drain(ask, database, clock).drain()
    except Killed:
        Drain(connection.ask, database, clock).drain()
    assert in_sql(database) == {
        ("2026-11-24", "hit", "ussd", "", "", ""): 5,
        ("2026-11-18", "transaction", "ussd", "hi", "lpg_book", "done"): 3,
    }
    assert kept(database) == 3 and leftovers(redis) == set()


def test_many_drains_at_once_count_once(
    connection: Connection, tally: Tally, database: Database, clock: Clock, redis: Redis
) -> None:
    tally.count(HIT, "ussd", number=7)
    tally.flush()
    put(redis, *map(one, range(500)))

    def body(_: int) -> int:
        return Drain(connection.ask, database, clock).drain()

    with ThreadPoolExecutor(4) as pool:
        new = list(pool.map(body, range(8)))
    assert sum(new) == 500 == kept(database)
    assert sum(in_sql(database).values()) == 507
    assert leftovers(redis) == set()


def test_while_sql_is_away_all_waits_and_one_batch_stands(
    drain: Drain, tally: Tally, database: Database, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("", None, Exception())

    with monkeypatch.context() as patch:
        patch.setattr(database, "write", away)
        for number in range(3):
            put(redis, one(number))
            tally.count(HIT, "ussd")
            tally.flush()
            with pytest.raises(OperationalError):
                drain.drain()
        assert redis.scard("batches") == 2
        assert drain.waiting() == 2
    assert drain.drain() == 1
    assert drain.drain() == 2
    assert in_sql(database)["2026-11-24", "hit", "ussd", "", "", ""] == 3
    assert leftovers(redis) == set()


def test_more_than_a_batch_is_moved_at_once(
    drain: Drain, database: Database, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures.drain, "MOST", 10)
    put(redis, *map(one, range(35)))
    assert drain.drain() == 35 == kept(database)
    assert MOST == 1000


def test_what_is_too_long_is_cut_as_the_tables_want_it(
    drain: Drain, tally: Tally, database: Database, redis: Redis
) -> None:
    tally.count(HIT, "c" * 40, "l" * 40, "s" * 90, "p" * 200)
    tally.flush()
    put(redis, one(1, service="s" * 90, key="k" * 120))
    assert drain.drain() == 1
    assert all(len(part) <= 128 for key in in_sql(database) for part in key)


def test_what_nobody_can_read_is_told_and_stops_nothing(
    drain: Drain, database: Database, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    redis.rpush(LIST_KEY.decode(), b"\xc1nonsense")
    put(redis, one(1))
    assert drain.drain() == 1
    assert "1 transactions are of another format" in caplog.text and "nonsense" not in caplog.text


def test_batches_of_long_ago_are_forgotten(drain: Drain, tally: Tally, database: Database, clock: Clock) -> None:
    for _ in range(2):
        tally.count(HIT)
        tally.flush()
        drain.drain()
        clock.at += REMEMBERED + 1
        drain.tidy()
        clock.at -= 1
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(counted)).scalar() == 0


def test_a_door_that_lives_in_sql_keeps_its_transactions_itself(database: Database) -> None:
    with database.write() as connection:
        assert [new.key for new in keep(connection, [one(1), one(1), one(2)])] == [one(1).key, one(2).key]
    with database.write() as connection:
        assert keep(connection, [one(2)]) == keep(connection, []) == []
    assert sum(in_sql(database).values()) == 2


def test_outcomes_are_in_the_totals(drain: Drain, redis: Redis, connection: Connection) -> None:
    put(redis, one(1), one(1), one(2, outcome="left"))
    drain.drain()
    assert totals(connection.ask) == {(TRANSACTION, "", "done"): 1, (TRANSACTION, "", "left"): 1}


def test_redis_away_is_told(database: Database, clock: Clock) -> None:
    with pytest.raises(StoreAway):
        Drain(Connection("redis://127.0.0.1:1/0").ask, database, clock).drain()

import logging
import threading

import pytest
from redis import Redis

from sessions.connection import Connection
from sessions.keyring import Keyring
from sessions.store import _SAVE, Store

KEYS = {1: bytes(range(32))}
CALLER_KEY = bytes(range(32))
KEY = b"u" + bytes(range(240, 256))
LANGUAGE = b"l" + bytes(range(240, 256))


@pytest.fixture
def store(redis_url: str) -> Store:
    return Store(Connection(redis_url), Keyring(KEYS, CALLER_KEY))


def test_nothing_is_found_where_nothing_was_put(store: Store) -> None:
    loaded = store.load(KEY)
    assert (loaded.value, loaded.version, loaded.extras) == (None, b"", ())


def test_what_was_put_is_found(store: Store) -> None:
    assert store.save(KEY, b"session", b"") is True
    assert store.load(KEY).value == b"session"


def test_a_value_is_changed_by_whoever_read_it_last(store: Store) -> None:
    store.save(KEY, b"one", b"")
    assert store.save(KEY, b"two", store.load(KEY).version) is True
    assert store.load(KEY).value == b"two"


def test_a_stale_version_changes_nothing(store: Store) -> None:
    store.save(KEY, b"one", b"")
    stale = store.load(KEY).version
    store.save(KEY, b"two", stale)
    assert store.save(KEY, b"three", stale, also=((LANGUAGE, b"hi", 60),)) is False
    loaded = store.load(KEY, (LANGUAGE,))
    assert (loaded.value, loaded.extras) == (b"two", (None,))


def test_an_empty_version_does_not_replace_a_value(store: Store) -> None:
    store.save(KEY, b"one", b"")
    assert store.save(KEY, b"two", b"") is False
    assert store.load(KEY).value == b"one"


def test_a_version_of_what_has_expired_does_not_bring_it_back(store: Store, redis: Redis) -> None:
    store.save(KEY, b"one", b"")
    version = store.load(KEY).version
    redis.delete(KEY)
    assert store.save(KEY, b"two", version) is False


def test_extras_are_put_and_read_with_the_value(store: Store) -> None:
    other = b"x" + KEY
    store.save(KEY, b"session", b"", also=((LANGUAGE, b"hi", 60), (other, b"more", 70)))
    assert store.load(KEY, (LANGUAGE, b"nothing", other)).extras == (b"hi", None, b"more")


def test_extras_are_found_where_no_value_is(store: Store, redis: Redis) -> None:
    store.save(KEY, b"session", b"", also=((LANGUAGE, b"hi", 60),))
    redis.delete(KEY)
    loaded = store.load(KEY, (LANGUAGE,))
    assert (loaded.value, loaded.version, loaded.extras) == (None, b"", (b"hi",))


def test_everything_expires(redis_url: str, redis: Redis) -> None:
    store = Store(Connection(redis_url), Keyring(KEYS, CALLER_KEY), ttl=500)
    store.save(KEY, b"session", b"", also=((LANGUAGE, b"hi", 60),))
    assert (redis.ttl(KEY), redis.ttl(LANGUAGE)) == (500, 60)
    store.save(KEY, b"session", store.load(KEY).version, ttl=30)
    assert redis.ttl(KEY) == 30


def test_nothing_readable_stands_in_redis(store: Store, redis: Redis) -> None:
    store.save(KEY, b"session", b"", also=((LANGUAGE, b"language", 60),))
    assert b"session" not in (redis.get(KEY) or b"session")
    assert b"language" not in (redis.get(LANGUAGE) or b"language")


def test_a_value_of_another_caller_is_not_taken(store: Store, redis: Redis) -> None:
    store.save(KEY, b"session", b"")
    redis.rename(KEY, LANGUAGE)
    assert store.load(LANGUAGE).value is None


def test_what_does_not_open_is_replaced_by_the_next_turn(
    store: Store, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    redis.set(KEY, b"\x63 sealed by a key that nobody has")
    with caplog.at_level(logging.WARNING):
        loaded = store.load(KEY, (KEY,))
    assert loaded.value is None
    assert loaded.extras == (None,)
    assert "does not open" in caplog.text
    assert store.save(KEY, b"anew", loaded.version) is True
    assert store.load(KEY).value == b"anew"


def test_values_of_the_old_key_are_read_after_a_rotation(store: Store, redis_url: str, redis: Redis) -> None:
    store.save(KEY, b"session", b"")
    rotated = Store(Connection(redis_url), Keyring({2: bytes(32), **KEYS}, CALLER_KEY))
    loaded = rotated.load(KEY)
    assert loaded.value == b"session"
    assert rotated.save(KEY, b"session", loaded.version) is True
    assert (redis.get(KEY) or b"")[:1] == b"\x02"


def test_a_server_that_forgot_the_script_is_told_it_again(store: Store, redis: Redis) -> None:
    store.save(KEY, b"one", b"")
    redis.script_flush()
    assert store.save(KEY, b"two", store.load(KEY).version) is True
    assert store.load(KEY).value == b"two"


def test_a_turn_costs_two_commands(store: Store, redis: Redis) -> None:
    store.save(KEY, b"one", b"")
    store.save(KEY, b"two", store.load(KEY).version)  # the first asks what the server knows
    before = _commands(redis)
    loaded = store.load(KEY, (LANGUAGE,))
    store.save(KEY, b"three", loaded.version)
    assert _asked(before, _commands(redis)) == {"mget": 1, "set": 1, "info": 1}


def test_a_turn_that_remembers_a_language_costs_two_commands(store: Store, redis: Redis) -> None:
    store.save(KEY, b"one", b"")
    redis.script_load(_SAVE)
    before = _commands(redis)
    loaded = store.load(KEY, (LANGUAGE,))
    store.save(KEY, b"two", loaded.version, also=((LANGUAGE, b"hi", 60),))
    from_the_script = {"getrange": 1, "set": 2}
    assert _asked(before, _commands(redis)) == {"mget": 1, "evalsha": 1, "info": 1, **from_the_script}


def _asked(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}


def _commands(redis: Redis) -> dict[str, int]:
    found = redis.info("commandstats")
    assert isinstance(found, dict)
    return {name.removeprefix("cmdstat_"): each["calls"] for name, each in found.items()}


def test_of_many_who_read_the_same_version_exactly_one_wins(store: Store) -> None:
    rounds, racers = 20, 8
    together = threading.Barrier(racers)
    wins: list[tuple[int, int]] = []

    def race(me: int) -> None:
        for number in range(rounds):
            together.wait()
            version = store.load(KEY).version
            together.wait()
            if store.save(KEY, b"%d by %d" % (number, me), version):
                wins.append((number, me))

    threads = [threading.Thread(target=race, args=(me,)) for me in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for number, _ in wins) == list(range(rounds))
    number, me = max(wins)
    assert store.load(KEY).value == b"%d by %d" % (number, me)


def test_no_addition_is_lost_among_many(store: Store) -> None:
    store.save(KEY, b"0", b"")

    def add() -> None:
        for _ in range(15):
            while True:
                loaded = store.load(KEY)
                if store.save(KEY, b"%d" % (int(loaded.value or b"0") + 1), loaded.version):
                    break

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.load(KEY).value == b"90"


@pytest.mark.parametrize("compares", [True, False])
def test_the_server_s_own_comparison_and_the_script_agree(store: Store, compares: bool) -> None:
    store._compares = compares
    assert store.save(KEY, b"one", b"") is True
    assert store.save(KEY, b"other", b"") is False
    version = store.load(KEY).version
    assert store.save(KEY, b"two", version) is True
    assert store.save(KEY, b"three", version) is False
    assert store.load(KEY).value == b"two"


def test_the_embedded_server_compares_by_itself(store: Store) -> None:
    store.save(KEY, b"one", b"")
    store.save(KEY, b"two", store.load(KEY).version)
    assert store._compares is True

"""How many bytes a session takes in Redis: the lengths of keys and values, not what the server allocates for them."""

from collections.abc import Iterator, Sequence

from redis import Redis

from bench.dialogue import rendered, texts, ways
from bench.places import Places
from bench.rehearsal import ask


def largest_of(port: int, redis: Redis, keyed: Sequence[str], caller: int) -> tuple[int, str]:
    """The most bytes that a caller's session took at any turn, every key there is with its value; the last screen.

    Empties the database first. Raises RuntimeError when something but a string is stored.
    """
    redis.flushall()
    largest, screen = 0, b""
    for text in texts(keyed):
        screen = ask(port, rendered(text), caller)
        largest = max(largest, sum(len(key) + _length(redis, key) for key in redis.scan_iter(count=1000)))
    return largest, screen.decode()


def sessions(port: int, redis: Redis, places: Places, callers: Iterator[int]) -> list[int]:
    """`largest_of` for every way to an office of every PIN code. Raises RuntimeError when a way does not end at one."""
    sizes = []
    for pin, offices in places.items():
        for keyed in ways(pin, [office.name for office in offices]):
            largest, last = largest_of(port, redis, keyed, next(callers))
            if not any(office.name in last for office in offices):
                raise RuntimeError(f"keying {', '.join(keyed)} does not end at a post office: {last}")
            sizes.append(largest)
    return sizes


def _length(redis: Redis, key: bytes) -> int:
    if redis.type(key) != b"string":
        raise RuntimeError(f"a session is expected in strings, but a {redis.type(key)!r} is stored")
    return int(redis.strlen(key))

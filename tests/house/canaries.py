"""A thousand values that nobody else would write, and a look for them wherever something may be kept."""

import logging
import random
import re
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

_TIMES = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d+|\d+\.\d{5,}")
"""Times and durations whose fractions are six digits, as a PIN is."""
_LETTERS = "bdfgjklmpqvwxz"
_RUNS = re.compile(rf"[0-9]{{6,}}|[{_LETTERS}]{{9,}}".encode())
"""What may hold a canary: their words have no vowel, so that no word of a language is among them."""


@dataclass(frozen=True, slots=True)
class Canaries:
    """1,000 values: telephone numbers, LPG IDs, PINs, other numbers, and words such as a name or a text has."""

    numbers: tuple[str, ...]
    lpg_ids: tuple[str, ...]
    pins: tuple[str, ...]
    others: tuple[str, ...]
    words: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.numbers, *self.lpg_ids, *self.pins, *self.others, *self.words)


def canaries() -> Canaries:
    """The same ones each time."""
    chance = random.Random(2026)
    seen: set[str] = set()

    def distinct(first: str, length: int) -> Iterator[str]:
        while True:
            value = chance.choice(first) + "".join(chance.choices("0123456789", k=length - 1))
            if value not in seen and len(set(value)) > 3:
                seen.add(value)
                yield value

    def words() -> Iterator[str]:
        while True:
            yield "".join(chance.choices(_LETTERS, k=9)).capitalize()

    return Canaries(
        tuple(islice(distinct("6789", 10), 400)),
        tuple(islice(distinct("123456789", 17), 150)),
        tuple(islice(distinct("123456789", 6), 100)),
        tuple(islice(distinct("123456789", 12), 150)),
        tuple(islice(words(), 200)),
    )


class Looked:
    """Finds canaries in bytes: a PIN where it stands alone, the longer ones inside anything."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._wanted = {value.lower().encode() for value in wanted}
        self._lengths = sorted({len(value) for value in self._wanted})
        self.places = 0

    def found(self, where: str, held: bytes) -> list[str]:
        """Where a canary stands, and what it begins with."""
        self.places += 1
        plain = _TIMES.sub(b"", held).lower()
        return [
            f"{where}: {run[first : first + 4]!r}… in …{plain[max(0, hit.start() - 60) : hit.start()]!r}"
            for hit in _RUNS.finditer(plain)
            for run in [hit[0]]
            for length in self._lengths
            if length > 6 or (len(run) == length and not _within_a_word(plain, hit.start(), hit.end()))
            for first in range(len(run) - length + 1)
            if run[first : first + length] in self._wanted
        ]

    def in_redis(self, client: Any) -> list[str]:
        """In every key and every value, RQ's among them."""
        keys: list[bytes] = client.keys("*")
        return [hit for key in keys for hit in self.found(f"Redis {key!r}", key + b"\0" + _held(client, key))]

    def in_files(self, folder: Path) -> list[str]:
        """In every file below this folder."""
        files = (file for file in sorted(folder.rglob("*")) if file.is_file())
        return [hit for file in files for hit in self.found(file.name, file.read_bytes())]


def _within_a_word(held: bytes, first: int, last: int) -> bool:
    """Six digits inside a hexadecimal hash or an address are chance, not a PIN."""
    return held[max(0, first - 1) : first].isalnum() or held[last : last + 1].isalnum()


def _held(client: Any, key: bytes) -> bytes:
    """All that stands under a key; redis-py's types do not say what comes back."""
    match client.type(key):
        case b"string":
            return bytes(client.get(key) or b"")
        case b"hash":
            return b"\0".join(part for pair in client.hgetall(key).items() for part in pair)
        case b"list":
            return b"\0".join(client.lrange(key, 0, -1))
        case b"set":
            return b"\0".join(client.smembers(key))
        case b"zset":
            return b"\0".join(client.zrange(key, 0, -1))
        case b"stream":
            return repr(client.xrange(key)).encode()
        case kind:
            raise AssertionError(f"teach this test what a {kind!r} holds")


@dataclass
class Everything(logging.Handler):
    """Keeps all that is logged, with its arguments, its fields and its traceback, before any net."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record in all its words."""
        fault = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info and record.exc_info[0] else ""
        plain = logging.makeLogRecord({}).__dict__
        more = {name: value for name, value in record.__dict__.items() if name not in plain}
        self.lines.append(
            f"{record.name} {record.getMessage()} {record.args!r} {more!r} {fault} {record.exc_text or ''}"
        )

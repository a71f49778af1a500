"""Counts of this process, for any number of threads: a turn adds to a dict, a thread puts it into Redis each second."""

import bisect
import logging
import multiprocessing.util
import os
import secrets
import threading
import weakref
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol

log = logging.getLogger(__name__)
HIT, PROMPT, ANSWER = "hit", "prompt", "answer"
TRANSACTION, DEMO_TRANSACTION = "transaction", "demo_transaction"
TOOK, TOOK_US, FAULT, LOST = "took", "took_us", "fault", "lost"
WATCHED = frozenset({HIT, TOOK, TOOK_US, FAULT, LOST})
"""What `/metrics` shows: kept as running totals by channel and place."""
BY_DAY = frozenset({HIT, PROMPT, ANSWER})
"""What is kept by day in SQL."""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Upper bounds in seconds of how long an answer took; 2 s is the longest that TRAI allows for USSD."""
_PLACES = (*map(str, BUCKETS), "+Inf")
MOST = 20_000
"""Different keys that are kept while Redis is away; what is new beyond them is counted as lost."""
DAYS_KEY, TOTALS_KEY = b"counts", b"totals"
SEPARATOR = "\t"
_FLUSH_SECONDS = 1.0
_REMEMBERED = 24 * 3600
_PUT = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return 0 end
for i = 3, #ARGV, 3 do redis.call('HINCRBY', KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2]) end
for i = 4, #KEYS do redis.call('SADD', KEYS[2], KEYS[i]) end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""
"""Add all of one batch unless this process's latest batch is this one: its answer got lost, and it came again."""

Key = tuple[str, str, str, str, str]
"""What, channel, language, service, place (`flow.block`, an outcome, a bound), "" where nothing is to be said."""


class Ask(Protocol):
    """One command to Redis and its answer (`sessions.connection.Connection.ask`)."""

    def __call__(self, *command: bytes | str | int) -> Any:
        """Raises whatever says that Redis is away."""


class Tally:
    """Counts. `today` gives the day in India. A forked child starts with nothing, and with no thread."""

    def __init__(self, ask: Ask, today: Callable[[], date]) -> None:
        self._ask = ask
        self._today = today
        self._anew()
        here = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _forget(here()))

    def _anew(self) -> None:
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._counts: dict[Key, int] = {}
        self._waiting: dict[str, dict[Key, int]] = {}
        self._sent: dict[str, dict[Key, int]] = {}
        self._process = secrets.token_hex(6)
        self._serial = 0
        self._thread: threading.Thread | None = None

    def count(
        self, what: str, channel: str = "", language: str = "", service: str = "", place: str = "", number: int = 1
    ) -> None:
        """Add to a count. Nothing that a caller typed may stand in any of these."""
        key = (what, channel, language, service, place)
        with self._lock:
            counts = self._counts
            if key in counts:
                counts[key] += number
            elif len(counts) < MOST:
                counts[key] = number
            else:
                lost = (LOST, "", "", "", "")
                counts[lost] = counts.get(lost, 0) + number

    def took(self, channel: str, seconds: float) -> None:
        """Note how long an answer took."""
        self.count(TOOK, channel, "", "", _PLACES[bisect.bisect_left(BUCKETS, seconds)])
        self.count(TOOK_US, channel, number=int(seconds * 1_000_000))

    def flush(self) -> None:
        """Put into Redis what was counted since. Raises what `ask` raises; nothing is lost or counted twice by that."""
        with self._flushing:
            self._gather()
            while self._sent or self._waiting:
                if not self._sent:
                    self._sent, self._waiting = self._waiting, {}
                    self._serial += 1
                self._put()
                self._sent = {}

    def _gather(self) -> None:
        with self._lock:
            fresh, self._counts = self._counts, {}
        if not fresh:
            return
        day = self._waiting.setdefault(self._today().isoformat(), {})
        room = MOST - sum(map(len, self._waiting.values()))
        for key, number in fresh.items():
            if key not in day:
                if room <= 0:
                    key = (LOST, "", "", "", "")
                room -= 1
            day[key] = day.get(key, 0) + number

    def _put(self) -> None:
        keys = [f"flushed:{self._process}".encode(), DAYS_KEY, TOTALS_KEY]
        arguments: list[bytes | str | int] = [str(self._serial), _REMEMBERED]
        totals: dict[str, int] = {}
        for day, counts in self._sent.items():
            by_day = {key: number for key, number in counts.items() if key[0] in BY_DAY}
            if by_day:
                keys.append(b"%b:%b" % (DAYS_KEY, day.encode()))
            for key, number in by_day.items():
                arguments += (len(keys), SEPARATOR.join(key), number)
            for (what, channel, _, _, place), number in counts.items():
                if what in WATCHED:
                    field = SEPARATOR.join((what, channel, place))
                    totals[field] = totals.get(field, 0) + number
        for field, number in totals.items():
            arguments += (3, field, number)
        self._ask("EVAL", _PUT, len(keys), *keys, *arguments)

    def start(self) -> None:
        """Flush each second from now on, and once more when this process ends in order."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._flush_for_ever, name="figures", daemon=True)
            self._thread.start()
            # Runs at the end of a multiprocessing child too, where atexit does not.
            multiprocessing.util.Finalize(None, self._flush_or_tell, args=(False,), exitpriority=0)

    def _flush_for_ever(self) -> None:
        pause, away = threading.Event(), False
        while not pause.wait(_FLUSH_SECONDS):
            away = not self._flush_or_tell(away)

    def _flush_or_tell(self, told: bool) -> bool:
        try:
            self.flush()
        except Exception as error:
            # Whatever it was, counting goes on, and the next flush brings it all.
            if not told:
                log.warning("counts wait in this process: %s", type(error).__name__)
            return False
        return True


def totals(ask: Ask) -> Mapping[tuple[str, str, str], int]:
    """The running totals of all processes: (what, channel, place) → number. Raises what `ask` raises."""
    flat = [part.decode() for part in ask("HGETALL", TOTALS_KEY)]
    found: dict[tuple[str, str, str], int] = {}
    for field, number in zip(flat[::2], flat[1::2], strict=True):
        what, channel, place = field.split(SEPARATOR)
        found[what, channel, place] = int(number)
    return found


def _forget(tally: Tally | None) -> None:
    """In a forked child: what the parent counted is the parent's to tell."""
    if tally is not None:
        tally._anew()

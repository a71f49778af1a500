"""Answers that come after the turn is over: asked in the background, found again by the request's token.

What is asked, and what was answered, stand sealed in Redis for a quarter of an hour. A worker gets the token only. It
holds a short lease that it renews while it works; when it was killed, the lease runs out and the request is handed over
again. Nothing is locked: of two answers the first one stays. So a request may be asked twice, which is harmless: a
write carries its idempotency key.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from flows.engine.effects import Request
from flows.engine.values import TimedOut, Unavailable
from flows.operations import Answer, Caller
from sessions.connection import Connection, StoreAway
from sessions.keyring import CannotOpen, Keyring
from sessions.outcomes import Outcomes

log = logging.getLogger(__name__)
KEPT = 900
"""Seconds that a request and its answer are kept."""
IN_QUEUE = 30
"""Seconds in which a worker is expected to begin."""
AT_WORK = 6
"""Seconds after which a request whose worker gives no sign is handed over again."""
QUICK = 15
"""Seconds: a service whose deadline is longer is never waited for within a turn."""
FINISH = "sessions.late.finish"
"""The job's dotted name."""
_LEASES = b"late"
_LEASE = """
redis.call('ZADD', KEYS[1], redis.call('TIME')[1] + ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""
"""Note until when this token is in somebody's hands, by the clock of Redis, which all share."""
_RUN_OUT = """
local now = tonumber(redis.call('TIME')[1])
local out = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 100)
for _, token in ipairs(out) do redis.call('ZADD', KEYS[1], now + ARGV[1], token) end
return out
"""
"""The tokens that nobody has in hand any more, from now on in the hands of whoever asked for them."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that goes on in the background. `deadline` in seconds from `asked_at`, which is in Unix seconds."""

    token: str
    operation: str
    given: Mapping[str, str]
    caller: Caller | None
    key: str
    deadline: float
    asked_at: float


class Perform(Protocol):
    """Asks an operation now (`services.perform.Services.perform`)."""

    def __call__(self, name: str, given: Mapping[str, str], caller: object = None, key: str = "") -> Answer[object]:
        """Give the answer; never raises for what a service does."""


class Late:
    """Requests in the background. `hand_over` gives a token to whoever finishes it, with the seconds that it may take.

    `patience` is how long `ask` itself waits for a quick service, in seconds. Everything here raises StoreAway when
    Redis or the queue is away.
    """

    def __init__(
        self,
        connection: Connection,
        keyring: Keyring,
        perform: Perform,
        outcomes: Outcomes,
        hand_over: "Callable[[Late, str, float], None]",
        patience: float = 0.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._redis = connection.ask
        self._keyring = keyring
        self._perform = perform
        self._outcomes = outcomes
        self._hand_over = hand_over
        self._patience = patience
        self._now = now
        self.at_work: set[str] = set()
        """Tokens that this process is asking for just now."""

    def ask(self, request: Request, caller: Caller | None, deadline: float) -> Answer[object] | None:
        """The answer if it is there; None while it is not. The first time a request is asked, it is begun."""
        answer, pending = self._found(request.token)
        if answer is not None and isinstance(answer.outcome, TimedOut | Unavailable):
            # Told once; whoever asks again wants it to be tried again, a write under the same key.
            self._redis("DEL", b"a:" + request.token.encode(), b"p:" + request.token.encode())
        if answer is not None:
            return answer
        if pending is None:
            self._begin(
                Pending(request.token, request.operation, request.given, caller, request.key, deadline, self._now())
            )
        return self.wait(request.token, self._patience if deadline <= QUICK else 0)

    def _begin(self, pending: Pending) -> None:
        # The lease first: whatever fails behind it, the request is handed over when the lease has run out.
        self._lease(pending.token, IN_QUEUE)
        if self._put(b"p:", pending.token, msgspec.msgpack.encode(pending)):
            self._hand_over(self, pending.token, pending.deadline)

    def answer(self, token: str) -> Answer[object] | None:
        """The answer if it is there, TimedOut once it is too late for one, else None."""
        return self._found(token)[0]

    def wait(self, token: str, seconds: float) -> Answer[object] | None:
        """The same, after waiting for it so long at most."""
        until = time.monotonic() + seconds
        pause = 0.01
        while (answer := self.answer(token)) is None and (left := until - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, 0.2)
        return answer

    def finish(self, token: str) -> None:
        """Ask what is pending under this token, and keep the answer; nothing when that is done already."""
        answer, pending = self._found(token)
        if pending is not None and answer is None:
            self._lease(token, AT_WORK)
            self.at_work.add(token)
            try:
                answer = self._asked(pending)
            finally:
                self.at_work.discard(token)
        if pending is not None and answer is not None:
            self._put(b"a:", token, self._outcomes.packed(pending.operation, answer))
        self._redis("ZREM", _LEASES, token)

    def tend(self) -> None:
        """To be done each second by whoever finishes: renew what is at work here, hand over what nobody has in hand."""
        for token in tuple(self.at_work):
            self._lease(token, AT_WORK)
        for token in self._redis("EVAL", _RUN_OUT, 1, _LEASES, IN_QUEUE):
            _, pending = self._found(token.decode())
            if pending is None:
                self._redis("ZREM", _LEASES, token)
            else:
                log.warning("%s: a late request is handed over again", pending.operation)
                self._hand_over(self, pending.token, pending.deadline)

    def _asked(self, pending: Pending) -> Answer[object]:
        try:
            return self._perform(pending.operation, pending.given, pending.caller, pending.key)
        except Exception as error:
            # Where, never what: an exception's message may hold what a caller typed.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("%s: %s at %s:%d", pending.operation, type(error).__name__, place.name, place.lineno or 0)
            return Answer(Unavailable())

    def _found(self, token: str) -> tuple[Answer[object] | None, Pending | None]:
        """The answer, which is TimedOut once the deadline has passed without one, and the request."""
        answered, asked = self._redis("MGET", b"a:" + token.encode(), b"p:" + token.encode())
        kept = self._opened(b"a:", token, answered)
        plain = self._opened(b"p:", token, asked)
        pending = msgspec.msgpack.decode(plain, type=Pending) if plain is not None else None
        if kept is not None:
            return self._outcomes.unpacked(kept), pending
        overdue = pending is not None and self._now() > pending.asked_at + pending.deadline
        return Answer(TimedOut()) if overdue else None, pending

    def _opened(self, kind: bytes, token: str, sealed: bytes | None) -> bytes | None:
        if sealed is None:
            return None
        try:
            return self._keyring.open(sealed, kind + token.encode())
        except CannotOpen:
            log.warning("a late request or answer does not open, and is taken for none")
            return None

    def _put(self, kind: bytes, token: str, plain: bytes) -> bool:
        """Keep this unless something is kept there already; whether it was kept."""
        key = kind + token.encode()
        return self._redis("SET", key, self._keyring.seal(plain, key), "NX", "EX", KEPT) is not None

    def _lease(self, token: str, seconds: int) -> None:
        self._redis("EVAL", _LEASE, 1, _LEASES, seconds, token, KEPT)


_of_process: Late | None = None


def install(late: Late) -> None:
    """Make this the one that jobs of this process use."""
    global _of_process
    _of_process = late


def finish(token: str) -> None:
    """The job: `Late.finish` of this process. Raises LookupError in a process that was not made a worker."""
    if _of_process is None:
        raise LookupError("this process has no late requests: install() was not used")
    _of_process.finish(token)


def at_once(late: Late, token: str, seconds: float) -> None:
    """For tests: finishes before `ask` returns."""
    late.finish(token)


def in_thread(late: Late, token: str, seconds: float) -> None:
    """Finishes in a thread of this process: for tests, and for a conversation in the terminal."""

    def body() -> None:
        try:
            late.finish(token)
        except StoreAway:
            log.warning("the answer to a late request could not be kept")

    threading.Thread(target=body, name="late", daemon=True).start()

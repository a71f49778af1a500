"""Keeping what an upstream said about everybody's weather for a while: public data only, never a person's."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from flows.operations.deadline import Deadline, DeadlinePassed

V = TypeVar("V")


class Kept(Generic[V]):
    """One value, fetched anew when it is older than `seconds`; one thread fetches while the others wait."""

    def __init__(
        self, fetch: Callable[[Deadline], V], seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._value: tuple[float, V] | None = None

    def value(self, until: Deadline) -> V:
        """The value, at most `seconds` old. Raises what `fetch` raises, and DeadlinePassed."""
        kept = self._fresh()
        if kept is not None:
            return kept[1]
        if not self._lock.acquire(timeout=until.left()):
            raise DeadlinePassed
        try:
            kept = self._fresh()
            if kept is None:
                kept = self._value = (self._clock() + self._seconds, self._fetch(until))
            return kept[1]
        finally:
            self._lock.release()

    def _fresh(self) -> tuple[float, V] | None:
        kept = self._value
        return kept if kept is not None and self._clock() < kept[0] else None

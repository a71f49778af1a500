"""A circuit breaker: an upstream that keeps failing is left alone for a while instead of being waited for."""

import threading
import time
from collections import deque
from collections.abc import Callable


class Breaker:
    """Counts the failures of one upstream; safe to share between threads.

    Closed: everything is let through. After `failures` failures within `window` seconds it opens, and nothing is let
    through for `rest` seconds. Then one single probe is (half-open): its success closes the breaker, its failure opens
    it for another rest. A probe that never reports is given up after one more rest.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        window: float = 30.0,
        rest: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = failures
        self._window = window
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: deque[float] = deque()
        self._shut_until: float | None = None
        self._probing = False

    def admits(self) -> bool:
        """Whether to ask the upstream now; who is told yes must report `succeeded` or `failed`."""
        with self._lock:
            if self._shut_until is None:
                return True
            now = self._clock()
            if now < self._shut_until:
                return False
            self._shut_until = now + self._rest
            self._probing = True
            return True

    def succeeded(self) -> None:
        """The upstream answered."""
        with self._lock:
            self._failed.clear()
            self._shut_until = None
            self._probing = False

    def failed(self) -> None:
        """The upstream failed, or was too late."""
        with self._lock:
            now = self._clock()
            if self._shut_until is None:
                self._failed.append(now)
                while self._failed[0] <= now - self._window:
                    self._failed.popleft()
                if len(self._failed) >= self._most:
                    self._shut_until = now + self._rest
            elif self._probing:
                # Only the probe counts: whatever was under way when the breaker opened must not keep it open.
                self._probing = False
                self._shut_until = now + self._rest

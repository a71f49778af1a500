"""How long an operation may still take, carried along through everything that it waits for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


class DeadlinePassed(Exception):
    """The operation's time is over. Carries no text, so that nothing personal can be in it."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which an answer is too late, on a monotonic clock in seconds."""

    at: float
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    pause: Callable[[float], None] = field(default=time.sleep, repr=False)

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """The deadline that lies so many seconds ahead."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds that are left, more than 0. Raises DeadlinePassed."""
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise DeadlinePassed
        return seconds

    def rest(self, seconds: float) -> None:
        """Waits; raises DeadlinePassed at once when the wait would outlast the deadline."""
        if seconds >= self.left():
            raise DeadlinePassed
        self.pause(seconds)

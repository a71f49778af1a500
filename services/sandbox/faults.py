"""Being late and being wrong on demand: by the end of an identifier, or as told through `/_sandbox`."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Response

UPSTREAMS = ("lpg", "bbps", "mandi", "weather", "warnings", "sms")
FAILURES = ("", "down", "hangs", "nonsense", "too_much", "empty")
MAGIC: Mapping[str, str] = {"0503": "down", "0504": "hangs", "0505": "nonsense", "0506": "too_much"}
"""Last four digits of an identifier → how the upstream fails for it."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How one upstream behaves now: answers `delay` seconds late, or fails ("" is not at all)."""

    delay: float = 0.0
    failure: str = ""


class Faults:
    """The moods of all upstreams; safe to share between threads. `hang_seconds`: how long one that hangs, hangs."""

    def __init__(self, hang_seconds: float) -> None:
        self._hang_seconds = hang_seconds
        self._moods = dict.fromkeys(UPSTREAMS, Mood())
        self._released = threading.Event()

    def mood(self, upstream: str) -> Mood:
        """How it behaves now. Raises KeyError for an unknown upstream."""
        return self._moods[upstream]

    def set(self, upstream: str, *, delay: float, failure: str) -> None:
        """Changes how it behaves. Raises KeyError for an unknown upstream, ValueError for an unknown failure."""
        if failure not in FAILURES or not 0 <= delay <= 120:
            raise ValueError
        self._moods[upstream] = replace(self._moods[upstream], delay=delay, failure=failure)

    def reset(self) -> None:
        """Everything behaves again, and whatever hangs or waits lets go."""
        self._moods = dict.fromkeys(UPSTREAMS, Mood())
        self._released.set()
        self._released = threading.Event()

    def strike(self, upstream: str, identifier: str = "") -> Response | None:
        """Waits as told, then gives the response of a failure; None when it does not fail."""
        mood = self._moods[upstream]
        if mood.delay:
            self._released.wait(mood.delay)
        match MAGIC.get(identifier[-4:], mood.failure):
            case "down":
                return Response('{"error": "made-up outage"}', 503, mimetype="application/json")
            case "hangs":
                self._released.wait(self._hang_seconds)
                return Response('{"error": "made-up silence"}', 504, mimetype="application/json")
            case "nonsense":
                return Response("<html>made-up nonsense</html>", 200, mimetype="text/html")
            case "too_much":
                return Response(f'{{"filler": "{"x" * 6_000_000}"}}', 200, mimetype="application/json")
        return None

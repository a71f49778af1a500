"""What pretend callers wished for and were promised: the other side of the provider's ledger."""

import re
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_TRAIL, _SHOWN = 8, 24
_TYPED = re.compile(r"\d{4,}")
_BEGAN = time.monotonic()


@dataclass(slots=True)
class Owed:
    """Texts of one kind that a caller may find on the phone; `pattern` matches the whole of such a text.

    `least` were promised, `most` were wished for: a wish whose answer never reached the caller may be granted or not.
    `since` is when one was promised last, in Unix seconds.
    """

    pattern: str
    least: int = 0
    most: int = 0
    since: float = 0.0

    def wish(self) -> None:
        """The caller asks for one more."""
        self.most += 1

    def promise(self) -> None:
        """The caller is told that it comes, or the webhook that asks for it is acknowledged."""
        self.least += 1
        self.since = time.time()


@dataclass(slots=True)
class Transaction:
    """One pretend caller and what they came for. Their number is never printed: `serial` names them.

    `lpg_id` "" is for who books nothing. `confirmed`: dialogues in which a booking was confirmed; `told`: the booking
    numbers that were shown. `helps_wished` and `helps_told` are the same for a person's help. `ended` is how it ended,
    "" while it goes on. `trail`: how the newest screens began, and when.
    """

    serial: int
    kind: str
    msisdn: str = field(repr=False)
    lpg_id: str = field(default="", repr=False)
    owed: list[Owed] = field(default_factory=list)
    confirmed: int = 0
    told: set[str] = field(default_factory=set)
    helps_wished: int = 0
    helps_told: int = 0
    ended: str = ""
    trail: deque[str] = field(default_factory=lambda: deque(maxlen=_TRAIL), repr=False)

    def saw(self, text: str) -> None:
        """Note how this screen begins, without what was typed, for whoever asks why."""
        line = next((line for line in text.splitlines() if not line.startswith("DEMO")), "")
        self.trail.append(f"{time.monotonic() - _BEGAN:.0f} s {_TYPED.sub('#', line)[:_SHOWN]}")

    def owe(self, pattern: str) -> Owed:
        """A kind of text that this caller may get from now on."""
        self.owed.append(Owed(pattern))
        return self.owed[-1]


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the provider's ledger has as sent. `times`: how often it was sent under this key, 1 if all is well.

    `at` is in Unix seconds; `repeats` counts the requests that came with the same key again.
    """

    key: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    at: float
    times: int = 1
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking in the department's ledger."""

    key: str
    lpg_id: str = field(repr=False)
    number: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the provider did, in the order in which it did it."""

    texts: Sequence[Text]
    bookings: Sequence[Booking]


@dataclass(frozen=True, slots=True)
class Kept:
    """What SQL says at the end: work items by number, open tasks by kind, dead ones as (number, "kind: reason")."""

    items: Mapping[str, int] = field(repr=False)
    open_tasks: Mapping[str, int]
    dead: Sequence[tuple[str, str]] = field(repr=False)

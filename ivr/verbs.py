"""What is to be done in a call, in the order in which a dialect is told to do it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Play:
    """A clip by its URL."""

    url: str


@dataclass(frozen=True, slots=True)
class Speak:
    """A sentence by the provider's own voice; `language` is our tag (`hi`), one of `Capabilities.speaks`.

    In another language it is left out: an unknown voice makes a provider drop the whole answer.
    """

    text: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence in whole seconds; left out where the dialect has none."""

    seconds: int


Heard = Play | Speak | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Say this, and take keys meanwhile and after it.

    `digits`: how many are awaited, 0 when `#` ends them (it always may). `seconds`: how long silence may last. `turn`
    is the number of this answer, which comes back with what was keyed, or with silence. No verb after it is done.
    """

    heard: tuple[Heard, ...]
    digits: int
    seconds: int
    turn: int


@dataclass(frozen=True, slots=True)
class Say:
    """Say this, and go on with the next verb."""

    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """Ask us again at once, as turn `turn`: while a service is being asked. No verb after it is done."""

    turn: int


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Put the caller into the queue of this name, where people are (TwiML Enqueue).

    We are asked again as turn `turn` when that is over; at once, as `unmet`, where the dialect has no queue.
    """

    queue: str
    turn: int


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect to this number in E.164 and let it ring for at most so many seconds, then go on with the next verb.

    A number that is no Indian mobile or fixed one is never dialled: the next verb is done at once.
    """

    number: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call before it is answered; always the only verb. Where a dialect cannot, the call is ended."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Verb = Gather | Say | Again | Enqueue | Dial | Reject | Hangup

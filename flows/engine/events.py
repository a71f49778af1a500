"""What may happen to a Run. The clock and all randomness arrive in here, never from within."""

from dataclasses import dataclass, field
from datetime import date

from flows.engine.values import TimedOut, Unavailable


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody dialled, rang or opened. With a Run that was dropped, resumption is offered first.

    `run_id` is fresh and random. `language` is the caller's own or the dialled number's, "" on first contact.
    `inputs` are those of a direct code (`*123*13*110001#` gives ("13", "110001")). `flow` opens a flow at once.
    `sms` says that an SMS can be sent to this caller.
    """

    run_id: str
    channel: str
    today: date
    language: str = ""
    inputs: tuple[str, ...] = ()
    flow: str = ""
    sms: bool = False
    slower: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """What the person typed, keyed or said (VoiceXML filled); `actor` is "" for the citizen, else the agent's id."""

    text: str
    today: date
    actor: str = ""


@dataclass(frozen=True, slots=True)
class NoInput:
    """Silence where something was expected (VoiceXML noinput)."""


@dataclass(frozen=True, slots=True)
class Again:
    """Show the prompt where the Run stands once more; nothing changes (a page turn, a lost screen)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A service answered the Request of this token; a token that is not the Run's is ignored.

    `outcome` is a frozen dataclass whose class name is the exit. `demo`: the answer is made up and must be
    told as such.
    """

    token: str
    outcome: object = field(default_factory=Unavailable)
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """The service of this token has not answered yet and goes on in the background."""

    token: str


@dataclass(frozen=True, slots=True)
class Resume:
    """A person continues the Run, here or on another door; secrets and auth are dropped, the prompt is given again."""

    channel: str
    today: date
    actor: str = ""
    sms: bool = False


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The line is gone (VoiceXML disconnect); the Run can be resumed."""


Event = Start | Input | NoInput | Again | Reply | Late | Resume | Disconnect

__all__ = [
    "Again",
    "Disconnect",
    "Event",
    "Input",
    "Late",
    "NoInput",
    "Reply",
    "Resume",
    "Start",
    "TimedOut",
    "Unavailable",
]

"""The dialects of telephony providers, one file each: a webhook becomes a `CallTurn`, verbs become an answer.

A new dialect is one new file here with a class that keeps to `Gateway` and a function `gateway(account)` that makes it;
`load` finds it by its file name, which is its name in the addresses `/ivr/<name>/call`, `…/status` and `…/missed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Literal, Protocol, cast

from ivr.heard import NOT_TOLD, CallStatus, CallTurn, MissedCall
from ivr.verbs import Again, Dial, Enqueue, Gather, Hangup, Heard, Pause, Play, Reject, Say, Speak, Verb
from wire.asking import Rejected, Unsure
from wire.webhook import Refused, WireReply, WireRequest

__all__ = [
    "HOOKS",
    "NAMES",
    "NOT_TOLD",
    "Account",
    "Again",
    "CallStatus",
    "CallTurn",
    "Capabilities",
    "Dial",
    "Enqueue",
    "Gateway",
    "Gather",
    "Hangup",
    "Heard",
    "Hook",
    "MissedCall",
    "Outgoing",
    "Pause",
    "Placed",
    "Play",
    "Reject",
    "Rejected",
    "Say",
    "Speak",
    "Unsure",
    "Verb",
    "load",
]

NAMES = ("twilio", "exotel", "kookoo", "plivo")
"""The dialects that there are, as settings name them."""
Hook = Literal["call", "status", "missed"]
HOOKS: tuple[Hook, ...] = ("call", "status", "missed")
"""The last part of a webhook's address: a turn of a call; what became of one; the missed-call number."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is agreed with a provider. `base_url`: where its REST API is. `number`: ours, in E.164.

    `token` is what webhooks show as `?token=` where they are not signed; `public_url` our own address as it sees it.
    Each dialect uses `user` and `password` as its wire needs them. `profile` names a variant of the dialect (a provider
    that speaks another one's, with its own limits); `app` the provider's own name of the call flow that leads to us.
    """

    base_url: str
    number: str
    token: str = field(repr=False)
    public_url: str
    user: str = ""
    password: str = field(default="", repr=False)
    profile: str = ""
    app: str = ""
    seconds: float = 5.0
    """How long one request may take."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a dialect can do; what it cannot, the door does another way or politely leaves."""

    barge_in: bool = True
    reject: bool = False
    """Refusing a call before it is answered, so that nobody pays."""
    call_out: bool = False
    queue: bool = False
    conference: bool = False
    whisper: bool = False
    machine_detection: bool = False
    pause: bool = True
    numbers_turns: bool = True
    """The number of a turn comes back with what was keyed; else a turn is `NOT_TOLD` and only the store knows it."""
    names_caller: bool = True
    """Every webhook of a call names the caller; else only the first one does."""
    goes_on_after_dial: bool = True
    """The verbs after `Dial` are done; else we are asked again when it is over, without keys."""
    speaks: tuple[str, ...] = ()
    """Languages that its own voice speaks, as our tags."""
    most_bytes: int = 65_536
    """Of one answer."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call to be placed. `task`: the number of its row, which comes back; `key`: the same in every try of it.

    No provider here refuses the same key twice: after `Unsure`, whoever asks again may ring twice.
    """

    task: int
    key: str
    to: str = field(repr=False)
    ring_seconds: int
    limit_seconds: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The provider rings; `call` is its id, "" where only the first webhook names it (`task` comes back there)."""

    call: str


class Gateway(Protocol):
    """One dialect; stateless, safe to share between threads."""

    @property
    def name(self) -> str:
        """Its file's name."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    def parse(self, hook: Hook, request: WireRequest) -> CallTurn | CallStatus | MissedCall | Refused:
        """What the webhook at `/ivr/<name>/<hook>` says, once it has shown who sends it. Never raises.

        `hook` is needed because signatures cover the address, and because a turn and a status have the same fields with
        some providers. A `CallStatus` may come at any hook: some providers tell all at one address.
        """

    def render(self, verbs: tuple[Verb, ...]) -> WireReply:
        """The answer that does this, in order. Raises ValueError where it is longer than `capabilities.most_bytes`."""

    def acknowledged(self, heard: CallStatus | MissedCall) -> WireReply:
        """The answer to a status or a missed call; the latter ends the call, unanswered where that can be."""

    def place(self, outgoing: Outgoing) -> Placed | Rejected | Unsure:
        """Ring somebody. Rejected at once where `capabilities.call_out` is False, or the number may not be dialled."""


def load(accounts: Mapping[str, Account]) -> Mapping[str, Gateway]:
    """The dialects of these accounts by name. Raises KeyError for a name that is none of `NAMES`, or its profile."""
    return MappingProxyType({name: _made(name, account) for name, account in accounts.items()})


def _made(name: str, account: Account) -> Gateway:
    if name not in NAMES:
        raise KeyError(name)
    return cast(Gateway, import_module(f"{__name__}.{name}").gateway(account))

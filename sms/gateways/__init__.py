"""The aggregators' wires, one file each: a text goes out, texts and delivery reports come in.

A new gateway is one new file here with a class that keeps to `Gateway` and a function `gateway(account)` that makes it;
`load` finds it by its file name, which is its name in the addresses `/sms/<name>/incoming` and `/sms/<name>/report`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from wire.asking import Rejected, Unsure
from wire.webhook import Refused, WireReply, WireRequest

__all__ = [
    "NAMES",
    "Accepted",
    "Account",
    "Gateway",
    "Incoming",
    "Outgoing",
    "Rejected",
    "Report",
    "Sent",
    "Unsure",
    "load",
]

NAMES = ("sandbox", "kannel", "exotel", "twilio")
"""The gateways that there are, as settings name them."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is agreed with an aggregator. `base_url`: where it listens. `sender`: the DLT header or our number.

    `token` is what its webhooks show as `?token=`, `public_url` our own address as it sees it. Each gateway uses
    `user`, `password` and `entity` (the principal entity id of DLT) as its wire needs them.
    """

    base_url: str
    sender: str
    token: str = field(repr=False)
    public_url: str
    user: str = ""
    password: str = field(default="", repr=False)
    entity: str = ""
    seconds: float = 5.0
    """How long one request may take."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text on its way out. `to`: E.164. `key`: the idempotency key, the same in every try of this text.

    `task` is the number of its row in the outbox: reports come back with it. `template` is the DLT template's id, ""
    where none is registered (development only).
    """

    task: int
    key: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    template: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The aggregator has it; `ref` is its own name for it."""

    ref: str


Sent = Accepted | Rejected | Unsure


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text that somebody sent us. `ref`: the aggregator's id of it, unique for ever; `msisdn` in E.164."""

    ref: str
    msisdn: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a text: `task` as it was given out. `state`: `sent`, `delivered` or `failed`."""

    task: int
    state: str
    ref: str = ""
    detail: str = ""
    """The aggregator's own word for it, at most 80 printable characters."""


class Gateway(Protocol):
    """One aggregator's wire; stateless, safe to share between threads."""

    @property
    def name(self) -> str:
        """Its file's name."""

    @property
    def idempotent(self) -> bool:
        """Whether the aggregator itself refuses to send the same key twice."""

    def send(self, outgoing: Outgoing) -> Sent:
        """Give it to the aggregator, and say what came of it. Never raises for what the aggregator does."""

    def incoming(self, request: WireRequest) -> Incoming | Refused:
        """What the webhook of an incoming text says, once it has shown who sends it. Never raises."""

    def report(self, request: WireRequest) -> Report | Refused:
        """What the webhook of a delivery report says, once it has shown who sends it. Never raises."""

    def taken(self) -> WireReply:
        """The answer to either webhook when it is taken: nothing is sent back in it, answers go out as texts."""


def load(accounts: Mapping[str, Account]) -> Mapping[str, Gateway]:
    """The gateways of these accounts by name. Raises KeyError for a name that is none of `NAMES`."""
    return MappingProxyType({name: _made(name, account) for name, account in accounts.items()})


def _made(name: str, account: Account) -> Gateway:
    if name not in NAMES:
        raise KeyError(name)
    return cast(Gateway, import_module(f"{__name__}.{name}").gateway(account))

"""The aggregators' wires, one file each: what came becomes a `Turn`, a screen becomes an answer.

A new gateway is one new file here with a class that keeps to `Gateway` and a function `gateway(account)` that makes it;
`load` finds it by its file name, which is its name in the address: `/ussd/<name>`.
"""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from ussd.screen import Budget
from wire.webhook import Refused, WireReply, WireRequest

__all__ = ["Account", "Budget", "Ended", "Gateway", "Turn", "load"]


@dataclass(frozen=True, slots=True)
class Account:
    """What is agreed with an aggregator. `codes`: our service codes as digits with `*` inside, `123` or `99*7`.

    `userid` and `password` are for gateways with that scheme of their own; when set they replace the token.
    """

    token: str = field(repr=False)
    userid: str = ""
    password: str = field(default="", repr=False)
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One input of a caller.

    `session`: the aggregator's id, 1 to 128 printable characters. `msisdn`: `+91` and ten digits. `code`: the service
    code as digits with `*` inside, "" when this gateway names it only in the first turn. `text`: with `cumulative` all
    that was typed since the dial, else the latest input alone. `new`: whether the gateway says that the session begins
    here; None when only our own store can tell. `echo`: what the answer must give back, for the gateway's own use.
    """

    session: str = field(repr=False)
    msisdn: str = field(repr=False)
    code: str
    text: str = field(repr=False)
    cumulative: bool
    new: bool | None
    echo: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """The aggregator says that a session is over. `reason`: `done` (we ended it), `dropped` or `failed`.

    `detail` is the aggregator's own word for it, at most 80 printable characters.
    """

    session: str = field(repr=False)
    msisdn: str = field(repr=False)
    reason: str
    detail: str = ""


class Gateway(Protocol):
    """One aggregator's wire. `budget` is what its screens hold; `methods` are the HTTP methods that it uses."""

    @property
    def name(self) -> str:
        """Its file's name, and the last part of its address."""

    @property
    def budget(self) -> Budget:
        """What one screen holds."""

    @property
    def methods(self) -> tuple[str, ...]:
        """The HTTP methods that it sends."""

    def parse(self, request: WireRequest) -> Turn | Ended | Refused:
        """What the webhook says, once it has shown who sends it. Never raises."""

    def opened(self, turn: Turn) -> Turn:
        """The turn as the first one that our store knows of its session.

        Its `text` is what was dialled after the code (`first_inputs` splits it), its `code` "" when that is not known.
        """

    def render(self, text: str, goes_on: bool, turn: Turn) -> WireReply:
        """The answer that shows `text`, and waits for input when the session goes on."""

    def farewell(self, ended: Ended) -> WireReply:
        """The answer that acknowledges the end of a session."""


def load(account: Account, own: Mapping[str, Account] = MappingProxyType({})) -> Mapping[str, Gateway]:
    """Every gateway of this folder by name; `own` are the accounts of those that do not use the common one."""
    return MappingProxyType(
        {
            name: cast(Gateway, import_module(f"{__name__}.{name}").gateway(own.get(name, account)))
            for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
        }
    )

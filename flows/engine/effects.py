"""What `advance` asks the world to do; the runner performs them in order."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.engine.model import Wording
from flows.engine.values import Scalar


@dataclass(frozen=True, slots=True)
class Typed:
    """A value with its declared type (`Paise`, `Name`, an enumeration's name): it knows how to be shown and spoken."""

    kind: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence with its values, not yet in any language.

    `native` is text that needs no translation; `language` says the sentence in that language instead of the Run's.
    """

    wording: Wording | None
    values: Mapping[str, Typed]
    native: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice on offer: the key that picks it, and its label."""

    key: str
    label: Said


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the caller is to hear or read, and what may be answered (VoiceXML prompt; TwiML Gather).

    `place` is `flow.block`. `expect` is the grammar of an ask, "" for a menu. `keys` are the fixed keys on offer, most
    needed first. `final`: nothing is expected, the conversation ends with it. `waiting`: a service is
    being asked, come back.
    """

    place: str
    said: tuple[Said, ...]
    options: tuple[Option, ...] = ()
    expect: str = ""
    secret: bool = False
    keys: tuple[str, ...] = ()
    waiting: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """Ask the operation; answer with Reply or Late carrying `token`.

    `key` is the idempotency key of a write, the same however often the same confirmation is delivered.
    """

    token: str
    operation: str
    given: Mapping[str, str]
    key: str = ""


@dataclass(frozen=True, slots=True)
class SendSms:
    """Send this wording to the caller in the Run's language; `demo`: what it says is made up, and must say so."""

    wording: Wording
    values: Mapping[str, Typed]
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """Bring a person (TwiML Enqueue); `path` is where the caller has been, as `flow.block` names, nothing typed."""

    reason: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The caller chose this language: remember it for the next contact."""

    language: str


@dataclass(frozen=True, slots=True)
class End:
    """The Run is over (TwiML Hangup). `outcome`: done, person, limit, changed, failed."""

    outcome: str


Effect = Prompt | Request | SendSms | Transfer | SetLanguage | End

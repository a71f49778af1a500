"""What a flow is: frozen data, made by `parse`, proved by `lint`, walked by `machine`.

The nouns are FLOIP's (Flow, Block, Exit) and VoiceXML's (menu, field, prompt, data); see GLOSSARY.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

RESERVED = ("end", "home", "helpline", "service")
"""Destinations that are not blocks: leave, main menu, a person, the flow that the last choice names."""
AUTH_LEVELS = ("none", "known", "pin", "birth_date")
CHANNELS = ("ussd", "ivr", "sms", "kaios", "helpline")
VOICE_CHANNELS = frozenset({"ivr"})
LEVELS = ("central", "state", "bill", "help")
"""Whose service it is; `help` is Ghanti's own (language, profile, helpline)."""

_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence in the flow's English, with the forms other channels need; `key` finds its translation.

    `key` is `flow.block` or `flow.block.part`. `text` is the screen form, `say` the voice form ("" = the text is fit
    to be spoken), `one` the singular when the sentence has a count (CLDR `one`; then `text` is `other`).
    """

    key: str
    text: str
    say: str = ""
    one: str = ""
    one_say: str = ""
    note: str = ""
    line: int = 0

    def __hash__(self) -> int:
        """By its key alone, which no other sentence has: wordings are looked up in every turn."""
        return hash(self.key)


@dataclass(frozen=True, slots=True)
class Listing:
    """Choices taken from a query's list: `source` is `block.field`, `label` the pattern of one option."""

    block: str
    field: str
    label: Wording
    group: str = ""
    """Record field to narrow by when there are more than nine, or ""."""
    group_menu: Wording | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a menu that the flow itself names."""

    id: str
    label: Wording


@dataclass(frozen=True, slots=True)
class Menu:
    """Offers numbered choices (VoiceXML menu, FLOIP SelectOneResponse)."""

    name: str
    line: int
    prompt: Wording
    choices: tuple[Choice, ...]
    listing: Listing | None
    then: Mapping[str, str]
    """Choice id to destination; the key "" is for every choice not named."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Waits for typed, keyed or spoken input (VoiceXML field, FLOIP OpenResponse)."""

    name: str
    line: int
    prompt: Wording
    expect: str
    """A grammar's specification, e.g. `digits 8 to 13`."""
    retry: Wording | None
    secret: bool
    saved: str
    """Kind of saved identifier to offer first, or ""."""
    then: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Says something and goes on (VoiceXML prompt, FLOIP Message)."""

    name: str
    line: int
    prompt: Wording
    sms: str
    """"", "offer" or "always"."""
    sms_wording: Wording | None
    then: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Asks a service (VoiceXML data, FLOIP Webhook). `given` maps the operation's parameters to value references."""

    name: str
    line: int
    operation: str
    given: Mapping[str, str]
    exits: Mapping[str, str]
    confirm: Wording | None


Block = Menu | Ask | Tell | Query


@dataclass(frozen=True, slots=True)
class Flow:
    """One service written as a conversation; the first block starts."""

    name: str
    file: str
    title: Wording
    level: str
    department: str
    owner: str
    code: str
    """The service's number for ever, or "" (subdialogs and the main menu)."""
    auth: str
    blocks: Mapping[str, Block]
    start: str
    state: str = ""
    purpose: Wording | None = None
    fee: str = ""
    source: str = ""
    channels: tuple[str, ...] = CHANNELS
    subdialog: bool = False
    keywords: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of an outcome or of one row of its list: name → type name (`Name`, an enumeration, `[Row]`)."""

    name: str
    fields: Mapping[str, str]
    rows: Mapping[str, "Record"] = field(default_factory=lambda: MappingProxyType({}))
    """Fields that are lists, and what a row of each holds (every row has `id`)."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What the engine and the linter must know of an operation; the code behind it stays in `services`.

    `auth`: the least level that a flow must have to ask it. `write`: changes something at the service; needs `confirm`.
    `deadline`: seconds until the answer is called late for good; above `INLINE_SECONDS` it is asked in the background.
    `recall`: cheap and repeatable, so the Run keeps only what was given and asks again when values are needed.
    `caller`: the runner passes the caller.
    """

    name: str
    parameters: Mapping[str, str]
    outcomes: Mapping[str, Record]
    """Exit name → what it holds."""
    auth: str = "none"
    write: bool = False
    deadline: float = 1.5
    recall: bool = False
    caller: bool = False
    opens: str = ""
    """The subdialog whose success the exit of this name proves, e.g. "right" proves `pin`."""


@dataclass(frozen=True, slots=True)
class Flows:
    """All that `advance` needs to know, read once: flows, common sentences, operations, codes."""

    version: str
    by_name: Mapping[str, Flow]
    common: Mapping[str, Wording]
    """The sentences of common.yaml by name."""
    signatures: Mapping[str, Signature]
    codes: Mapping[str, str]
    """Service code → flow name."""
    terms: Mapping[str, Mapping[str, Wording]]
    """Enumeration name → member → its wording."""
    languages: tuple[str, ...]
    """Tags in menu order, e.g. ("hi", "en")."""
    languages_native: Mapping[str, str]
    helpline: str = ""
    """The telephone number of the people who help, as it is dialled."""

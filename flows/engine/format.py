"""The flow format as tables: which keys a header and each kind of block have, and what may stand under each.

The parser refuses what is not in these tables, and the JSON Schema for editors is made from them, so the two agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from flows.engine.model import AUTH_LEVELS, CHANNELS, LEVELS

NAME = "[a-z][a-z0-9_]*"
"""How flows, blocks, choices and exits are named."""
OPERATION = rf"{NAME}\.{NAME}"
CODE = "[1-9][0-9]+"
"""A service code: one digit is an option of a menu, and what begins with 0 is a fixed key."""
LANGUAGES = "languages"
"""The list of Ghanti's own languages, as `from: languages`."""
LIST = rf"{NAME}\.{NAME}|{LANGUAGES}"
REFERENCE = rf"{NAME}(\.{NAME})?"
"""What may stand between braces, and under `given`."""


class Shape(StrEnum):
    """What may stand under a key."""

    sentence = "a sentence, or a mapping of text, say, note, one, other"
    said = "a sentence, or a mapping of one and other"
    plain = "a text"
    one_of = "one of the values"
    several_of = "a list of the values"
    words = "words with commas between them, or a list"
    name = "a name: small letters, digits and _, beginning with a letter"
    code = "a number of two or more digits that does not begin with 0"
    operation = "the name of an operation, like post.offices"
    grammar = "a grammar"
    list = "a query's block and its list, or languages"
    choices = "a mapping of ids and labels, or from, label, group, group_menu"
    destination = "a block, or end, home, helpline, service"
    destinations = "a destination, or a mapping of choices and destinations"
    exits = "a mapping of outcomes and destinations"
    given = "a list of blocks, or a mapping of parameters and references"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name, what may stand under it, whether it must be there, and what it is for."""

    name: str
    shape: Shape
    about: str
    required: bool = False
    values: tuple[str, ...] = ()


_TITLE = Key("title", Shape.sentence, "The service's name, as callers read and hear it.", required=True)
_SOURCE = Key("source", Shape.plain, "Where the service's rules or data come from.")

HEADER = (
    _TITLE,
    Key("level", Shape.one_of, "Whose service it is.", required=True, values=LEVELS),
    Key("department", Shape.plain, "The department that gives the service.", required=True),
    Key("state", Shape.plain, "The state, where the level is state."),
    Key("owner", Shape.plain, "Who answers for this flow.", required=True),
    Key("code", Shape.code, "The service's number, for ever; it stands in codes.toml too.", required=True),
    Key("channels", Shape.several_of, "Where the service is offered; everywhere if this is left out.", values=CHANNELS),
    Key("auth", Shape.one_of, "What a caller must prove before the first block.", required=True, values=AUTH_LEVELS),
    Key("purpose", Shape.sentence, "What the caller's data is used for; read out when consent is asked."),
    Key("fee", Shape.plain, "What the service costs the caller, or nil."),
    _SOURCE,
    Key("keywords", Shape.words, "Words by which people look for the service."),
)
"""The keys above `---` in a service's flow."""

SUBDIALOG = (
    _TITLE,
    Key("kind", Shape.one_of, "A flow that other flows run first.", required=True, values=("subdialog",)),
    Key("owner", Shape.plain, "Who answers for this flow."),
    _SOURCE,
)
"""The keys above `---` in a subdialog: it has no code and proves nothing before it begins."""

_SAY = Key("say", Shape.said, "What a voice says instead: whole words, no digits, no capitals to be spelled.")
_NOTE = Key("note", Shape.plain, "What a translator must know.")
_THEN = Key("then", Shape.destination, "Where it leads.", required=True)

BLOCKS: Mapping[str, tuple[Key, ...]] = MappingProxyType(
    {
        "menu": (
            Key("menu", Shape.sentence, "What stands above the choices.", required=True),
            _SAY,
            _NOTE,
            Key("choices", Shape.choices, "What may be chosen.", required=True),
            Key("then", Shape.destinations, "Where each choice leads.", required=True),
        ),
        "ask": (
            Key("ask", Shape.sentence, "The question.", required=True),
            _SAY,
            _NOTE,
            Key("expect", Shape.grammar, "What an answer looks like.", required=True),
            Key("retry", Shape.sentence, "What is said when the answer does not look like that."),
            Key("secret", Shape.one_of, "yes for a PIN: never shown, spoken or kept.", values=("yes", "no")),
            Key("saved", Shape.name, "The kind of saved number that is offered first."),
            _THEN,
        ),
        "tell": (
            Key("tell", Shape.sentence, "What is said.", required=True),
            _SAY,
            _NOTE,
            Key("sms", Shape.one_of, "Offer to send it by SMS, or always send it.", values=("offer", "always")),
            Key("sms_text", Shape.sentence, "What the SMS says instead."),
            Key("only", Shape.several_of, "The channels where it is said, if not everywhere.", values=CHANNELS),
            _THEN,
        ),
        "query": (
            Key("query", Shape.operation, "The operation that is asked.", required=True),
            Key("given", Shape.given, "What it is given."),
            Key("exits", Shape.exits, "Where each outcome leads.", required=True),
            Key("confirm", Shape.sentence, "What is read back before something is changed."),
        ),
    }
)
"""The keys of each kind of block; the first names the kind."""

SENTENCE = (
    Key("text", Shape.plain, "What a screen shows."),
    Key("say", Shape.said, "What a voice says."),
    Key("note", Shape.plain, "What a translator must know."),
    Key("one", Shape.plain, "The sentence when the count is one."),
    Key("other", Shape.plain, "The sentence for every other count."),
)
"""The keys of a sentence that is more than its text."""

SAID = (
    Key("one", Shape.plain, "The sentence when the count is one.", required=True),
    Key("other", Shape.plain, "The sentence for every other count.", required=True),
)
"""The keys of a voice's sentence with a count."""

LISTING = (
    Key("from", Shape.list, "A query's block and its list, like offices.offices, or languages.", required=True),
    Key("label", Shape.sentence, "One choice; {field} names a field of the row.", required=True),
    Key("group", Shape.name, "The field by which a list of more than nine is narrowed first."),
    Key("group_menu", Shape.sentence, "What stands above the groups."),
)
"""The keys of `choices` that come from a service."""

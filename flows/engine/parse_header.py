"""Reading the header of a flow: whose service it is, its code, and what a caller must prove."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flows.engine import source
from flows.engine.format import CODE, HEADER, SUBDIALOG, Key
from flows.engine.model import AUTH_LEVELS, CHANNELS, LEVELS, Wording
from flows.engine.parse_wording import wording
from flows.engine.reading import Entry, Reader
from flows.engine.source import Node, Scalar

_CODE_HINT = "Write two or more digits; one digit is an option of a menu, and a 0 in front is a fixed key."


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above `---`; `lines` is key → line."""

    title: Wording
    plain: Mapping[str, str]
    channels: tuple[str, ...] = CHANNELS
    keywords: tuple[str, ...] = ()
    purpose: Wording | None = None
    subdialog: bool = False
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def header(reader: Reader, flow: str, node: Node) -> Header | None:
    """Read a header; None when something that must be there is missing or unreadable."""
    subdialog = isinstance(node, source.Mapping) and any(key.text == "kind" for key, _ in node.entries)
    keys = SUBDIALOG if subdialog else HEADER
    found = reader.keyed(node, "the header of a subdialog" if subdialog else "the header", keys)
    if found is None:
        return None
    before = len(reader.problems)
    title = wording(reader, f"{flow}..title", found["title"].node, "the title")
    purpose = None
    if "purpose" in found:
        purpose = wording(reader, f"{flow}..purpose", found["purpose"].node, "the purpose")
    plain = _plain(reader, found, keys)
    channels: tuple[str, ...] | None = CHANNELS
    if "channels" in found:
        channels = reader.several_of(found["channels"].node, "a channel", CHANNELS)
    keywords = _keywords(reader, found["keywords"]) if "keywords" in found else ()
    if title is None or channels is None or len(reader.problems) > before:
        return None
    return Header(title, plain, channels, keywords, purpose, subdialog, {name: e.line for name, e in found.items()})


def _plain(reader: Reader, found: Mapping[str, Entry], keys: tuple[Key, ...]) -> Mapping[str, str]:
    """The keys that hold one plain text each."""
    allowed = {"level": LEVELS, "auth": AUTH_LEVELS, "kind": ("subdialog",)}
    plain: dict[str, str] = {}
    for name in ("level", "auth", "kind", "department", "state", "owner", "fee", "source", "code"):
        if name not in found:
            continue
        node = found[name].node
        if name in allowed:
            text = reader.one_of(node, f"the {name}", allowed[name])
        elif name == "code":
            text = reader.fitting(node, "the code", CODE, _CODE_HINT, "code")
        else:
            text = reader.text(node, f"the {name}")
        if text is not None:
            plain[name] = text
    _state(reader, found, plain)
    return plain


def _state(reader: Reader, found: Mapping[str, Entry], plain: Mapping[str, str]) -> None:
    if plain.get("level") == "state" and "state" not in found:
        told = 'the level is "state", but no state is named. Add "state: ..." to the header.'
        reader.problem(found["level"].line, "state", told)


def _keywords(reader: Reader, entry: Entry) -> tuple[str, ...]:
    if isinstance(entry.node, Scalar):
        text = reader.text(entry.node, "the keywords") or ""
        return tuple(word.strip() for word in text.split(",") if word.strip())
    return tuple(item.text for item in reader.several(entry.node, "a keyword") or ())

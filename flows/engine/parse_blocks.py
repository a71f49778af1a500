"""Reading the blocks of a flow: menus, asks, tells and queries. Whether they fit together is for the linter to say."""

from collections.abc import Mapping
from types import MappingProxyType

from flows.engine import source
from flows.engine.format import BLOCKS, LANGUAGES, LIST, LISTING, NAME, OPERATION, REFERENCE
from flows.engine.model import CHANNELS, RESERVED, Ask, Block, Choice, Listing, Menu, Query, Tell, Wording
from flows.engine.parse_wording import wording
from flows.engine.reading import Entry, Reader, shortened
from flows.engine.source import Node

_SAID_BY_ALL = ("unavailable", "timed_out")
_TAKEN = (*RESERVED, LANGUAGES)
_NAME_HINT = "Use small letters, digits and _, beginning with a letter."


class Blocks:
    """Reads the blocks of one flow. `lines` is `block.part` → line."""

    def __init__(self, reader: Reader, flow: str) -> None:
        self._reader = reader
        self._flow = flow
        self.lines: dict[str, int] = {}

    def read(self, node: Node) -> Mapping[str, Block] | None:
        """All blocks in order; None when one cannot be read or there is none."""
        blocks: dict[str, Block] = {}
        complete = isinstance(node, source.Mapping)
        for name, entry in self._reader.pairs(node, "the part below ---"):
            self.lines[name] = entry.line
            block = self._block(name, entry) if self._may_be_called(name, entry.line) else None
            if block is None:
                complete = False
            else:
                blocks[name] = block
        if complete and not blocks:
            self._reader.problem(node.line, "empty", "the flow has no blocks. Write the first one below ---.")
        return MappingProxyType(blocks) if complete and blocks else None

    def _may_be_called(self, name: str, line: int) -> bool:
        if name in _TAKEN:
            told = f'a block cannot be called "{name}", which means something else here. Give it another name.'
            self._reader.problem(line, "name", told)
            return False
        return self._reader.named(name, line, "a block")

    def _block(self, name: str, entry: Entry) -> Block | None:
        node, what = entry.node, f'block "{name}"'
        kinds = [key.text for key, _ in node.entries if key.text in BLOCKS] if isinstance(node, source.Mapping) else []
        if len(set(kinds)) != 1:
            told = f"{what} must be exactly one of menu, ask, tell and query"
            says = f"it is {' and '.join(kinds)}" if kinds else "it is none of them"
            self._reader.problem(entry.line, "kind", f"{told}; {says}. Begin it with one of these keys.")
            return None
        found = self._reader.keyed(node, f'the {kinds[0]} "{name}"', BLOCKS[kinds[0]])
        if found is None:
            return None
        self.lines |= {f"{name}.{key}": part.line for key, part in found.items()}
        match kinds[0]:
            case "menu":
                return self._menu(name, entry.line, found)
            case "ask":
                return self._ask(name, entry.line, found)
            case "tell":
                return self._tell(name, entry.line, found)
            case _:
                return self._query(name, entry.line, found)

    def _menu(self, name: str, line: int, found: Mapping[str, Entry]) -> Menu | None:
        prompt = self._prompt(name, "menu", found)
        choices, listing = self._choices(name, found["choices"].node)
        then = self._then(name, found["then"].node)
        if prompt is None or then is None or not (choices or listing):
            return None
        return Menu(name, line, prompt, choices, listing, then)

    def _ask(self, name: str, line: int, found: Mapping[str, Entry]) -> Ask | None:
        prompt = self._prompt(name, "ask", found)
        expect = self._reader.text(found["expect"].node, f'what block "{name}" expects')
        retry = self._part(name, "retry", found)
        secret = saved = ""
        if "secret" in found:
            secret = self._reader.one_of(found["secret"].node, "secret", ("yes", "no")) or ""
        if "saved" in found:
            saved = self._reader.fitting(found["saved"].node, "saved", NAME, _NAME_HINT) or ""
        then = self._destination(found["then"].node)
        if prompt is None or expect is None or then is None or _lacks(found, secret=secret, saved=saved, retry=retry):
            return None
        return Ask(name, line, prompt, expect, retry, secret == "yes", saved, then)

    def _tell(self, name: str, line: int, found: Mapping[str, Entry]) -> Tell | None:
        prompt = self._prompt(name, "tell", found)
        sms = ""
        only: tuple[str, ...] = ()
        if "sms" in found:
            sms = self._reader.one_of(found["sms"].node, "sms", ("offer", "always")) or ""
        if "only" in found:
            only = self._reader.several_of(found["only"].node, "a channel", CHANNELS) or ()
        sms_wording = self._part(name, "sms_text", found, "sms")
        then = self._destination(found["then"].node)
        if prompt is None or then is None or _lacks(found, sms=sms, only=only, sms_text=sms_wording):
            return None
        return Tell(name, line, prompt, sms, sms_wording, then, only)

    def _query(self, name: str, line: int, found: Mapping[str, Entry]) -> Query | None:
        hint = "Write the room and the operation, like post.offices."
        operation = self._reader.fitting(found["query"].node, "an operation", OPERATION, hint)
        given = self._given(name, found["given"].node) if "given" in found else {}
        exits = self._exits(name, found["exits"].node)
        confirm = self._part(name, "confirm", found)
        if operation is None or given is None or exits is None or _lacks(found, confirm=confirm):
            return None
        return Query(name, line, operation, given, exits, confirm)

    def _prompt(self, name: str, kind: str, found: Mapping[str, Entry]) -> Wording | None:
        key, what = f"{self._flow}.{name}", f'the sentence of block "{name}"'
        return wording(self._reader, key, found[kind].node, what, found.get("say"), found.get("note"))

    def _part(self, name: str, key: str, found: Mapping[str, Entry], part: str = "") -> Wording | None:
        if key not in found:
            return None
        return wording(self._reader, f"{self._flow}.{name}.{part or key}", found[key].node, f'{key} of block "{name}"')

    def _choices(self, name: str, node: Node) -> tuple[tuple[Choice, ...], Listing | None]:
        if isinstance(node, source.Mapping) and any(key.text == "from" for key, _ in node.entries):
            return (), self._listing(name, node)
        choices: list[Choice] = []
        complete = True
        for id_, entry in self._reader.pairs(node, f'the choices of block "{name}"'):
            self.lines[f"{name}.choices.{id_}"] = entry.line
            label = None
            if self._reader.named(id_, entry.line, "a choice"):
                label = wording(self._reader, f"{self._flow}.{name}.choice.{id_}", entry.node, f'the label of "{id_}"')
            if label is None:
                complete = False
            else:
                choices.append(Choice(id_, label))
        if complete and not choices and isinstance(node, source.Mapping):
            self._reader.problem(node.line, "empty", f'block "{name}" has no choices. Write at least one id: "label".')
        return (tuple(choices) if complete else ()), None

    def _listing(self, name: str, node: Node) -> Listing | None:
        found = self._reader.keyed(node, f'the choices of block "{name}"', LISTING)
        if found is None:
            return None
        self.lines |= {f"{name}.choices.{key}": entry.line for key, entry in found.items()}
        hint = "Write a query's block and its list, like offices.offices, or languages."
        where = self._reader.fitting(found["from"].node, "from", LIST, hint)
        label = self._part(name, "label", found)
        group = ""
        if "group" in found:
            group = self._reader.fitting(found["group"].node, "group", NAME, _NAME_HINT) or ""
        group_menu = self._part(name, "group_menu", found, "group")
        if where is None or label is None or _lacks(found, group=group, group_menu=group_menu):
            return None
        block, _, field = where.partition(".")
        return Listing(block, field, label, group, group_menu)

    def _then(self, name: str, node: Node) -> Mapping[str, str] | None:
        """Choice to destination; a single destination is for every choice."""
        if isinstance(node, source.Mapping):
            return self._destinations(name, "then", node)
        destination = self._destination(node)
        return None if destination is None else {"": destination}

    def _exits(self, name: str, node: Node) -> Mapping[str, str] | None:
        exits = self._destinations(name, "exits", node)
        for exit_ in _SAID_BY_ALL:
            if exits is not None and exit_ in exits:
                told = f'the exit "{exit_}" is answered by common.yaml for every service. Take it out.'
                self._reader.problem(self.lines[f"{name}.exits.{exit_}"], "exit", told)
        return exits

    def _destinations(self, name: str, part: str, node: Node) -> Mapping[str, str] | None:
        found: dict[str, str] = {}
        complete = isinstance(node, source.Mapping)
        for key, entry in self._reader.pairs(node, f'{part} of block "{name}"'):
            self.lines[f"{name}.{part}.{key}"] = entry.line
            destination = self._destination(entry.node)
            if destination is None or not self._reader.named(key, entry.line, f"a key of {part}"):
                complete = False
            else:
                found[key] = destination
        if complete and not found:
            self._reader.problem(node.line, "empty", f'{part} of block "{name}" is empty. Say where each one leads.')
        return found if complete and found else None

    def _destination(self, node: Node) -> str | None:
        hint = "Write the name of a block, or end, home, helpline, service."
        return self._reader.fitting(node, "a destination", NAME, hint)

    def _given(self, name: str, node: Node) -> Mapping[str, str] | None:
        """Parameter to reference; in a list the blocks are called as the parameters are."""
        given: dict[str, str] = {}
        if not isinstance(node, source.Mapping):
            for item in self._reader.several(node, f'given of block "{name}"') or ():
                if item.text in given:
                    told = f'"{shortened(item.text)}" is given twice. Keep one.'
                    self._reader.problem(item.line, "duplicate-key", told)
                elif self._reader.named(item.text, item.line, "what is given"):
                    self.lines[f"{name}.given.{item.text}"] = item.line
                    given[item.text] = item.text
            return given or None
        for parameter, entry in self._reader.pairs(node, f'given of block "{name}"'):
            self.lines[f"{name}.given.{parameter}"] = entry.line
            hint = "Write a block, or a block and a field, like office.id."
            reference = self._reader.fitting(entry.node, "what is given", REFERENCE, hint)
            if reference is None or not self._reader.named(parameter, entry.line, "a parameter"):
                return None
            given[parameter] = reference
        return given


def _lacks(found: Mapping[str, Entry], **read: object) -> bool:
    """Say whether one of these keys is there but could not be read."""
    return any(key in found and not value for key, value in read.items())

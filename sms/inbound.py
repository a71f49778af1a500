"""What somebody wrote: a word that stops or starts SMS, a service by its word or code, or an answer.

Words are those of the flows' headers, their titles, and the command words of common.yaml, in every language at once:
whoever writes romanised Hindi, or Hindi, is understood whatever language they read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flows.engine.model import Flows
from flows.engine.scripts import ascii_digits
from flows.engine.wording import TEXT, Catalogue
from sms.heard import heard

_CODE = re.compile(r"[*#]*([0-9]{1,3})(?:[*# ]+(.*?))?#?", re.ASCII | re.DOTALL)
AROUND = " \t\r\n.,;:!?\"'()[]{}-–—।॥،؛؟"
"""Signs that people put around a word, and that mean nothing."""
_MOST_WORDS = 4
"""The longest name of a service in words, as people write it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """No more SMS."""


@dataclass(frozen=True, slots=True)
class Go:
    """SMS again."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be written here."""


@dataclass(frozen=True, slots=True)
class Open:
    """A service, and what was written behind its word: the answers to its first questions."""

    flow: str
    inputs: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Words:
    """Anything else: an answer where one is awaited, else what they look for."""

    text: str = field(repr=False)


Wish = Stop | Go | Help | Open | Words
_COMMANDS: Mapping[str, type[Stop] | type[Go] | type[Help]] = MappingProxyType(
    {"sms_word_stop": Stop, "sms_word_start": Go, "sms_word_help": Help}
)


class Vocabulary:
    """The words that mean something at the beginning of a text, of all languages together."""

    def __init__(self, flows: Flows, catalogues: Iterable[Catalogue]) -> None:
        self._codes = {code: flow for code, flow in flows.codes.items() if "sms" in flows.by_name[flow].channels}
        self._commands: dict[str, Wish] = {}
        self._services: dict[str, str] = {}
        for flow in flows.by_name.values():
            if flow.code and "sms" in flow.channels:
                for word in flow.keywords:
                    self._services.setdefault(plain(word), flow.name)
        for catalogue in catalogues:
            for name, command in _COMMANDS.items():
                for word in _sentence(catalogue, f"common.{name}").split(","):
                    self._commands.setdefault(plain(word), command())
            for flow in flows.by_name.values():
                if flow.code and "sms" in flow.channels:
                    self._services.setdefault(plain(_sentence(catalogue, flow.title.key)), flow.name)
        sounds: dict[str, set[str]] = {}
        for words, flow_name in self._services.items():
            sounds.setdefault(heard(words), set()).add(flow_name)
        self._sounds = {sound: names.pop() for sound, names in sounds.items() if len(names) == 1 and sound}

    def command(self, text: str) -> Wish | None:
        """The command that this text is, and nothing beside it."""
        return self._commands.get(plain(text))

    def read(self, text: str, *, awaited: bool) -> Wish:
        """What was written; `awaited` says that a conversation waits for an answer, so digits alone are one."""
        command = self.command(text)
        if command is not None:
            return command
        dialled = _CODE.fullmatch(plain(text))
        if dialled is not None and (not awaited or text.strip().startswith("*")) and dialled[1] in self._codes:
            return Open(self._codes[dialled[1]], inputs(re.sub("[*#]", " ", dialled[2] or "")))
        words = [bare for word in plain(text).split() if (bare := word.strip(AROUND))]
        for known, spelt in ((self._services, words), (self._sounds, [heard(word) for word in words])):
            for count in range(min(_MOST_WORDS, len(words)), 0, -1):
                flow = known.get(" ".join(spelt[:count]))
                if flow is not None:
                    return Open(flow, inputs(" ".join(words[count:])))
        return self._named(words) or Words(text)

    def _named(self, words: list[str]) -> Open | None:
        """The one service that is named behind other words, as people write sentences; None for none, or for two."""
        found: dict[str, tuple[int, int]] = {}
        for begin in range(1, len(words)):
            for count in range(min(_MOST_WORDS, len(words) - begin), 0, -1):
                flow = self._services.get(" ".join(words[begin : begin + count]))
                if flow is not None and count > found.get(flow, (0, 0))[1]:
                    found[flow] = begin, count
        if len(found) != 1:
            return None
        ((flow, (begin, count)),) = found.items()
        return Open(flow, inputs(" ".join([*words[:begin], *words[begin + count :]])))


def plain(text: str) -> str:
    """A text as it is compared: small letters, digits 0-9, single spaces, no marks around it."""
    return " ".join(ascii_digits(text).casefold().strip(AROUND).split())


def inputs(text: str) -> tuple[str, ...]:
    """The answers in what follows a service's word: each number is one, words that follow each other are one."""
    found: list[list[str]] = []
    for word in text.split():
        is_number = any(sign.isdigit() for sign in word)
        if found and not is_number and not any(sign.isdigit() for sign in found[-1][0]):
            found[-1].append(word)
        else:
            found.append([word])
    return tuple(" ".join(words) for words in found)


def _sentence(catalogue: Catalogue, key: str) -> str:
    return catalogue.sentences[TEXT, key][-1][0][0]

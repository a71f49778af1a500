"""What is registered, and whether a text equals it: India's operators drop every SMS that equals no template.

A template is registered word by word for one sender (TRAI's commercial communications regulations of 2018: principal
entity, header, content template; operators call the system DLT). Outside its variables `{#var#}` a text must equal it.
A variable holds 30 characters; several may follow each other.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sms.texts import MORE, OPTIONS, Message

VARIABLE = "{#var#}"
VARIABLE_CHARACTERS = 30
_RUN = re.compile(f"((?:{re.escape(VARIABLE)})+)")


@dataclass(frozen=True, slots=True)
class Template:
    """One text as it is registered. `id` is its content template id, "" until it is registered.

    `entity` is the principal entity id, `header` the name that the phone shows as the sender.
    """

    key: str
    language: str
    text: str
    id: str = ""
    entity: str = ""
    header: str = ""


class Templates:
    """All templates, ready to be matched. Immutable, to be shared between threads."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._by_key: Mapping[tuple[str, str], tuple[Template, re.Pattern[str]]] = {
            (one.language, one.key): (one, pattern(one)) for one in templates
        }

    def of(self, message: Message, *, demo: bool = False) -> Template | None:
        """The template that this message equals; None when there is none in its language: it must not be sent.

        A message of a demonstration equals its template without its first line, and only if `demo` says that such may
        be sent: it is never registered.
        """
        found = self._by_key.get((message.language, message.key))
        if found is None or (message.demo and not demo):
            return None
        template, whole = found
        text = message.text.partition("\n")[2] if message.demo else message.text
        return template if whole.fullmatch(text) else None


def pattern(template: Template) -> re.Pattern[str]:
    """What a text must be to equal the template: only where choices are listed does a variable hold new lines."""
    listed = template.key.endswith(OPTIONS) or template.key == MORE
    pieces = _RUN.split(template.text)
    found: list[str] = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            found.append(re.escape(piece))
            continue
        most = piece.count(VARIABLE) * VARIABLE_CHARACTERS
        is_list = listed and index == len(pieces) - 2 and not pieces[-1] and pieces[index - 1].endswith("\n")
        found.append(f"(?s:.){{1,{most}}}" if is_list else f"[^\n]{{0,{most}}}")
    return re.compile("".join(found))

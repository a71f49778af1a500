"""Reading a sentence in its forms: what a screen shows, what a voice says, one and other where there is a count."""

import re

from flows.engine import source
from flows.engine.format import REFERENCE, SAID, SENTENCE
from flows.engine.model import Wording
from flows.engine.reading import Entry, Reader, shortened
from flows.engine.source import Node

_REFERENCE = re.compile(r"\{" + REFERENCE + r"\}")


def wording(
    reader: Reader, key: str, node: Node, what: str, say: Entry | None = None, note: Entry | None = None
) -> Wording | None:
    """One sentence; `say` and `note` are those that stand beside it in its block."""
    one, text = "", ""
    if isinstance(node, source.Mapping):
        found = reader.keyed(node, what, SENTENCE)
        if found is None:
            return None
        if (written := _written(reader, node, found, what)) is None:
            return None
        one, text = written
        for name, beside in (("say", say), ("note", note)):
            if name in found and beside is not None:
                reader.problem(beside.line, f"{name}-twice", f'{what} has "{name}" twice. Keep one.')
        say, note = found.get("say", say), found.get("note", note)
    elif (single := _sentence(reader, node, what)) is not None:
        text = single
    if not text:
        return None
    spoken = _said(reader, say, f"the voice's form of {what}", bool(one)) if say else ("", "")
    noted = reader.text(note.node, f"the note of {what}") if note else ""
    if spoken is None or noted is None:
        return None
    return Wording(key, text, say=spoken[1], one=one, one_say=spoken[0], note=noted, line=node.line)


def _written(reader: Reader, node: Node, found: dict[str, Entry], what: str) -> tuple[str, str] | None:
    """The screen's form as (one, other); `one` is "" where there is no count."""
    if "text" in found and not found.keys() & {"one", "other"}:
        text = _sentence(reader, found["text"].node, what)
        return None if text is None else ("", text)
    if "text" not in found and found.keys() >= {"one", "other"}:
        one, other = (_sentence(reader, found[name].node, f"{what}, {name},") for name in ("one", "other"))
        return None if one is None or other is None else (one, other)
    reader.problem(
        node.line, "sentence", f'{what} is incomplete. Write "text", or "one" and "other" where there is a count.'
    )
    return None


def _said(reader: Reader, entry: Entry, what: str, counted: bool) -> tuple[str, str] | None:
    """The voice's form as (one, other)."""
    if isinstance(entry.node, source.Mapping):
        found = reader.keyed(entry.node, what, SAID)
        if found is None:
            return None
        if not counted:
            told = f'{what} has "one" and "other", the screen\'s form has not. Write both so, or neither.'
            reader.problem(entry.line, "sentence", told)
            return None
        one, other = (_sentence(reader, found[name].node, f"{what}, {name},") for name in ("one", "other"))
        return None if one is None or other is None else (one, other)
    text = _sentence(reader, entry.node, what)
    if text is not None and counted:
        told = f'{what} is a single text. Write "one" and "other", as the screen\'s form has them.'
        reader.problem(entry.line, "sentence", told)
        return None
    return None if text is None else ("", text)


def _sentence(reader: Reader, node: Node, what: str) -> str | None:
    text = reader.text(node, what)
    if text is None:
        return None
    if "{" in (rest := _REFERENCE.sub("", text)) or "}" in rest:
        told = f'{what} has braces that name nothing: "{shortened(text)}".'
        reader.problem(node.line, "braces", f"{told} Only {{name}} and {{name.field}} are understood.")
        return None
    return text

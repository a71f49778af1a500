"""From a file as it was written to the flow that it means. What cannot be read is a problem, never an exception.

A flow comes back with problems beside it when it could be read in spite of them; whether it holds together is for the
linter to say.
"""

from collections.abc import Mapping

from flows.engine.model import Flow, Wording
from flows.engine.parse_blocks import Blocks
from flows.engine.parse_header import header
from flows.engine.parse_wording import wording
from flows.engine.problems import Problem
from flows.engine.reading import Reader
from flows.engine.source import Node

COMMON, TERMS = "common", "terms"
"""The files of sentences, whose names begin the keys of their sentences: no flow has these names."""


def flow(name: str, file: str, above: Node, below: Node) -> tuple[Flow | None, list[Problem]]:
    """Read a flow from what stands above and below its `---`; `name` is the file's name without its ending."""
    reader = Reader(file)
    named = reader.named(name, 1, "a flow")
    if name in (COMMON, TERMS):
        reader.problem(1, "name", f'a flow cannot be called "{name}", as a file of sentences is. Give it another name.')
    head = header(reader, name, above)
    blocks = Blocks(reader, name)
    found = blocks.read(below)
    if not named or head is None or found is None:
        return None, reader.problems
    plain = head.plain
    made = Flow(
        name=name,
        file=file,
        title=head.title,
        level=plain.get("level", ""),
        department=plain.get("department", ""),
        owner=plain.get("owner", ""),
        code=plain.get("code", ""),
        auth=plain.get("auth", "none"),
        blocks=found,
        start=next(iter(found)),
        state=plain.get("state", ""),
        purpose=head.purpose,
        fee=plain.get("fee", ""),
        source=plain.get("source", ""),
        channels=head.channels,
        subdialog=head.subdialog,
        keywords=head.keywords,
        lines={**blocks.lines, **{f".{key}": line for key, line in head.lines.items()}},
    )
    return made, reader.problems


def common(node: Node, file: str = "flows/common.yaml") -> tuple[Mapping[str, Wording], list[Problem]]:
    """Read the sentences that all flows share: name to wording."""
    reader = Reader(file)
    return _sentences(reader, COMMON, node, "the common sentences"), reader.problems


def terms(node: Node, file: str = "flows/terms.yaml") -> tuple[Mapping[str, Mapping[str, Wording]], list[Problem]]:
    """Read the words for values that services answer with: enumeration to member to wording."""
    reader = Reader(file)
    found: dict[str, Mapping[str, Wording]] = {}
    for enumeration, entry in reader.pairs(node, "the terms"):
        if enumeration.isidentifier():
            found[enumeration] = _sentences(reader, f"{TERMS}.{enumeration}", entry.node, f"the terms of {enumeration}")
        else:
            reader.problem(entry.line, "name", "the terms of an enumeration stand under the name of its class.")
    return found, reader.problems


def _sentences(reader: Reader, prefix: str, node: Node, what: str) -> Mapping[str, Wording]:
    found: dict[str, Wording] = {}
    for name, entry in reader.pairs(node, what):
        if reader.named(name, entry.line, "a sentence"):
            sentence = wording(reader, f"{prefix}.{name}", entry.node, f'the sentence "{name}"')
            if sentence is not None:
                found[name] = sentence
    return found

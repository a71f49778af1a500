"""A flow as a picture: Mermaid for documents that render it, SVG for everybody else. No other program is needed."""

from flows.draw_layout import Arrow
from flows.draw_svg import Box, picture
from flows.engine.lint.graph import ways
from flows.engine.model import Ask, Block, Flow, Menu, Query, Tell

_LONGEST = 34
_MERMAID = {
    "menu": ('{{"', '"}}'),
    "ask": ('[/"', '"/]'),
    "tell": ('["', '"]'),
    "query": ('[("', '")]'),
    "": ('(["', '"])'),
}


def mermaid(flow: Flow) -> str:
    """The flow as a Mermaid flowchart."""
    lines = ["flowchart TD", f"  %% {flow.title.text}"]
    for box in _boxes(flow):
        begin, end = _MERMAID[box.kind]
        lines.append(f"  b_{box.name}{begin}{'<br/>'.join(map(_quoted, box.lines))}{end}")
    for arrow in _arrows(flow):
        said = f'-- "{arrow.label}" ' if arrow.label else ""
        lines.append(f"  b_{arrow.from_} {said}--> b_{arrow.to}")
    return "\n".join(lines) + "\n"


def svg(flow: Flow) -> str:
    """The flow as an SVG picture, complete in one file."""
    return picture(flow.title.text, flow.start, _boxes(flow), _arrows(flow))


def _boxes(flow: Flow) -> list[Box]:
    """The blocks, and the destinations beyond them."""
    beyond = {way.to: None for block in flow.blocks.values() for way in ways(block) if way.to not in flow.blocks}
    boxes = [Box(name, type(block).__name__.lower(), (name, *_says(block))) for name, block in flow.blocks.items()]
    return [*boxes, *(Box(name, "", (name,)) for name in beyond)]


def _arrows(flow: Flow) -> list[Arrow]:
    labels: dict[tuple[str, str], list[str]] = {}
    for name, block in flow.blocks.items():
        for way in ways(block):
            labels.setdefault((name, way.to), []).append(way.by)
    return [Arrow(*ends, ", ".join(filter(None, by))) for ends, by in labels.items()]


def _says(block: Block) -> tuple[str, ...]:
    match block:
        case Menu(prompt=prompt) | Tell(prompt=prompt):
            return (_short(prompt.text),)
        case Ask(prompt=prompt, expect=expect):
            return (_short(prompt.text), f"expects {expect}")
        case Query(operation=operation, confirm=None):
            return (operation,)
        case Query(operation=operation, confirm=confirm) if confirm is not None:
            return (operation, _short(confirm.text))
    return ()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _quoted(text: str) -> str:
    for sign, entity in (("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(sign, entity)
    return text

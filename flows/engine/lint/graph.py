"""A flow as ways between blocks: who leads where, and what is reached from the start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.engine.model import RESERVED, Ask, Block, Flow, Menu, Query, Tell


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a block; `by` is the choice or the exit, "" where there is only one."""

    by: str
    to: str


def ways(block: Block) -> Iterator[Way]:
    """Every way out of a block."""
    match block:
        case Menu(then=then):
            yield from (Way(choice, to) for choice, to in then.items())
        case Query(exits=exits):
            yield from (Way(exit_, to) for exit_, to in exits.items())
        case Ask(then=to) | Tell(then=to):
            yield Way("", to)


def waits(block: Block) -> bool:
    """Say whether a person must answer before it goes on from here: whoever cannot be sent an SMS is not asked."""
    return isinstance(block, Menu | Ask) or (isinstance(block, Query) and block.confirm is not None)


def reached(flow: Flow) -> Mapping[str, str]:
    """Every block that is reached from the start → the block before it on a shortest way ("" before the start)."""
    before = {flow.start: ""}
    waiting = [flow.start]
    for name in waiting:
        for way in ways(flow.blocks[name]):
            if way.to in flow.blocks and way.to not in before:
                before[way.to] = name
                waiting.append(way.to)
    return before


def destinations(flow: Flow, start: str) -> set[str]:
    """Every reserved destination that can be reached from this block."""
    seen, found, waiting = {start}, set(), [start]
    for name in waiting:
        for way in ways(flow.blocks[name]):
            if way.to in RESERVED:
                found.add(way.to)
            elif way.to in flow.blocks and way.to not in seen:
                seen.add(way.to)
                waiting.append(way.to)
    return found


def loop_without_person(flow: Flow) -> list[str]:
    """Blocks that lead into each other in a circle while nobody is asked anything; empty where there is none."""
    done: set[str] = set()
    for start in flow.blocks:
        path: list[str] = []
        stack = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                path.pop()
                done.add(name)
            elif name in path:
                return path[path.index(name) :]
            elif name not in done and not waits(flow.blocks[name]):
                path.append(name)
                stack.append((name, True))
                stack += [(way.to, False) for way in ways(flow.blocks[name]) if way.to in flow.blocks]
    return []

"""What is certainly known at each block, whichever way the caller came: definite assignment over the ways of a flow.

An answer is known from its block on, and forgotten again where something that it came from is asked anew: the office
that was chosen for one PIN code says nothing about the next. A secret is forgotten as soon as a service was given it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.engine.lint.graph import Way, ways
from flows.engine.model import Ask, Block, Flow, Menu, Query

State = Mapping[str, frozenset[str]]
"""Block → the exits by which a query may have been left, or {""} for an ask or a menu. What is missing is not known."""
_ANSWERED = frozenset({""})


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known on arrival at each block that is reached, and what is forgotten when a block is answered anew."""

    at: Mapping[str, State]
    stale: Mapping[str, frozenset[str]]


def knowledge(flow: Flow) -> Knowledge:
    """Work out what is known at each block."""
    stale = _stale(flow)
    at: dict[str, State] = {flow.start: {}}
    waiting = [flow.start]
    while waiting:
        name = waiting.pop()
        for way in ways(flow.blocks[name]):
            if way.to not in flow.blocks:
                continue
            after = left(flow, stale, name, way, at[name])
            merged = after if way.to not in at else _merged(at[way.to], after)
            if merged != at.get(way.to):
                at[way.to] = merged
                waiting.append(way.to)
    return Knowledge(at, stale)


def left(flow: Flow, stale: Mapping[str, frozenset[str]], name: str, way: Way, before: State) -> State:
    """What is known after the block was left by this way."""
    block = flow.blocks[name]
    if not isinstance(block, Menu | Ask | Query):
        return before
    after = {known: exits for known, exits in before.items() if known not in stale[name]}
    if isinstance(block, Query):
        for reference in block.given.values():
            given = flow.blocks.get(reference)
            if isinstance(given, Ask) and given.secret:
                after.pop(reference, None)
    after[name] = frozenset({way.by}) if isinstance(block, Query) else _ANSWERED
    return after


def way_without(flow: Flow, stale: Mapping[str, frozenset[str]], name: str, target: str) -> list[str]:
    """The blocks of a shortest way to `target` on which `name` is not known there; empty where there is none."""
    first = (flow.start, False)
    before: dict[tuple[str, bool], tuple[str, bool] | None] = {first: None}
    waiting = [first]
    for here in waiting:
        block, known = here
        if block == target and not known:
            return _back(before, here)
        for way in ways(flow.blocks[block]):
            if way.to in flow.blocks:
                held: State = {name: _ANSWERED} if known else {}
                there = (way.to, name in left(flow, stale, block, way, held))
                if there not in before:
                    before[there] = here
                    waiting.append(there)
    return []


def _back(before: Mapping[tuple[str, bool], tuple[str, bool] | None], here: tuple[str, bool]) -> list[str]:
    path: list[str] = []
    step: tuple[str, bool] | None = here
    while step is not None:
        path.append(step[0])
        step = before[step]
    return path[::-1]


def _merged(one: State, other: State) -> State:
    return {name: one[name] | other[name] for name in one if name in other}


def _stale(flow: Flow) -> Mapping[str, frozenset[str]]:
    """Block → every other block whose answer came, over however many services, from its answer."""
    comes_from = {name: _sources(block) for name, block in flow.blocks.items()}
    stale: dict[str, frozenset[str]] = {}
    for name in flow.blocks:
        found: set[str] = set()
        waiting = [name]
        for one in waiting:
            for other, sources in comes_from.items():
                if one in sources and other not in found:
                    found.add(other)
                    waiting.append(other)
        stale[name] = frozenset(found - {name})
    return stale


def _sources(block: Block) -> frozenset[str]:
    match block:
        case Query(given=given):
            return frozenset(reference.partition(".")[0] for reference in given.values())
        case Menu(listing=listing) if listing is not None:
            return frozenset({listing.block})
        case _:
            return frozenset()

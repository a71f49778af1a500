"""What is certainly known at each block, whichever way the caller came: definite assignment over the ways of a flow.

An answer is known from its block on, a secret only until a service was given it. Nothing else is forgotten, and nothing
need be: where the office of one PIN code might be told for another, there is also a first way on which none was chosen.
"""

from collections.abc import Mapping

from flows.engine.lint.graph import Way, ways
from flows.engine.model import Ask, Flow, Query, Tell

State = Mapping[str, frozenset[str]]
"""Block → the exits by which a query may have been left, or {""} for an ask or a menu. What is missing is not known."""
_ANSWERED = frozenset({""})


def knowledge(flow: Flow) -> Mapping[str, State]:
    """What is known on arrival at each block that is reached."""
    at: dict[str, State] = {flow.start: {}}
    waiting = [flow.start]
    while waiting:
        name = waiting.pop()
        for way in ways(flow.blocks[name]):
            if way.to not in flow.blocks:
                continue
            after = left(flow, name, way, at[name])
            merged = after if way.to not in at else _merged(at[way.to], after)
            if merged != at.get(way.to):
                at[way.to] = merged
                waiting.append(way.to)
    return at


def left(flow: Flow, name: str, way: Way, before: State) -> State:
    """What is known after the block was left by this way."""
    block = flow.blocks[name]
    if isinstance(block, Tell):
        return before
    after = {**before, name: frozenset({way.by}) if isinstance(block, Query) else _ANSWERED}
    if isinstance(block, Query):
        for reference in block.given.values():
            given = flow.blocks.get(reference)
            if isinstance(given, Ask) and given.secret:
                after.pop(reference, None)
    return after


def way_without(flow: Flow, name: str, target: str) -> list[str]:
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
                there = (way.to, name in left(flow, block, way, held))
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

"""Where a flow leads: every destination is there, every block is reached, nothing goes round without a person."""

from collections.abc import Iterable, Iterator

from flows.engine.lint.case import Case
from flows.engine.lint.graph import destinations, loop_without_person, reached, ways
from flows.engine.model import RESERVED, Menu, Query
from flows.engine.problems import Problem, instead


def check(case: Case) -> Iterator[Problem]:
    """The ways of one flow."""
    broken = list(_destinations(case))
    yield from broken
    before = reached(case.flow)
    for name in case.flow.blocks:
        if name not in before and not any(problem.code == "no-destination" for problem in broken):
            told = f'block "{name}" is never reached. Lead a way to it, or take it out.'
            yield case.problem("unreachable", told, name)
    circle = loop_without_person(case.flow)
    if circle:
        told = f"{' → '.join([*circle, circle[0]])} goes round without asking anybody anything"
        yield case.problem("loop", f"{told}. Put a menu or an ask into the circle, or lead out of it.", circle[0])
    elif not broken:
        yield from _way_out(case, before)


def _destinations(case: Case) -> Iterator[Problem]:
    known = [*case.flow.blocks, *RESERVED]
    for name, block in case.flow.blocks.items():
        for way in ways(block):
            part = "exits" if isinstance(block, Query) else "then"
            place = (name, part, way.by)
            if way.to not in known:
                told = f'there is no block "{way.to}". {instead(way.to, known, "Destinations are: ")}'
                yield case.problem("no-destination", told, *place)
            elif way.to == "service":
                yield from _opens(case, name, way.by, place)


def _opens(case: Case, name: str, choice: str, place: tuple[str, ...]) -> Iterator[Problem]:
    """`service` opens the flow that the last choice names."""
    if case.flow.subdialog:
        told = "a subdialog comes back to the flow that needed it, so it cannot lead to service. Lead to end."
        yield case.problem("service", told, *place)
        return
    block = case.flow.blocks[name]
    if not isinstance(block, Menu):
        if not any(isinstance(case.flow.blocks[known], Menu) for known in case.known(name)):
            told = "service opens the flow that the last choice names, but no menu comes before this on every way"
            yield case.problem("service", f"{told}. Put a menu before it.", *place)
        return
    for one in block.choices:
        flow = case.flows.by_name.get(one.id)
        if choice in ("", one.id) and (flow is None or flow.subdialog):
            services = [name for name, flow in case.flows.by_name.items() if not flow.subdialog]
            told = f'choice "{one.id}" leads to service, but no service has this name.'
            hint = instead(one.id, services, "Services are: ")
            yield case.problem("service", f"{told} {hint}", name, "choices", one.id)


def _way_out(case: Case, reached_: Iterable[str]) -> Iterator[Problem]:
    trapped = next((name for name in reached_ if not destinations(case.flow, name)), None)
    if trapped is not None:
        told = f'from block "{trapped}" nobody ever gets out. Lead a way to end, home, helpline or service.'
        yield case.problem("no-way-out", told, trapped)
    elif case.flow.subdialog and "end" not in destinations(case.flow, case.flow.start):
        told = "a subdialog is passed by reaching end, and nothing here leads there. Lead a way to end."
        yield case.problem("no-way-out", told, case.flow.start)

"""Nothing personal on caller ID alone: what a flow must prove before it asks a service, saves or offers anything."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flows.engine.lint.case import Case
from flows.engine.lint.graph import ways
from flows.engine.lint.knowledge import left
from flows.engine.model import Ask, Query, Signature
from flows.engine.problems import Problem
from flows.engine.prompting import CONSENT
from flows.engine.walk import PROOF

SATISFIED_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "none": frozenset({"none", "known", "pin", "birth_date"}),
        "known": frozenset({"known", "pin", "birth_date"}),
        "pin": frozenset({"pin"}),
        "birth_date": frozenset({"birth_date", "pin"}),
    }
)
"""What an operation demands → the levels of a flow that are enough."""


def check(case: Case) -> Iterator[Problem]:
    """One flow and everything that it asks."""
    for name, block in case.flow.blocks.items():
        if isinstance(block, Query):
            signature = case.flows.signatures.get(block.operation)
            if signature is not None:
                yield from _query(case, name, signature)
        elif isinstance(block, Ask) and block.saved and case.flow.auth == "none":
            told = "a saved number is shown only to whoever proved who they are, and this flow asks for no proof"
            yield case.problem("auth", f'{told}. Write "auth: known" in the header, or take saved out.', name, "saved")
    if case.flow.subdialog:
        yield from _proves(case)
    else:
        yield from _header(case)


def _query(case: Case, name: str, signature: Signature) -> Iterator[Problem]:
    auth, wanted = case.flow.auth, signature.auth
    personal = signature.caller and any(outcome.fields for outcome in signature.outcomes.values())
    if case.flow.subdialog:
        if wanted != "none":
            told = f'{signature.name} needs auth "{wanted}", and a subdialog runs before anything is proved'
            yield case.problem("auth", f"{told}. Ask it in the service's own flow.", name, "query")
    elif auth not in SATISFIED_BY.get(wanted, ()):
        told = f'{signature.name} needs auth "{wanted}", and this flow has "{auth}"'
        yield case.problem(
            "auth", f'{told}. Write "auth: {wanted}" in the header, or take the query out.', name, "query"
        )
    elif auth == "none" and personal:
        told = f"{signature.name} tells something about the caller, whom caller ID alone does not prove"
        yield case.problem("auth", f'{told}. Write "auth: known" in the header.', name, "query")


def _header(case: Case) -> Iterator[Problem]:
    flow = case.flow
    if flow.auth == "none":
        if flow.purpose is not None:
            told = 'purpose is said when consent is asked, and "auth: none" asks for none. Take purpose out.'
            yield case.problem("purpose", told, "", "purpose")
        return
    if flow.purpose is None:
        told = f'with "auth: {flow.auth}" the caller must hear what the data is for. Add purpose to the header.'
        yield case.problem("purpose", told, "", "auth")
    for needed in (CONSENT, PROOF[flow.auth]):
        subdialog = case.flows.by_name.get(needed)
        if subdialog is None or not subdialog.subdialog:
            told = f'"auth: {flow.auth}" is proved by the subdialog "{needed}", which is not there'
            yield case.problem("auth", f"{told}. Write flows/common/{needed}.yaml.", "", "auth")


def _proves(case: Case) -> Iterator[Problem]:
    """A subdialog that stands for a proof ends only where a service said that the proof is good."""
    flow = case.flow
    for name, block in flow.blocks.items():
        for way in ways(block):
            if way.to != "end":
                continue
            place = (name, "exits", way.by) if isinstance(block, Query) else (name, "then", *filter(None, [way.by]))
            if flow.name in PROOF.values():
                known = left(flow, name, way, case.known(name))
                if not any(_opened(case, query, exits) for query, exits in known.items()):
                    told = f'end means that "{flow.name}" is proved, but no service has said so on the way here'
                    yield case.problem("unproved", f"{told}. Lead to end only after the exit that proves it.", *place)
            elif flow.name == CONSENT and not isinstance(block, Query):
                told = "end means that consent was given and kept, and no service keeps it here"
                yield case.problem("unproved", f"{told}. Lead to end from the query that keeps it.", *place)


def _opened(case: Case, name: str, exits: frozenset[str]) -> bool:
    block = case.flow.blocks[name]
    if not isinstance(block, Query):
        return False
    signature = case.flows.signatures.get(block.operation)
    return signature is not None and exits == {signature.opens}

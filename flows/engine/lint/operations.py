"""Queries against the signatures of their operations: exits, what is given, and the confirmation of a write."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flows.engine.lint.case import Case
from flows.engine.lint.references import CHOICE, ROW, given, named_in
from flows.engine.model import Ask, Menu, Query, Signature
from flows.engine.problems import Problem, instead
from flows.engine.values import WIDTHS

_FITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Identifier": frozenset({"Digits", "Pincode", "Mobile", "Phone", "Letters", CHOICE, ROW}),
        "Digits": frozenset({"Pincode", "Mobile"}),
        "Phone": frozenset({"Mobile"}),
        "Words": frozenset({"Name", "Letters"}),
    }
)
"""Parameter's type → other types that may be given to it: each is written as that type is written."""


def check(case: Case) -> Iterator[Problem]:
    """Every query of the flow."""
    for name, block in case.flow.blocks.items():
        if isinstance(block, Query):
            signature = case.flows.signatures.get(block.operation)
            if signature is None:
                hint = instead(block.operation, case.flows.signatures, "Operations are: ")
                told = f'there is no operation "{block.operation}". {hint}'
                yield case.problem("unknown-operation", told, name, "query")
                continue
            yield from _exits(case, block, signature)
            yield from _given(case, block, signature)
            yield from _confirm(case, block, signature)
        elif isinstance(block, Ask) and block.saved:
            yield from _saved(case, block)


def _exits(case: Case, query: Query, signature: Signature) -> Iterator[Problem]:
    for exit_ in signature.outcomes:
        if exit_ not in query.exits:
            told = f'{query.operation} may answer "{exit_}", and no exit says where that leads. Add "{exit_}" to exits.'
            yield case.problem("exit-missing", told, query.name, "exits")
    for exit_ in query.exits:
        if exit_ not in signature.outcomes:
            hint = instead(exit_, signature.outcomes, "Its outcomes are: ")
            told = f'{query.operation} never answers "{exit_}". {hint}'
            yield case.problem("exit-unknown", told, query.name, "exits", exit_)


def _given(case: Case, query: Query, signature: Signature) -> Iterator[Problem]:
    for parameter, kind in signature.parameters.items():
        if parameter not in query.given:
            told = f'{query.operation} needs "{parameter}" ({kind}). Add it to given.'
            yield case.problem("given-missing", told, query.name, "given")
    for parameter, reference in query.given.items():
        place = (query.name, "given", parameter)
        if parameter not in signature.parameters:
            hint = instead(parameter, signature.parameters, "It takes: ")
            yield case.problem("given-unknown", f'{query.operation} takes no "{parameter}". {hint}', *place)
            continue
        meaning = given(case, query.name, reference)
        if meaning.trouble:
            yield case.problem("given-value", f'"{parameter}" gets {{{reference}}}: {meaning.trouble}', *place)
            continue
        wanted = signature.parameters[parameter]
        for kind in sorted(meaning.kinds):
            trouble = _misfit(case, wanted, kind, reference)
            if trouble:
                yield case.problem("given-kind", f'"{parameter}" of {query.operation} is {wanted}; {trouble}', *place)
        secret = case.flow.blocks.get(reference)
        if signature.recall and isinstance(secret, Ask) and secret.secret:
            told = f'"{reference}" is secret and {query.operation} is asked again whenever its values are needed'
            yield case.problem("given-secret", f"{told}. Give a secret only to an operation without recall.", *place)


def _misfit(case: Case, wanted: str, kind: str, reference: str) -> str:
    """Why a value of type `kind` cannot be given where `wanted` is expected, or ""."""
    if kind == wanted or kind in _FITS.get(wanted, ()):
        return ""
    members = tuple(case.flows.terms.get(wanted, ()))
    menu = case.flow.blocks.get(reference)
    if kind == CHOICE and wanted not in WIDTHS and isinstance(menu, Menu):
        strange = [choice.id for choice in menu.choices if choice.id not in members]
        return f'choice "{strange[0]}" is none of them. {instead(strange[0], members, "Use: ")}' if strange else ""
    if kind == "yes_no" and set(members) == {"yes", "no"}:
        return ""
    what = {CHOICE: "a choice", ROW: "a row's id"}.get(kind, kind)
    return f"{{{reference}}} is {what}. Give it a value of its own type."


def _confirm(case: Case, query: Query, signature: Signature) -> Iterator[Problem]:
    if signature.write and query.confirm is None:
        told = f"{query.operation} changes something. Add confirm: a question that names what will be done."
        yield case.problem("confirm-missing", told, query.name, "query")
    if query.confirm is None:
        return
    if not signature.write:
        told = f"{query.operation} changes nothing, so there is nothing to confirm. Take confirm out."
        yield case.problem("confirm-needless", told, query.name, "confirm")
    elif signature.parameters and not named_in(query.confirm):
        example = next(iter(query.given.values()), "value")
        told = f"the question names nothing of what will be done. Say a value that is given, like {{{example}}}."
        yield case.problem("confirm-empty", told, query.name, "confirm")


def _saved(case: Case, ask: Ask) -> Iterator[Problem]:
    """A saved number is fetched by the operation `saved.<kind>`, which takes nothing and may answer with a number."""
    operation = f"saved.{ask.saved}"
    signature = case.flows.signatures.get(operation)
    if signature is None:
        kinds = [name.partition(".")[2] for name in case.flows.signatures if name.startswith("saved.")]
        told = f'there is no operation "{operation}". {instead(ask.saved, kinds, "Kinds that are saved: ")}'
        yield case.problem("saved-unknown", told, ask.name, "saved")
    elif signature.parameters or not any("number" in outcome.fields for outcome in signature.outcomes.values()):
        told = f'{operation} gives no saved number: it must take nothing and have an outcome with "number".'
        yield case.problem("saved-unknown", f"{told} Take saved out.", ask.name, "saved")

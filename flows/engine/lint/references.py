"""What `{name}` and `{name.field}` stand for at a block: the types of value that may come, or why none may."""

from collections.abc import Iterable
from dataclasses import dataclass

from flows.engine.format import LANGUAGES
from flows.engine.grammar import BadGrammar, grammar
from flows.engine.lint.case import Case
from flows.engine.lint.knowledge import way_without
from flows.engine.lookup import references
from flows.engine.model import Ask, Block, Listing, Menu, Query, Record, Tell, Wording
from flows.engine.problems import instead

CHOICE = "choice"
"""The type of `{menu}` where the menu's choices stand in the flow: it is shown as the label that was chosen."""
ROW = "row"
"""The type of a choice out of a service's list, as it is given to an operation: the row's id."""
_LONGEST_WAY = 8


@dataclass(frozen=True, slots=True)
class Meaning:
    """The types that a reference may have; empty where they cannot be told. `trouble` says why it means nothing."""

    kinds: frozenset[str] = frozenset()
    trouble: str = ""


def shown(case: Case, at: str, reference: str) -> Meaning:
    """What a reference in a sentence of block `at` stands for."""
    name, _, field = reference.partition(".")
    block = case.flow.blocks.get(name)
    trouble = _unusable(case, name, block, field)
    if trouble or block is None:
        return Meaning(trouble=trouble)
    if isinstance(block, Ask) and block.secret:
        return Meaning(trouble=f'"{name}" is secret. Take it out: a secret is never shown or spoken.')
    return _known(case, at, name) or _kinds(case, at, block, field)


def given(case: Case, at: str, reference: str) -> Meaning:
    """What a reference under `given` of query `at` stands for."""
    name, _, field = reference.partition(".")
    block = case.flow.blocks.get(name)
    if isinstance(block, Menu) and block.listing is not None and not field and block.listing.block != LANGUAGES:
        return _known(case, at, name) or Meaning(frozenset({ROW}))
    trouble = _unusable(case, name, block, field)
    if trouble or block is None:
        return Meaning(trouble=trouble)
    return _known(case, at, name) or _kinds(case, at, block, field)


def listed(case: Case, at: str, listing: Listing) -> tuple[list[Record], str]:
    """The rows that a listing may show at block `at`, a record for each outcome, or why there are none."""
    query = case.flow.blocks.get(listing.block)
    if not isinstance(query, Query):
        queries = [name for name, block in case.flow.blocks.items() if isinstance(block, Query)]
        return [], f'"{listing.block}" is no query. {instead(listing.block, queries, "Lists come from: ")}'
    signature = case.flows.signatures.get(query.operation)
    if signature is None:
        return [], ""
    exits = case.known(at).get(listing.block)
    if at not in case.knowledge:
        return [], ""
    if exits is None:
        return [], _not_known(case, at, listing.block)
    found: list[Record] = []
    for exit_ in sorted(exits):
        outcome = signature.outcomes.get(exit_)
        if outcome is not None and listing.field not in outcome.rows:
            hint = instead(listing.field, outcome.rows, "Its lists are: ") if outcome.rows else _only_where(exit_)
            return [], f'outcome "{exit_}" of {query.operation} has no list "{listing.field}". {hint}'
        if outcome is not None:
            found.append(outcome.rows[listing.field])
    return found, ""


def in_rows(records: Iterable[Record], field: str) -> Meaning:
    """What a field of a listing's rows stands for."""
    kinds: set[str] = set()
    for record in records:
        if field not in record.fields:
            return Meaning(trouble=f'a row of {record.name} has no field "{field}". {_fields(field, record)}')
        kinds.add(record.fields[field])
    return Meaning(frozenset(kinds))


def named_in(wording: Wording) -> tuple[str, ...]:
    """Every reference of a sentence in all its forms, each once."""
    return tuple(dict.fromkeys(ref for text in forms_of(wording) for ref in references(text)))


def forms_of(wording: Wording) -> tuple[str, ...]:
    """The forms of a sentence that are written out."""
    return tuple(text for text in (wording.text, wording.one, wording.say, wording.one_say) if text)


def _unusable(case: Case, name: str, block: Block | None, field: str) -> str:
    """Why a reference of this shape can never mean anything."""
    match block:
        case None:
            return f'there is no block "{name}". {instead(name, _with_values(case), "Values come from: ")}'
        case Tell():
            return f'"{name}" is a tell, which has no value. {instead("", _with_values(case), "Values come from: ")}'
        case Ask() if field:
            return f'"{name}" is an ask, whose answer has no fields. Write {{{name}}}.'
        case Menu(listing=None) if field:
            return f'the choices of "{name}" stand in the flow and have no fields. Write {{{name}}}.'
        case Menu(listing=listing) if listing is not None and listing.block == LANGUAGES:
            return f'"{name}" chooses a language, which has no value. Take it out.'
        case Menu(listing=listing) if listing is not None and not field:
            return f'"{name}" chooses a row, so a field must be named. Write {{{name}.field}}, as its label does.'
        case Query() if not field:
            return f'"{name}" is a query, so a field must be named. Write {{{name}.field}}.'
    return ""


def _known(case: Case, at: str, name: str) -> Meaning | None:
    if at in case.knowledge and name not in case.known(at):
        return Meaning(trouble=_not_known(case, at, name))
    return None


def _not_known(case: Case, at: str, name: str) -> str:
    path = way_without(case.flow, name, at)
    if len(path) > _LONGEST_WAY:
        path = [*path[:2], "…", *path[3 - _LONGEST_WAY :]]
    return f'"{name}" is not known on the way {" → ".join(path)}. Ask it on that way too, or lead the way elsewhere.'


def _kinds(case: Case, at: str, block: Block, field: str) -> Meaning:
    match block:
        case Ask(expect=expect):
            try:
                return Meaning(frozenset({grammar(expect).kind}))
            except BadGrammar:
                return Meaning()
        case Menu(listing=None):
            return Meaning(frozenset({CHOICE}))
        case Menu(listing=listing) if listing is not None:
            records, _ = listed(case, at, listing)  # the menu itself tells what is wrong with its list
            return in_rows(records, field)
        case Query() as query:
            return _outcomes(case, at, query, field)
    return Meaning()


def _outcomes(case: Case, at: str, query: Query, field: str) -> Meaning:
    """The types of a field of whichever outcomes may have led to block `at`."""
    signature = case.flows.signatures.get(query.operation)
    kinds: set[str] = set()
    for exit_ in sorted(case.known(at).get(query.name, ())):
        outcome = signature.outcomes.get(exit_) if signature else None
        if outcome is None:
            continue
        if field not in outcome.fields:
            hint = _fields(field, outcome) if outcome.fields else _only_where(exit_)
            told = f'outcome "{exit_}" of {query.operation}, by which this block is reached, has no field "{field}"'
            return Meaning(trouble=f"{told}. {hint}")
        if outcome.fields[field].startswith("["):
            return Meaning(trouble=f'"{field}" of {query.operation} is a list. Offer it in a menu with "from".')
        kinds.add(outcome.fields[field])
    return Meaning(frozenset(kinds))


def _fields(field: str, record: Record) -> str:
    return instead(field, record.fields, "Its fields are: ")


def _only_where(exit_: str) -> str:
    return f'Lead the exit "{exit_}" to a block of its own.'


def _with_values(case: Case) -> list[str]:
    return [name for name, block in case.flow.blocks.items() if not isinstance(block, Tell)]

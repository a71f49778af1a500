"""Finding the values that a sentence names: `{pin}`, `{office.name}`, `{bill.amount}`, each with its declared type."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from flows.engine.effects import Said, Typed
from flows.engine.grammar import grammar, value
from flows.engine.model import Ask, Listing, Menu, Query, Record, Wording
from flows.engine.run import Question
from flows.engine.turn import NO_VALUES, Lost, Missing, Turn
from flows.engine.values import Scalar, TimedOut, Unavailable, exit_name

_REFERENCE = re.compile(r"\{([a-z_][a-z0-9_.]*)\}")
PARTS = _REFERENCE
"""Splits a sentence at its references."""
SAVED = "saved"
"""Marks an answer that was not typed but taken from the caller's own saved numbers: only its end is ever shown."""


@cache
def references(text: str) -> tuple[str, ...]:
    """The names in braces of a sentence, each once, in order."""
    return tuple(dict.fromkeys(_REFERENCE.findall(text)))


@cache
def all_references(wording: Wording) -> tuple[str, ...]:
    """The names in braces of every form of a sentence."""
    return references(" ".join((wording.text, wording.say, wording.one, wording.one_say)))


def exit_of(outcome: object) -> str:
    """The exit that an outcome takes."""
    return exit_name(type(outcome))


def said(t: Turn, wording: Wording) -> Said:
    """The sentence with its values looked up. Raises Missing where an outcome must be recalled first."""
    names = all_references(wording)
    return Said(wording, {name: typed(t, name) for name in names} if names else NO_VALUES)


def typed(t: Turn, reference: str) -> Typed:
    """The value of a reference in the frame on top.

    Raises Missing where an outcome must be recalled, Lost where it no longer has the value.
    """
    name, _, field = reference.partition(".")
    block = t.flow.blocks[name]
    match block:
        case Ask():
            return _asked(t, block)
        case Menu(listing=None):
            chosen = str(t.frame.answers[name])
            return Typed("wording", f"{t.frame.flow}.{name}.choice.{chosen}")
        case Menu(listing=listing) if listing is not None:
            row = _chosen_row(t, block, listing)
            return Typed(row_record(t, listing).fields[field], field_of(row, field))
        case Query():
            return _outcome_field(t, block, field)
        case _:
            raise KeyError(reference)


def plain(t: Turn, reference: str) -> str:
    """The value of a reference in its canonical form, as an operation is given it. Raises Missing, Lost."""
    name, _, field = reference.partition(".")
    if not field:
        answer = t.frame.answers[name]
        return str(answer) if isinstance(answer, str) else str(answer[SAVED])
    found = typed(t, reference).value
    return found.isoformat() if isinstance(found, date) else str(found)


def question(t: Turn, query: Query) -> Question:
    """What this query asks now: the operation and what it is given. Raises Missing, Lost."""
    asked: list[str] = [query.operation]
    for parameter, reference in query.given.items():
        asked += (parameter, plain(t, reference))
    return tuple(asked)


def at_hand(t: Turn, query: Query) -> object:
    """The outcome of a recallable query. Raises Missing when it was not asked in this turn, Lost when it is down."""
    place = (t.frames[-1].visit, query.name)
    found = t.found.get(place)
    if found is None:
        asked = question(t, query)
        found = t.hand.get(asked)
        if found is None:
            raise Missing(asked)
        t.found[place] = found
    outcome, demo = found
    if isinstance(outcome, Unavailable | TimedOut):
        raise Lost
    if demo and query.name not in t.demo:
        t.demo = (*t.demo, query.name)
    return outcome


def _asked(t: Turn, block: Ask) -> Typed:
    answer = t.frame.answers[block.name]
    if not isinstance(answer, str):
        return Typed("Masked", str(answer[SAVED]))
    kind = grammar(block.expect).kind
    return Typed(kind, value(kind, answer))


def _outcome_field(t: Turn, block: Query, field: str) -> Typed:
    signature = t.flows.signatures[block.operation]
    if signature.recall:
        outcome = at_hand(t, block)
        fields = signature.outcomes[exit_of(outcome)].fields
        if field not in fields:
            raise Lost
        return Typed(fields[field], field_of(outcome, field))
    kept = t.frame.answers.get(block.name)
    if not isinstance(kept, Mapping):
        raise Lost
    return Typed(signature.outcomes[str(kept[""])].fields[field], kept[field])


def rows(t: Turn, listing: Listing) -> tuple[object, ...]:
    """The rows of a listing. Raises Missing, Lost."""
    found: tuple[object, ...] = getattr(_listed(t, listing), listing.field, ())
    if not found:
        raise Lost
    return found


def row_record(t: Turn, listing: Listing) -> Record:
    """What a row of this listing holds. Raises Missing, Lost."""
    query = t.flow.blocks[listing.block]
    assert isinstance(query, Query)
    outcome = exit_of(_listed(t, listing))
    return t.flows.signatures[query.operation].outcomes[outcome].rows[listing.field]


def _listed(t: Turn, listing: Listing) -> object:
    query = t.flow.blocks[listing.block]
    assert isinstance(query, Query)
    return at_hand(t, query)


def _chosen_row(t: Turn, menu: Menu, listing: Listing) -> object:
    wanted = t.frame.answers[menu.name]
    for row in rows(t, listing):
        if row_id(row) == wanted:
            return row
    raise Lost


def row_id(row: object) -> str:
    """The id of a row."""
    return str(field_of(row, "id"))


def field_of(row: object, name: str) -> Scalar:
    """A field of a row or an outcome, which are any frozen dataclass of a service."""
    found: Scalar = getattr(row, name)
    return found

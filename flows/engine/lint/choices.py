"""Menus: few enough choices, each leading somewhere, told apart, and lists that a service can give again."""

from collections.abc import Iterator

from flows.engine.format import LANGUAGES
from flows.engine.keys import TEXT_OPTIONS
from flows.engine.lint.case import Case
from flows.engine.lint.references import in_rows, listed, named_in
from flows.engine.model import Listing, Menu, Query
from flows.engine.problems import Problem, instead
from flows.engine.prompting import LANGUAGE


def check(case: Case) -> Iterator[Problem]:
    """Every menu of the flow."""
    for name, block in case.flow.blocks.items():
        if not isinstance(block, Menu):
            continue
        if block.listing is None:
            yield from _static(case, block)
        else:
            if "" not in block.then:
                told = 'what a list offers is not known here, so all of it leads to one place. Write "then: block".'
                yield case.problem("then", told, name, "then")
            yield from _listing(case, block, block.listing)


def _static(case: Case, menu: Menu) -> Iterator[Problem]:
    if len(menu.choices) > TEXT_OPTIONS:
        told = f"{len(menu.choices)} choices are too many for the keys 1 to {TEXT_OPTIONS}"
        yield case.problem("many-choices", f"{told}. Part them into two menus.", menu.name, "choices")
    ids = [choice.id for choice in menu.choices]
    if "" not in menu.then:
        for id_ in ids:
            if id_ not in menu.then:
                told = f'choice "{id_}" leads nowhere. Add "{id_}" to then.'
                yield case.problem("then", told, menu.name, "choices", id_)
    for id_ in menu.then:
        if id_ and id_ not in ids:
            told = f'there is no choice "{id_}". {instead(id_, ids, "Choices are: ")}'
            yield case.problem("then", told, menu.name, "then", id_)


def _listing(case: Case, menu: Menu, listing: Listing) -> Iterator[Problem]:
    place = (menu.name, "choices", "from")
    if listing.block == LANGUAGES:
        if case.flow.name != LANGUAGE:
            told = f'the list of languages belongs to the flow "{LANGUAGE}", which a key always opens'
            yield case.problem("listing", f"{told}. Take this menu out.", *place)
        return
    query = case.flow.blocks.get(listing.block)
    if isinstance(query, Query):
        signature = case.flows.signatures.get(query.operation)
        if signature is not None and not signature.recall:
            told = f"{query.operation} cannot be asked again, and lists are never kept. Have it declared with recall."
            yield case.problem("listing", told, *place)
    records, trouble = listed(case, menu.name, listing)
    if trouble:
        yield case.problem("listing", trouble, *place)
        return
    for record in records:
        if "id" not in record.fields:
            told = f"the rows of {listing.block}.{listing.field} ({record.name}) have no id, by which a choice is kept"
            yield case.problem("listing", f"{told}. Have it added to the service.", *place)
    if not named_in(listing.label):
        fields = ", ".join(f"{{{field}}}" for field in records[0].fields) if records else "{name}"
        told = f"the label is the same for every row. Name a field of the row: {fields}."
        yield case.problem("listing", told, menu.name, "choices", "label")
    if listing.group:
        meaning = in_rows(records, listing.group)
        if meaning.trouble:
            yield case.problem("listing", f"group: {meaning.trouble}", menu.name, "choices", "group")
        if listing.group_menu is None:
            told = 'a long list is narrowed by group first, and nothing says so. Add group_menu: "Which ...?".'
            yield case.problem("listing", told, menu.name, "choices", "group")
    elif listing.group_menu is not None:
        told = "group_menu is said above the groups, and there is no group. Add group, or take group_menu out."
        yield case.problem("listing", told, menu.name, "choices", "group_menu")

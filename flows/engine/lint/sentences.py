"""What sentences say: every `{value}` is known on every way and a real field; one sentence has one count at most."""

from collections.abc import Iterator

from flows.engine.format import LANGUAGES
from flows.engine.lint.case import Case
from flows.engine.lint.references import CHOICE, Meaning, forms_of, in_rows, listed, named_in, shown
from flows.engine.lookup import references
from flows.engine.model import Ask, Block, Menu, Query, Tell, Wording
from flows.engine.problems import Problem
from flows.engine.values import WIDTHS

Kinds = dict[str, frozenset[str]]
"""Reference → the types of value that it may stand for."""
_SHOWN = frozenset({*WIDTHS, "yes_no", CHOICE})


def check(case: Case) -> Iterator[Problem]:
    """Every sentence of the flow."""
    for name, block in case.flow.blocks.items():
        for wording in at_block(block):
            yield from _values(case, name, wording)
        if isinstance(block, Menu) and block.listing is not None and block.listing.block != LANGUAGES:
            yield from _label(case, block)
        if isinstance(block, Tell) and block.only and not set(block.only) & set(case.flow.channels):
            told = f"this is told only on {', '.join(block.only)}, and the flow is not offered there. Take it out."
            yield case.problem("only", told, name, "only")
        if isinstance(block, Ask) and block.retry is not None:
            yield from without_values(case, block.retry, "what is said after a wrong answer")
    yield from without_values(case, case.flow.title, "a title")
    if case.flow.purpose is not None:
        yield from without_values(case, case.flow.purpose, "a purpose")


def at_block(block: Block) -> Iterator[Wording]:
    """The sentences of a block in which values may be said."""
    match block:
        case Menu(prompt=prompt, choices=choices, listing=listing):
            yield prompt
            yield from (choice.label for choice in choices)
            if listing is not None and listing.group_menu is not None:
                yield listing.group_menu
        case Tell(prompt=prompt, sms_wording=sms_wording):
            yield prompt
            if sms_wording is not None:
                yield sms_wording
        case Ask(prompt=prompt):
            yield prompt
        case Query(confirm=confirm) if confirm is not None:
            yield confirm


def kinds(case: Case, at: str, wording: Wording) -> Kinds:
    """The types of everything that a sentence of block `at` names."""
    return {reference: shown(case, at, reference).kinds for reference in named_in(wording)}


def label_kinds(case: Case, menu: Menu) -> Kinds:
    """The types of everything that the label of a listing names."""
    if menu.listing is None:
        return {}
    records, _ = listed(case, menu.name, menu.listing)
    return {reference: in_rows(records, reference).kinds for reference in named_in(menu.listing.label)}


def without_values(case: Case, wording: Wording, what: str) -> Iterator[Problem]:
    """A sentence that is said where nothing is known yet."""
    for reference in named_in(wording):
        yield case.said_at(
            wording, "reference", f"{what} cannot hold values: {{{reference}}} is not known there. Take it out."
        )


def _values(case: Case, at: str, wording: Wording) -> Iterator[Problem]:
    found: list[tuple[str, Meaning]] = [(reference, shown(case, at, reference)) for reference in named_in(wording)]
    for reference, meaning in found:
        if meaning.trouble:
            yield case.said_at(wording, "reference", f"{{{reference}}}: {meaning.trouble}")
        yield from _words_for(case, wording, reference, meaning.kinds)
    yield from _counted(case, wording, dict((reference, meaning.kinds) for reference, meaning in found))


def _label(case: Case, menu: Menu) -> Iterator[Problem]:
    listing = menu.listing
    if listing is None:
        return
    records, _ = listed(case, menu.name, listing)
    for reference in named_in(listing.label):
        meaning = in_rows(records, reference)
        if meaning.trouble:
            yield case.said_at(listing.label, "reference", f"{{{reference}}}: {meaning.trouble}")
        yield from _words_for(case, listing.label, reference, meaning.kinds)
    yield from _counted(case, listing.label, label_kinds(case, menu))


def _words_for(case: Case, wording: Wording, reference: str, found: frozenset[str]) -> Iterator[Problem]:
    """An enumeration is shown through terms.yaml; the label of a choice that is shown later stands alone."""
    for kind in sorted(found - _SHOWN):
        if kind not in case.flows.terms:
            told = f"{{{reference}}} is a value of {kind}, for which {case.settings.terms_file} has no words"
            yield case.said_at(wording, "terms", f"{told}. Add {kind} there.")
    menu = case.flow.blocks.get(reference)
    if CHOICE in found and isinstance(menu, Menu):
        for choice in menu.choices:
            if named_in(choice.label):
                told = f'{{{reference}}} shows the label of choice "{choice.id}", which has a value in it itself'
                yield case.said_at(wording, "reference", f"{told}. Write that label without braces.")


def _counted(case: Case, wording: Wording, found: Kinds) -> Iterator[Problem]:
    if not wording.one:
        return
    counts = [reference for reference, kind in found.items() if "Count" in kind]
    if len(counts) != 1 and all(found.values()):
        told = f'"one" and "other" are told apart by one count, and there are {len(counts)} in this sentence'
        yield case.said_at(wording, "count", f"{told}. Name exactly one value of type Count, or write a single text.")
    named = [set(references(text)) for text in forms_of(wording)]
    if any(names != named[0] for names in named[1:]):
        told = "the forms of a sentence with a count must name the same values, since one is 0 and 1 in some languages"
        yield case.said_at(wording, "count", f"{told}. Use the same braces in all of them.")

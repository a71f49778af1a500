"""Whatever values the declared types allow, a message equals its template and takes two parts at most."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.effects import Prompt, Said, Typed
from flows.engine.lint.case import Case
from flows.engine.lint.knowledge import knowledge
from flows.engine.lint.references import CHOICE, named_in
from flows.engine.lint.sentences import Kinds, kinds, label_kinds
from flows.engine.model import Ask, Flow, Menu, Query, Tell, Wording
from sms.parts import MOST_PARTS, parts
from sms.templates import VARIABLE, Template, pattern
from sms.texts import messages
from tests.sms.worded import catalogue, choices, common, library, prompt, read, templates, wanted

_NAMES = st.text(st.sampled_from("abcXYZ09 .,-&()'\u0301éक्षत्रियನ😀\n"), max_size=90)
_DIGITS = st.text("0123456789", min_size=1, max_size=14)
VALUES: dict[str, st.SearchStrategy[str | int | date]] = {
    "Name": _NAMES,
    "Words": _NAMES,
    "Letters": st.text("ABCXYZ", min_size=1, max_size=20),
    "Pincode": st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    "Mobile": st.from_regex(r"[6-9][0-9]{9}", fullmatch=True),
    "Phone": _DIGITS,
    "Digits": st.text("0123456789", min_size=1, max_size=20),
    "Identifier": st.text("ABCXYZ0123456789", min_size=1, max_size=20),
    "Count": st.integers(0, 99_99_999),
    "Paise": st.integers(-99_99_999_99, 99_99_999_99),
    "Kilometres": st.integers(0, 9_999),
    "Celsius": st.integers(-40, 60),
    "date": st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    "datetime": st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),
}


@dataclass(frozen=True)
class Place:
    """A block that says something: its sentence, the types of its values, and what may be chosen."""

    flow: Flow
    block: Tell | Menu | Ask | Query
    wording: Wording
    kinds: Kinds
    rows: Kinds


def _places() -> Iterator[Place]:
    made, settings = read()
    for flow in made.flows.by_name.values():
        case = Case(flow, made.flows, settings, knowledge(flow))
        for name, block in flow.blocks.items():
            match block:
                case Tell():
                    wording = block.sms_wording or block.prompt
                case Query(confirm=confirm):
                    if confirm is None:
                        continue
                    wording = confirm
                case _:
                    wording = block.prompt
            rows = label_kinds(case, block) if isinstance(block, Menu) and block.listing else {}
            yield Place(flow, block, wording, kinds(case, name, wording), rows)


PLACES = list(_places())


def _typed(place: Place, reference: str, kind: str) -> st.SearchStrategy[Typed]:
    if kind in VALUES:
        return st.builds(Typed, st.just(kind), VALUES[kind])
    if kind == CHOICE:
        menu = place.flow.blocks[reference]
        assert isinstance(menu, Menu)
        return st.sampled_from([Typed("wording", choice.label.key) for choice in menu.choices])
    return st.sampled_from([Typed(kind, member) for member in library().flows.terms[kind]])


def _values(place: Place, found: Kinds, wording: Wording) -> st.SearchStrategy[dict[str, Typed]]:
    return st.fixed_dictionaries(
        {name: st.one_of([_typed(place, name, kind) for kind in sorted(found[name])]) for name in named_in(wording)}
    )


@st.composite
def prompts(draw: st.DrawFn, place: Place) -> Prompt:
    said = Said(place.wording, draw(_values(place, place.kinds, place.wording)))
    where = f"{place.flow.name}.{place.block.name}"
    keys = ("more", "back") if draw(st.booleans()) else ("back",)
    match place.block:
        case Menu(listing=None):
            return prompt(where, said, options=choices(place.flow.name, place.block.name))
        case Menu(listing=listing) if listing is not None and listing.block != "languages":
            if draw(st.booleans()):
                count = common("narrow", count=Typed("Count", draw(st.integers(10, 99_99_999))))
                return prompt(where, said, count, expect="letters 1 to 10", keys=("narrow_list", "back"))
            label = _values(place, place.rows, listing.label)
            rows = draw(st.lists(label, min_size=1, max_size=9))
            return prompt(where, said, options=tuple(Said(listing.label, row) for row in rows), keys=keys)
        case Menu():
            tags = library().flows.languages_native.items()
            option = library().flows.common["language_option"]
            return prompt(where, said, options=tuple(Said(option, {}, native, tag) for tag, native in tags))
        case Query():
            return prompt(where, said, options=(common("confirm_yes"), common("confirm_no")))
        case Ask(expect=expect):
            return prompt(where, said, expect=expect)
    return prompt(where, said, final=True)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.wording.key)
@given(data=st.data(), language=st.sampled_from(sorted({one.language for one in wanted()})))
def test_every_message_equals_its_template_and_takes_two_parts(
    place: Place, data: st.DataObject, language: str
) -> None:
    found = messages(data.draw(prompts(place)), catalogue(language), "")
    assert found
    known = {one.key for one in wanted() if one.language == language}
    for message in found:
        assert parts(message.text) <= MOST_PARTS
        if message.key in known:
            assert templates().of(message) is not None
        else:  # not translated yet: it is not sent
            assert templates().of(message) is None


@pytest.mark.parametrize("one", wanted(), ids=lambda one: f"{one.language} {one.key}")
def test_a_text_with_one_letter_changed_outside_the_variables_equals_nothing(one: Template) -> None:
    whole = pattern(Template(one.key, one.language, one.text))
    pieces = one.text.replace(VARIABLE, "\0")
    filled = pieces.replace("\0", "7")
    assert whole.fullmatch(filled)
    for index, letter in enumerate(pieces):
        if letter != "\0":
            assert not whole.fullmatch(f"{filled[:index]}~{filled[index + 1 :]}"), index
            assert not whole.fullmatch(filled[:index] + filled[index + 1 :]) or letter == pieces[index - 1], index

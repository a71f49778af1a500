"""The real flows, the templates that they need, and prompts of them with values of our choosing."""

from functools import cache

from flows.engine.effects import Option, Prompt, Said, Typed
from flows.engine.lint.settings import LintSettings
from flows.engine.model import Menu, Wording
from flows.engine.wording import Catalogue
from flows.engine.wordings import all_wordings
from flows.library import Library
from sms.__main__ import read_flows
from sms.expected import Expected, expected
from sms.templates import Template, Templates


@cache
def read() -> tuple[Library, LintSettings]:
    return read_flows()


def library() -> Library:
    return read()[0]


def catalogue(language: str) -> Catalogue:
    return library().catalogues[language]


@cache
def wanted() -> tuple[Expected, ...]:
    return tuple(expected(library().flows, read()[1]))


@cache
def templates() -> Templates:
    return Templates(Template(one.key, one.language, one.text, "1") for one in wanted())


@cache
def _wordings() -> dict[str, Wording]:
    return {wording.key: wording for wording in all_wordings(library().flows)}


def said(key: str, **values: Typed) -> Said:
    """A sentence by its key; `office_name=` is the value of {office.name}."""
    return Said(_wordings()[key], {name.replace("__", "."): typed for name, typed in values.items()})


def common(name: str, **values: Typed) -> Said:
    return said(f"common.{name}", **values)


def prompt(place: str, *sentences: Said, options: tuple[Said, ...] = (), **more: object) -> Prompt:
    numbered = tuple(Option(str(number), label) for number, label in enumerate(options, 1))
    return Prompt(place, sentences, numbered, **more)  # type: ignore[arg-type]


def choices(flow: str, block: str) -> tuple[Said, ...]:
    menu = library().flows.by_name[flow].blocks[block]
    assert isinstance(menu, Menu)
    return tuple(Said(choice.label, {}) for choice in menu.choices)


def offices(*names: str) -> tuple[Said, ...]:
    return tuple(said("post_offices.office.label", name=Typed("Name", name)) for name in names)


PIN = Typed("Pincode", "110001")

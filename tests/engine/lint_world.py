"""A small world for the linter: a few made-up operations, the shared flows, and a Hindi that is always complete."""

import re
from collections.abc import Mapping
from pathlib import Path

from flows import read_yaml
from flows.engine.lint import LanguageFacts, LintSettings, Translated
from flows.engine.lint.settings import Bounds
from flows.engine.lint.shared import COMMON
from flows.engine.lint.words import english
from flows.engine.model import Flow, Flows, Record, Signature, Wording
from flows.engine.problems import Problem
from flows.engine.values import WIDTHS
from flows.engine.wordings import all_wordings

BASE = Path(__file__).with_name("lint_base")
CASES = Path(__file__).with_name("lint_cases")

_OFFICE = Record("Office", {"id": "Identifier", "name": "Name", "kind": "OfficeKind", "district": "Name"})
_FAR_OFFICE = Record("FarOffice", {"id": "Identifier", "name": "Name", "away": "Kilometres"})
_FOUND = Record("Found", {"offices": "[Office]", "count": "Count", "district": "Name"}, {"offices": _OFFICE})
_NEAR = Record("Near", {"offices": "[FarOffice]", "count": "Count"}, {"offices": _FAR_OFFICE})
_NO_ID = Record("Loose", {"rows": "[Row]"}, {"rows": Record("Row", {"name": "Name"})})


def _empty(*names: str) -> dict[str, Record]:
    return {name: Record(name.title().replace("_", ""), {}) for name in names}


SIGNATURES = {
    one.name: one
    for one in (
        Signature(
            "post.offices", {"pin": "Pincode"}, {"found": _FOUND, "near": _NEAR, **_empty("unknown_pin")}, recall=True
        ),
        Signature("post.late", {}, {"found": _FOUND}),
        Signature("post.loose", {}, {"found": _NO_ID}, recall=True),
        Signature(
            "bill.fetch",
            {"consumer": "Digits"},
            {"due": Record("Due", {"amount": "Paise", "by": "date"}), **_empty("nothing_due")},
            deadline=45.0,
        ),
        Signature(
            "gas.book",
            {"lpg_id": "Digits"},
            {"booked": Record("Booked", {"booking": "Identifier"}), **_empty("not_found")},
            auth="known",
            write=True,
        ),
        Signature("gas.stop", {}, _empty("stopped"), auth="known", write=True),
        Signature("gas.secret", {"pin": "Pin"}, _empty("told"), recall=True),
        Signature("land.record", {"plot": "Digits"}, {"told": Record("Told", {"owner": "Name"})}, auth="pin"),
        Signature("born.record", {}, _empty("told"), auth="birth_date"),
        Signature("crop.price", {"crop": "Crop"}, {"told": Record("Told", {"usual": "Paise"})}, recall=True),
        Signature("letters.deliver", {"wanted": "Delivery"}, _empty("told"), recall=True),
        Signature("land.row", {"office": "Identifier"}, _empty("told"), recall=True),
        Signature("saved.asked", {"lpg_id": "Digits"}, {"one": Record("One", {"number": "Digits"})}, auth="known"),
        Signature("saved.empty", {}, _empty("none"), auth="known"),
        Signature("find.any", {"words": "Words"}, _empty("told"), recall=True),
        Signature("sky.today", {}, {"told": Record("Told", {"sky": "Sky"})}, recall=True),
        Signature("person.profile", {}, {"told": Record("Told", {"name": "Name"})}, caller=True),
        Signature(
            "person.check_pin",
            {"pin": "Pin"},
            {"right": Record("Right", {}), "wrong": Record("Wrong", {"left": "Count"})},
            caller=True,
            opens="right",
        ),
        Signature("consent.status", {}, _empty("given", "needed"), caller=True),
        Signature("consent.give", {}, _empty("kept"), caller=True),
        Signature(
            "saved.lpg", {}, {"one": Record("One", {"number": "Digits"}), **_empty("none")}, auth="known", caller=True
        ),
        Signature("saved.keep", {"lpg_id": "Digits"}, _empty("kept"), auth="known", caller=True),
    )
}
MEMBERS = {"OfficeKind": ("head", "branch"), "Crop": ("onion", "rice"), "Delivery": ("yes", "no")}
LANGUAGES = {
    "en": LanguageFacts("English", "Latn", "flows/locales/en.po", 14),
    "hi": LanguageFacts("Hindi", "Deva", "flows/locales/hi.po", 12),
}
_LETTERS = {letter: chr(0x0915 + number) for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
_OUTSIDE_BRACES = re.compile(r"\{[^}]*\}|[A-Za-z]")


def hindi(text: str) -> str:
    """The text in letters of Devanagari, its braces as they are."""
    return _OUTSIDE_BRACES.sub(lambda found: _LETTERS.get(found[0].lower(), found[0]), text)


def pages(body: str, more: str, required: tuple[str, ...]) -> int:
    """How many screens of 80 or 182 characters a text takes, without any care for words."""
    most = 182 if body.isascii() else 80
    return -(-len("\n".join((body, *required))) // most)


def sms_parts(text: str) -> int:
    alone, part = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= alone else -(-len(text) // part)


def _base(name: str) -> str:
    return (BASE / name).read_text(encoding="utf-8")


def base_flows() -> dict[str, Flow]:
    found = {}
    for name in ("main_menu", "common/language", "common/consent", "common/pin"):
        flow, problems = read_yaml.flow(Path(name).stem, f"flows/{name}.yaml", _base(f"{name}.yaml"))
        assert flow is not None and not problems, problems
        found[flow.name] = flow
    return found


def base_common() -> dict[str, Wording]:
    """Every common sentence, each naming all the values that it may."""
    sentences = {
        name: " ".join((name.replace("_", " "), *(f"{{{value}}}" for value in values)))
        for name, values in COMMON.items()
    }
    return {name: Wording(f"common.{name}", text, line=1) for name, text in sentences.items()}


def base_terms() -> dict[str, Mapping[str, Wording]]:
    found, problems = read_yaml.terms("flows/terms.yaml", _base("terms.yaml"))
    assert not problems
    return dict(found)


def flows_of(
    by_name: Mapping[str, Flow], common: Mapping[str, Wording], terms: Mapping[str, Mapping[str, Wording]]
) -> Flows:
    return Flows(
        version="0",
        by_name=by_name,
        common=common,
        signatures=SIGNATURES,
        codes={},
        terms=terms,
        languages=tuple(LANGUAGES),
        languages_native={tag: tag for tag in LANGUAGES},
    )


def settings_of(
    flows: Flows,
    codes: Mapping[str, str],
    translations: Mapping[tuple[str, str], Translated | None] | None = None,
    bounds: Bounds | None = None,
) -> LintSettings:
    """Settings in which Hindi has everything, but for what `translations` says otherwise by (key, form)."""
    known = {
        (wording.key, form): Translated(tuple(map(hindi, english(wording, form))), line=7)
        for wording in all_wordings(flows)
        for form in ("text", "say")
    } | dict(translations or {})
    return LintSettings(
        languages=LANGUAGES,
        translate=lambda key, form, language: known.get((key, form)),
        widest=lambda language, kind: "0" * WIDTHS.get(kind, 3),
        pages={"ussd": pages},
        sms_parts=sms_parts,
        codes=codes,
        code_lines={code: number for number, code in enumerate(codes, 2)},
        members=MEMBERS,
        words=frozenset({"PIN"}),
        spelled=frozenset({"SMS"}),
        bounds=bounds or Bounds(),
    )


def as_lines(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems]

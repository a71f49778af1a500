"""Reading one lint case: the comments at its top say what is expected and what is different from the base.

# expect: flows/case.yaml:12: the sentence [code]     one line a problem, all of them, in order; {all} is how many
#                 sentences common.yaml and terms.yaml have, in two forms each, and 24 of the flows
# as: common | terms | common/pin                     what the file is, if not a flow of its own
# codes: 10=main_menu 20=other                        the register, if not main_menu and this flow
# hi: key form = text | text                          what Hindi has; nothing after = means that it is missing
# fuzzy: key form                                     what Hindi has only as a draft
# without: flow name | common name                    what is taken out of the base
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows import read_yaml
from flows.engine import lint
from flows.engine.lint import Translated
from flows.engine.problems import Problem
from tests.engine import lint_world as world

_DIRECTIVE = re.compile(r"# (expect|as|codes|hi|fuzzy|without): ?(.*)")


_SHARED = len(world.base_common()) + sum(map(len, world.base_terms().values()))


@dataclass(frozen=True, slots=True)
class LintCase:
    name: str
    text: str
    expected: tuple[str, ...]
    kind: str = "flow"
    codes: dict[str, str] = field(default_factory=dict)
    hindi: dict[tuple[str, str], Translated | None] = field(default_factory=dict)
    without: tuple[str, ...] = ()


def read_case(path: Path) -> LintCase:
    return case_of(path.stem, path.read_text(encoding="utf-8"))


def case_of(name: str, text: str) -> LintCase:
    expected: list[str] = []
    kind, codes = "flow", {"10": "main_menu", "20": name}
    hindi: dict[tuple[str, str], Translated | None] = {}
    without: list[str] = []
    for word, rest in _directives(text):
        match word:
            case "expect":
                expected.append(rest.replace("{all}", str(2 * _SHARED + 24)))
            case "as":
                kind = rest
            case "codes":
                codes = dict(pair.split("=") for pair in rest.split())
            case "without":
                without.append(rest)
            case _:
                place, _, worded = rest.partition("=")
                key, form = place.split()
                texts = tuple(part.strip() for part in worded.split("|") if part.strip())
                fuzzy = word == "fuzzy"
                hindi[key, form] = Translated(("क",), fuzzy=True, line=9) if fuzzy else _or_none(texts)
    return LintCase(name, text, tuple(expected), kind, codes, hindi, tuple(without))


def _or_none(texts: tuple[str, ...]) -> Translated | None:
    return Translated(texts, line=9) if texts else None


def _directives(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        found = _DIRECTIVE.fullmatch(line)
        if found is None:
            return
        yield found[1], found[2]


def problems_of(case: LintCase) -> list[Problem]:
    """Everything that the parser and the linter say about the case in the small world."""
    by_name, common, terms = world.base_flows(), world.base_common(), world.base_terms()
    problems: list[Problem] = []
    match case.kind:
        case "common":
            found, problems = read_yaml.common("flows/common.yaml", case.text)
            common |= dict(found)
        case "terms":
            more, problems = read_yaml.terms("flows/terms.yaml", case.text)
            terms |= dict(more)
        case kind:
            name = case.name if kind == "flow" else Path(kind).stem
            file = f"flows/{name}.yaml" if kind == "flow" else f"flows/{kind}.yaml"
            flow, problems = read_yaml.flow(name, file, case.text)
            if flow is not None:
                by_name[name] = flow
    for what in case.without:
        room, _, name = what.partition(" ")
        if room == "common":
            del common[name]
        else:
            del by_name[name]
    if problems:
        return sorted(problems)
    flows = world.flows_of(by_name, common, terms)
    return lint.check(flows, world.settings_of(flows, case.codes, case.hindi))

"""The linter: each kind of mistake has a file in `lint_cases/` with exactly the lines that it must bring."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from flows import read_yaml
from flows.engine import lint, parse
from flows.engine.lint import Translated
from flows.engine.lint.settings import Bounds
from flows.engine.lint.shared import COMMON
from flows.engine.model import Flow
from flows.engine.source import Node
from tests.engine import lint_world as world
from tests.engine.lint_run import LintCase, problems_of, read_case
from tests.engine.strategies import blocks, headers

CASES = [read_case(path) for path in sorted(world.CASES.glob("*.yaml"))]
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_brings_exactly_the_problems_that_it_expects(case: LintCase) -> None:
    assert world.as_lines(problems_of(case)) == list(case.expected)


def test_a_case_is_called_good_exactly_when_nothing_is_expected() -> None:
    assert [case.name for case in CASES if case.name.startswith("good") == bool(case.expected)] == []


def test_there_are_cases_for_many_kinds_of_mistakes() -> None:
    kinds = {line.rpartition("[")[2] for case in CASES for line in case.expected}
    assert len(kinds) >= 45


@pytest.mark.parametrize("line", sorted({line for case in CASES for line in case.expected}))
def test_every_problem_names_a_file_and_a_line_and_says_what_to_do(line: str) -> None:
    told = re.fullmatch(r"flows/[a-z_/]+\.(?:yaml|toml|po):[1-9][0-9]*: (.*) \[[a-z-]+\]", line)
    assert told and re.search(r"[.;?] [A-Z\d].*[.?\"]$", told[1])


def test_the_shared_flows_alone_are_clean() -> None:
    flows = world.flows_of(world.base_flows(), world.base_common(), world.base_terms())
    assert lint.check(flows, world.settings_of(flows, {"10": "main_menu"})) == []


def test_a_problem_is_told_once_however_many_channels_and_languages_have_it() -> None:
    case = next(case for case in CASES if case.name == "value_unknown_field")
    told = world.as_lines(problems_of(case))
    assert len(told) == len(set(told)) == 1


LANGUAGE = """title: Language
kind: subdialog
---
choose:
  menu: "Language"
  choices: {from: languages, label: "{native}"}
  then: end
"""


@pytest.mark.parametrize(
    ("good", "wrong"),
    [
        ("choose:", "pick:"),
        ('  choices: {from: languages, label: "{native}"}', '  choices: {hi: "Hindi"}'),
        ("  then: end", "  then: more\nmore:\n  tell: Thanks\n  then: end"),
        ('  menu: "Language"\n  choices: {from: languages, label: "{native}"}', '  ask: "Language"\n  expect: yes_no'),
        ("kind: subdialog", "level: help\ndepartment: Test\nowner: test\ncode: 20\nauth: none"),
        ("choose:", "first:\n  tell: Hello\n  then: choose\nchoose:"),
    ],
)
def test_the_language_menu_is_as_the_engine_needs_it(good: str, wrong: str) -> None:
    flow, problems = read_yaml.flow("language", "flows/common/language.yaml", LANGUAGE.replace(good, wrong))
    assert flow is not None and not problems
    flows = world.flows_of({**world.base_flows(), "language": flow}, world.base_common(), world.base_terms())
    codes = {"10": "main_menu", "20": "language"}
    told = world.as_lines(lint.check(flows, world.settings_of(flows, codes)))
    assert [line.rpartition("[")[0] for line in told if line.endswith("[language]")] == [
        'flows/common/language.yaml:1: the subdialog "language" begins with a menu called "choose" with '
        '"from: languages". Write it so. '
    ]


# What an answer costs.

SERVICE = """title: Case
level: help
department: Test
owner: test
code: 20
auth: {auth}
channels: [ussd, ivr]
{purpose}---
{blocks}"""
LOOK_UP = """pin:
  ask: "0123456789012"
  say: "twenty eight letters are here"
  expect: pincode
  retry: "Six digits."
  then: offices
offices:
  query: post.offices
  given: [pin]
  exits: {found: office, near: office, unknown_pin: none}
office:
  menu: "Which office?"
  choices: {from: offices.offices, label: "{name}"}
  then: details
none:
  tell: "Nothing."
  then: end
details:
  tell: "{office.name}"
  then: end
"""
BOOK = """lpg_id:
  ask: "Which gas number?"
  expect: digits 17
  retry: "It has seventeen digits."
  then: book
book:
  query: gas.book
  given: [lpg_id]
  confirm: "Book for {lpg_id}?"
  exits: {booked: booked, not_found: not_found}
booked:
  tell: "Number {book.booking}."
  then: end
not_found:
  tell: "It was not found."
  then: end
"""
TELL_ONLY = """start:
  menu: "Which?"
  choices: {stop: "Stop", more: "More"}
  then: {stop: end, more: more}
more:
  ask: "Which?"
  expect: digits 8
  retry: "Eight digits."
  then: home
"""


def _service(blocks_: str, auth: str = "none") -> Flow:
    purpose = "" if auth == "none" else 'purpose: "To book."\n'
    text = SERVICE.format(auth=auth, purpose=purpose, blocks=blocks_)
    flow, problems = read_yaml.flow("case", "flows/case.yaml", text)
    assert flow is not None and not problems, problems
    return flow


def _costs(flow: Flow) -> dict[tuple[str, str], lint.Cost]:
    flows = world.flows_of({**world.base_flows(), "case": flow}, world.base_common(), world.base_terms())
    costs = lint.costs(flows, world.settings_of(flows, {}))
    return {(cost.channel, cost.language): cost for cost in costs if cost.flow == "case"}


@pytest.mark.parametrize(
    ("blocks_", "auth", "inputs"),
    [
        (LOOK_UP, "none", 2),
        (LOOK_UP.replace("{office.name}", "{offices.count}"), "none", 2),
        ("first:\n  tell: Hello\n  then: pin\n" + LOOK_UP, "none", 2),
        (LOOK_UP.replace('label: "{name}"', 'label: "{name}", group: district, group_menu: "Which?"'), "none", 3),
        (BOOK, "known", 4),
        (BOOK, "pin", 4),
        (TELL_ONLY, "none", 1),
    ],
    ids=[
        "look-up",
        "a value of the outcome",
        "a tell that tells nothing of a service",
        "grouped list",
        "consent, PIN, number, confirmation",
        "the same with a PIN",
        "no answer of a service",
    ],
)
def test_inputs_to_the_answer(blocks_: str, auth: str, inputs: int) -> None:
    assert {cost.inputs for cost in _costs(_service(blocks_, auth)).values()} == {inputs}


def test_costs_are_there_for_each_channel_and_language_of_a_service() -> None:
    found = _costs(_service(LOOK_UP))
    assert set(found) == {(channel, language) for channel in ("ussd", "ivr") for language in ("en", "hi")}


def test_subdialogs_cost_nothing_by_themselves() -> None:
    flows = world.flows_of(world.base_flows(), world.base_common(), world.base_terms())
    assert {cost.flow for cost in lint.costs(flows, world.settings_of(flows, {}))} == {"main_menu"}


def test_a_flow_without_its_proof_still_has_a_cost() -> None:
    by_name = {name: flow for name, flow in world.base_flows().items() if name != "pin"}
    flows = world.flows_of({**by_name, "case": _service(BOOK, "known")}, world.base_common(), world.base_terms())
    costs = [cost for cost in lint.costs(flows, world.settings_of(flows, {})) if cost.flow == "case"]
    assert {cost.inputs for cost in costs} == {3}


def test_an_answer_that_nobody_reaches_costs_the_way_to_the_end() -> None:
    lost = 'told:\n  tell: "{offices.count}"\n  then: end\noffices:\n  query: post.late\n  exits: {found: end}\n'
    assert {cost.inputs for cost in _costs(_service(TELL_ONLY + lost)).values()} == {1}


def test_a_screen_takes_no_seconds() -> None:
    assert {cost.seconds for (channel, _), cost in _costs(_service(BOOK, "known")).items() if channel == "ussd"} == {
        0.0
    }


def test_seconds_are_the_letters_of_what_a_voice_says_before_the_answer() -> None:
    # "twenty eight letters are here" has 29. The menu says "Which office?" (13), four times "option" with a key and a
    # name (6 + 1 + 5 + 1 + 20), and "more" with a key (4 + 1 + 5), with a space between any two of these.
    letters = 29 + 13 + 4 * 33 + 10 + 5
    found = _costs(_service(LOOK_UP))
    assert found["ivr", "en"].seconds == round(29 / 14 + (letters - 29) / 14, 1)
    assert found["ivr", "hi"].seconds == round(letters / 12, 1)


@pytest.mark.parametrize(("count", "letters"), [(3, 3 * 17), (4, 4 * 17), (5, 4 * 17 + 11), (6, 4 * 17 + 11)])
def test_a_voice_says_four_choices_and_then_more(count: int, letters: int) -> None:
    # "Which?" has 6. Each choice is "option", a key and a label (6 + 1 + 5 + 1 + 3) after a space, "more" and a key 10.
    choices = ", ".join(f'c{number}: "ab{letter}"' for number, letter in enumerate("cdefgh"[:count]))
    blocks_ = f'start:\n  menu: "Which?"\n  choices: {{{choices}}}\n  then: end\n'
    assert _costs(_service(blocks_))["ivr", "en"].seconds == round((6 + letters) / 14, 1)


def test_the_purpose_is_heard_before_the_answer() -> None:
    heard = _costs(_service(BOOK, "known"))["ivr", "en"].seconds
    text = SERVICE.format(auth="known", purpose=f'purpose: "{"To book. " * 14}"\n', blocks=BOOK)
    flow, _ = read_yaml.flow("case", "flows/case.yaml", text)
    assert flow is not None
    assert _costs(flow)["ivr", "en"].seconds == pytest.approx(heard + (14 * 9 - 1 - 8) / 14, abs=0.11)


@pytest.mark.parametrize(
    ("only", "letters"),
    [("", 16), ("  only: [ivr]\n", 16), ("  only: [ussd]\n", 0)],
    ids=["everywhere", "here", "elsewhere"],
)
def test_a_tell_takes_time_where_it_is_said(only: str, letters: int) -> None:
    told = f'start:\n  tell: "Sixteen letters."\n{only}  then: pin\n{LOOK_UP}'
    longer = _costs(_service(told))["ivr", "en"].seconds - _costs(_service(LOOK_UP))["ivr", "en"].seconds
    assert longer == pytest.approx(letters / 14, abs=0.06)


def test_the_label_of_a_choice_is_no_answer() -> None:
    chosen = 'start:\n  menu: "Which?"\n  choices: {a: "A"}\n  then: told\ntold:\n  tell: "{start}"\n  then: pin\n'
    assert {cost.inputs for cost in _costs(_service(chosen + LOOK_UP)).values()} == {3}


def test_what_asks_nothing_costs_nothing() -> None:
    assert {cost.inputs for cost in _costs(_service("start:\n  tell: Hello\n  then: end\n")).values()} == {0}


# Languages.


def _clean_flows(translations: dict[tuple[str, str], Translated | None], bounds: Bounds | None = None) -> list[str]:
    flows = world.flows_of({**world.base_flows(), "case": _service(LOOK_UP)}, world.base_common(), world.base_terms())
    codes = {"10": "main_menu", "20": "case"}
    return world.as_lines(lint.check(flows, world.settings_of(flows, codes, translations, bounds)))


def test_a_draft_is_not_shown_in_the_worst_case() -> None:
    told = _clean_flows({("case.pin", "text"): Translated(("क" * 400,), fuzzy=True, line=3)})
    assert [line for line in told if "[screens]" in line] == []


@pytest.mark.parametrize("texts", [(), ("",), ("क", "")])
def test_empty_translations_are_missing_ones(texts: tuple[str, ...]) -> None:
    told = _clean_flows({("case.pin", "text"): Translated(texts, line=3)})
    assert told == [
        "flows/locales/hi.po:1: Hindi has no words for case.pin (screen). "
        "Run python -m flows words --update, and translate them. [untranslated]"
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ক", "script"),
        ("ب", "script"),
        ("Ж", "script"),
        ("क्‍ष।", ""),
        ("क॥ १", ""),
        ("PIN", ""),
        ("SMS", ""),
        ("Pin", "script"),
        ("é", "script"),
    ],
)
def test_letters_on_a_hindi_screen(text: str, code: str) -> None:
    told = _clean_flows({("case.none", "text"): Translated((text,))})
    assert [line.rpartition("[")[2].rstrip("]") for line in told] == [code] * bool(code)


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("क", True),
        ("SMS क", True),
        ("PIN क", False),
        ("क 6", False),
        ("S.M.S. क", False),
        ("क ६", False),
    ],
)
def test_a_hindi_voice_says_words_only(text: str, fit: bool) -> None:
    assert (_clean_flows({("case.none", "say"): Translated((text,))}) == []) is fit


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        (Bounds(menu_seconds=1), "long-menu"),
        (Bounds(clip_seconds=0.2), "long-sentence"),
        (Bounds(inputs=1), "inputs"),
        (Bounds(pages={"menu": 3, "ask": 0, "confirm": 2, "tell": 4}), "screens"),
    ],
    ids=lambda bounds: bounds if isinstance(bounds, str) else "",
)
def test_the_bounds_are_the_settings(bounds: Bounds, code: str) -> None:
    assert any(line.endswith(f"[{code}]") for line in _clean_flows({}, bounds))


# The table of common sentences, and robustness.


def _said() -> Iterator[str]:
    """The names of common sentences in the engine's own code: t.common("x"), t.say("x"), options(t, "x", ...)."""
    for file in sorted((ROOT / "flows" / "engine").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if name in ("common", "say", "options"):
                    yield from texts


def test_every_sentence_that_the_engine_says_must_be_in_common_yaml() -> None:
    said = set(_said())
    assert {"no_match", "resume_yes", "not_here"} <= said
    assert said - COMMON.keys() == set()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(headers, blocks)
def test_whatever_can_be_read_can_be_proved_or_refused(header: Node, body: Node) -> None:
    flow, _ = parse.flow("case", "flows/case.yaml", header, body)
    if flow is None:
        return
    flows = world.flows_of({**world.base_flows(), "case": flow}, world.base_common(), world.base_terms())
    settings_ = world.settings_of(flows, {"10": "main_menu"})
    told = lint.check(flows, settings_)
    assert all(problem.line >= 1 and problem.file for problem in told)
    assert all(cost.inputs >= 0 for cost in lint.costs(flows, settings_))

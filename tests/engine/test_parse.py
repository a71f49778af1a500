"""From YAML to a flow: what each key becomes, that texts stay texts, and that nothing breaks the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import read_yaml
from flows.engine import parse
from flows.engine.model import CHANNELS, Ask, Choice, Flow, Listing, Menu, Query, Tell, Wording
from flows.engine.problems import instead
from flows.engine.source import Mapping, Node, Scalar, Sequence
from tests.engine.strategies import blocks, headers, nodes

HEADER = """title: Case
level: help
department: Test
owner: test
code: 20
auth: none
"""


def read(blocks_: str, header: str = HEADER) -> Flow:
    flow, problems = read_yaml.flow("case", "flows/case.yaml", f"{header}---\n{blocks_}")
    assert problems == []
    assert flow is not None
    return flow


def test_a_header() -> None:
    header = """title: {text: "Land record", say: "the record of your land"}
level: state
department: Revenue
state: Bihar
owner: revenue
code: 041
auth: pin
purpose: "To show it."
channels: [ivr, ussd]
fee: 20
source: the register
keywords: land,  plot , khata
"""
    flow, problems = read_yaml.flow("land", "flows/land.yaml", header + "---\na:\n  tell: Hello\n  then: end\n")
    assert [problem.code for problem in problems] == ["code"]
    assert flow is None
    flow = read("a:\n  tell: Hello\n  then: end\n", header.replace("041", "41"))
    assert flow.title == Wording("case..title", "Land record", say="the record of your land", line=1)
    assert flow.purpose == Wording("case..purpose", "To show it.", line=8)
    assert (flow.level, flow.department, flow.state, flow.owner) == ("state", "Revenue", "Bihar", "revenue")
    assert (flow.code, flow.auth, flow.fee, flow.source) == ("41", "pin", "20", "the register")
    assert flow.channels == ("ussd", "ivr")
    assert flow.keywords == ("land", "plot", "khata")
    assert (flow.name, flow.file, flow.start, flow.subdialog) == ("case", "flows/case.yaml", "a", False)


def test_what_a_short_header_leaves_out() -> None:
    flow = read("a:\n  tell: Hello\n  then: end\n")
    assert (flow.state, flow.fee, flow.source, flow.purpose, flow.keywords) == ("", "", "", None, ())
    assert flow.channels == CHANNELS


def test_keywords_as_a_list() -> None:
    assert read("a:\n  tell: Hello\n  then: end\n", HEADER + "keywords: [post, dak]\n").keywords == ("post", "dak")


def test_one_channel_without_a_list() -> None:
    assert read("a:\n  tell: Hello\n  then: end\n", HEADER + "channels: sms\n").channels == ("sms",)


def test_a_subdialog_needs_no_code_and_proves_nothing_itself() -> None:
    flow = read("a:\n  tell: Hello\n  then: end\n", "title: Sub\nkind: subdialog\nowner: us\nsource: here\n")
    assert (flow.subdialog, flow.code, flow.auth, flow.level) == (True, "", "none", "")
    assert (flow.owner, flow.source) == ("us", "here")


def test_a_menu_of_written_choices() -> None:
    menu = read("""which:
  menu: "Which?"
  say: "Which one?"
  note: "An office."
  choices:
    yes: "Yes"
    no: {text: "No", say: "not now"}
  then: {yes: end, no: home}
""").blocks["which"]
    assert menu == Menu(
        "which",
        8,
        Wording("case.which", "Which?", say="Which one?", note="An office.", line=9),
        (
            Choice("yes", Wording("case.which.choice.yes", "Yes", line=13)),
            Choice("no", Wording("case.which.choice.no", "No", say="not now", line=14)),
        ),
        None,
        {"yes": "end", "no": "home"},
    )


def test_a_menu_from_a_service() -> None:
    menu = read("""which:
  menu: "Which?"
  choices:
    from: offices.offices
    label: {text: "{name}, {away}", say: "{name}"}
    group: state
    group_menu: "Which state?"
  then: details
""").blocks["which"]
    assert isinstance(menu, Menu)
    assert menu.choices == ()
    assert menu.listing == Listing(
        "offices",
        "offices",
        Wording("case.which.label", "{name}, {away}", say="{name}", line=12),
        "state",
        Wording("case.which.group", "Which state?", line=14),
    )
    assert menu.then == {"": "details"}


def test_a_menu_of_languages() -> None:
    menu = read('which:\n  menu: "Which?"\n  choices: {from: languages, label: "{native}"}\n  then: end\n').blocks[
        "which"
    ]
    assert isinstance(menu, Menu) and menu.listing is not None
    assert (menu.listing.block, menu.listing.field, menu.listing.group) == ("languages", "", "")


def test_an_ask() -> None:
    ask = read("""pin:
  ask: "Which?"
  expect: digits 4
  retry: {text: "4 digits.", say: "Four digits.", note: "Short."}
  secret: yes
  saved: lpg
  then: end
""").blocks["pin"]
    assert ask == Ask(
        "pin",
        8,
        Wording("case.pin", "Which?", line=9),
        "digits 4",
        Wording("case.pin.retry", "4 digits.", say="Four digits.", note="Short.", line=11),
        True,
        "lpg",
        "end",
    )


@pytest.mark.parametrize("written", ["  secret: no\n", ""])
def test_an_ask_is_no_secret_unless_it_says_yes(written: str) -> None:
    ask = read(f"pin:\n  ask: Which?\n  expect: pincode\n{written}  then: end\n").blocks["pin"]
    assert isinstance(ask, Ask)
    assert (ask.secret, ask.saved, ask.retry) == (False, "", None)


def test_a_tell() -> None:
    tell = read("""told:
  tell: {one: "{a.n} try", other: "{a.n} tries"}
  say: {one: "{a.n} try is left", other: "{a.n} tries are left"}
  sms: always
  sms_text: "{a.n}"
  only: [ivr, ussd]
  then: end
""").blocks["told"]
    assert tell == Tell(
        "told",
        8,
        Wording(
            "case.told",
            "{a.n} tries",
            say="{a.n} tries are left",
            one="{a.n} try",
            one_say="{a.n} try is left",
            line=9,
        ),
        "always",
        Wording("case.told.sms", "{a.n}", line=12),
        "end",
        ("ussd", "ivr"),
    )


def test_a_query() -> None:
    query = read("""book:
  query: lpg.book
  given: [lpg_id, pin]
  confirm: "Book for {lpg_id}?"
  exits: {booked: end, not_found: home}
""").blocks["book"]
    assert query == Query(
        "book",
        8,
        "lpg.book",
        {"lpg_id": "lpg_id", "pin": "pin"},
        {"booked": "end", "not_found": "home"},
        Wording("case.book.confirm", "Book for {lpg_id}?", line=11),
    )


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("given: pin", {"pin": "pin"}),
        ("given: {where: office.pin, pin: pin}", {"where": "office.pin", "pin": "pin"}),
        ("given: {}", {}),
        ("note_: x", None),
    ],
)
def test_what_a_query_is_given(given_: str, expected: dict[str, str] | None) -> None:
    text = f"{HEADER}---\nbook:\n  query: lpg.book\n  {given_}\n  exits: {{booked: end}}\n"
    flow, problems = read_yaml.flow("case", "flows/case.yaml", text)
    assert flow is not None
    query = flow.blocks["book"]
    assert isinstance(query, Query)
    assert query.given == (expected or {})
    assert bool(problems) is (expected is None)


def test_lines_of_places() -> None:
    lines = read("pin:\n  query: a.b\n  given:\n    c: d\n  exits:\n    e: end\n").lines
    places = {".code": 5, ".title": 1, "pin": 8, "pin.query": 9, "pin.given": 10, "pin.given.c": 11, "pin.exits.e": 13}
    assert places.items() <= lines.items()


def test_the_lines_of_choices() -> None:
    lines = read("a:\n  menu: Which?\n  choices:\n    b: B\n    c: C\n  then:\n    b: end\n    c: end\n").lines
    assert {"a.choices.c": 12, "a.then.c": 15}.items() <= lines.items()


def test_blocks_stay_in_order() -> None:
    flow = read("".join(f"{name}:\n  tell: Hello\n  then: end\n" for name in "zab"))
    assert list(flow.blocks) == ["z", "a", "b"]
    assert flow.start == "z"


def test_a_sentence_over_several_lines_is_one_line() -> None:
    assert read('a:\n  tell: "Hello\n    you"\n  then: end\n').blocks["a"] == Tell(
        "a", 8, Wording("case.a", "Hello you", line=9), "", None, "end"
    )


@pytest.mark.parametrize("text", ["no", "Yes", "012", "1e3", "null", "~", "2026-11-24", "0x1F", "12:30:00", "=", "हाँ"])
def test_a_text_stays_what_is_written(text: str) -> None:
    tell = read(f"a:\n  tell: {text}\n  then: end\n").blocks["a"]
    assert isinstance(tell, Tell)
    assert tell.prompt.text == text


def test_joiners_of_indian_scripts_stay() -> None:
    tell = read('a:\n  tell: "क्\u200dष र्\u200cक"\n  then: end\n').blocks["a"]
    assert isinstance(tell, Tell)
    assert tell.prompt.text == "क्\u200dष र्\u200cक"


def test_a_flow_is_read_in_spite_of_a_key_that_means_nothing() -> None:
    flow, problems = read_yaml.flow("case", "flows/case.yaml", f"{HEADER}---\na:\n  tell: Hello\n  x: y\n  then: end\n")
    assert flow is not None
    assert [problem.code for problem in problems] == ["unknown-key"]


MENU = 'a:\n  menu: "Which?"\n  choices: {b: "B"}\n  then: end\n'
LISTED = 'a:\n  menu: "Which?"\n  choices: {from: x.y, label: "{n}", group: g, group_menu: "G?"}\n  then: end\n'
ASK = 'a:\n  ask: "W?"\n  say: "Which?"\n  expect: pin\n  retry: "Again."\n  secret: yes\n  saved: b\n  then: end\n'
TELL = 'a:\n  tell: "It is."\n  note: "N"\n  sms: offer\n  sms_text: "S"\n  only: [ivr]\n  then: end\n'
QUERY = 'a:\n  query: x.y\n  given: {c: d}\n  confirm: "Sure?"\n  exits: {e: end}\n'


@pytest.mark.parametrize(
    ("block", "good", "broken", "codes"),
    [
        (MENU, '"Which?"', '""', ["empty"]),
        (MENU, "then: end", "then: End", ["name"]),
        (MENU, "then: end", "then: {}", ["empty"]),
        (MENU, "then: end", "then: {B: end}", ["name"]),
        (MENU, "then: end", "then: {b: [end]}", ["shape"]),
        (MENU, '"B"', '""', ["empty"]),
        (MENU, '"B"', '"{"', ["braces"]),
        (MENU, '"B"', '"}"', ["braces"]),
        (MENU, '"B"', '"{b.c.d}"', ["braces"]),
        (MENU, "b: ", "B: ", ["name"]),
        (MENU, '{b: "B"}', "{}", ["empty"]),
        (MENU, '{b: "B"}', "[b]", ["shape"]),
        (LISTED, "x.y", "x", ["name"]),
        (LISTED, ', label: "{n}"', "", ["missing-key"]),
        (LISTED, '"{n}"', "{}", ["sentence"]),
        (LISTED, "group: g", "group: G", ["name"]),
        (LISTED, '"G?"', '""', ["empty"]),
        (ASK, '"W?"', "[]", ["shape"]),
        (ASK, '"Which?"', '""', ["empty"]),
        (ASK, '"Which?"', "[]", ["shape"]),
        (ASK, '"Which?"', '{one: "a", other: "b"}', ["sentence"]),
        (ASK, "expect: pin", "expect: []", ["shape"]),
        (ASK, '"Again."', '{say: "x"}', ["sentence"]),
        (ASK, '"Again."', '{text: ""}', ["empty"]),
        (ASK, '"Again."', '{one: "x"}', ["sentence"]),
        (ASK, '"Again."', '{one: "x", text: "y"}', ["sentence"]),
        (ASK, '"Again."', '{one: "x", other: "z", text: "y"}', ["sentence"]),
        (ASK, '"Again."', '{one: "", other: "y"}', ["empty"]),
        (ASK, '"Again."', '{one: "y", other: ""}', ["empty"]),
        (ASK, '"Again."', '{one: "x", other: "y", say: {one: "", other: "z"}}', ["empty"]),
        (ASK, '"Again."', '{one: "x", other: "y", say: {one: "z", other: ""}}', ["empty"]),
        (ASK, '"Again."', '{one: "x", other: "y", say: {one: "z"}}', ["missing-key"]),
        (ASK, '"Again."', '{one: "x", other: "y", say: "z"}', ["sentence"]),
        (ASK, '"Again."', '{text: "x", say: ""}', ["empty"]),
        (ASK, "secret: yes", "secret: maybe", ["value"]),
        (ASK, "saved: b", "saved: B b", ["name"]),
        (ASK, "then: end", "then: ''", ["empty"]),
        (TELL, '"It is."', '""', ["empty"]),
        (TELL, 'note: "N"', "note: []", ["shape"]),
        (TELL, "sms: offer", "sms: yes", ["value"]),
        (TELL, '"S"', '""', ["empty"]),
        (TELL, "[ivr]", "[]", ["empty"]),
        (TELL, "[ivr]", "[fax]", ["value"]),
        (TELL, "[ivr]", "[ivr, [ussd]]", ["shape"]),
        (TELL, "then: end", "then: {a: end}", ["shape"]),
        (QUERY, "query: x.y", "query: X.y", ["name"]),
        (QUERY, "{c: d}", "[]", ["empty"]),
        (QUERY, "{c: d}", "[C]", ["name"]),
        (QUERY, "{c: d}", "{C: d}", ["name"]),
        (QUERY, "{c: d}", "{c: D}", ["name"]),
        (QUERY, "{c: d}", "{c: d.e.f}", ["name"]),
        (QUERY, '"Sure?"', '""', ["empty"]),
        (QUERY, "{e: end}", "end", ["shape"]),
        (QUERY, "{e: end}", "{}", ["empty"]),
        (QUERY, "{e: end}", "{e: ''}", ["empty"]),
        (MENU, MENU, "a: b\n", ["kind"]),
        (MENU, MENU, "a: []\n", ["kind"]),
        (MENU, MENU, "[a]\n", ["shape"]),
        (MENU, MENU, "a\n", ["shape"]),
    ],
)
def test_what_cannot_be_read_is_told_and_gives_no_flow(block: str, good: str, broken: str, codes: list[str]) -> None:
    assert good in block
    read(block)
    flow, problems = read_yaml.flow("case", "flows/case.yaml", f"{HEADER}---\n{block.replace(good, broken)}")
    assert [problem.code for problem in problems] == codes
    assert flow is None


RICH = HEADER + 'state: Bihar\nchannels: [ussd]\npurpose: "P"\nfee: nil\nsource: here\nkeywords: a\n'


@pytest.mark.parametrize(
    ("good", "broken", "codes"),
    [
        ("title: Case", 'title: ""', ["empty"]),
        ("level: help", "level: best", ["value"]),
        ("department: Test", "department: []", ["shape"]),
        ("owner: test", "owner: ''", ["empty"]),
        ("code: 20", "code: 020", ["code"]),
        ("code: 20", "code: 2", ["code"]),
        ("code: 20", "code: २०", ["code"]),
        ("auth: none", "auth: no", ["value"]),
        ("state: Bihar", "state: {}", ["shape"]),
        ("[ussd]", "[]", ["empty"]),
        ("[ussd]", "[USSD]", ["value"]),
        ('"P"', '"{"', ["braces"]),
        ("fee: nil", "fee: ", ["empty"]),
        ("source: here", "source: []", ["shape"]),
        ("keywords: a", "keywords: {}", ["shape"]),
        ("keywords: a", "keywords: ['']", ["empty"]),
        ("title: Case", "kind: flow\ntitle: Case", ["unknown-key"] * 9 + ["value"]),
    ],
)
def test_a_header_that_cannot_be_read(good: str, broken: str, codes: list[str]) -> None:
    assert good in RICH
    read(MENU, RICH)
    flow, problems = read_yaml.flow("case", "flows/case.yaml", f"{RICH.replace(good, broken)}---\n{MENU}")
    assert [problem.code for problem in problems] == codes
    assert flow is None


def test_a_header_must_be_a_mapping() -> None:
    flow, problems = read_yaml.flow("case", "flows/case.yaml", f"hello\n---\n{MENU}")
    assert [problem.code for problem in problems] == ["shape"]
    assert flow is None


def test_long_texts_are_shortened_in_problems() -> None:
    _, problems = read_yaml.flow("case", "flows/case.yaml", f"{HEADER}---\n{'x' * 39}Y:\n  tell: Hi\n  then: end\n")
    assert f'"{"x" * 39}Y"' in problems[0].sentence
    _, problems = read_yaml.flow("case", "flows/case.yaml", f"{HEADER}---\n{'x' * 40}Y:\n  tell: Hi\n  then: end\n")
    assert f'"{"x" * 39}…"' in problems[0].sentence


def test_a_long_list_of_what_is_known_is_cut() -> None:
    known = [f"name{number}" for number in range(14)]
    assert instead("zzz", known, "Use: ") == f"Use: {', '.join(known[:12])}, and 2 more."
    assert instead("zzz", known[:12], "Use: ") == f"Use: {', '.join(known[:12])}."
    assert instead("name7x", known) == 'Did you mean "name7"?'
    assert instead("zzz", []) == "Take it out."


@pytest.mark.parametrize("name", ["common", "terms", "Post", "post-offices", "", "1st"])
def test_a_name_that_no_flow_may_have(name: str) -> None:
    flow, problems = read_yaml.flow(name, "flows/x.yaml", f"{HEADER}---\na:\n  tell: Hello\n  then: end\n")
    assert [problem.code for problem in problems] == ["name"]
    assert (flow is None) is (name not in ("common", "terms"))


@pytest.mark.parametrize("name", ["end", "home", "helpline", "service", "languages"])
def test_a_name_that_no_block_may_have(name: str) -> None:
    flow, problems = read_yaml.flow("case", "flows/x.yaml", f"{HEADER}---\n{name}:\n  tell: Hello\n  then: end\n")
    assert flow is None
    assert [problem.code for problem in problems] == ["name"]


def test_common_sentences() -> None:
    found, problems = read_yaml.common(
        "flows/common.yaml", 'back: {text: "Back", say: "To go back, press {key}."}\ndone: Bye\n'
    )
    assert problems == []
    assert found == {
        "back": Wording("common.back", "Back", say="To go back, press {key}.", line=1),
        "done": Wording("common.done", "Bye", line=2),
    }


def test_terms() -> None:
    found, problems = read_yaml.terms("flows/terms.yaml", 'Kind: {head: "Head", yes: "yes"}\n')
    assert problems == []
    assert found == {
        "Kind": {"head": Wording("terms.Kind.head", "Head", line=1), "yes": Wording("terms.Kind.yes", "yes", line=1)}
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: b\n---\nc: d\n", "parts"),
        ("", "parts"),
        ("[a]\n", "shape"),
        ("a: [b]\n", "shape"),
        ("a: b: c\n", "yaml"),
        ("a: &x b\n", "yaml"),
        ("'A b': c\n", "name"),
    ],
)
def test_a_file_of_sentences_that_cannot_be_read(text: str, code: str) -> None:
    for read_ in (read_yaml.common, read_yaml.terms):
        found, problems = read_("flows/x.yaml", text)
        assert [problem.code for problem in problems] == [code]
        assert not any(found.values())


def test_nodes_know_their_lines() -> None:
    found, problems = read_yaml.documents("a: b\nc:\n  - d\n  - e: f\n---\ng: h\n", "x")
    assert problems == []
    assert found == (
        Mapping(
            (
                (Scalar("a", 1), Scalar("b", 1)),
                (
                    Scalar("c", 2),
                    Sequence((Scalar("d", 3), Mapping(((Scalar("e", 4), Scalar("f", 4)),), 4)), 3),
                ),
            ),
            1,
        ),
        Mapping(((Scalar("g", 6), Scalar("h", 6)),), 6),
    )


def test_a_key_that_stands_twice_is_there_twice() -> None:
    (node,), _ = read_yaml.documents("a: b\na: c\n", "x")
    assert isinstance(node, Mapping)
    assert [key.text for key, _ in node.entries] == ["a", "a"]


@pytest.mark.parametrize(
    "text", ["a: \x00b", "a: \ud800", "a: \ufffe", "\t", "a: [", "%YAML 9.9\n---\na", "? ? ?", "a: *b", "a: !b c"]
)
def test_what_is_no_yaml_of_ours_is_one_problem(text: str) -> None:
    found, problems = read_yaml.documents(text, "flows/x.yaml")
    assert found == ()
    assert [problem.code for problem in problems] == ["yaml"]


def test_depth_is_bounded_and_needs_no_stack() -> None:
    found, problems = read_yaml.documents("[" * 5000 + "]" * 5000, "x")
    assert found == ()
    assert problems[0].line == 1


def test_as_deep_as_allowed() -> None:
    deepest = "[" * read_yaml.DEEPEST + "]" * read_yaml.DEEPEST
    assert read_yaml.documents(deepest, "x")[1] == []
    assert [problem.code for problem in read_yaml.documents(f"[{deepest}]", "x")[1]] == ["shape"]


@given(st.text(alphabet=st.characters() | st.sampled_from("\n:-{}[]&*!'\"# "), max_size=60))
def test_any_text_gives_nodes_or_problems(text: str) -> None:
    found, problems = read_yaml.documents(text, "x")
    assert not (found and problems)


@given(headers, blocks)
def test_any_nodes_give_a_flow_or_problems(header: Node, body: Node) -> None:
    flow, problems = parse.flow("case", "flows/case.yaml", header, body)
    assert flow is not None or problems
    assert all(problem.line >= 1 and problem.sentence.endswith((".", '"', "?")) for problem in problems)


@given(nodes)
def test_any_nodes_give_sentences_or_problems(node: Node) -> None:
    common, wrong_common = parse.common(node)
    terms, wrong_terms = parse.terms(node)
    assert common or wrong_common or (isinstance(node, Mapping) and not node.entries)
    assert terms or wrong_terms or (isinstance(node, Mapping) and not node.entries)

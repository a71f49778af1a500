"""Pictures of flows: every block and way is on them, boxes do not overlap, and any text is only a text."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import draw, read_yaml
from flows.draw_layout import Arrow, layout
from flows.engine.lint.graph import ways
from flows.engine.model import Flow

ROOT = Path(__file__).resolve().parents[2]
FLOWS = sorted(
    path for path in (ROOT / "flows").rglob("*.yaml") if path.name not in ("common.yaml", "terms.yaml")
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
HEADER = """title: 'Case "1" & <more>'
level: help
department: Test
owner: test
code: 20
auth: none
---
"""
LOOP = """pin:
  ask: "Which <b>PIN</b> & \\"code\\"?"
  expect: pincode
  then: offices
offices:
  query: post.offices
  given: [pin]
  exits: {found: told, near: told, unknown_pin: unknown}
told:
  tell: "A sentence that is much longer than what fits into a box."
  then: end
unknown:
  menu: "Again?"
  choices: {again: "Again", person: "A person"}
  then: {again: pin, person: helpline}
"""


def flow_of(blocks: str) -> Flow:
    flow, problems = read_yaml.flow("case", "flows/case.yaml", HEADER + blocks)
    assert flow is not None and not problems
    return flow


def real(path: Path) -> Flow:
    flow, _ = read_yaml.flow(path.stem, path.name, path.read_text(encoding="utf-8"))
    assert flow is not None
    return flow


def test_mermaid() -> None:
    assert draw.mermaid(flow_of(LOOP)) == (
        "flowchart TD\n"
        '  %% Case "1" & <more>\n'
        '  b_pin[/"pin<br/>Which #lt;b#gt;PIN#lt;/b#gt; #amp; #quot;code#quot;?<br/>expects pincode"/]\n'
        '  b_offices[("offices<br/>post.offices")]\n'
        '  b_told["told<br/>A sentence that is much longer th…"]\n'
        '  b_unknown{{"unknown<br/>Again?"}}\n'
        '  b_end(["end"])\n'
        '  b_helpline(["helpline"])\n'
        "  b_pin --> b_offices\n"
        '  b_offices -- "found, near" --> b_told\n'
        '  b_offices -- "unknown_pin" --> b_unknown\n'
        "  b_told --> b_end\n"
        '  b_unknown -- "again" --> b_pin\n'
        '  b_unknown -- "person" --> b_helpline\n'
    )


def test_a_confirmation_is_on_the_picture() -> None:
    flow = flow_of('a:\n  query: gas.stop\n  confirm: "Stop it?"\n  exits: {stopped: end}\n')
    assert 'b_a[("a<br/>gas.stop<br/>Stop it?")]' in draw.mermaid(flow)


def texts(picture: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def test_svg_shows_every_block_way_and_destination() -> None:
    picture = draw.svg(flow_of(LOOP))
    said = texts(picture)
    assert {"pin", "offices", "told", "unknown", "end", "helpline"} <= set(said)
    assert {"found, near", "unknown_pin", "again", "person"} <= set(said)
    assert 'Which <b>PIN</b> & "code"?' in said
    assert ElementTree.fromstring(picture).findtext(f"{SVG}title") == 'Case "1" & <more>'


def test_svg_has_a_line_for_each_way_and_dashes_for_those_that_lead_back() -> None:
    lines = [
        path for path in ElementTree.fromstring(draw.svg(flow_of(LOOP))).iter(f"{SVG}path") if path.get("marker-end")
    ]
    assert len(lines) == 6
    assert len([path for path in lines if path.get("stroke-dasharray")]) == 1


def test_svg_marks_the_start() -> None:
    boxes = [box for box in ElementTree.fromstring(draw.svg(flow_of(LOOP))).iter(f"{SVG}rect") if box.get("stroke")]
    assert [box.get("stroke-width") for box in boxes] == ["2", "1", "1", "1", "1", "1"]


def boxes_of(picture: str) -> list[tuple[float, float, float, float]]:
    found = []
    for box in ElementTree.fromstring(picture).iter(f"{SVG}rect"):
        if box.get("stroke"):
            x, y, width, height = (float(box.get(side, "0")) for side in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_real_flows_lie_within_the_picture_without_overlapping(path: Path) -> None:
    flow = real(path)
    picture = draw.svg(flow)
    boxes = boxes_of(picture)
    left, top, width, height = map(float, ElementTree.fromstring(picture).get("viewBox", "").split())
    assert len(boxes) >= len(flow.blocks)
    assert all(left <= x1 and top <= y1 and x2 <= left + width and y2 <= top + height for x1, y1, x2, y2 in boxes)
    for (ax1, ay1, ax2, ay2), (bx1, by1, bx2, by2) in combinations(boxes, 2):
        assert ax2 <= bx1 or bx2 <= ax1 or ay2 <= by1 or by2 <= ay1


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_way_of_a_real_flow_is_drawn(path: Path) -> None:
    flow = real(path)
    pairs = {(name, way.to) for name, block in flow.blocks.items() for way in ways(block)}
    drawn = re.findall(r'b_(\w+) (?:-- "[^"]*" )?--> b_(\w+)', draw.mermaid(flow))
    assert set(drawn) == pairs
    assert draw.svg(flow).count("marker-end") == len(pairs)


def test_a_way_lies_above_what_it_leads_to() -> None:
    placed = layout(
        "a", dict.fromkeys("abcd", (50.0, 20.0)), [Arrow("a", "b", ""), Arrow("b", "c", ""), Arrow("a", "c", "")]
    )
    assert placed.at["a"][1] < placed.at["b"][1] < placed.at["c"][1]
    assert [len(bends) for bends in placed.bends.values()] == [0, 0, 1]
    assert placed.back == ()


def test_only_the_way_that_closes_a_circle_leads_back() -> None:
    arrows = [Arrow("a", "b", ""), Arrow("b", "c", ""), Arrow("c", "a", "")]
    assert layout("a", dict.fromkeys("abc", (50.0, 20.0)), arrows).back == (arrows[2],)
    assert layout("b", dict.fromkeys("abc", (50.0, 20.0)), arrows).back == (arrows[0],)


def test_sorting_takes_crossings_away() -> None:
    arrows = [Arrow("s", "a", ""), Arrow("s", "b", ""), Arrow("a", "y", ""), Arrow("b", "x", "")]
    placed = layout("s", dict.fromkeys(("s", "a", "b", "x", "y"), (50.0, 20.0)), arrows)
    assert (placed.at["a"][0] < placed.at["b"][0]) == (placed.at["y"][0] < placed.at["x"][0])


ends = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(ends, ends), max_size=20))
def test_any_graph_is_laid_out_with_room_between_the_boxes(pairs: list[tuple[str, str]]) -> None:
    sizes = {name: (40.0 + 10 * index, 20.0) for index, name in enumerate("abcdefgh")}
    placed = layout("a", sizes, [Arrow(one, other, "") for one, other in dict.fromkeys(pairs)])
    assert set(placed.at) == set(sizes)
    assert len(placed.bends) + len(placed.back) == len(set(pairs))
    for one, other in combinations(sizes, 2):
        (x1, y1), (x2, y2) = placed.at[one], placed.at[other]
        assert y1 != y2 or abs(x1 - x2) >= (sizes[one][0] + sizes[other][0]) / 2 - 0.001
    for arrow in placed.bends:
        assert placed.at[arrow.from_][1] < placed.at[arrow.to][1]
    for name, (x, _) in placed.at.items():
        assert x - sizes[name][0] / 2 >= -0.001
        assert x + sizes[name][0] / 2 <= placed.width + 0.001

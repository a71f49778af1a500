"""Boxes and arrows as SVG: the boxes where the layout puts them, ways that lead back dashed and on the right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from flows.draw_layout import Arrow, Layout, layout

_LETTER, _LINE, _PADDING = 6.6, 16.0, 12.0
_MARGIN = 16.0
_LANE = 14.0
_LANES, _BESIDE = 5, 6.0
"""Ways that lead back lie beside each other in the gap between two rows: so many, so far apart."""
_COLOURS = {"menu": "#e8f0fe", "ask": "#fff4de", "tell": "#e6f4ea", "query": "#f3e8fd", "": "#eceff1"}
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="#5f6368"/></marker></defs>'
)
_HALO = 'stroke="#fff" stroke-width="4" paint-order="stroke" fill="#3c4043" font-size="11"'

Point = tuple[float, float]
Sizes = Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class Box:
    """One box: a kind of block ("" for a destination beyond the flow), and its lines, the first in bold."""

    name: str
    kind: str
    lines: tuple[str, ...]


class _Labels:
    """Puts labels where no other label is."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, float, float, float]] = []

    def put(self, text: str, places: Sequence[Point]) -> str:
        """The label in the middle of the first of these places that is free, else of the first."""
        wide = len(text) * _LETTER
        free = next((place for place in places if not self._hits(place, wide)), places[0])
        x, y = free
        self._taken.append((x - wide / 2, y - 11, x + wide / 2, y + 4))
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" {_HALO}>{escape(text)}</text>'

    def _hits(self, place: Point, wide: float) -> bool:
        x, y = place
        return any(
            x - wide / 2 < right and x + wide / 2 > left and y - 11 < bottom and y + 4 > top
            for left, top, right, bottom in self._taken
        )


def picture(title: str, start: str, boxes: Sequence[Box], arrows: Sequence[Arrow]) -> str:
    """The picture, complete in one file; every arrow runs between two of the boxes, `start` is one of them."""
    sizes = {
        box.name: (max(map(len, box.lines)) * _LETTER + 2 * _PADDING, len(box.lines) * _LINE + _PADDING)
        for box in boxes
    }
    placed = layout(start, sizes, arrows)
    above = _MARGIN + (_LANES + 1) * _BESIDE if placed.back else _MARGIN
    width = placed.width + 2 * _MARGIN + (len(placed.back) + 1) * _LANE
    height = placed.height + 2 * above
    lines, labels = _ways(placed, sizes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{-_MARGIN:.0f} {-above:.0f} {width:.0f} {height:.0f}" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        _TIP,
        f'<rect x="{-_MARGIN:.0f}" y="{-above:.0f}" width="100%" height="100%" fill="#fff"/>',
        *lines,
        *(_drawn(box, placed.at[box.name], sizes[box.name], box.name == start) for box in boxes),
        *labels,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _ways(placed: Layout, sizes: Sizes) -> tuple[list[str], list[str]]:
    """The arrows' lines, and their labels."""
    lines, labels, put = [], [], _Labels().put
    row = max(height for _, height in sizes.values()) / 2
    for lane, arrow in enumerate(placed.back, 1):
        out = row + (lane % _LANES + 1) * _BESIDE
        lines.append(_returning(arrow, lane, out, placed, sizes))
        if arrow.label:
            x, y = placed.at[arrow.from_]
            x += sizes[arrow.from_][0] / 3 + 6 + len(arrow.label) * _LETTER / 2
            labels.append(put(arrow.label, [(x, y + out - 3), (x, y + out + 13), (x + 40, y + out - 3)]))
    for arrow, bends in placed.bends.items():
        (x1, y1), (x2, y2) = placed.at[arrow.from_], placed.at[arrow.to]
        points = [(x1, y1 + sizes[arrow.from_][1] / 2), *bends, (x2, y2 - sizes[arrow.to][1] / 2)]
        lines.append(_curve(points))
        if arrow.label:
            labels.append(put(arrow.label, list(_along(points))))
    return lines, labels


def _curve(points: Sequence[Point]) -> str:
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        middle = (y + to_y) / 2
        path += f" C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}"
    return _line(path)


def _along(points: Sequence[Point]) -> Iterator[Point]:
    """Places on a curve for its label, the best first: early on, where ways that meet later are still apart."""
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (y1 + y2) / 2
        for t in (0.5, 0.65, 0.35, 0.8):
            a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
            yield (a + b) * x1 + (c + d) * x2, a * y1 + (b + c) * middle + d * y2


def _returning(arrow: Arrow, lane: int, out: float, placed: Layout, sizes: Sizes) -> str:
    """A way that leads back up: through the gap below its box, along its own lane on the right, and in from above."""
    (x1, y1), (x2, y2) = placed.at[arrow.from_], placed.at[arrow.to]
    x1, x2 = x1 + sizes[arrow.from_][0] / 3, x2 + sizes[arrow.to][0] / 3
    side = placed.width + lane * _LANE
    path = f"M{x1:.1f} {y1 + sizes[arrow.from_][1] / 2:.1f} V{y1 + out:.1f} H{side:.1f}"
    path += f" V{y2 - out:.1f} H{x2:.1f} V{y2 - sizes[arrow.to][1] / 2:.1f}"
    return _line(path, ' stroke-dasharray="4 3"')


def _line(path: str, dashes: str = "") -> str:
    return f'<path d="{path}" fill="none" stroke="#5f6368"{dashes} marker-end="url(#tip)"/>'


def _drawn(box: Box, at: Point, size: Point, first: bool) -> str:
    (x, y), (width, height) = at, size
    shape = (
        f'<rect x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'rx="{4 if box.kind else height / 2:.0f}" fill="{_COLOURS[box.kind]}" stroke="#5f6368" '
        f'stroke-width="{2 if first else 1}"/>'
    )
    top = y - (len(box.lines) - 1) * _LINE / 2 + 4
    said = [
        f'<text x="{x:.1f}" y="{top + number * _LINE:.1f}" text-anchor="middle" '
        f'font-weight="{"normal" if number else "bold"}">{escape(line)}</text>'
        for number, line in enumerate(box.lines)
    ]
    return "".join([shape, *said])

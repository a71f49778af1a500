"""Where the boxes of a drawing stand: in layers from the start downwards, with as few crossings as a few sweeps give.

The usual way of drawing directed graphs in layers (K. Sugiyama, S. Tagawa, M. Toda, 1981): set ways that lead back
aside, give each box a layer below all that lead to it, put a bend on every layer that a way passes, sort each layer by
the mean place of its neighbours, then spread the boxes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 8
_GAP_X, _GAP_Y = 28.0, 72.0
BEND = 10.0
"""The width that a way takes on a layer which it only passes."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way between two boxes; several choices that lead to the same place share one."""

    from_: str
    to: str
    label: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Middles of the boxes, the points that each arrow bends at on its way, and the arrows that lead back."""

    at: Mapping[str, tuple[float, float]]
    bends: Mapping[Arrow, tuple[tuple[float, float], ...]]
    back: tuple[Arrow, ...]
    width: float
    height: float


def layout(start: str, sizes: Mapping[str, tuple[float, float]], arrows: Sequence[Arrow]) -> Layout:
    """Place the boxes, given with their widths and heights, the start at the top."""
    back = _leading_back(start, sizes, arrows)
    down = [arrow for arrow in arrows if arrow not in back]
    layer = _layers(sizes, down)
    widths = {name: width for name, (width, _) in sizes.items()}
    chains: dict[Arrow, list[str]] = {}
    for number, arrow in enumerate(down):
        passed = range(layer[arrow.from_] + 1, layer[arrow.to])
        chains[arrow] = [f"{number}/{at}" for at in passed]
        for at, bend in zip(passed, chains[arrow], strict=True):
            layer[bend], widths[bend] = at, BEND
    rows: list[list[str]] = [[] for _ in range(max(layer.values()) + 1)]
    for name, at in layer.items():
        rows[at].append(name)
    near: dict[str, list[str]] = {name: [] for name in layer}
    for arrow, bends in chains.items():
        chain = [arrow.from_, *bends, arrow.to]
        for one, other in pairwise(chain):
            near[one].append(other)
            near[other].append(one)
    _sort(rows, near)
    x = _spread(rows, near, widths)
    tall = max(height for _, height in sizes.values())
    y = {name: tall / 2 + at * (tall + _GAP_Y) for name, at in layer.items()}
    left = min(x[name] - widths[name] / 2 for name in layer)
    at_ = {name: (x[name] - left, y[name]) for name in layer}
    return Layout(
        at={name: at_[name] for name in sizes},
        bends={arrow: tuple(at_[bend] for bend in bends) for arrow, bends in chains.items()},
        back=tuple(back),
        width=max(x[name] + widths[name] / 2 for name in layer) - left,
        height=max(y.values()) + tall / 2,
    )


def _leading_back(start: str, names: Mapping[str, object], arrows: Sequence[Arrow]) -> list[Arrow]:
    """The arrows that close a circle, seen from the start."""
    out: dict[str, list[Arrow]] = {name: [] for name in names}
    for arrow in arrows:
        out[arrow.from_].append(arrow)
    back: list[Arrow] = []
    open_: set[str] = set()
    done: set[str] = set()
    for first in (start, *names):
        stack: list[tuple[str, Arrow | None]] = [(first, None)]
        while stack:
            name, via = stack.pop()
            if name == "":
                closed = via.to if via else first
                open_.discard(closed)
                done.add(closed)
            elif name in open_ and via is not None:
                back.append(via)
            elif name not in done:
                open_.add(name)
                stack.append(("", via or Arrow("", name, "")))
                stack += [(arrow.to, arrow) for arrow in reversed(out[name])]
    return back


def _layers(names: Mapping[str, object], down: Sequence[Arrow]) -> dict[str, int]:
    """Each box one layer below the lowest that leads to it."""
    layer = dict.fromkeys(names, 0)
    for _ in names:
        for arrow in down:
            layer[arrow.to] = max(layer[arrow.to], layer[arrow.from_] + 1)
    return layer


def _sort(rows: list[list[str]], near: Mapping[str, Sequence[str]]) -> None:
    place = {name: float(index) for row in rows for index, name in enumerate(row)}
    layer = {name: index for index, row in enumerate(rows) for name in row}
    for sweep in range(_SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for index in range(len(rows))[::step]:
            means = dict(place)
            for name in rows[index]:
                beside = [place[other] for other in near[name] if layer[other] == index - step]
                means[name] = sum(beside) / len(beside) if beside else place[name]
            rows[index].sort(key=means.__getitem__)
            place.update((name, float(position)) for position, name in enumerate(rows[index]))


def _spread(rows: list[list[str]], near: Mapping[str, Sequence[str]], widths: Mapping[str, float]) -> dict[str, float]:
    """The middle of each box: as near to the mean of its neighbours as the boxes beside it allow."""
    x: dict[str, float] = {}
    for row in rows:
        _put(row, {name: 0.0 for name in row}, widths, x)
    for sweep in range(_SWEEPS):
        for row in rows[:: 1 if sweep % 2 == 0 else -1]:
            wanted = {
                name: sum(x[other] for other in near[name]) / len(near[name]) if near[name] else x[name] for name in row
            }
            _put(row, wanted, widths, x)
    return x


def _put(row: Sequence[str], wanted: Mapping[str, float], widths: Mapping[str, float], x: dict[str, float]) -> None:
    """Place a row from left to right without overlaps, then shift it as a whole to where it wants to be."""
    edge = float("-inf")
    for name in row:
        x[name] = max(wanted[name], edge + widths[name] / 2)
        edge = x[name] + widths[name] / 2 + _GAP_X
    shift = sum(wanted[name] - x[name] for name in row) / len(row)
    for name in row:
        x[name] += shift

"""`/stats` and `/stats.json`, which anybody may read, and `/metrics`, which wants a token."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from figures import announced
from figures.announced import Announced
from figures.board import KEPT, Board, Shown
from figures.metrics import CONTENT_TYPE
from figures.stats import FEWEST

INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
AWAY = "The figures cannot be read just now. Please try again in a few minutes.\n"
_BEARER = "Bearer "
_TEMPLATES = Path(__file__).with_name("templates")
_STYLE = (_TEMPLATES / "figures.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": f"public, max-age={KEPT:.0f}",
    "Vary": "Accept",
}


def blueprint(board: Board, exposition: Callable[[], str], token: str) -> Blueprint:
    """The pages. `token` is what `/metrics` wants as `?token=` or as a bearer; with "" nobody is let in."""
    pages = Blueprint("figures", __name__, template_folder="templates")
    pages.add_app_template_filter(indian, "indian")
    rendered = _Rendered(board)

    @pages.get("/stats")
    def stats() -> Response:
        asked = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
        return rendered.answer(json=asked == "application/json")

    @pages.get("/stats.json")
    def stats_as_json() -> Response:
        return rendered.answer(json=True)

    @pages.get("/metrics")
    def metrics() -> Response:
        shown = request.args.get("token", "")
        bearer = request.headers.get("Authorization", "")
        if bearer.startswith(_BEARER):
            shown = bearer.removeprefix(_BEARER)
        if not token or not hmac.compare_digest(shown.encode(errors="replace"), token.encode()):
            return Response("The token is missing or wrong.\n", 401, mimetype="text/plain")
        return Response(exposition(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})

    return pages


class _Rendered:
    """The page and the document, made once for the same figures, however many ask."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._made: dict[bool, tuple[Shown, bytes]] = {}

    def answer(self, *, json: bool) -> Response:
        """The figures, or 503 with a sentence when there are none yet."""
        shown = self._board.latest()
        if shown is None:
            told = jsonify({"error": AWAY.strip()}) if json else Response(AWAY, mimetype="text/plain")
            told.status_code = 503
            told.headers["Retry-After"] = f"{KEPT:.0f}"
            return told
        made = self._made.get(json)
        if made is None or made[0] is not shown:
            made = self._made[json] = shown, self._body(shown, json)
        kind = "application/json" if json else "text/html; charset=utf-8"
        return Response(made[1], content_type=kind, headers=_HEADERS)

    def _body(self, shown: Shown, json: bool) -> bytes:
        if json:
            return bytes(jsonify(document(self._board, shown)).data)
        return render_template("stats.html", **page(self._board, shown)).encode()


def document(board: Board, shown: Shown) -> Mapping[str, Any]:
    """The figures for programs: `null` stands where people are fewer than `hidden_below`, or hidden with such."""
    stats = asdict(shown.stats)
    for dropped, told in zip(shown.stats.dropped, stats["dropped"], strict=True):
        told["share"] = round(dropped.share, 4)
    house = board.house
    return {
        "computed_at": datetime.fromtimestamp(shown.at, INDIA).isoformat(),
        "old": shown.old,
        "hidden_below": FEWEST,
        "demo": {"catalogue": house.demo_catalogue, "departments": house.demo_departments},
        "services": {"all": house.services, **house.levels, "as_conversations": house.conversations},
        "departments": house.departments,
        "languages": list(house.languages),
        "doors": list(house.doors),
        **stats,
        "announced": {
            "date": announced.DATE,
            "source": announced.SOURCE,
            "figures": {row.name: row.figure for row in _ANNOUNCED},
        },
    }


_ANNOUNCED: Sequence[Announced] = (
    announced.SERVICES, announced.CENTRAL, announced.STATE, announced.BILLS, announced.DEPARTMENTS,
    announced.LANGUAGES, announced.REGISTERED, announced.TRANSACTIONS, announced.HITS, announced.RATING,
    announced.RATINGS,
)  # fmt: skip


def page(board: Board, shown: Shown) -> Mapping[str, Any]:
    """What the template wants."""
    house, stats = board.house, shown.stats
    ever = stats.periods[-1]
    here: Sequence[tuple[Announced, object]] = (
        (announced.SERVICES, house.services),
        (announced.CENTRAL, house.levels.get("central", 0)),
        (announced.STATE, house.levels.get("state", 0)),
        (announced.BILLS, house.levels.get("bill", 0)),
        (announced.DEPARTMENTS, house.departments),
        (announced.LANGUAGES, len(house.languages)),
        (announced.REGISTERED, stats.registered),
        (announced.TRANSACTIONS, ever.transactions),
        (announced.HITS, ever.hits),
        (announced.RATING, ever.rating if ever.ratings else "nobody rated yet"),
        (announced.RATINGS, ever.ratings),
    )
    flows: dict[str, list[Any]] = {}
    for dropped in stats.dropped:
        flows.setdefault(dropped.flow, []).append(dropped)
    return {
        "style": _STYLE,
        "house": house,
        "stats": stats,
        "old": shown.old,
        "at": datetime.fromtimestamp(shown.at, INDIA).strftime("%d-%m-%Y %H:%M:%S"),
        "here": here,
        "announced": announced,
        "fewest": FEWEST,
        "flows": flows,
    }


def indian(value: object) -> str:
    """A figure as it is written in India, 12,34,567; None for a group that is hidden."""
    if value is None:
        return f"fewer than {FEWEST}"
    if not isinstance(value, int):
        return str(value)
    digits = str(value)
    head, tail = digits[:-3], digits[-3:]
    groups = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(groups), tail])

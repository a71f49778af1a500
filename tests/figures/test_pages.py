"""`/stats` for people and programs, `/metrics` for Prometheus: what is there, for whom, and what without SQL."""

import html
from html.parser import HTMLParser
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from figures import announced
from figures.board import Board, House, counted_catalogue
from figures.pages import blueprint, indian
from records.database import Database
from services.catalogue import Catalogue, Found
from tests.conversation import TODAY, Clock
from tests.figures.test_stats import count as counted_in_sql
from tests.figures.test_stats import rate

TOKEN = "a token of sixteen"
DEMO_CATALOGUE = Path(__file__).parents[2] / "services/data/catalogue_demo.csv"


def house(**changes: object) -> House:
    given = {
        "levels": {"central": 294, "state": 441, "bill": 276}, "departments": 140, "conversations": 5,
        "doors": ("ussd",), "languages": {"en": "English", "hi": "हिन्दी"}, "titles": {"lpg_book": "Gas <refill>"},
    }  # fmt: skip
    return House(**{**given, **changes})  # type: ignore[arg-type]


class Ticks:
    """A clock that a test moves."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def board(database: Database, ticks: Ticks) -> Board:
    return Board(database, house(), Clock(), lambda: TODAY, ticks)


def client_of(board: Board, told: str = "up 1\n", token: str = TOKEN) -> FlaskClient:
    app = Flask("test", static_folder=None)
    app.register_blueprint(blueprint(board, lambda: told, token))
    return app.test_client()


def test_the_announced_figures_stand_beside_ours_with_their_date_and_source(board: Board, database: Database) -> None:
    counted_in_sql(database, 12_34_567, "hit")
    rate(database, 4, 1)
    page = client_of(board).get("/stats").text
    assert announced.DATE in page and announced.SOURCE in html.unescape(page)
    for row in ("Services", "1,011", "12,34,567", "about 200 crore", "2.05 crore", "4.0", "about 4 of 5"):
        assert row in page, row
    assert "Gas &lt;refill&gt;" in page and "Gas <refill>" not in page


def test_programs_get_the_same_figures(board: Board, database: Database) -> None:
    counted_in_sql(database, 8, "hit")
    counted_in_sql(database, 4, "prompt", place="lpg_book.lpg_id")
    client = client_of(board)
    told = client.get("/stats.json").json
    assert told is not None
    assert told["services"] == {"all": 1011, "central": 294, "state": 441, "bill": 276, "as_conversations": 5}
    assert told["periods"][0] == {
        "name": "today", "hits": 8, "transactions": 0, "demo": 0, "ratings": 0, "rating": None, "registered": 0,
    }  # fmt: skip
    assert told["dropped"][0]["share"] == 1.0
    assert told["computed_at"] == "2026-11-18T16:36:40+05:30"
    assert client.get("/stats", headers={"Accept": "application/json"}).json == told
    assert client.get("/stats", headers={"Accept": "*/*"}).mimetype == "text/html"


def test_demo_data_is_called_so(database: Database, ticks: Ticks) -> None:
    shown = house(demo_catalogue=True, demo_departments=True)
    page = client_of(Board(database, shown, Clock(), lambda: TODAY, ticks)).get("/stats").text
    assert "Services (demo data)" in page and "Departments (demo data)" in page and "Hits (demo data)" not in page
    assert "Departments are a sandbox here" in page
    plain = client_of(Board(database, house(), Clock(), lambda: TODAY, ticks)).get("/stats").text
    assert "demo data" not in plain and "sandbox" not in plain


def test_figures_are_computed_once_in_a_while(board: Board, database: Database, ticks: Ticks) -> None:
    client = client_of(board)
    client.get("/stats")
    counted_in_sql(database, 8, "hit")
    ticks.at = 9.9
    assert client.get("/stats.json").json["by_service"] == []  # type: ignore[index]
    ticks.at = 10.1
    assert client.get("/stats.json").json["by_service"][0]["hits"] == 8  # type: ignore[index]


def test_what_takes_long_to_compute_is_computed_seldom(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count(0, 5)  # each look at the clock is five seconds after the one before
    board = Board(database, house(), Clock(), lambda: TODAY, lambda: float(next(seconds)))
    assert board.latest() is not None
    assert board._due == 10 + 20 * 5


def _away(*_: object, **__: object) -> None:
    raise OperationalError("", None, Exception())


def test_without_sql_the_last_figures_are_shown_with_their_time(
    board: Board, database: Database, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(board)
    client.get("/stats")
    monkeypatch.setattr(database, "read", _away)
    ticks.at = 11
    told = client.get("/stats")
    assert told.status_code == 200
    assert "The records cannot be read just now. These are the figures of 18-11-2026 16:36:40" in told.text
    assert client.get("/stats.json").json["old"] is True  # type: ignore[index]


def test_without_sql_and_without_figures_a_sentence_says_so(
    board: Board, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "read", _away)
    client = client_of(board)
    for address in ("/stats", "/stats.json"):
        told = client.get(address)
        assert told.status_code == 503 and told.headers["Retry-After"] == "10"
        assert "The figures cannot be read just now" in told.text


def test_while_somebody_computes_nobody_else_waits(board: Board) -> None:
    assert board.latest() is not None
    board._due = 0
    board._busy.acquire()
    assert board.latest() is not None
    board._busy.release()


class _Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag]


def test_the_page_needs_no_script_and_loads_nothing(board: Board, database: Database) -> None:
    counted_in_sql(database, 8, "hit")
    answer = client_of(board).get("/stats")
    page = _Page(answer.text)
    assert not page.named("script") and not page.named("img") and not page.named("iframe")
    assert {link["rel"] for link in page.named("link")} == {"alternate"}
    assert page.named("html") == [{"lang": "en"}] and len(page.named("h1")) == 1
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_every_cell_says_on_a_narrow_screen_what_it_is(board: Board, database: Database) -> None:
    counted_in_sql(database, 8, "hit")
    page = _Page(client_of(board).get("/stats").text)
    cells = page.named("td")
    assert len(cells) > 50
    assert all(cell.get("data-label") for cell in cells)
    assert all(head["scope"] in ("row", "col") for head in page.named("th"))


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/metrics", {}, 401),
        ("/metrics?token=wrong", {}, 401),
        ("/metrics", {"Authorization": "Bearer wrong"}, 401),
        ("/metrics?token=a+token+of+sixteen", {}, 200),
        ("/metrics", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("/metrics?token=%ff%fe", {}, 401),
    ],
)
def test_metrics_want_their_token(board: Board, address: str, headers: dict[str, str], status: int) -> None:
    told = client_of(board).get(address, headers=headers)
    assert told.status_code == status
    assert (told.text == "up 1\n") == (status == 200)


def test_without_a_token_in_the_settings_nobody_reads_metrics(board: Board) -> None:
    assert client_of(board, token="").get("/metrics?token=").status_code == 401


def test_the_catalogue_is_counted_as_announced() -> None:
    answer = Catalogue(DEMO_CATALOGUE).browse()
    assert isinstance(answer.outcome, Found)
    levels, departments = counted_catalogue(answer.outcome.services)
    assert sum(levels.values()) == 1011
    assert levels == {"central": 294, "state": 441, "bill": 276}
    assert departments > 100


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (999, "999"), (1000, "1,000"), (123456, "1,23,456"), (10**9, "1,00,00,00,000"), (None, "fewer than 10")],
)
def test_figures_are_written_as_in_india(value: int | None, shown: str) -> None:
    assert indian(value) == shown

import cProfile
import io
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING
from urllib import parse

import flask
import pytest

from bench.dialogue import dialogues
from bench.floor import create_app
from bench.nothing import create_app as create_nothing
from bench.profile import answer, environ_of, table

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment


def environ() -> "WSGIEnvironment":
    (dialogue,) = islice(dialogues({"110001": [None] * 5}, iter([7])), 1)
    return environ_of(dialogue[3].request)


def test_an_environ_is_what_a_server_would_make_of_the_request() -> None:
    made = environ()
    body = made["wsgi.input"]
    assert isinstance(body, io.BytesIO)
    assert made["REQUEST_METHOD"] == "POST"
    assert made["PATH_INFO"] == "/ussd/africastalking"
    assert made["QUERY_STRING"] == "token=local"
    assert made["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
    assert made["CONTENT_LENGTH"] == str(len(body.getvalue()))
    assert made["HTTP_HOST"] == "127.0.0.1"
    assert body.getvalue().endswith(b"text=2%2A1%2A110001")


def test_an_answer_is_its_whole_body() -> None:
    assert answer(create_nothing(), environ()) == b"ok"


def test_an_answer_with_another_status_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/valkey.sock")
    with pytest.raises(RuntimeError, match="status 404"):
        answer(create_app(), environ() | {"PATH_INFO": "/elsewhere"})


def test_the_table_gives_each_functions_share_of_a_turn() -> None:
    def dear() -> int:
        return sum(range(20_000))

    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(10):
        dear()
    profiler.disable()
    head, *rows = table(profiler, 5, 3)
    assert head.split() == ["own", "µs", "all", "µs", "times", "function"]
    (row,) = [row.split() for row in rows if row.endswith(" dear")]
    assert float(row[1]) > float(row[0])
    assert row[2] == "2.00"


@pytest.mark.parametrize(
    ("file", "shown"),
    [(parse.__file__, "urllib/parse.py"), (flask.__file__, "flask/__init__.py"), ("/x/y.py", "x/y.py")],
)
def test_the_table_names_files_without_where_they_are_installed(file: str, shown: str) -> None:
    profiler = cProfile.Profile()
    code = compile("def dear(): return sum(range(9))", file, "exec")
    found: dict[str, Callable[[], int]] = {}
    exec(code, found)
    profiler.runcall(found["dear"])
    assert any(row.endswith(f" {shown}:1 dear") for row in table(profiler, 1, 5))

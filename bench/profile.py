"""Where the time of one turn goes: the WSGI callable in this process, one thread, function by function.

The profiler makes small functions look dearer than they are, so the plain time of a turn stands above the table.
"""

import cProfile
import importlib
import io
import os
import pstats
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench import places
from bench.dialogue import dialogues, inputs, new_callers
from bench.load import Dialogue
from bench.targets import ours
from bench.valkey import valkey

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

_WARM = 50


def environ_of(request: bytes) -> "WSGIEnvironment":
    """What a WSGI server makes of these bytes (PEP 3333)."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (line.split(": ", 1) for line in lines)
    }
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": headers.pop("HTTP_CONTENT_LENGTH", ""),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **headers,
    }


def answer(app: "WSGIApplication", environ: "WSGIEnvironment") -> bytes:
    """The body of this request's answer. Raises RuntimeError for any status but 200."""
    statuses: list[str] = []

    def start_response(status: str, *_: object, **__: object) -> Any:
        statuses.append(status)

    chunks: Iterable[bytes] = app(environ, start_response)
    body = b"".join(chunks)
    if not statuses[0].startswith("200"):
        raise RuntimeError(f"a turn was answered with status {statuses[0]}: {body[:200]!r}")
    return body


def _environs(talk: Iterator[Dialogue], many: int) -> list["WSGIEnvironment"]:
    return [environ_of(turn.request) for dialogue in islice(talk, many) for turn in dialogue]


def profile_turns(many: int, lines: int) -> None:
    """Print the plain microseconds of a turn, then those of each function: its own, and with what it calls."""
    known = places.timed(places.read())
    with valkey(None) as socket:
        os.environ.update(ours(socket).environment)
        app: WSGIApplication = importlib.import_module("app").create_app()
        # In this process nothing is compared: the rehearsal needs a server, and `turns` has it.
        talk = dialogues({pin: [None] * (len(inputs(pin)) + 1) for pin in known}, new_callers())
        for environ in _environs(talk, _WARM):
            answer(app, environ)
        plain = _environs(talk, many)
        started = perf_counter()
        for environ in plain:
            answer(app, environ)
        microseconds = (perf_counter() - started) / len(plain) * 1e6
        print(f"One turn takes {microseconds:.0f} µs in one thread, without a web server and without the profiler.")
        profiled = _environs(talk, many)
        profiler = cProfile.Profile()
        profiler.enable()
        for environ in profiled:
            answer(app, environ)
        profiler.disable()
    print(*table(profiler, len(profiled), lines), sep="\n")


def table(profiler: cProfile.Profile, turns: int, lines: int) -> list[str]:
    """A line a function, dearest first: microseconds of its own and in all, and how often it ran, each a turn."""
    statistics = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    rows = sorted(((own, total, calls, where) for where, (_, calls, own, total, _) in statistics.items()), reverse=True)
    shown = ["  own µs   all µs    times   function"]
    for own, total, calls, (file, line, name) in rows[:lines]:
        place = name if file == "~" else f"{_short(file)}:{line} {name}"
        shown.append(f"{own / turns * 1e6:8.1f} {total / turns * 1e6:8.1f} {calls / turns:8.2f}   {place}")
    return shown


def _short(file: str) -> str:
    """A file as one knows it: from the project's folder, or from where packages are installed."""
    libraries = (*sysconfig.get_paths().values(), os.getcwd())
    inside = max((folder for folder in libraries if file.startswith(f"{folder}{os.sep}")), key=len, default="")
    return file[len(inside) :].lstrip(os.sep)

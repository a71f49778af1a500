"""Structured logs: what a line is, what the last net takes out, and that granian and RQ go the same way."""

import io
import json
import logging
import logging.config
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from granian.log import LogLevels, configure_logging

import logs
from tests.house.tree import ROOT

MSISDN = "+919876543210"


def _stands(name: str) -> tuple[int, list[logging.Handler], bool]:
    logger = logging.getLogger(name)
    return logger.level, list(logger.handlers), logger.propagate


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is written by a handler as it is configured; everything as it was afterwards."""
    names = ("", "_granian", "granian.access", "alembic", "rq", "httpx", "httpcore", "sqlalchemy", "urllib3", "twilio")
    before = {name: _stands(name) for name in names}
    to = io.StringIO()
    yield to
    for name, (level, handlers, propagate) in before.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers[:] = handlers
        logger.propagate = propagate


def _to(written: io.StringIO, form: logs.Form = "json", level: str = "info") -> dict[str, Any]:
    chosen = logs.configuration(form, level)
    chosen["handlers"]["ghanti"]["stream"] = written
    return chosen


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_says_when_how_bad_who_what_and_the_fields(written: io.StringIO) -> None:
    logging.config.dictConfig(_to(written))
    logging.getLogger("ghanti.test").warning("Redis is away: %s", "TimeoutError", extra={"status": 503, "door": "ussd"})
    (line,) = lines(written)
    assert line.pop("time")[-5:-1].lstrip(".").isdigit()
    assert line == {
        "level": "warning", "logger": "ghanti.test", "event": "Redis is away: TimeoutError",
        "status": 503, "door": "ussd",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (MSISDN, "+#"),
        ("typed 4071", "typed #"),
        ("98765 43210", "#"),
        ("(098)-765.432", "(#"),
        ("१२३४५६", "#"),
        ("503 of 200", "503 of 200"),
        ("127.0.0.1", "#"),
        ("a 12 b 345", "a 12 b 345"),
    ],
)
def test_the_net_takes_long_runs_of_digits_out(said: str, shown: str) -> None:
    assert logs.redacted(said) == shown


def test_the_net_reaches_arguments_fields_and_objects(written: io.StringIO) -> None:
    class Shows:
        def __str__(self) -> str:
            return f"<{MSISDN}>"

    logging.config.dictConfig(_to(written))
    log = logging.getLogger("ghanti.test")
    log.info("from %s", MSISDN, extra={"caller": MSISDN, "whom": Shows(), "pin": 4071, "all": [MSISDN]})
    log.info("from %(who)s", {"who": Shows()})
    assert "98765" not in written.getvalue() and "4071" not in written.getvalue()
    assert len(lines(written)) == 2


def test_an_exception_is_its_type_and_places_and_never_its_words(written: io.StringIO) -> None:
    logging.config.dictConfig(_to(written))
    try:
        raise ValueError(f"Asha Devi, {MSISDN}") from KeyError("Asha")
    except ValueError:
        logging.getLogger("ghanti.test").exception("a turn failed")
    (line,) = lines(written)
    assert line["error"].startswith("ValueError < tests/app/test_logs.py:")
    assert "Asha" not in written.getvalue()


def test_a_line_that_cannot_be_made_is_told_without_its_arguments(written: io.StringIO) -> None:
    logging.config.dictConfig(_to(written))
    logging.getLogger("ghanti.test").info("%d turns", "Asha Devi")
    assert "Asha" not in written.getvalue() and "cannot be made" in lines(written)[0]["event"]


def test_text_is_one_line_too(written: io.StringIO) -> None:
    logging.config.dictConfig(_to(written, "text"))
    logging.getLogger("ghanti.test").info("begun\nand more", extra={"status": 200})
    assert written.getvalue().endswith(" INFO ghanti.test: begun and more status=200\n")
    assert written.getvalue().count("\n") == 1


def test_granian_logs_the_same_way(written: io.StringIO) -> None:
    configure_logging(LogLevels.info, _to(written))
    logging.getLogger("_granian").info("Listening at: http://127.0.0.1:8000")
    logging.getLogger("granian.access").info('"GET /ussd/comviva?MSISDN=919876543210"')
    logging.getLogger("_granian").error("Application callable raised an exception for 919876543210")
    first, second = lines(written)
    assert first["event"] == "Listening at: http://127.0.0.1:8000"
    assert second["event"].endswith("for #")


def test_rq_logs_the_same_way_and_adds_no_handler_of_its_own(written: io.StringIO) -> None:
    from rq.logutils import setup_loghandlers

    logging.config.dictConfig(_to(written))
    setup_loghandlers("WARNING", name="rq.worker")
    logging.getLogger("rq.worker").warning("job %s ended", MSISDN)
    assert [line["event"] for line in lines(written)] == ["job +# ended"]
    assert logging.getLogger("rq.worker").handlers == []


def test_the_level_is_as_set(written: io.StringIO) -> None:
    logging.config.dictConfig(_to(written, level="warning"))
    logging.getLogger("ghanti.test").info("unheard")
    assert written.getvalue() == ""


def test_what_ends_a_process_is_told_without_its_words() -> None:
    program = f"import logs\nlogs.configure('json')\nraise ValueError('Asha Devi {MSISDN}')"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "Asha" not in run.stderr and "98765" not in run.stderr
    assert json.loads(run.stderr)["event"] == "ended by ValueError"

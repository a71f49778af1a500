"""Logs: one line each, JSON or text, for this process and for what it runs in (granian, RQ).

`configuration()` is for `logging.config.dictConfig` and for granian, which configures its own processes with it. No
room may log a number, a name or what somebody typed; `Net` is only the last net, for what no room foresaw.
"""

import json
import logging
import logging.config
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

Form = Literal["json", "text"]
ROOT = Path(__file__).resolve().parent
SAFE = frozenset({"status", "port", "pid", "line", "number", "count", "milliseconds", "bytes"})
"""Fields (`extra=`) whose digits are never a person's."""
_SERVERS = frozenset({"_granian", "_granian.serve"})
"""Loggers that say below ERROR only how the web server itself is: its address, its processes."""
_DIGITS = re.compile(r"\d(?:[ ().+-]{0,2}\d){3,}")
"""Four digits or more, in whatever script, also as a telephone number is written in groups."""
_REDACTED = "#"
_OURS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}
_PLACES = 6
"""Frames of a traceback that are told, the innermost."""


def configuration(form: Form = "text", level: str = "info") -> dict[str, Any]:
    """Everything to standard error through one handler; of the libraries only warnings, granian's own words aside."""
    chosen = level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ghanti": {"()": "logs.Json" if form == "json" else "logs.Text"}},
        "filters": {"net": {"()": "logs.Net"}},
        "handlers": {
            "ghanti": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "ghanti",
                "filters": ["net"],
            }
        },
        "root": {"level": chosen, "handlers": ["ghanti"]},
        "loggers": {
            "_granian": {"level": chosen, "handlers": [], "propagate": True},
            "granian.access": {"level": "WARNING", "handlers": [], "propagate": True},
            # These tell what they send and where, with whatever stands in it.
            **{
                name: {"level": "WARNING"}
                for name in ("alembic", "rq", "httpx", "httpcore", "sqlalchemy", "urllib3", "twilio")
            },
        },
    }


def configure(form: Form = "text", level: str = "info") -> None:
    """Configure this process. What warnings and uncaught exceptions say goes the same way."""
    logging.config.dictConfig(configuration(form, level))
    logging.captureWarnings(True)
    sys.excepthook = _uncaught


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("ghanti").critical("ended by %s", kind.__name__, exc_info=(kind, error, trace))


class Net(logging.Filter):
    """Takes runs of four digits and more out of what is said, and the message out of every exception.

    What it leaves is the record as it came, with its sentence made and its traceback told as places.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record; it always passes."""
        if record.name in _SERVERS and record.levelno < logging.ERROR and not record.exc_info:
            return True
        try:
            said = record.getMessage()
        except Exception as error:
            said = f"a log line that cannot be made: {type(error).__name__}"
        record.__dict__.update(msg=redacted(said), args=None)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = told(record.exc_info[1])
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = redacted(record.exc_text)
        record.stack_info = None
        for name, value in fields(record).items():
            if name not in SAFE:
                record.__dict__[name] = _clean(value)
        return True


def redacted(text: str) -> str:
    """The text without runs of four digits and more."""
    return _DIGITS.sub(_REDACTED, text)


def _clean(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < 1000:
        return value
    return redacted(value if isinstance(value, str) else str(value))


def fields(record: logging.LogRecord) -> Mapping[str, object]:
    """What was given as `extra=`."""
    return {name: value for name, value in record.__dict__.items() if name not in _OURS and not name.startswith("_")}


def told(error: BaseException) -> str:
    """An exception as its type and the places that it came through, the innermost first, and nothing that it says."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    places = (f"{_shown(frame.filename)}:{frame.lineno}" for frame in reversed(frames))
    return " < ".join([type(error).__name__, *places])


def _shown(file: str) -> str:
    path = Path(file)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Json(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, event, what was given as `extra`, and `error`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. It is made from a record that came through `Net`."""
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **fields(record),
        }
        if record.exc_text:
            line["error"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)


class Text(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. It is made from a record that came through `Net`."""
        more = "".join(f" {name}={value}" for name, value in fields(record).items())
        error = f" | {record.exc_text}" if record.exc_text else ""
        said = record.getMessage().replace("\n", " ")
        return f"{_time(record)} {record.levelname} {record.name}: {said}{more}{error}"

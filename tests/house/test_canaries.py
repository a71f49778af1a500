"""Nothing that a person is or types is kept or logged in clear: a thousand values, planted through the real doors."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from redis import Redis

from app import create_app, outbox
from house import House, World, build
from secret_keys import new_key
from services.sandbox.server import create_sandbox, running
from sessions.late import at_once
from settings import Settings
from tests.conversation import TODAY
from tests.house.canaries import Everything, Looked
from tests.house.planting import PLANTED, POST, plant
from tests.house.tree import ROOT

pytestmark = pytest.mark.timeout(180)
NOT_OURS = ("werkzeug", "services.sandbox", "asyncio")
"""Loggers of the made-up departments, which run in this process here and know what they are asked."""


def _by_client(client: FlaskClient) -> POST:
    def post(address: str, fields: Mapping[str, str]) -> str:
        if "json" in fields or "arkesel" in address:
            return client.post(address, json=dict(fields)).text
        return client.post(address, data=dict(fields)).text

    return post


@contextmanager
def listening() -> Iterator[Everything]:
    """Everything that any logger says, from DEBUG on."""
    kept = Everything()
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    before = [(logger, logger.level, logger.propagate, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.propagate, logger.disabled = True, False
    logging.getLogger().addHandler(kept)
    try:
        yield kept
    finally:
        logging.getLogger().removeHandler(kept)
        for logger, level, propagate, disabled in before:
            logger.setLevel(level)
            logger.propagate, logger.disabled = propagate, disabled


@pytest.fixture
def open_house(redis_url: str, tmp_path: Path, migrated: Path) -> Iterator[tuple[House, POST]]:
    """A whole house whose promised work is done at once, with made-up departments; and its web server."""
    (tmp_path / "records.sqlite").write_bytes(migrated.read_bytes())
    key = new_key(1)
    with running(create_sandbox(bill_seconds=(0.0, 0.0), today=lambda: TODAY)) as sandbox:
        settings = Settings(
            _env_file=None,
            redis_url=SecretStr(redis_url),
            var_dir=tmp_path,
            sandbox_port=urlsplit(sandbox).port or 0,
            session_keys=(SecretStr(key),),
            record_keys=(SecretStr(key),),
            caller_hash_key=SecretStr(key.partition(":")[2]),
            pin_pepper=SecretStr(key.partition(":")[2]),
            patience_s=0.0,
            public_url="http://127.0.0.1:1",
        )
        numbers = list[int]()
        house = build(settings, World(), at_once, numbers.append)
        box = outbox(house)
        post = _by_client(create_app(house).test_client())

        def posted(address: str, fields: Mapping[str, str]) -> str:
            told = post(address, fields)
            while numbers:
                box.deliver(numbers.pop())
            return told

        yield house, posted
        house.connection.close()
        house.database.close()


def test_a_thousand_values_leave_no_trace(
    open_house: tuple[House, POST], redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, post = open_house
    assert len(set(PLANTED.all())) == 1000
    looked = Looked(PLANTED.all())
    with listening() as logged:
        assert plant(post, len(PLANTED.numbers)) > 20, "hardly anybody came as far as to book"
        _let_everything_fail(house, post, monkeypatch)
    ours = [line for line in logged.lines if not line.startswith(NOT_OURS)]
    kept = [hit for line in ours for hit in looked.found("log", line.encode())]
    kept += looked.in_redis(redis) + looked.in_files(tmp_path)
    assert kept == []
    assert looked.places > 500 and len(ours) > 50
    assert {"records.sqlite", "records.sqlite-wal"} <= {file.name for file in tmp_path.iterdir()}


def _let_everything_fail(house: House, post: POST, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults whose messages hold what was given, at every place where something personal passes."""

    def fails(*given: Any, **named: Any) -> Any:
        raise ValueError(f"{PLANTED.numbers[0]} {PLANTED.words[0]} {given} {named}")

    asks: dict[str, Any] = getattr(house.services, "_asks")  # noqa: B009 - what no caller may reach
    for operation in ("lpg.book", "catalogue.search", "consent.status", "pin.check", "post.offices"):
        with monkeypatch.context() as patch:
            patch.setitem(asks, operation, fails)
            plant(post, 5)
    for place in ("ussd.turn.screens", "ussd.turn.encode", "sessions.runner.advance", "sessions.late.Late.ask"):
        with monkeypatch.context() as patch:
            patch.setattr(place, fails)
            plant(post, 5)


def test_a_canary_in_a_log_or_a_store_is_found(redis: Redis, tmp_path: Path) -> None:
    looked = Looked(PLANTED.all())
    number, pin, word = PLANTED.numbers[7], PLANTED.pins[7], PLANTED.words[7]
    with listening() as logged:
        logging.getLogger("rq.worker").debug("%s", {"to": f"+91{number}"})
        try:
            raise KeyError(word)
        except KeyError:
            logging.getLogger("ghanti").exception("failed")
    assert [bool(looked.found("log", line.encode())) for line in logged.lines] == [True, True]
    redis.hset("rq:job:1", "data", f"[{pin}]")
    redis.rpush("list", word.lower())
    redis.zadd("zset", {number: 1})
    assert len(looked.in_redis(redis)) == 3
    (tmp_path / "file").write_bytes(b"\xff" + PLANTED.lpg_ids[3].encode())
    assert len(looked.in_files(tmp_path)) == 1
    assert looked.found("time", f"2026-11-24T10:00:00.{pin} 1795000000.{pin} 1{pin}".encode()) == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], Path]]:
    """`python app.py` with everything that it starts: its address, itself, and its folder."""
    port, sandbox = _two_ports()
    environment = {
        **os.environ, "PORT": str(port), "GHANTI_SANDBOX_PORT": str(sandbox), "GHANTI_VAR_DIR": str(tmp_path / "var"),
        "GHANTI_CENTRES_FILE": str(tmp_path / "centres.sqlite"), "REDIS_URL": "", "GHANTI_LOG_LEVEL": "debug",
        "GHANTI_PATIENCE_S": "0",
    }  # fmt: skip
    with open(tmp_path / "printed", "wb") as printed:
        begun = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            stdout=printed,
            stderr=printed,
            env=environment,
            start_new_session=True,
        )
    yield f"http://127.0.0.1:{port}", begun, tmp_path
    if begun.poll() is None:
        os.killpg(begun.pid, signal.SIGKILL)
        begun.wait()


def _two_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def test_all_processes_together_print_and_keep_nothing(served: tuple[str, subprocess.Popen[bytes], Path]) -> None:
    address, begun, folder = served
    until = time.monotonic() + 40
    while b"Ghanti is ready." not in (folder / "printed").read_bytes() and time.monotonic() < until:
        time.sleep(0.1)

    def post(place: str, fields: Mapping[str, str]) -> str:
        as_json = "json" in fields or "arkesel" in place
        body = json.dumps(dict(fields)) if as_json else urlencode(fields)
        kind = "application/json" if as_json else "application/x-www-form-urlencoded"
        request = Request(address + place, body.encode(), {"Content-Type": kind})
        try:
            with urlopen(request, timeout=10) as answer:
                return str(answer.read().decode())
        except HTTPError as refused:
            return refused.read().decode()

    assert plant(post, 32) > 1
    time.sleep(2.5)  # the workers do what was promised
    os.killpg(begun.pid, signal.SIGINT)
    begun.wait(15)
    looked = Looked(PLANTED.all())
    assert looked.found("printed", (folder / "printed").read_bytes()) == []
    assert looked.in_files(folder / "var") == []
    assert looked.places > 4

"""`python -m records`, as an operator types it."""

import base64
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import time

import pytest
from redis import Redis
from sqlalchemy import insert, select

from flows.engine.values import Pin
from flows.operations import Caller
from records.audit import AuditLog
from records.database import Database
from records.durable import DurableCallers
from records.fact_tables import inbox, outbox
from records.facts import Facts, Task
from records.operations import CallerOperations
from records.outbox import Dead, Outbox
from records.vault import Vault
from sessions.keyring import Keyring
from tests.conversation import MSISDN, Clock
from tests.house.tree import ROOT
from tests.records.conftest import RING

HASH_KEY = b"h" * 32


def _written(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture
def environment(url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "GHANTI_DATABASE_URL": url,
        "GHANTI_VAR_DIR": str(tmp_path),
        "GHANTI_RECORD_KEYS": f"1:{_written(RING[1])}",
        "GHANTI_CALLER_HASH_KEY": _written(HASH_KEY),
    }


@pytest.fixture
def person(database: Database, clock: Clock) -> None:
    kept = DurableCallers(database, Vault(RING), AuditLog(HASH_KEY), clock)
    caller = Caller(Keyring({1: RING[1]}, HASH_KEY).pseudonym(MSISDN), MSISDN, "ussd", "hi", "lpg_book", "r1")
    operations = CallerOperations(kept, b"pepper", clock)
    operations.give_consent(caller=caller)
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller)


def records(environment: dict[str, str], *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "records", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=50,
        check=False,
    )


def test_an_operator_s_day(environment: dict[str, str], person: None) -> None:
    assert records(environment, "migrate").returncode == 0
    head = records(environment, "verify").stdout.split()[-1]
    assert head.startswith("2:")
    listed = records(environment, "breach", "2026-11-01", "2026-11-30")
    assert listed.stdout.splitlines()[1].startswith(f"{MSISDN},hi,ussd,2026-11-18T")
    rotated = {**environment, "GHANTI_RECORD_KEYS": f"2:{_written(b'n' * 32)},{environment['GHANTI_RECORD_KEYS']}"}
    assert records(rotated, "rotate").stdout == "1 data keys were sealed anew.\n"
    assert records(environment, "breach", "2026-11-01", "2026-11-30").returncode == 1
    assert records(rotated, "erase", "-", typed="09876543210\n").stdout == "The person is removed.\n"
    assert records(rotated, "breach", "2026-11-01", "2026-11-30").stdout.count("\n") == 1
    assert records(environment, "verify", head).returncode == 0


def test_nobody_is_erased_by_a_wrong_number(environment: dict[str, str], person: None) -> None:
    for number in ("+919876543211", "12345"):
        refused = records(environment, "erase", number)
        assert (refused.returncode, refused.stderr) == (1, "Nobody with this number is kept.\n")


def test_what_is_past_its_time_is_deleted(environment: dict[str, str], person: None, database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(inbox).values(provider="kannel", provider_id="m1", came_at=int(time()) - 3 * 86400))
    said = records({**environment, "GHANTI_KEEP_INBOX_DAYS": "2"}, "retain").stdout
    assert "callers: 0 deleted, " in said and "webhooks: 1 deleted" in said


def test_a_person_is_erased_from_redis_too(
    environment: dict[str, str], person: None, redis_url: str, redis: Redis
) -> None:
    mine, other = (Keyring({1: RING[1]}, HASH_KEY).pseudonym(number) for number in (MSISDN, "+919876543211"))
    for name in (b"u", b"s", b"l"):
        redis.set(name + mine, b"sealed")
        redis.set(name + other, b"sealed")
    assert records({**environment, "REDIS_URL": redis_url}, "erase", MSISDN).returncode == 0
    assert sorted(redis.keys()) == sorted(name + other for name in (b"u", b"s", b"l"))


def test_what_redis_holds_of_somebody_without_a_record_is_erased_too(
    environment: dict[str, str], redis_url: str, redis: Redis
) -> None:
    redis.set(b"l" + Keyring({1: RING[1]}, HASH_KEY).pseudonym(MSISDN), b"sealed")
    assert records({**environment, "REDIS_URL": redis_url}, "erase", MSISDN).returncode == 1
    assert redis.keys() == []


def test_redis_away_is_told_after_an_erasure_and_it_may_be_repeated(environment: dict[str, str], person: None) -> None:
    refused = records({**environment, "REDIS_URL": "redis://127.0.0.1:1/0"}, "erase", MSISDN)
    assert refused.returncode == 1
    assert refused.stderr.endswith("but Redis is away: erase again when it is back.\n")
    assert records(environment, "erase", MSISDN).stderr == "Nobody with this number is kept.\n"


@pytest.fixture
def dead(database: Database, clock: Clock) -> list[int]:
    """Two tasks that could not be done."""
    numbers: list[int] = []
    facts = Facts(database, Vault(RING), AuditLog(HASH_KEY), clock, numbers.append)
    facts.keep(
        Caller(b"p" * 16, MSISDN, "sms", "hi"), [Task("sms.send", f"t{each}", {"text": "Hi"}) for each in (1, 2)]
    )
    for number in numbers:
        Outbox(facts, {"sms.send": lambda task: Dead("no such number")}, lambda: 1.0).deliver(number)
    return numbers


def test_what_is_dead_is_listed_and_replayed(environment: dict[str, str], dead: list[int], database: Database) -> None:
    listed = records(environment, "dead")
    assert listed.returncode == 0
    at = f"{datetime.fromtimestamp(Clock().at, timezone(timedelta(hours=5, minutes=30))):%Y-%m-%d %H:%M}"
    assert [re.split(" {2,}", line) for line in listed.stdout.splitlines()] == [
        ["number", "kind", "reason", "tries", "made", "ended"],
        *[[str(number), "sms.send", "no such number", "1", at, at] for number in dead],
    ]
    assert MSISDN[3:] not in listed.stdout
    assert records(environment, "replay", str(dead[0])).stdout == "1 tasks are tried anew.\n"
    assert records(environment, "replay", "--all").stdout == "1 tasks are tried anew.\n"
    assert records(environment, "dead").stdout == "No task is dead.\n"
    with database.read() as connection:
        assert connection.execute(select(outbox.c.state)).scalars().all() == ["waiting", "waiting"]


def test_a_number_of_no_dead_task_is_told(environment: dict[str, str], dead: list[int]) -> None:
    refused = records(environment, "replay", str(dead[0]), "99999")
    assert (refused.returncode, refused.stdout) == (1, "1 tasks are tried anew.\n")
    assert refused.stderr == "1 of these numbers are of no dead task.\n"


@pytest.mark.parametrize("arguments", [("replay",), ("replay", "--all", "7")])
def test_replay_wants_numbers_or_all(arguments: tuple[str, ...]) -> None:
    refused = records({}, *arguments)
    assert refused.returncode == 2
    assert "name the tasks by their numbers, or say --all" in refused.stderr


def test_help_names_every_command() -> None:
    said = records({}, "--help").stdout
    for verb in ("migrate", "verify", "rotate", "erase", "breach", "retain", "dead", "replay"):
        assert f"\n    {verb} " in said


def test_a_changed_log_fails_the_proof(environment: dict[str, str], person: None, database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE audit_log SET detail = 'lpg_book 1 en ussd' WHERE seq = 1")
    refused = records(environment, "verify")
    assert refused.returncode == 1 and "row 1 is not as it was written" in refused.stderr


def test_a_database_that_is_away_is_said_without_its_url(environment: dict[str, str]) -> None:
    away = {**environment, "GHANTI_DATABASE_URL": "postgresql://ghanti:s3cret@127.0.0.1:1/ghanti"}
    refused = records(away, "verify")
    assert refused.returncode == 1
    assert refused.stderr.startswith("The records cannot be worked on: ") and "s3cret" not in refused.stderr

"""`python -m records`, as an operator types it."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.engine.values import Pin
from flows.operations import Caller
from records.audit import AuditLog
from records.database import Database
from records.durable import DurableCallers
from records.operations import CallerOperations
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


def test_what_is_past_its_time_is_deleted(environment: dict[str, str], person: None) -> None:
    assert records(environment, "retain").stdout == "callers: 0 deleted, consents: 0 deleted, audit: 0 deleted.\n"


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

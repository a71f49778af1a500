"""What a change does to the tables: all or nothing, once, and told in the log."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import msgspec
import pytest
from sqlalchemy import func, select

from flows.engine.values import Digits, Pin
from flows.operations import Caller
from records import operations as told
from records.callers import CallerRecord
from records.database import Database
from records.durable import DurableCallers
from records.operations import CallerOperations
from records.tables import audit_log, callers, consents
from records.vault import CannotOpen, Vault
from tests.conversation import Clock
from tests.records.people import LPG_ID, caller


def log(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        return [(row.what, row.detail) for row in connection.execute(select(audit_log).order_by(audit_log.c.seq)).all()]


def test_what_a_person_did_is_told_in_the_log(operations: CallerOperations, database: Database) -> None:
    operations.give_consent(caller=caller())
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r0"))
    operations.keep_lpg(LPG_ID, caller=caller())
    for request in ("r1", "r2", "r3"):
        operations.check_pin(Pin("0000"), caller=caller(request))
    assert log(database) == [("consent_given", "lpg_book 1 hi ussd"), ("pin_set", ""), ("pin_locked", "")]


def test_a_consent_told_twice_is_one(operations: CallerOperations, database: Database, clock: Clock) -> None:
    operations.give_consent(caller=caller())
    first = clock.at
    clock.at += 5
    assert operations.give_consent(caller=caller()) == told.Kept()
    assert operations.callers.read(caller().pseudonym).consents["lpg_book"].at == first
    assert len(log(database)) == 1


def test_a_consent_that_is_withdrawn_is_needed_again_and_stays_in_the_table(
    operations: CallerOperations, kept: DurableCallers, database: Database, clock: Clock
) -> None:
    operations.give_consent(caller=caller())
    operations.give_consent(caller=caller(service="pension"))
    clock.at += 60

    def withdraw(record: CallerRecord) -> tuple[CallerRecord, None]:
        left = {purpose: consent for purpose, consent in record.consents.items() if purpose != "lpg_book"}
        return msgspec.structs.replace(record, consents=left), None

    kept.change(caller(), withdraw)
    assert operations.status_of_consent(caller=caller()) == told.Needed()
    assert operations.status_of_consent(caller=caller(service="pension")) == told.Given()
    assert log(database)[-1] == ("consent_withdrawn", "lpg_book")
    with database.read() as connection:
        rows = connection.execute(select(consents.c.purpose, consents.c.withdrawn_at).order_by(consents.c.id)).all()
    assert [tuple(row) for row in rows] == [("lpg_book", clock.at), ("pension", None)]


def test_a_change_that_fails_on_its_way_leaves_nothing(
    kept: DurableCallers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(kept.audit, "append", fail)
    with pytest.raises(RuntimeError):
        kept.change(caller(), lambda record: (msgspec.structs.replace(record, pin="hash", saved={"lpg": "1"}), None))
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(callers)).scalar() == 0


def test_wrong_pins_at_the_same_moment_are_all_counted(operations: CallerOperations) -> None:
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r0"))
    together = Barrier(3)

    def guess(number: int) -> object:
        together.wait()
        return operations.check_pin(Pin("0000"), caller=caller(f"guess{number}"))

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(guess, range(3)))
    assert sorted(map(repr, answers)) == ["Locked()", "Wrong(left=1)", "Wrong(left=2)"]


def test_the_same_guess_at_the_same_moment_is_one_try(operations: CallerOperations) -> None:
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r0"))
    together = Barrier(4)

    def guess(_: int) -> object:
        together.wait()
        return operations.check_pin(Pin("0000"), caller=caller("r1"))

    with ThreadPoolExecutor(4) as threads:
        assert {repr(answer) for answer in threads.map(guess, range(4))} == {"Wrong(left=2)"}


def test_strangers_and_one_new_caller_at_the_same_moment_are_all_kept(
    operations: CallerOperations, kept: DurableCallers, database: Database
) -> None:
    together = Barrier(6)

    def come(number: int) -> None:
        together.wait()
        whose = caller(service=f"service{number}", number=1 if number < 3 else number)
        operations.give_consent(caller=whose)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(come, range(6)))
    assert set(kept.read(caller().pseudonym).consents) == {"service0", "service1", "service2"}
    with database.read(snapshot=True) as connection:
        assert kept.audit.verify(connection).seq == 6


def test_a_record_says_nothing_without_its_key(operations: CallerOperations, kept: DurableCallers) -> None:
    operations.keep_lpg(LPG_ID, caller=caller())
    stranger = DurableCallers(kept.database, Vault({1: b"x" * 32}), kept.audit, lambda: 0)
    with pytest.raises(CannotOpen):
        stranger.read(caller().pseudonym)


def test_a_value_that_was_moved_to_somebody_else_does_not_open(
    operations: CallerOperations, kept: DurableCallers
) -> None:
    operations.keep_lpg(LPG_ID, caller=caller())
    operations.keep_lpg(Digits("1" * 17), caller=caller(number=2))
    with kept.database.write() as connection:
        row = connection.execute(select(callers).where(callers.c.pseudonym == caller().pseudonym)).one()
        stolen = {"data_key": row.data_key, "number": row.number}
        connection.execute(callers.update().where(callers.c.pseudonym == caller(number=2).pseudonym).values(stolen))
    with pytest.raises(CannotOpen):
        kept.read(caller(number=2).pseudonym)


def test_a_caller_shows_no_number() -> None:
    assert "9876543210" not in repr(Caller.asking(caller(), "lpg_book", "r9", "hi"))

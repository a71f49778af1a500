"""What an operator does: rotation, erasure, the list after a breach, retention."""

import msgspec
import pytest
from sqlalchemy import func, select

from flows.engine.values import Pin
from records import operations as told
from records import upkeep as keeping
from records.callers import CallerRecord
from records.database import Database
from records.durable import DurableCallers
from records.operations import CallerOperations
from records.tables import audit_log, callers, consents, saved_numbers
from records.upkeep import Upkeep
from records.vault import CannotOpen, Vault
from tests.conversation import Clock
from tests.records.conftest import RING
from tests.records.people import LPG_ID, caller

NEW = {2: b"n" * 32}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_BATCH", 2)


@pytest.fixture
def people(operations: CallerOperations) -> None:
    """Five callers, each with a consent and a saved number."""
    for number in range(1, 6):
        operations.give_consent(caller=caller(number=number))
        operations.keep_lpg(LPG_ID, caller=caller(number=number))


def counted(database: Database) -> list[int]:
    with database.read() as connection:
        tables = (callers, consents, saved_numbers)
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def holds(kept: DurableCallers) -> int:
    with kept.database.read(snapshot=True) as connection:
        return kept.audit.verify(connection).seq


def test_rotation_seals_every_data_key_anew_and_the_old_key_can_go(people: None, kept: DurableCallers) -> None:
    both = DurableCallers(kept.database, Vault({**NEW, **RING}), kept.audit, lambda: 0)
    assert both.read(caller(number=3).pseudonym).saved == {"lpg": LPG_ID}
    assert Upkeep(both).rotate(0) == 5
    assert Upkeep(both).rotate(0) == 0
    after = DurableCallers(kept.database, Vault(NEW), kept.audit, lambda: 0)
    for number in range(1, 6):
        assert after.read(caller(number=number).pseudonym).saved == {"lpg": LPG_ID}
    with pytest.raises(CannotOpen):
        kept.read(caller().pseudonym)
    assert holds(kept) == 6


def test_rotation_goes_back_to_a_lower_id_as_well(people: None, kept: DurableCallers) -> None:
    Upkeep(DurableCallers(kept.database, Vault({**NEW, **RING}), kept.audit, lambda: 0)).rotate(0)
    assert Upkeep(DurableCallers(kept.database, Vault({**RING, **NEW}), kept.audit, lambda: 0)).rotate(0) == 5
    assert kept.read(caller().pseudonym).saved == {"lpg": LPG_ID}


def test_a_change_that_rotation_overtook_is_kept(
    people: None, kept: DurableCallers, operations: CallerOperations
) -> None:
    both = DurableCallers(kept.database, Vault({**NEW, **RING}), kept.audit, lambda: 0)
    slow = CallerOperations(both, b"pepper" * 6, lambda: Upkeep(both).rotate(0))
    slow.give_consent(caller=caller(service="pension"))
    assert slow.set_pin(Pin("4071"), Pin("4071"), caller=caller("r7")) == told.Set()
    after = DurableCallers(kept.database, Vault(NEW), kept.audit, lambda: 0)
    record = after.read(caller().pseudonym)
    assert record.pin.startswith("$argon2id$") and "pension" in record.consents


def test_erasing_removes_the_person_and_keeps_the_pseudonym_in_the_log(
    people: None, upkeep: Upkeep, kept: DurableCallers, operations: CallerOperations
) -> None:
    assert upkeep.erase(caller().pseudonym, 7)
    assert counted(kept.database) == [4, 4, 4]
    assert operations.saved_lpg(caller=caller()) == told.NoneSaved()
    assert operations.status_of_consent(caller=caller()) == told.Needed()
    assert not upkeep.erase(caller().pseudonym, 8)
    with kept.database.read() as connection:
        mine = select(audit_log.c.what).where(audit_log.c.pseudonym == caller().pseudonym).order_by(audit_log.c.seq)
        assert connection.execute(mine).scalars().all() == ["consent_given", "erased"]
    assert holds(kept) == 6


def test_who_was_erased_may_come_back_as_somebody_new(
    people: None, upkeep: Upkeep, operations: CallerOperations
) -> None:
    upkeep.erase(caller().pseudonym, 7)
    assert operations.set_pin(Pin("4071"), Pin("4071"), caller=caller()) == told.Set()
    assert operations.check_pin(Pin("4071"), caller=caller("r2")) == told.Right()
    assert operations.saved_lpg(caller=caller()) == told.NoneSaved()


def test_a_change_of_somebody_erased_meanwhile_and_come_anew_is_sealed_with_the_new_key(
    upkeep: Upkeep, kept: DurableCallers, operations: CallerOperations
) -> None:
    operations.keep_lpg(LPG_ID, caller=caller())
    erased: list[bool] = []

    def choose(record: CallerRecord) -> tuple[CallerRecord, None]:
        if not erased:
            erased.append(upkeep.erase(caller().pseudonym, 7))
            operations.keep_lpg(LPG_ID, caller=caller())
        return msgspec.structs.replace(record, pin="hash"), None

    kept.change(caller(), choose)
    assert kept.read(caller().pseudonym).pin == "hash"


def test_a_breach_touched_those_who_were_kept_in_its_window(
    upkeep: Upkeep, operations: CallerOperations, clock: Clock
) -> None:
    begin = clock.at
    for number in (1, 2, 3, 4):
        operations.give_consent(caller=caller(number=number))
        clock.at += 100
    upkeep.erase(caller(number=2).pseudonym, begin + 150)
    upkeep.erase(caller(number=1).pseudonym, begin + 300)
    touched = list(upkeep.touched(begin + 160, begin + 250, clock.at))
    assert [(each.number, each.language, each.channel, each.made_at) for each in touched] == [
        ("+919876543213", "hi", "ussd", begin + 200)
    ]
    assert upkeep.out_of_reach(begin + 160) == 1
    assert "98765" not in repr(touched)
    everybody = {each.number[-1] for each in upkeep.touched(begin, clock.at, clock.at)}
    assert everybody == {"3", "4"}


def test_asking_whom_a_breach_touched_is_in_the_log(upkeep: Upkeep, kept: DurableCallers) -> None:
    assert list(upkeep.touched(1, 2, 3)) == []
    with kept.database.read() as connection:
        row = connection.execute(select(audit_log)).one()
    assert (row.what, row.detail, row.at) == ("breach_listed", "1 2", 3)

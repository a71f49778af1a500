"""What is kept of a caller: consent, PIN, saved numbers, on real databases."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select

from flows.engine.values import Pin
from flows.operations.registry import collect, signature
from records import operations as told
from records.callers import CallerRecord
from records.database import Database
from records.operations import LOCK_SECONDS, CallerOperations
from records.tables import audit_log, metadata
from tests.conversation import Clock
from tests.records.people import LPG_ID, caller


def test_consent_is_needed_until_it_is_given_and_only_for_its_purpose(operations: CallerOperations) -> None:
    assert operations.status_of_consent(caller=caller()) == told.Needed()
    assert operations.give_consent(caller=caller()) == told.Kept()
    assert operations.status_of_consent(caller=caller()) == told.Given()
    assert operations.status_of_consent(caller=caller(service="pension")) == told.Needed()
    assert operations.status_of_consent(caller=caller(number=2)) == told.Needed()


def test_consent_keeps_version_language_channel_and_time(operations: CallerOperations, clock: Clock) -> None:
    operations.give_consent(caller=caller())
    consent = operations.callers.read(caller().pseudonym).consents["lpg_book"]
    assert (consent.version, consent.language, consent.channel, consent.at) == ("1", "hi", "ussd", clock.at)


def test_a_new_version_of_the_notice_asks_everybody_again(
    operations: CallerOperations, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations.give_consent(caller=caller())
    monkeypatch.setattr(told, "NOTICE_VERSION", "2")
    assert operations.status_of_consent(caller=caller()) == told.Needed()


def test_consent_is_withdrawn_as_easily_as_it_is_given_and_only_for_its_purpose(operations: CallerOperations) -> None:
    for service in ("lpg_book", "pension"):
        operations.give_consent(caller=caller(service=service))
    operations.keep_lpg(LPG_ID, caller=caller())
    assert operations.withdraw_consent(caller=caller()) == told.Withdrawn()
    assert operations.status_of_consent(caller=caller()) == told.Needed()
    assert operations.status_of_consent(caller=caller(service="pension")) == told.Given()
    assert operations.saved_lpg(caller=caller()) == told.One(LPG_ID)
    inputs = [signature(collect([operations])[f"consent.{name}"]).parameters for name in ("give", "withdraw")]
    assert inputs[0] == inputs[1]


def test_with_the_last_consent_go_the_saved_numbers(operations: CallerOperations) -> None:
    operations.give_consent(caller=caller())
    operations.keep_lpg(LPG_ID, caller=caller())
    operations.withdraw_consent(caller=caller())
    assert operations.saved_lpg(caller=caller()) == told.NoneSaved()


def test_every_consent_is_withdrawn_at_once(operations: CallerOperations, database: Database) -> None:
    for service in ("lpg_book", "pension"):
        operations.give_consent(caller=caller(service=service))
    operations.keep_lpg(LPG_ID, caller=caller())
    assert operations.withdraw_every_consent(caller=caller(service="my_data")) == told.Withdrawn()
    assert operations.callers.read(caller().pseudonym) == CallerRecord()
    with database.read() as connection:
        rows = select(audit_log.c.what, audit_log.c.detail).order_by(audit_log.c.seq)
        assert [tuple(row) for row in connection.execute(rows).all()][2:] == [
            ("consent_withdrawn", "lpg_book"),
            ("consent_withdrawn", "pension"),
        ]


def test_withdrawing_twice_or_without_a_consent_changes_nothing(
    operations: CallerOperations, database: Database
) -> None:
    assert operations.withdraw_consent(caller=caller()) == told.Withdrawn()
    operations.give_consent(caller=caller())
    for _ in range(2):
        assert operations.withdraw_consent(caller=caller()) == told.Withdrawn()
    with database.read() as connection:
        log = connection.execute(select(audit_log.c.what).order_by(audit_log.c.seq)).scalars().all()
    assert log == ["consent_given", "consent_withdrawn"]


def test_a_consent_that_was_withdrawn_can_be_given_again(operations: CallerOperations) -> None:
    operations.give_consent(caller=caller())
    operations.withdraw_consent(caller=caller())
    operations.give_consent(caller=caller("r2"))
    assert operations.status_of_consent(caller=caller()) == told.Given()


def test_a_pin_is_set_once_and_then_proved(operations: CallerOperations) -> None:
    assert operations.status_of_person(caller=caller()) == told.NoPin()
    assert operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r1")) == told.Set()
    assert operations.status_of_person(caller=caller()) == told.HasPin()
    assert operations.check_pin(Pin("4071"), caller=caller("r2")) == told.Right()
    assert operations.set_pin(Pin("9172"), Pin("9172"), caller=caller("r3")) == told.HasPin()
    assert operations.check_pin(Pin("9172"), caller=caller("r4")) == told.Wrong(left=2)  # type: ignore[arg-type]


def test_the_same_setting_told_twice_is_set_twice_over(operations: CallerOperations) -> None:
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r1"))
    assert operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r1")) == told.Set()


def test_two_pins_that_differ_are_not_set(operations: CallerOperations) -> None:
    assert operations.set_pin(Pin("4071"), Pin("4072"), caller=caller()) == told.Different()
    assert operations.status_of_person(caller=caller()) == told.NoPin()


@pytest.mark.parametrize("pin", ["1111", "1212", "1234", "4321", "987654", "0000", "567890"])
def test_an_easy_pin_is_refused(operations: CallerOperations, pin: str) -> None:
    assert operations.set_pin(Pin(pin), Pin(pin), caller=caller()) == told.TooEasy()


@pytest.mark.parametrize("pin", ["4071", "1231", "121213"])
def test_other_pins_are_taken(operations: CallerOperations, pin: str) -> None:
    assert operations.set_pin(Pin(pin), Pin(pin), caller=caller()) == told.Set()


def test_three_wrong_pins_lock_for_a_day_and_then_no_longer(operations: CallerOperations, clock: Clock) -> None:
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r0"))
    answers = [operations.check_pin(Pin("0000"), caller=caller(f"r{n}")) for n in (1, 2, 3)]
    assert answers == [told.Wrong(left=2), told.Wrong(left=1), told.Locked()]  # type: ignore[arg-type]
    assert operations.status_of_person(caller=caller()) == told.Locked()
    assert operations.check_pin(Pin("4071"), caller=caller("r4")) == told.Locked()
    clock.at += LOCK_SECONDS + 1
    assert operations.check_pin(Pin("4071"), caller=caller("r5")) == told.Right()


def test_the_same_wrong_pin_told_twice_is_one_try(operations: CallerOperations) -> None:
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r0"))
    first = operations.check_pin(Pin("0000"), caller=caller("r1"))
    assert operations.check_pin(Pin("0000"), caller=caller("r1")) == first == told.Wrong(left=2)  # type: ignore[arg-type]


def test_a_right_pin_forgives_the_wrong_ones_before(operations: CallerOperations) -> None:
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller("r0"))
    for request in ("r1", "r2"):
        operations.check_pin(Pin("0000"), caller=caller(request))
    operations.check_pin(Pin("4071"), caller=caller("r3"))
    assert operations.check_pin(Pin("0000"), caller=caller("r4")) == told.Wrong(left=2)  # type: ignore[arg-type]


def test_a_caller_without_a_pin_is_told_to_choose_one(operations: CallerOperations) -> None:
    assert operations.check_pin(Pin("4071"), caller=caller()) == told.NoPin()


def test_a_number_is_kept_for_its_caller_alone(operations: CallerOperations) -> None:
    assert operations.saved_lpg(caller=caller()) == told.NoneSaved()
    assert operations.has_lpg(LPG_ID, caller=caller()) == told.NotKept()
    operations.keep_lpg(LPG_ID, caller=caller())
    assert operations.saved_lpg(caller=caller()) == told.One(LPG_ID)
    assert operations.has_lpg(LPG_ID, caller=caller()) == told.Kept()
    assert operations.saved_lpg(caller=caller(number=2)) == told.NoneSaved()


def test_nothing_is_in_the_clear(operations: CallerOperations, database: Database) -> None:
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller())
    operations.keep_lpg(LPG_ID, caller=caller())
    with database.read() as connection:
        values = [
            value if isinstance(value, bytes) else str(value).encode()
            for table in metadata.sorted_tables
            for row in connection.execute(table.select())
            for value in row
        ]
    assert len(values) > 20
    for value in values:
        assert LPG_ID.encode() not in value and b"argon2" not in value and b"9876543210" not in value


def test_a_change_that_somebody_overtook_is_done_on_what_is_there_now(operations: CallerOperations) -> None:
    callers = operations.callers
    overtaken: list[bool] = []

    def keep(record: CallerRecord) -> tuple[CallerRecord, str]:
        if not overtaken:
            overtaken.append(True)
            operations.keep_lpg(LPG_ID, caller=caller())
        return msgspec.structs.replace(record, wrong=2), "done"

    assert callers.change(caller(), keep) == "done"
    record = callers.read(caller().pseudonym)
    assert (record.wrong, record.saved) == (2, {"lpg": LPG_ID})


def test_a_caller_shows_no_number(operations: CallerOperations) -> None:
    assert "9876543210" not in repr(replace(caller(), request="r9"))

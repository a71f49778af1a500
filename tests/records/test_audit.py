"""The hash chain: whatever is changed in the log is found."""

import pytest
from sqlalchemy import delete, insert, select, update

from records.audit import AuditLog, Broken, Head
from records.database import Database
from records.tables import audit_head, audit_log
from tests.records.conftest import AUDIT_KEY

NOW = 1_795_000_000


@pytest.fixture
def audit() -> AuditLog:
    return AuditLog(AUDIT_KEY)


@pytest.fixture
def written(audit: AuditLog, database: Database) -> Head:
    """Five rows, and the head after the third."""
    known = Head(0, b"")
    for number in range(5):
        with database.write() as connection:
            audit.append(connection, NOW + number, "consent_given", bytes([number]) * 16, f"service{number}")
        if number == 2:
            known = verify(audit, database)
    return known


def verify(audit: AuditLog, database: Database, known: str = "") -> Head:
    with database.read(snapshot=True) as connection:
        return audit.verify(connection, known)


def test_a_log_that_nobody_touched_holds(audit: AuditLog, database: Database, written: Head) -> None:
    assert verify(audit, database, str(written)).seq == 5


def test_an_empty_log_holds(audit: AuditLog, database: Database) -> None:
    assert verify(audit, database).seq == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"at": 1},
        {"what": "pin_set"},
        {"pseudonym": b"x"},
        {"pseudonym": None},
        {"detail": ""},
        {"hash": bytes(32)},
    ],
    ids=lambda changed: next(iter(changed)),
)
@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_changed_row_is_found(
    audit: AuditLog, database: Database, written: Head, seq: int, changed: dict[str, object]
) -> None:
    with database.write() as connection:
        connection.execute(update(audit_log).where(audit_log.c.seq == seq).values(changed))
    with pytest.raises(Broken, match=f"row {seq} "):
        verify(audit, database)


@pytest.mark.parametrize(("seq", "said"), [(1, "row 1 is missing"), (3, "row 3 is missing"), (5, "rows after 4 are")])
def test_a_row_that_was_taken_out_is_found(
    audit: AuditLog, database: Database, written: Head, seq: int, said: str
) -> None:
    with database.write() as connection:
        connection.execute(delete(audit_log).where(audit_log.c.seq == seq))
    with pytest.raises(Broken, match=said):
        verify(audit, database)


def test_a_row_that_somebody_without_the_key_put_in_is_found(
    audit: AuditLog, database: Database, written: Head
) -> None:
    with database.write() as connection:
        AuditLog(b"b" * 32).append(connection, NOW, "erased", bytes(16))
    with pytest.raises(Broken, match="row 6 "):
        verify(audit, database)


def test_an_emptied_log_is_found(audit: AuditLog, database: Database, written: Head) -> None:
    with database.write() as connection:
        connection.execute(delete(audit_log))
    with pytest.raises(Broken, match="rows after 0"):
        verify(audit, database)


def _cut_after(database: Database, seq: int) -> None:
    with database.write() as connection:
        connection.execute(delete(audit_log).where(audit_log.c.seq > seq))
        hashed = connection.execute(select(audit_log.c.hash).where(audit_log.c.seq == seq)).scalar_one()
        connection.execute(update(audit_head).values(seq=seq, hash=hashed))


def test_an_end_that_was_cut_off_shows_against_a_known_head(audit: AuditLog, database: Database, written: Head) -> None:
    _cut_after(database, 2)
    assert verify(audit, database).seq == 2
    with pytest.raises(Broken, match="row 3 is not the one that is known"):
        verify(audit, database, str(written))


def test_what_expired_is_gone_and_the_rest_still_holds(audit: AuditLog, database: Database, written: Head) -> None:
    with database.write() as connection:
        assert audit.expire(connection, NOW + 100, NOW + 2) == 2
    assert verify(audit, database, str(written)).seq == 6
    with database.write() as connection:
        assert audit.expire(connection, NOW + 200, NOW + 150) == 4
    assert verify(audit, database, str(written)).seq == 7
    with database.write() as connection:
        assert audit.expire(connection, NOW + 200, NOW + 150) == 0


def test_a_row_told_at_an_earlier_time_than_the_one_before_it_keeps_what_follows(
    audit: AuditLog, database: Database, written: Head
) -> None:
    with database.write() as connection:
        audit.append(connection, NOW - 100, "erased", bytes(16))
        assert audit.expire(connection, NOW + 100, NOW) == 0
    assert verify(audit, database).seq == 6


def test_an_expiry_that_somebody_made_up_is_found(audit: AuditLog, database: Database, written: Head) -> None:
    with database.write() as connection:
        hashed = connection.execute(select(audit_log.c.hash).where(audit_log.c.seq == 2)).scalar_one()
        connection.execute(delete(audit_log).where(audit_log.c.seq <= 2))
    with pytest.raises(Broken, match="row 2 is missing"):
        verify(audit, database)
    made_up = {"seq": 9, "at": NOW, "what": "audit_expired", "detail": str(Head(2, bytes(hashed))), "hash": bytes(32)}
    with database.write() as connection:
        connection.execute(insert(audit_log).values(made_up))
    with pytest.raises(Broken, match="row 6 is missing"):
        verify(audit, database)

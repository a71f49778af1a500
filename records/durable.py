"""Caller records in the database: read, and changed whole in one transaction when nobody else was quicker."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from flows.operations import Caller
from records.audit import AuditLog
from records.callers import CallerRecord, Consent
from records.database import Database
from records.tables import callers, consents, saved_numbers
from records.vault import DataKey, Vault

_TRIES = 8
T = TypeVar("T")


class Busy(RuntimeError):
    """The record was changed by others again and again while we tried."""


class DurableCallers:
    """Caller records by pseudonym (a keyed hash of the number, 16 bytes). `now` gives Unix seconds.

    Everything here raises what `records.database.AWAY` names when the database is away.
    """

    def __init__(self, database: Database, vault: Vault, audit: AuditLog, now: Callable[[], int]) -> None:
        self.database = database
        self.vault = vault
        self.audit = audit
        self._now = now

    def read(self, pseudonym: bytes) -> CallerRecord:
        """The caller's record, an empty one for whoever is not known."""
        return self._load(pseudonym)[0]

    def change(self, caller: Caller, change: Callable[[CallerRecord], tuple[CallerRecord, T]]) -> T:
        """Change the record; `change` may run again on a fresh record. Raises Busy.

        It runs outside any transaction, because to hash a PIN takes longer than others should wait.
        """
        for _ in range(_TRIES):
            before, row = self._load(caller.pseudonym)
            after, result = change(before)
            if after == before or self._save(caller, before, after, row):
                return result
        raise Busy

    def _load(self, pseudonym: bytes) -> tuple[CallerRecord, RowMapping | None]:
        with self.database.read() as connection:
            row = connection.execute(select(callers).where(callers.c.pseudonym == pseudonym)).mappings().first()
            if row is None:
                return CallerRecord(), None
            mine = select(consents).where(consents.c.pseudonym == pseudonym, consents.c.withdrawn_at.is_(None))
            given = connection.execute(mine.order_by(consents.c.id)).all()
            saved = connection.execute(select(saved_numbers).where(saved_numbers.c.pseudonym == pseudonym)).all()
        key = self._key(row)
        record = CallerRecord(
            {each.purpose: Consent(each.notice, each.language, each.channel, each.given_at) for each in given},
            key.open(row["pin"], place(pseudonym, "pin")) if row["pin"] is not None else "",
            row["wrong"],
            row["locked_until"],
            {each.kind: key.open(each.number, place(pseudonym, "saved", each.kind)) for each in saved},
            (row["last_request"], row["last_told"]),
        )
        return record, row

    def _save(self, caller: Caller, before: CallerRecord, after: CallerRecord, row: RowMapping | None) -> bool:
        """Write what differs, if the record is still the one that was read; False if it is not."""
        now, pseudonym = self._now(), caller.pseudonym
        with self.database.write() as connection:
            if row is None:
                key = self.vault.new(pseudonym)
                if not _inserted(connection, first_columns(caller, key, now) | columns_of(after, caller, key, 1, now)):
                    return False
            else:
                key = self._key(row)
                # The data key too: somebody erased and begun anew has a version that was there before.
                same = callers.c.version == row["version"], callers.c.data_key == row["data_key"]
                changed = columns_of(after, caller, key, row["version"] + 1, now)
                mine = update(callers).where(callers.c.pseudonym == pseudonym, *same)
                if connection.execute(mine.values(changed)).rowcount != 1:
                    return False
            _save_numbers(connection, pseudonym, key, before.saved, after.saved, now)
            _save_consents(connection, pseudonym, before.consents, after.consents, now)
            for what, detail in _told(before, after):
                self.audit.append(connection, now, what, pseudonym, detail)
        return True

    def _key(self, row: RowMapping) -> DataKey:
        return self.vault.open(row["data_key"], row["key_id"], row["pseudonym"])


def place(pseudonym: bytes, column: str, kind: str = "") -> bytes:
    """What a sealed value is bound to: its column, its kind, its caller."""
    return f"{column}:{kind}:".encode() + pseudonym


def first_columns(caller: Caller, key: DataKey, now: int) -> dict[str, Any]:
    """What a caller's row holds from the first moment on, and never changes but by rotation."""
    number = key.seal(caller.msisdn, place(caller.pseudonym, "number"))
    return {
        "pseudonym": caller.pseudonym,
        "data_key": key.sealed,
        "key_id": key.key_id,
        "number": number,
        "made_at": now,
    }


def columns_of(after: CallerRecord, caller: Caller, key: DataKey, version: int, now: int) -> dict[str, Any]:
    """What a caller's row holds after a change."""
    return {
        "language": caller.language,
        "channel": caller.channel,
        "pin": key.seal(after.pin, place(caller.pseudonym, "pin")) if after.pin else None,
        "wrong": after.wrong,
        "locked_until": after.locked_until,
        "last_request": after.last_check[0],
        "last_told": after.last_check[1],
        "version": version,
        "changed_at": now,
    }


def _inserted(connection: Connection, row: dict[str, Any]) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(callers).values(row))
    except IntegrityError:
        return False  # another process met this caller at the same moment
    return True


def _save_numbers(
    connection: Connection,
    pseudonym: bytes,
    key: DataKey,
    before: Mapping[str, str],
    after: Mapping[str, str],
    now: int,
) -> None:
    for kind in {kind for kind in before.keys() | after.keys() if before.get(kind) != after.get(kind)}:
        mine = saved_numbers.c.pseudonym == pseudonym, saved_numbers.c.kind == kind
        connection.execute(delete(saved_numbers).where(*mine))
        if kind in after:
            sealed = key.seal(after[kind], place(pseudonym, "saved", kind))
            values = {"pseudonym": pseudonym, "kind": kind, "number": sealed, "kept_at": now}
            connection.execute(insert(saved_numbers).values(values))


def _save_consents(
    connection: Connection, pseudonym: bytes, before: Mapping[str, Consent], after: Mapping[str, Consent], now: int
) -> None:
    for purpose in before.keys() - after.keys():
        mine = consents.c.pseudonym == pseudonym, consents.c.purpose == purpose, consents.c.withdrawn_at.is_(None)
        connection.execute(update(consents).where(*mine).values(withdrawn_at=now))
    for purpose, consent in after.items():
        if before.get(purpose) != consent:
            values = {
                "pseudonym": pseudonym,
                "purpose": purpose,
                "notice": consent.version,
                "language": consent.language,
                "channel": consent.channel,
                "given_at": consent.at,
            }
            connection.execute(insert(consents).values(values))


def _told(before: CallerRecord, after: CallerRecord) -> list[tuple[str, str]]:
    """What the audit log must hold of a change: what happened, and a detail that names nobody."""
    told = [("consent_withdrawn", purpose) for purpose in sorted(before.consents.keys() - after.consents.keys())]
    told += [
        ("consent_given", f"{purpose} {consent.version} {consent.language} {consent.channel}")
        for purpose, consent in sorted(after.consents.items())
        if before.consents.get(purpose) != consent
    ]
    if after.pin != before.pin:
        told.append(("pin_set", "") if after.pin else ("pin_removed", ""))
    if after.locked_until > before.locked_until:
        told.append(("pin_locked", ""))
    return told

"""Erasing a person: nothing of them is left but the pseudonym in logs, in the database and in Redis."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, Table, insert, select

from flows.engine.values import Count, Pin
from records.database import Database
from records.durable import DurableCallers
from records.fact_tables import (
    call_backs,
    call_records,
    conversations,
    inbox,
    metadata,
    outbox,
    ratings,
    transactions,
    work_items,
)
from records.facts import Came, Facts, Task, WorkItem
from records.operations import CallerOperations
from records.outbox import Done, Outbox
from records.ratings import RatingOperations
from records.tables import audit_log, callers, consents, saved_numbers
from records.upkeep import Upkeep
from records.wishes import Wishes
from tests.conversation import TODAY, Clock
from tests.records.people import LPG_ID, caller, task

NAME = "Savitri Bai"
PLANTED = [b"9876543211", LPG_ID.encode(), NAME.encode(), b"4071"]
STAYS = {"transactions", "ratings", "call_records", "audit_log"}
"""The tables that keep a pseudonym."""


@pytest.fixture
def lived(facts: Facts, operations: CallerOperations, database: Database, clock: Clock) -> None:
    """Two people who used everything; every table that holds anything of a caller has rows of both."""
    for number in (1, 2):
        who = caller(number=number)
        operations.give_consent(caller=who)
        operations.set_pin(Pin("4071"), Pin("4071"), caller=who)
        operations.keep_lpg(LPG_ID, caller=who)
        RatingOperations(database, clock, lambda: TODAY).give(Count(4), caller=who)
        told = Task("sms.send", f"t{number}", {"text": f"{NAME}, call {who.msisdn} about {LPG_ID}"})
        item = WorkItem(f"w{number}", "lpg_book", ("lpg_book.id",), "asked")
        facts.keep(who, [told, item], Came("kannel", f"m{number}"), partial(_more, who.pseudonym))
        with database.write() as connection:
            Wishes(facts).prefer(connection, who, "sms")


def _more(pseudonym: bytes, connection: Connection) -> None:
    name = pseudonym.hex()
    mine = {"pseudonym": pseudonym}
    done = {**mine, "service": "lpg_book", "outcome": "booked", "seconds": 40}
    connection.execute(insert(transactions).values({**done, "key": f"session{name}"}))
    connection.execute(insert(call_records).values({**mine, "provider": "exotel", "provider_id": f"call{name}"}))
    connection.execute(insert(call_backs).values({**mine, "key": f"back{name}", "state": "waiting"}))
    connection.execute(insert(conversations).values({**mine, "record": b"sealed", "version": 1}))


def cells(database: Database) -> list[tuple[str, bytes]]:
    """Every value of every table, with the table's name."""
    with database.read() as connection:
        return [
            (table.name, value if isinstance(value, bytes) else str(value).encode())
            for table in metadata.sorted_tables
            for row in connection.execute(table.select())
            for value in row
        ]


def test_nothing_planted_is_in_the_clear_before_or_after(
    lived: None, upkeep: Upkeep, database: Database, clock: Clock
) -> None:
    for _ in range(2):
        for table, value in cells(database):
            assert not any(planted in value for planted in PLANTED), table
        upkeep.erase(caller().pseudonym, clock.at)


def test_the_pseudonym_of_whoever_was_erased_is_in_logs_and_ratings_alone(
    lived: None, upkeep: Upkeep, database: Database, clock: Clock
) -> None:
    mine = caller().pseudonym
    everywhere = {table for table, value in cells(database) if value == mine}
    assert everywhere - STAYS == {
        "callers", "consents", "saved_numbers", "outbox", "work_items", "call_backs", "conversations",
    }  # fmt: skip
    assert upkeep.erase(mine, clock.at)
    assert {table for table, value in cells(database) if value == mine} == STAYS


OF_CALLERS: list[Table] = [callers, consents, saved_numbers, outbox, work_items, call_backs, conversations]
OF_ALL: list[Table] = [transactions, ratings, call_records, inbox]


def test_others_keep_everything(lived: None, upkeep: Upkeep, database: Database, clock: Clock) -> None:
    upkeep.erase(caller().pseudonym, clock.at)
    other = caller(number=2).pseudonym
    with database.read() as connection:
        for table in OF_CALLERS:
            assert connection.execute(select(table.c.pseudonym)).scalars().all() == [other], table.name
        for table in OF_ALL:
            assert len(connection.execute(select(table)).all()) == 2, table.name


def test_what_is_sealed_of_somebody_erased_opens_with_no_key_that_is_left(
    lived: None, upkeep: Upkeep, database: Database, clock: Clock
) -> None:
    with database.read() as connection:
        mine = select(callers.c.data_key).where(callers.c.pseudonym == caller().pseudonym)
        data_key = connection.execute(mine).scalar_one()
    upkeep.erase(caller().pseudonym, clock.at)
    assert data_key not in {value for _, value in cells(database)}


def test_the_log_holds_after_an_erasure(lived: None, upkeep: Upkeep, kept: DurableCallers, clock: Clock) -> None:
    upkeep.erase(caller().pseudonym, clock.at)
    with kept.database.read(snapshot=True) as connection:
        kept.audit.verify(connection)
        last = connection.execute(select(audit_log.c.what).order_by(audit_log.c.seq.desc()).limit(1)).scalar_one()
    assert last == "erased"


def test_whoever_was_erased_may_come_back_and_nothing_of_before_returns(
    lived: None, upkeep: Upkeep, facts: Facts, database: Database, clock: Clock
) -> None:
    upkeep.erase(caller().pseudonym, clock.at)
    facts.keep(caller(), [Task("sms.send", "t1", {"text": "Welcome."})])
    with database.read() as connection:
        wished = Wishes(facts).of(connection, caller().pseudonym)
        waiting = select(outbox.c.key).where(outbox.c.pseudonym == caller().pseudonym)
        assert connection.execute(waiting).scalars().all() == ["t1"]
    assert wished.prefers == ""


def test_what_is_kept_elsewhere_is_forgotten_too_also_of_somebody_without_a_record(kept: DurableCallers) -> None:
    forgotten: list[bytes] = []
    forget: Callable[[bytes], None] = forgotten.append
    assert Upkeep(kept, forget).erase(caller().pseudonym, 1) is False
    assert forgotten == [caller().pseudonym]


def test_when_redis_is_away_the_record_is_gone_and_erasing_may_be_repeated(
    lived: None, kept: DurableCallers, database: Database, clock: Clock
) -> None:
    def away(pseudonym: bytes) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Upkeep(kept, away).erase(caller().pseudonym, clock.at)
    assert {table for table, value in cells(database) if value == caller().pseudonym} == STAYS
    forgotten: list[bytes] = []
    Upkeep(kept, forgotten.append).erase(caller().pseudonym, clock.at)
    assert forgotten == [caller().pseudonym]


def test_an_erased_caller_s_task_is_nobody_s(
    facts: Facts, box: Outbox, hurried: list[int], kept: DurableCallers, clock: Clock
) -> None:
    facts.keep(caller(), [task()])
    mine = box.claim(hurried[0])
    assert mine is not None
    Upkeep(kept).erase(caller().pseudonym, clock.at)
    assert box.settle(mine, Done(facts=(Task("sms.send", "after", {}),))) == ""
    assert box.claim(hurried[0]) is None


def test_on_sqlite_too_a_number_is_never_given_twice(facts: Facts, kept: DurableCallers, hurried: list[int]) -> None:
    facts.keep(caller(), [task()])
    Upkeep(kept).erase(caller().pseudonym, 1)
    facts.keep(caller(number=2), [task("t2")])
    assert hurried[1] > hurried[0]

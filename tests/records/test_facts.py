"""What is kept in one transaction: once, all of it or nothing."""

import pytest
from sqlalchemy import Connection, Table, func, select

from flows.engine.values import Pin
from records.database import Database
from records.durable import DurableCallers
from records.fact_tables import inbox, outbox, work_items
from records.facts import Came, Facts, Kept, WorkItem
from records.operations import CallerOperations
from records.tables import callers
from records.upkeep import DAY
from tests.conversation import Clock
from tests.records.crowd import together
from tests.records.people import LPG_ID, caller, task

ITEM = WorkItem("w1", "lpg_book", ("lpg_book.id", "lpg_book.confirm"), "asked")
CAME = Came("kannel", "m1")


def rows(database: Database, table: Table) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_task_and_a_work_item_are_kept_with_their_caller(facts: Facts, database: Database, clock: Clock) -> None:
    assert facts.keep(caller(), [task(), ITEM], CAME) == Kept()
    with database.read() as connection:
        kept = connection.execute(select(outbox)).one()
        item = connection.execute(select(work_items)).one()
        known = connection.execute(select(callers)).one()
    assert (kept.pseudonym, kept.kind, kept.state, kept.due_at) == (caller().pseudonym, "sms.send", "waiting", clock.at)
    assert (item.path, item.service, item.language, item.state, item.made_at) == (
        "lpg_book.id\nlpg_book.confirm",
        "lpg_book",
        "hi",
        "waiting",
        clock.at,
    )
    assert (known.pseudonym, known.opted_out, known.blocked) == (caller().pseudonym, False, False)


def test_a_fact_kept_twice_is_there_once(facts: Facts, database: Database, hurried: list[int]) -> None:
    for _ in range(2):
        facts.keep(caller(), [task(), ITEM])
    assert (rows(database, outbox), rows(database, work_items), len(hurried)) == (1, 1, 1)


def test_the_second_webhook_of_one_id_changes_nothing(facts: Facts, database: Database) -> None:
    assert facts.keep(caller(), [task("t1")], CAME) == Kept()
    assert facts.keep(caller(), [task("t2")], CAME) == Kept(repeated=True)
    assert rows(database, outbox) == 1


def test_the_same_id_of_another_provider_is_another_webhook(facts: Facts, database: Database) -> None:
    facts.keep(caller(), [], CAME)
    assert facts.keep(caller(), [], Came("twilio", "m1")) == Kept()
    assert rows(database, inbox) == 2


def test_what_is_written_also_is_in_the_same_transaction(facts: Facts, kept: DurableCallers) -> None:
    def tell(connection: Connection) -> None:
        kept.audit.append(connection, 1, "told", None)

    facts.keep(caller(), [task()], also=tell)
    with kept.database.read(snapshot=True) as connection:
        assert kept.audit.verify(connection).seq == 1


def test_when_something_fails_nothing_is_kept_and_nobody_is_told(
    facts: Facts, database: Database, hurried: list[int]
) -> None:
    def fail(connection: Connection) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        facts.keep(caller(), [task(), ITEM], CAME, fail)
    assert [rows(database, table) for table in (callers, inbox, outbox, work_items)] == [0, 0, 0, 0]
    assert hurried == []
    assert facts.keep(caller(), [task()], CAME) == Kept()


def test_a_queue_that_is_away_does_not_undo_what_is_kept(kept: DurableCallers, clock: Clock) -> None:
    def away(number: int) -> None:
        raise OSError

    facts = Facts(kept.database, kept.vault, kept.audit, clock, away)
    assert facts.keep(caller(), [task()]) == Kept()
    assert rows(kept.database, outbox) == 1


def test_only_a_task_whose_time_has_come_is_hurried(facts: Facts, clock: Clock, hurried: list[int]) -> None:
    facts.keep(caller(), [task("later", due=clock.at + 1), task("now"), task("past", due=clock.at - 1)])
    assert len(hurried) == 2


def test_facts_of_a_caller_who_is_known_change_nothing_about_them(facts: Facts, operations: CallerOperations) -> None:
    operations.keep_lpg(LPG_ID, caller=caller())
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller())
    facts.keep(caller(), [task()])
    record = operations.callers.read(caller().pseudonym)
    assert record.saved == {"lpg": LPG_ID} and record.pin


def test_a_caller_whom_facts_made_can_be_changed_afterwards(facts: Facts, operations: CallerOperations) -> None:
    facts.keep(caller(), [task()])
    operations.keep_lpg(LPG_ID, caller=caller())
    assert operations.callers.read(caller().pseudonym).saved == {"lpg": LPG_ID}


def test_whoever_comes_again_is_not_past_their_time(facts: Facts, database: Database, clock: Clock) -> None:
    facts.keep(caller(), [task("t1")])
    clock.at += 2 * DAY
    facts.keep(caller(), [task("t2")])
    with database.read() as connection:
        assert connection.execute(select(callers.c.changed_at)).scalar_one() == clock.at


def test_one_new_caller_met_by_many_at_once_is_one_row_and_nothing_is_lost(facts: Facts, database: Database) -> None:
    given = together(6, lambda number: facts.keep(caller(), [task(f"t{number}")]))
    assert given == [Kept()] * 6
    assert (rows(database, callers), rows(database, outbox)) == (1, 6)


def test_a_new_caller_met_by_a_turn_and_by_a_fact_at_once_is_one_row(
    facts: Facts, operations: CallerOperations, database: Database
) -> None:
    def come(number: int) -> object:
        if number % 2:
            return facts.keep(caller(), [task(f"t{number}")])
        return operations.give_consent(caller=caller(service=f"service{number}"))

    together(6, come)
    assert set(operations.callers.read(caller().pseudonym).consents) == {"service0", "service2", "service4"}
    assert (rows(database, callers), rows(database, outbox)) == (1, 3)


def test_of_one_webhook_that_comes_many_times_at_once_one_is_taken(facts: Facts, database: Database) -> None:
    given = together(6, lambda number: facts.keep(caller(), [task(f"t{number}")], CAME))
    assert given.count(Kept()) == 1 and given.count(Kept(repeated=True)) == 5
    assert rows(database, outbox) == 1


def test_many_writers_at_once_all_get_their_turn_within_the_patience_of_a_caller(url: str, facts: Facts) -> None:
    database = Database(url, 0.8)
    hasty = Facts(database, facts.vault, facts.audit, facts.now)

    def come(number: int) -> object:
        return [hasty.keep(caller(number=number + 1), [task(f"t{number}.{each}")]) for each in range(12)]

    together(8, come)
    assert rows(database, outbox) == 96
    database.close()


def test_a_task_shows_nothing_of_what_is_in_it() -> None:
    assert "cylinder" not in repr(task())

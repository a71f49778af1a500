"""Retention: what is past its time goes, nothing else does, once a day at a quiet hour, whoever asks."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Table, func, insert, select, update

from flows.engine.values import Pin
from records import retention as keeping
from records.database import Database
from records.durable import DurableCallers
from records.fact_tables import (
    call_backs,
    call_records,
    conversations,
    counted,
    counts,
    daily,
    inbox,
    outbox,
    ratings,
    transactions,
    work_items,
)
from records.facts import Facts
from records.operations import CallerOperations
from records.retention import Periods, Retention
from records.tables import callers, consents, saved_numbers
from records.upkeep import DAY
from records.wishes import Wishes
from tests.conversation import Clock
from tests.records.crowd import lingering, together
from tests.records.people import LPG_ID, caller

INDIA = timezone(timedelta(hours=5, minutes=30))
YEAR = 365 * DAY


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_BATCH", 2)
    monkeypatch.setattr(keeping, "_PEOPLE", 2)


USUAL = Periods()


def retention(kept: DurableCallers, periods: Periods = USUAL) -> Retention:
    return Retention(kept, periods, lambda seconds: None)


def counting(database: Database, *tables: Table) -> list[int]:
    with database.read() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


@pytest.fixture
def people(operations: CallerOperations) -> None:
    """Five callers, each with a consent and a saved number."""
    for number in range(1, 6):
        operations.give_consent(caller=caller(number=number))
        operations.keep_lpg(LPG_ID, caller=caller(number=number))


def test_callers_who_did_nothing_for_long_go_with_all_that_is_theirs(
    people: None, kept: DurableCallers, operations: CallerOperations, clock: Clock
) -> None:
    began = clock.at
    clock.at += 300 * DAY
    operations.set_pin(Pin("4071"), Pin("4071"), caller=caller(number=4))
    assert retention(kept, Periods(callers_days=300)).run(clock.at)["callers"] == 0
    clock.at += 1
    assert retention(kept, Periods(callers_days=300)).run(clock.at)["callers"] == 4
    assert counting(kept.database, callers, consents, saved_numbers) == [1, 1, 1]
    assert retention(kept).run(began + YEAR + 1)["rows of the audit log"] == 5
    with kept.database.read(snapshot=True) as connection:
        assert kept.audit.verify(connection).seq == 5 + 1 + 4 + 1


def test_a_withdrawn_consent_goes_with_the_log(
    operations: CallerOperations, kept: DurableCallers, clock: Clock
) -> None:
    for service in ("lpg_book", "pension"):
        operations.give_consent(caller=caller(service=service))
    operations.withdraw_consent(caller=caller())
    periods = Periods(audit_days=200)
    assert retention(kept, periods).run(clock.at + 200 * DAY)["consents"] == 0
    assert retention(kept, periods).run(clock.at + 200 * DAY + 1)["consents"] == 1
    assert counting(kept.database, consents) == [1]


def test_who_wrote_stop_or_was_blocked_is_not_forgotten(facts: Facts, kept: DurableCallers, clock: Clock) -> None:
    wishes = Wishes(facts)
    for number in (1, 2, 3):
        facts.keep(caller(number=number), [])
    with kept.database.write() as connection:
        wishes.stop(connection, caller(number=1))
        wishes.block(connection, caller(number=2).pseudonym)
    assert retention(kept).run(clock.at + 500 * DAY)["callers"] == 1
    with kept.database.read() as connection:
        assert wishes.of(connection, caller(number=1).pseudonym).opted_out
        assert wishes.of(connection, caller(number=2).pseudonym).blocked


MINE = {"pseudonym": caller().pseudonym}
LOGS: list[tuple[str, Table, str, int, dict[str, object]]] = [
    ("transactions", transactions, "ended_at", YEAR, {"seconds": 1, "key": "{}"}),
    ("ratings", ratings, "given_at", YEAR, {**MINE, "day": "{}", "stars": 1}),
    ("call records", call_records, "began_at", YEAR, {"provider_id": "{}"}),
    ("call-backs", call_backs, "ended_at", YEAR, {**MINE, "key": "{}"}),
    ("work items", work_items, "ended_at", YEAR, {**MINE, "key": "{}", "path": ""}),
    ("tasks", outbox, "ended_at", 30 * DAY, {**MINE, "key": "{}"}),
    ("webhooks", inbox, "came_at", 30 * DAY, {"provider_id": "{}"}),
    ("batches of counts", counted, "at", 30 * DAY, {"batch": "{}"}),
]


@pytest.mark.parametrize(("name", "table", "column", "seconds", "row"), LOGS, ids=[each[0] for each in LOGS])
def test_what_is_past_its_time_goes_and_what_is_not_stays(
    facts: Facts, kept: DurableCallers, clock: Clock, name: str, table: Table, column: str, seconds: int,
    row: dict[str, object],
) -> None:  # fmt: skip
    facts.keep(caller(), [])
    ages = [seconds - 1, seconds, seconds + 1, seconds + 2, seconds + DAY, seconds + 2 * DAY, 0]
    with kept.database.write() as connection:
        for number, age in enumerate(ages):
            values = {key: str(number) if value == "{}" else value for key, value in row.items()}
            connection.execute(insert(table).values({**values, column: clock.at - age}))
    gone = retention(kept).run(clock.at)
    assert {key: count for key, count in gone.items() if count} == {name: 4}
    assert counting(kept.database, table) == [3]


@pytest.mark.parametrize("table", [call_backs, work_items, outbox], ids=lambda table: table.name)
def test_what_has_not_ended_stays(facts: Facts, kept: DurableCallers, clock: Clock, table: Table) -> None:
    facts.keep(caller(), [])
    more = {"path": ""} if table is work_items else {}
    with kept.database.write() as connection:
        connection.execute(insert(table).values({**MINE, **more, "key": "k", "state": "waiting"}))
    retention(kept).run(clock.at + 399 * DAY)
    assert counting(kept.database, table) == [1]


def test_a_conversation_goes_after_a_day_of_silence_and_counts_stay(
    facts: Facts, kept: DurableCallers, clock: Clock
) -> None:
    with kept.database.write() as connection:
        for number in (1, 2):
            facts.known(connection, caller(number=number))
            row = {"pseudonym": caller(number=number).pseudonym, "record": b"", "version": 1}
            connection.execute(insert(conversations).values({**row, "changed_at": clock.at - DAY + 1 - number}))
        named = {"day": "2020-01-01", "what": "dial", "channel": "ussd", "language": "hi", "service": "", "place": ""}
        connection.execute(insert(counts).values({**named, "number": 7}))
    assert retention(kept).run(clock.at)["conversations"] == 1
    assert counting(kept.database, conversations, counts) == [1, 1]


def test_between_batches_others_get_their_turn(people: None, kept: DurableCallers, clock: Clock) -> None:
    rested: list[float] = []
    Retention(kept, Periods(), rested.append).run(clock.at + 500 * DAY)
    assert len(rested) == 2 and min(rested) > 0


def at(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=INDIA).timestamp())


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("2026-11-23T02:10", "2026-11-24T01:59", False),
        ("2026-11-23T02:10", "2026-11-24T02:00", True),
        ("2026-11-23T02:10", "2026-11-24T04:59", True),
        ("2026-11-24T02:10", "2026-11-24T04:59", False),
        ("2026-11-23T02:10", "2026-11-24T05:00", False),  # tonight's was missed: tomorrow's is soon enough
        ("2026-11-23T02:10", "2026-11-25T01:00", True),  # a day was missed
        ("2026-11-22T02:10", "2026-11-24T14:00", True),
        ("2026-11-23T23:00", "2026-11-24T02:30", True),  # by hand, the evening before
        ("2026-11-24T01:00", "2026-11-24T14:00", False),
    ],
)
def test_it_is_due_in_the_quiet_hours_or_when_a_day_was_missed(
    kept: DurableCallers, last: str, now: str, due: bool
) -> None:
    retention(kept).run(at(last))
    assert retention(kept).due(at(now)) is due
    assert (retention(kept).run_if_due(at(now)) is not None) is due
    assert not retention(kept).due(at(now) + 1)


def test_where_it_was_never_done_it_is_due_at_once(kept: DurableCallers) -> None:
    assert retention(kept).due(at("2026-11-24T14:00"))


def test_of_many_sweepers_one_does_it(kept: DurableCallers) -> None:
    now = at("2026-11-24T02:00")
    retention(kept).run(now - DAY)
    with lingering(kept.database, "SELECT daily."):
        ran = together(5, lambda _: retention(kept).run_if_due(now))
    assert sum(gone is not None for gone in ran) == 1


def test_whoever_begins_and_is_killed_is_followed_by_another_after_an_hour(
    kept: DurableCallers, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = at("2026-11-24T02:00")
    killed = retention(kept)
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(killed, "_callers", _fail)
        killed.run_if_due(now)
    assert retention(kept).run_if_due(now + 3599) is None
    assert retention(kept).run_if_due(now + 3600) is not None
    assert not retention(kept).due(now + 3700)


def _fail(now: int) -> int:
    raise RuntimeError


def test_the_day_is_marked_in_one_row(kept: DurableCallers) -> None:
    for _ in range(3):
        retention(kept).run(at("2026-11-24T02:00"))
    assert counting(kept.database, daily) == [1]


def test_a_conversation_that_goes_on_meanwhile_stays(kept: DurableCallers, facts: Facts, clock: Clock) -> None:
    with kept.database.write() as connection:
        facts.known(connection, caller())
        row = {**MINE, "record": b"", "version": 1, "changed_at": clock.at - 2 * DAY}
        connection.execute(insert(conversations).values(row))

    def goes_on(number: int) -> object:
        if number:
            return retention(kept).run(clock.at)["conversations"]
        with kept.database.write() as connection:
            mine = update(conversations).where(conversations.c.pseudonym == caller().pseudonym)
            return connection.execute(mine.values(changed_at=clock.at)).rowcount

    changed, gone = together(2, goes_on)
    assert {changed, gone} == {0, 1}

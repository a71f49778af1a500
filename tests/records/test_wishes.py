"""STOP, START, blocked, the preferred channel: held to, told in the log, kept in the transaction of a webhook."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select

from records.database import Database
from records.fact_tables import outbox
from records.facts import Came, Facts, Kept, Task
from records.operations import CallerOperations
from records.outbox import Outbox
from records.tables import audit_log, callers
from records.wishes import Wished, Wishes
from tests.conversation import Clock
from tests.records.people import LPG_ID, caller, task


@pytest.fixture
def wishes(facts: Facts) -> Wishes:
    return Wishes(facts)


Say = Callable[[Callable[[Connection], object]], object]


@pytest.fixture
def say(database: Database) -> Say:
    """Does something in a transaction of its own."""

    def do(what: Callable[[Connection], object]) -> object:
        with database.write() as connection:
            return what(connection)

    return do


def log(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        return [(row.what, row.detail) for row in connection.execute(select(audit_log).order_by(audit_log.c.seq)).all()]


def wished(wishes: Wishes) -> Wished:
    with wishes.facts.database.read() as connection:
        return wishes.of(connection, caller().pseudonym)


def test_nobody_wished_anything_before_they_said_so(wishes: Wishes, facts: Facts) -> None:
    assert wished(wishes) == Wished()
    facts.keep(caller(), [task()])
    assert wished(wishes) == Wished()


def test_stop_is_kept_for_a_number_that_is_not_known_yet(wishes: Wishes, say: Say, facts: Facts) -> None:
    assert say(lambda connection: wishes.stop(connection, caller())) is True
    assert wished(wishes) == Wished(opted_out=True)
    assert facts.keep(caller(), [task(unasked=True)]) == Kept(stopped=True)


def test_stop_comes_in_the_transaction_of_its_webhook_and_its_answer_is_still_sent(
    wishes: Wishes, facts: Facts, box: Outbox, hurried: list[int]
) -> None:
    came = Came("kannel", "m1")
    for _ in range(2):
        facts.keep(caller(), [task("stopped")], came, lambda connection: _stop(wishes, connection))
    assert len(hurried) == 1
    answer = box.claim(hurried[0])
    assert answer is not None
    assert (answer.wanted, answer.unasked, answer.blocked) == (False, False, False)
    assert log(facts.database) == [("stopped", "")]


def _stop(wishes: Wishes, connection: Connection) -> None:
    wishes.stop(connection, caller())


def test_a_stop_whose_webhook_fails_is_not_kept(wishes: Wishes, facts: Facts) -> None:
    def fail(connection: Connection) -> None:
        wishes.stop(connection, caller())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        facts.keep(caller(), [], also=fail)
    assert wished(wishes) == Wished()


def test_after_stop_nothing_unasked_is_kept_and_what_is_asked_is(
    wishes: Wishes, say: Say, facts: Facts, database: Database
) -> None:
    say(lambda connection: wishes.stop(connection, caller()))
    facts.keep(caller(), [task("unasked", unasked=True), task("asked")])
    facts.keep(caller(number=2), [task("somebody else's", unasked=True)])
    with database.read() as connection:
        assert connection.execute(select(outbox.c.key).order_by(outbox.c.id)).scalars().all() == [
            "asked",
            "somebody else's",
        ]


def test_stop_ends_what_waits_unasked_and_what_was_in_it_is_gone(
    wishes: Wishes, say: Say, facts: Facts, database: Database, clock: Clock
) -> None:
    facts.keep(caller(), [task("unasked", unasked=True), task("asked")])
    facts.keep(caller(number=2), [task("somebody else's", unasked=True)])
    say(lambda connection: wishes.stop(connection, caller()))
    with database.read() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).all()
    assert [(row.state, row.reason, row.held is None, row.ended_at) for row in rows] == [
        ("done", "stopped", True, clock.at),
        ("waiting", "", False, 0),
        ("waiting", "", False, 0),
    ]


def test_an_unasked_task_that_is_tried_again_is_not_wanted_after_stop(
    wishes: Wishes, say: Say, facts: Facts, box: Outbox, hurried: list[int], clock: Clock
) -> None:
    facts.keep(caller(), [task(unasked=True)])
    assert box.claim(hurried[0]) is not None
    say(lambda connection: wishes.stop(connection, caller()))
    clock.at += 30
    again = box.claim(hurried[0])
    assert again is not None
    assert (again.wanted, again.unasked) == (False, True)


def test_start_takes_a_stop_back(wishes: Wishes, say: Say, facts: Facts) -> None:
    say(lambda connection: wishes.stop(connection, caller()))
    assert say(lambda connection: wishes.start(connection, caller())) is True
    assert facts.keep(caller(), [task(unasked=True)]) == Kept(stopped=False)


def test_what_is_said_again_changes_nothing_and_is_told_once(wishes: Wishes, say: Say, database: Database) -> None:
    assert say(lambda connection: wishes.start(connection, caller())) is False
    assert [say(lambda connection: wishes.stop(connection, caller())) for _ in range(2)] == [True, False]
    assert [say(lambda connection: wishes.prefer(connection, caller(), "ivr")) for _ in range(2)] == [True, False]
    assert [say(lambda connection: wishes.start(connection, caller())) for _ in range(2)] == [True, False]
    assert log(database) == [("stopped", ""), ("prefers", "ivr"), ("started", "")]
    assert wished(wishes) == Wished(prefers="ivr")


def test_a_supervisor_blocks_and_unblocks(
    wishes: Wishes, say: Say, facts: Facts, box: Outbox, hurried: list[int], database: Database
) -> None:
    facts.keep(caller(), [task("asked"), task("unasked", unasked=True)])
    assert say(lambda connection: wishes.block(connection, caller().pseudonym)) is True
    asked = box.claim(hurried[0])
    assert asked is not None
    assert (asked.wanted, asked.blocked) == (False, True)
    assert box.claim(hurried[1]) is None
    assert facts.keep(caller(), [task("more", unasked=True)]).stopped
    assert say(lambda connection: wishes.unblock(connection, caller().pseudonym)) is True
    assert not facts.keep(caller(), [task("more", unasked=True)]).stopped
    assert log(database) == [("blocked", ""), ("unblocked", "")]


def test_nobody_blocks_somebody_who_is_not_known(wishes: Wishes, say: Say, database: Database) -> None:
    assert say(lambda connection: wishes.block(connection, caller().pseudonym)) is False
    assert log(database) == []


def test_block_and_stop_are_two_things(wishes: Wishes, say: Say) -> None:
    say(lambda connection: wishes.stop(connection, caller()))
    say(lambda connection: wishes.block(connection, caller().pseudonym))
    say(lambda connection: wishes.start(connection, caller()))
    assert wished(wishes) == Wished(blocked=True)


def test_a_change_of_the_record_takes_no_wish_back(
    wishes: Wishes, say: Say, operations: CallerOperations, database: Database
) -> None:
    say(lambda connection: wishes.stop(connection, caller()))
    say(lambda connection: wishes.prefer(connection, caller(), "sms"))
    operations.keep_lpg(LPG_ID, caller=caller())
    operations.give_consent(caller=caller())
    assert wished(wishes) == Wished(opted_out=True, prefers="sms")
    with database.read() as connection:
        assert connection.execute(select(callers.c.version)).scalar_one() == 3


def test_a_task_of_another_kind_is_unasked_only_when_it_says_so() -> None:
    assert Task("sms.send", "t1", {}).unasked is False

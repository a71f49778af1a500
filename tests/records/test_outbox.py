"""Promised work: claimed by one, settled by its owner alone, tried again, ended."""

import pytest
from sqlalchemy import Connection, select

from records import outbox as boxes
from records.database import Database
from records.durable import DurableCallers
from records.fact_tables import outbox
from records.facts import Facts
from records.outbox import LEASE, Claimed, Dead, Done, Later, Outbox
from records.upkeep import Upkeep
from records.vault import Vault
from tests.conversation import Clock
from tests.records.conftest import RING, Hands
from tests.records.people import caller, task


def state(database: Database, key: str = "t1") -> str:
    with database.read() as connection:
        return str(connection.execute(select(outbox.c.state).where(outbox.c.key == key)).scalar_one())


def column(database: Database, name: str) -> object:
    with database.read() as connection:
        return connection.execute(select(outbox.c[name])).scalar_one()


@pytest.fixture
def number(facts: Facts, hurried: list[int]) -> int:
    """A task that waits."""
    facts.keep(caller(), [task()])
    return hurried[0]


def claimed(box: Outbox, number: int) -> Claimed:
    task = box.claim(number)
    assert task is not None
    return task


def test_a_task_arrives_as_it_was_kept(box: Outbox, number: int, clock: Clock) -> None:
    clock.at += 3
    task = claimed(box, number)
    assert task.held == {"text": "Your cylinder is booked."}
    assert (task.kind, task.key, task.tries, task.made_at) == ("sms.send", "t1", 1, clock.at - 3)
    assert (task.caller.msisdn, task.caller.language, task.caller.channel) == ("+919876543211", "hi", "ussd")
    assert (task.unsure, task.wanted, task.unasked, task.blocked) == (False, True, False, False)
    assert "cylinder" not in repr(task) and "98765" not in repr(task)


def test_what_is_done_is_done_once_and_what_was_in_it_is_gone(
    box: Outbox, number: int, hands: Hands, database: Database
) -> None:
    assert box.deliver(number) == "done"
    assert box.deliver(number) == ""
    assert len(hands.seen) == 1
    assert (column(database, "held"), column(database, "ref")) == (None, "ref1")


def test_a_task_is_not_done_before_its_time(facts: Facts, box: Outbox, clock: Clock, database: Database) -> None:
    facts.keep(caller(), [task(due=clock.at + 60)])
    with database.read() as connection:
        number = connection.execute(select(outbox.c.id)).scalar_one()
    clock.at += 59
    assert box.deliver(number) == ""
    clock.at += 1
    assert box.deliver(number) == "done"


def test_a_claimed_task_is_not_claimed_again_while_the_lease_lasts(box: Outbox, number: int, clock: Clock) -> None:
    claimed(box, number)
    clock.at += LEASE - 1
    assert box.claim(number) is None


def test_a_lease_that_ran_out_is_claimed_with_an_unsure_end(box: Outbox, number: int, clock: Clock) -> None:
    claimed(box, number)
    clock.at += LEASE
    again = claimed(box, number)
    assert (again.unsure, again.tries) == (True, 2)


def test_whoever_lost_the_lease_cannot_settle(box: Outbox, number: int, clock: Clock, database: Database) -> None:
    first = claimed(box, number)
    clock.at += LEASE
    second = claimed(box, number)
    assert box.settle(first, Dead("late")) == ""
    assert state(database) == "working"
    assert box.settle(second, Done()) == "done"
    assert box.settle(first, Later("late")) == ""
    assert state(database) == "done"


def test_nothing_follows_from_what_was_settled_without_the_lease(
    box: Outbox, number: int, clock: Clock, database: Database
) -> None:
    first = claimed(box, number)
    clock.at += LEASE
    claimed(box, number)
    box.settle(first, Done(facts=(task("after"),)))
    with database.read() as connection:
        assert connection.execute(select(outbox.c.key)).scalars().all() == ["t1"]


def test_what_follows_is_kept_in_the_same_transaction(
    box: Outbox, number: int, hands: Hands, database: Database, hurried: list[int]
) -> None:
    hands.results = [Done(facts=(task("after"),))]
    assert box.deliver(number) == "done"
    assert state(database, "after") == "waiting"
    assert len(hurried) == 2


def test_when_what_follows_fails_the_task_is_not_done(box: Outbox, number: int, database: Database) -> None:
    def fail(connection: Connection) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        box.settle(claimed(box, number), Done(facts=(task("after"),), also=fail))
    assert state(database) == "working"


def test_pauses_double_to_a_limit(facts: Facts, number: int, clock: Clock, database: Database) -> None:
    box = Outbox(facts, {"sms.send": lambda task: Later("busy")}, lambda: 1.0, tries=12)
    pauses = []
    for _ in range(11):
        assert box.deliver(number) == "waiting"
        due = column(database, "due_at")
        assert isinstance(due, int)
        pauses.append(due - clock.at)
        clock.at = due
    assert pauses == [4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


@pytest.mark.parametrize(("chance", "pause"), [(0.0, 2), (0.5, 3), (1.0, 4)])
def test_pauses_are_spread(
    facts: Facts, number: int, clock: Clock, database: Database, chance: float, pause: int
) -> None:
    Outbox(facts, {"sms.send": lambda task: Later("busy")}, lambda: chance).deliver(number)
    assert column(database, "due_at") == clock.at + pause


def test_a_pause_may_be_named(box: Outbox, number: int, hands: Hands, clock: Clock, database: Database) -> None:
    hands.results = [Later("closed", seconds=3600)]
    box.deliver(number)
    assert column(database, "due_at") == clock.at + 3600


def test_after_so_many_tries_it_is_dead_and_keeps_what_was_in_it(
    facts: Facts, number: int, clock: Clock, database: Database
) -> None:
    box = Outbox(facts, {"sms.send": lambda task: Later("busy")}, lambda: 1.0, tries=3)
    states = []
    for _ in range(4):
        states.append(box.deliver(number))
        clock.at += 900
    assert states == ["waiting", "waiting", "dead", ""]
    assert column(database, "held") and column(database, "reason") == "busy"


def test_a_task_that_kills_whoever_does_it_is_dead_in_time(
    facts: Facts, number: int, clock: Clock, database: Database
) -> None:
    box = Outbox(facts, {}, lambda: 1.0, tries=3)
    for _ in range(3):
        claimed(box, number)
        clock.at += LEASE
    assert box.claim(number) is None
    assert (state(database), column(database, "reason"), column(database, "tries")) == ("dead", "lost", 3)


def test_what_cannot_be_done_is_dead_at_once(box: Outbox, number: int, hands: Hands, database: Database) -> None:
    hands.results = [Dead("no such number")]
    assert box.deliver(number) == "dead"
    assert column(database, "held") is not None


def test_a_fault_is_an_unsure_try_and_says_only_what_it_was(
    facts: Facts, number: int, clock: Clock, database: Database
) -> None:
    def fall(task: Claimed) -> Done:
        raise ValueError(task.held["text"])

    assert Outbox(facts, {"sms.send": fall}, lambda: 1.0).deliver(number) == "waiting"
    assert (column(database, "reason"), column(database, "unsure")) == ("fault_ValueError", True)


def test_a_task_of_a_kind_that_nobody_does_is_tried_again(facts: Facts, number: int) -> None:
    assert Outbox(facts, {}, lambda: 1.0).deliver(number) == "waiting"


def test_a_sure_failure_after_an_unsure_one_stays_unsure(box: Outbox, number: int, hands: Hands, clock: Clock) -> None:
    hands.results = [Later("timeout", unsure=True), Later("refused")]
    for _ in range(3):
        box.deliver(number)
        clock.at += 900
    assert [task.unsure for task in hands.seen] == [False, True, True]


def test_a_task_opens_after_the_keys_were_rotated(
    facts: Facts, number: int, kept: DurableCallers, clock: Clock
) -> None:
    new = {2: b"n" * 32}
    both = DurableCallers(kept.database, Vault({**new, **RING}), kept.audit, clock)
    assert Upkeep(both).rotate(clock.at) == 1
    after = Facts(kept.database, Vault(new), kept.audit, clock)
    assert claimed(Outbox(after, {}, lambda: 1.0), number).held["text"] == "Your cylinder is booked."


def test_a_task_that_does_not_open_is_not_done_and_dies_in_time(
    kept: DurableCallers, number: int, clock: Clock, hands: Hands, database: Database
) -> None:
    stranger = Facts(kept.database, Vault({1: b"x" * 32}), kept.audit, clock)
    box = Outbox(stranger, {"sms.send": hands}, lambda: 1.0, tries=2)
    for _ in range(3):
        assert box.deliver(number) == ""
        clock.at += LEASE
    assert (state(database), hands.seen) == ("dead", [])


def test_nothing_of_a_task_is_in_the_clear(number: int, database: Database) -> None:
    with database.read() as connection:
        (row,) = connection.execute(select(outbox)).all()
    for value in row:
        assert b"cylinder" not in (value if isinstance(value, bytes) else str(value).encode())


def test_a_job_is_done_by_the_outbox_of_its_process(
    box: Outbox, number: int, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boxes, "_of_process", None)
    with pytest.raises(LookupError):
        boxes.deliver(str(number))
    boxes.install(box)
    boxes.deliver(str(number))
    assert [task.number for task in hands.seen] == [number]


def test_the_claimed_task_is_marked_with_when_it_was_tried(box: Outbox, number: int, clock: Clock) -> None:
    clock.at += 7
    claimed(box, number)
    assert column(box.facts.database, "tried_at") == clock.at

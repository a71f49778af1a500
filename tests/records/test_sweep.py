"""The sweeper: what was lost is handed over within 15 s, what is dead can be seen and replayed."""

from dataclasses import fields

import pytest
from sqlalchemy import select

from records.database import Database
from records.fact_tables import outbox
from records.facts import Facts
from records.outbox import LEASE, Claimed, Dead, Done, Later, Outbox
from records.sweep import OVERDUE, DeadTask, Sweeper
from tests.conversation import Clock
from tests.records.conftest import Hands
from tests.records.people import caller, task

EVERY = 5
"""Seconds between two sweeps, at most."""
PROMISED = 15


def states(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(outbox.c.state).order_by(outbox.c.id)).scalars())


@pytest.mark.parametrize("began", range(EVERY))
def test_a_task_of_which_nobody_was_told_is_handed_over_within_15_seconds(
    facts: Facts, sweeper: Sweeper, handed: list[int], hurried: list[int], clock: Clock, began: int
) -> None:
    facts.keep(caller(), [task()])
    kept = clock.at
    clock.at += began
    while not handed:
        sweeper.sweep()
        clock.at += EVERY
    assert handed == hurried
    assert clock.at - EVERY - kept <= PROMISED


def test_a_task_that_was_just_told_of_is_left_to_the_queue(facts: Facts, sweeper: Sweeper, clock: Clock) -> None:
    facts.keep(caller(), [task()])
    clock.at += OVERDUE - 1
    assert sweeper.sweep() == 0


def test_what_was_handed_over_and_lost_is_handed_over_again(
    facts: Facts, sweeper: Sweeper, handed: list[int], clock: Clock
) -> None:
    facts.keep(caller(), [task()])
    for seconds in (OVERDUE, OVERDUE - 1, 1):
        clock.at += seconds
        sweeper.sweep()
    assert len(handed) == 2


def test_a_task_whose_owner_was_killed_is_handed_over_when_its_lease_ran_out(
    facts: Facts, box: Outbox, sweeper: Sweeper, handed: list[int], hurried: list[int], clock: Clock
) -> None:
    facts.keep(caller(), [task()])
    box.claim(hurried[0])
    clock.at += LEASE - 1
    assert sweeper.sweep() == 0
    clock.at += 1
    assert sweeper.sweep() == 1


def test_a_task_is_not_handed_over_before_its_time(facts: Facts, sweeper: Sweeper, clock: Clock) -> None:
    facts.keep(caller(), [task(due=clock.at + 60)])
    clock.at += 59
    assert sweeper.sweep() == 0
    clock.at += 1
    assert sweeper.sweep() == 1


def test_a_task_to_be_tried_again_is_handed_over_when_its_pause_is_over(
    facts: Facts, box: Outbox, sweeper: Sweeper, hands: Hands, hurried: list[int], clock: Clock
) -> None:
    hands.results = [Later("busy", seconds=40)]
    facts.keep(caller(), [task()])
    box.deliver(hurried[0])
    clock.at += 39
    assert sweeper.sweep() == 0
    clock.at += 1
    assert sweeper.sweep() == 1


def test_of_a_lane_the_first_alone_is_handed_over(
    facts: Facts, sweeper: Sweeper, handed: list[int], hurried: list[int], clock: Clock
) -> None:
    facts.keep(caller(), [task(f"t{each}", lane="to1") for each in range(3)])
    clock.at += OVERDUE
    sweeper.sweep()
    assert handed == hurried[:1]


def test_a_replayed_task_is_not_handed_over_beside_a_younger_one_of_its_lane(
    facts: Facts, box: Outbox, sweeper: Sweeper, hands: Hands, hurried: list[int], clock: Clock
) -> None:
    facts.keep(caller(), [task(f"t{each}", lane="to1") for each in range(2)])
    hands.results = [Dead("closed")]
    box.deliver(hurried[0])
    second = box.claim(hurried[1])
    assert second is not None
    sweeper.replay([hurried[0]])
    assert sweeper.sweep() == 0
    box.settle(second, Done())
    assert sweeper.sweep() == 1


def test_what_is_replayed_is_handed_over_at_the_next_sweep(
    facts: Facts, box: Outbox, sweeper: Sweeper, hands: Hands, handed: list[int], hurried: list[int]
) -> None:
    facts.keep(caller(), [task()])
    hands.results = [Dead("closed")]
    box.deliver(hurried[0])
    sweeper.replay(hurried)
    sweeper.sweep()
    assert handed == hurried


def test_what_is_done_or_dead_is_left_alone(
    facts: Facts, box: Outbox, sweeper: Sweeper, hands: Hands, hurried: list[int], clock: Clock
) -> None:
    hands.results = [Dead("closed")]
    facts.keep(caller(), [task("t1"), task("t2")])
    assert [box.deliver(number) for number in hurried] == ["dead", "done"]
    clock.at += 900
    assert sweeper.sweep() == 0


def test_where_the_queue_is_away_the_sweeper_does_the_work(
    facts: Facts, box: Outbox, hands: Hands, clock: Clock, database: Database
) -> None:
    facts.keep(caller(), [task(f"t{each}") for each in range(3)])
    clock.at += OVERDUE
    asked: list[int] = []

    def refuse_after_one(number: int) -> bool:
        asked.append(number)
        return len(asked) == 1

    assert Sweeper(box, refuse_after_one).sweep() == 3
    assert states(database) == ["waiting", "done", "done"]
    assert len(asked) == 2


def test_one_task_that_does_not_open_does_not_stop_the_others(
    facts: Facts, box: Outbox, clock: Clock, database: Database
) -> None:
    facts.keep(caller(), [task("t1")])
    facts.keep(caller(number=2), [task("t2")])
    with database.write() as connection:
        connection.execute(outbox.update().where(outbox.c.key == "t1").values(held=b"changed" * 9))
    clock.at += OVERDUE
    Sweeper(box, lambda number: False).sweep()
    assert states(database) == ["working", "done"]


def test_what_waits_and_what_is_dead_is_counted(
    facts: Facts, box: Outbox, sweeper: Sweeper, hands: Hands, hurried: list[int]
) -> None:
    assert sweeper.waiting() == (0, 0)
    facts.keep(caller(), [task(f"t{each}") for each in range(4)])
    hands.results = [Dead("closed")]
    box.deliver(hurried[0])
    box.deliver(hurried[1])
    box.claim(hurried[2])
    assert sweeper.waiting() == (2, 1)


def test_what_is_dead_is_listed_with_nothing_personal(
    facts: Facts, box: Outbox, sweeper: Sweeper, hands: Hands, hurried: list[int], clock: Clock
) -> None:
    facts.keep(caller(), [task()])
    made = clock.at
    clock.at += 9
    hands.results = [Dead("no such number")]
    box.deliver(hurried[0])
    assert sweeper.dead() == [DeadTask(hurried[0], "sms.send", "no such number", 1, made, made + 9)]
    assert {field.name for field in fields(DeadTask)} == {"number", "kind", "reason", "tries", "made_at", "ended_at"}


def test_a_replayed_task_is_tried_anew_with_all_its_tries(
    facts: Facts, sweeper: Sweeper, handed: list[int], hurried: list[int], clock: Clock
) -> None:
    seen: list[Claimed] = []

    def fall(task: Claimed) -> Later:
        seen.append(task)
        return Later("busy")

    box = Outbox(facts, {"sms.send": fall}, lambda: 1.0, tries=2)
    facts.keep(caller(), [task()])
    for expected in ("waiting", "dead"):
        assert box.deliver(hurried[0]) == expected
        clock.at += 900
    assert sweeper.replay(hurried) == 1
    sweeper.sweep()
    assert handed == hurried
    assert box.deliver(hurried[0]) == "waiting"
    assert [each.tries for each in seen] == [1, 2, 1]
    assert seen[-1].held == {"text": "Your cylinder is booked."}


def test_replay_without_numbers_takes_all_that_are_dead_and_nothing_else(
    facts: Facts, box: Outbox, sweeper: Sweeper, hands: Hands, hurried: list[int], database: Database
) -> None:
    facts.keep(caller(), [task(f"t{each}") for each in range(4)])
    hands.results = [Dead("closed"), Dead("closed")]
    for number in hurried[:3]:
        box.deliver(number)
    assert sweeper.replay([hurried[2], hurried[3]]) == 0
    assert sweeper.replay([]) == 2
    assert states(database) == ["waiting", "waiting", "done", "waiting"]

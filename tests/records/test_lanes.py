"""Tasks of one lane go one after another, and what a provider reports ends a task that nobody is sure of."""

import pytest
from sqlalchemy import select

from records.database import Database
from records.fact_tables import outbox
from records.facts import Facts
from records.outbox import LEASE, Claimed, Dead, Done, Later, Outbox
from records.sweep import Sweeper
from tests.conversation import Clock
from tests.records.conftest import Hands
from tests.records.people import caller, task


@pytest.fixture
def lane(facts: Facts, hurried: list[int]) -> list[int]:
    """Three tasks of one lane, in the order in which they were kept."""
    facts.keep(caller(), [task(f"t{number}", lane="to1") for number in range(3)])
    kept = hurried.copy()
    hurried.clear()
    return kept


def claimed(box: Outbox, number: int) -> Claimed:
    task = box.claim(number)
    assert task is not None
    return task


def states(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(outbox.c.state).order_by(outbox.c.id)).scalars())


def test_a_lane_goes_in_order_and_each_end_hurries_the_next(box: Outbox, lane: list[int], hurried: list[int]) -> None:
    first, second, third = lane
    assert [box.deliver(number) for number in (third, second, first)] == ["", "", "done"]
    assert hurried == [second]
    assert [box.deliver(number) for number in (third, second, third)] == ["", "done", "done"]
    assert hurried == [second, third]


def test_a_task_in_hand_holds_its_lane(box: Outbox, lane: list[int]) -> None:
    claimed(box, lane[0])
    assert box.claim(lane[1]) is None


def test_a_task_that_is_tried_again_later_holds_its_lane(box: Outbox, lane: list[int], hands: Hands) -> None:
    hands.results = [Later("busy")]
    assert [box.deliver(number) for number in lane] == ["waiting", "", ""]


def test_a_dead_task_does_not_stop_its_lane(
    box: Outbox, lane: list[int], hands: Hands, hurried: list[int], database: Database
) -> None:
    hands.results = [Dead("no such number")]
    assert [box.deliver(number) for number in lane] == ["dead", "done", "done"]
    assert hurried == lane[1:]


def test_a_task_whose_owners_were_all_lost_does_not_stop_its_lane(
    facts: Facts, lane: list[int], clock: Clock, hurried: list[int]
) -> None:
    box = Outbox(facts, {}, lambda: 1.0, tries=1)
    claimed(box, lane[0])
    clock.at += LEASE
    assert box.claim(lane[0]) is None
    assert hurried == [lane[1]]
    assert claimed(box, lane[1]).key == "t1"


def test_other_lanes_and_tasks_of_none_go_on(facts: Facts, box: Outbox, lane: list[int], hurried: list[int]) -> None:
    claimed(box, lane[0])
    facts.keep(caller(), [task("other", lane="to2"), task("none"), task("none as well")])
    assert [claimed(box, number).key for number in hurried] == ["other", "none", "none as well"]


def test_a_replayed_task_waits_for_the_one_of_its_lane_that_is_at_work(
    box: Outbox, lane: list[int], hands: Hands, sweeper: Sweeper
) -> None:
    hands.results = [Dead("closed")]
    box.deliver(lane[0])
    second = claimed(box, lane[1])
    sweeper.replay([lane[0]])
    assert box.claim(lane[0]) is None
    box.settle(second, Done())
    assert [box.deliver(number) for number in (lane[2], lane[0], lane[2])] == ["", "done", "done"]


def test_a_lost_task_is_taken_up_though_an_older_one_was_replayed(
    box: Outbox, lane: list[int], hands: Hands, sweeper: Sweeper, clock: Clock
) -> None:
    hands.results = [Dead("closed")]
    box.deliver(lane[0])
    claimed(box, lane[1])
    sweeper.replay([lane[0]])
    clock.at += LEASE
    assert [box.deliver(number) for number in (lane[0], lane[1], lane[0])] == ["", "done", "done"]


@pytest.fixture
def number(facts: Facts, hurried: list[int]) -> int:
    facts.keep(caller(), [task()])
    return hurried.pop()


def row(database: Database) -> tuple[str, str, str, bool]:
    """State, delivery, the provider's name for it, and whether what was in it is there still."""
    with database.read() as connection:
        found = connection.execute(select(outbox).order_by(outbox.c.id)).first()
    assert found is not None
    return found.state, found.delivery, found.ref, found.held is not None


def test_a_report_ends_a_task_that_nobody_is_sure_of(
    box: Outbox, number: int, hands: Hands, clock: Clock, database: Database
) -> None:
    hands.results = [Later("timeout", unsure=True)]
    box.deliver(number)
    assert box.confirm(number, "sent", "p1")
    assert row(database) == ("done", "sent", "p1", False)
    clock.at += 900
    assert box.deliver(number) == ""


def test_a_report_of_a_failure_leaves_it_to_be_tried_again(
    box: Outbox, number: int, hands: Hands, clock: Clock, database: Database
) -> None:
    hands.results = [Later("timeout", unsure=True)]
    box.deliver(number)
    box.confirm(number, "failed")
    assert row(database) == ("waiting", "failed", "", True)
    clock.at += 900
    assert box.deliver(number) == "done"


def test_a_report_does_not_end_a_task_that_was_not_sent(box: Outbox, number: int, database: Database) -> None:
    box.confirm(number, "sent")
    assert row(database)[0] == "waiting"


@pytest.mark.parametrize("said", ["failed", "sent"])
def test_a_later_report_never_takes_back_that_it_was_delivered(
    box: Outbox, number: int, database: Database, said: str
) -> None:
    box.deliver(number)
    box.confirm(number, "sent")
    box.confirm(number, "delivered")
    box.confirm(number, said)
    assert row(database) == ("done", "delivered", "ref1", False)


def test_a_report_on_a_task_that_is_not_there_is_told(box: Outbox, number: int) -> None:
    assert not box.confirm(number + 1, "delivered")


def test_a_report_that_is_quicker_than_an_unsure_end_ends_the_task(
    box: Outbox, number: int, database: Database
) -> None:
    task = claimed(box, number)
    box.confirm(number, "delivered")
    assert row(database)[0] == "working"
    assert box.settle(task, Later("timeout", unsure=True)) == "done"
    assert row(database) == ("done", "delivered", "", False)


def test_a_report_on_a_task_whose_owner_was_lost_ends_it(
    box: Outbox, number: int, clock: Clock, database: Database
) -> None:
    claimed(box, number)
    box.confirm(number, "delivered")
    clock.at += LEASE
    assert box.claim(number) is None
    assert row(database)[0] == "done"


def test_a_report_brings_back_a_task_that_died_unsure(
    facts: Facts, number: int, clock: Clock, database: Database
) -> None:
    box = Outbox(facts, {"sms.send": lambda task: Later("timeout", unsure=True)}, lambda: 1.0, tries=1)
    assert box.deliver(number) == "dead"
    box.confirm(number, "delivered")
    assert row(database) == ("done", "delivered", "", False)


def test_a_report_frees_the_lane(box: Outbox, lane: list[int], hands: Hands, hurried: list[int]) -> None:
    hands.results = [Later("timeout", unsure=True)]
    box.deliver(lane[0])
    box.confirm(lane[0], "sent")
    assert hurried == [lane[1]]
    assert box.deliver(lane[1]) == "done"

"""Several at once: one wins a claim, a lane has one at work, a task is handed over once, nobody waits in a circle."""

import multiprocessing
from collections.abc import Iterator
from functools import partial
from random import Random

import pytest
from sqlalchemy import func, select

from records.audit import AuditLog
from records.database import Database
from records.durable import DurableCallers
from records.fact_tables import outbox
from records.facts import Facts
from records.outbox import Claimed, Done, Outbox
from records.sweep import OVERDUE, Sweeper
from records.upkeep import Upkeep
from records.vault import Vault
from tests.conversation import Clock
from tests.records.conftest import AUDIT_KEY, RING
from tests.records.crowd import lingering, together
from tests.records.people import caller, task


def test_of_many_threads_that_claim_one_task_one_wins(facts: Facts, box: Outbox, hurried: list[int]) -> None:
    for each in range(10):
        facts.keep(caller(), [task(f"t{each}")])
    for number in hurried:
        claims = together(6, partial(_claim, box, number))
        assert sum(claim is not None for claim in claims) == 1


def _claim(box: Outbox, number: int, _: int) -> object:
    return box.claim(number)


def test_of_many_threads_that_take_up_a_lost_task_one_wins(
    facts: Facts, box: Outbox, hurried: list[int], clock: Clock
) -> None:
    facts.keep(caller(), [task()])
    box.claim(hurried[0])
    for _ in range(5):
        clock.at += 30
        claims = [claim for claim in together(6, lambda _: box.claim(hurried[0])) if isinstance(claim, Claimed)]
        assert [claim.unsure for claim in claims] == [True]


def _claims(url: str, numbers: list[int], at: int, start: "multiprocessing.synchronize.Barrier") -> list[int]:
    database = Database(url, 20)
    facts = Facts(database, Vault(RING), AuditLog(AUDIT_KEY), lambda: at)
    box = Outbox(facts, {}, lambda: 1.0)
    start.wait(30)
    won = [number for number in numbers if box.claim(number) is not None]
    database.close()
    return won


@pytest.fixture
def processes() -> Iterator["multiprocessing.context.SpawnContext"]:
    yield multiprocessing.get_context("spawn")


def test_of_three_processes_that_claim_the_same_tasks_each_task_has_one_owner(
    url: str, facts: Facts, hurried: list[int], clock: Clock, processes: "multiprocessing.context.SpawnContext"
) -> None:
    facts.keep(caller(), [task(f"t{each}") for each in range(40)])
    with processes.Manager() as manager, processes.Pool(3) as pool:
        start = manager.Barrier(3)
        won = pool.starmap(_claims, [(url, hurried, clock.at, start)] * 3)
    assert sorted(number for each in won for number in each) == hurried


def test_of_one_lane_never_two_are_at_work(facts: Facts, box: Outbox, hurried: list[int], database: Database) -> None:
    facts.keep(caller(), [task(f"t{each}", lane="to1") for each in range(12)])
    numbers, order = hurried.copy(), list[str]()

    def drive(seed: int) -> None:
        chance = Random(seed)
        for _ in range(60):
            if (mine := box.claim(chance.choice(numbers))) is None:
                continue
            with database.read() as connection:
                at_work = select(func.count()).where(outbox.c.state == "working")
                assert connection.execute(at_work).scalar_one() == 1
            order.append(mine.key)
            assert box.settle(mine, Done()) == "done"

    together(4, drive)
    assert order == [f"t{each}" for each in range(len(order))]
    assert len(order) > 6


def test_a_replay_and_claims_at_once_leave_one_at_work_in_a_lane(
    facts: Facts, box: Outbox, sweeper: Sweeper, hurried: list[int], database: Database
) -> None:
    for round_ in range(8):
        hurried.clear()
        facts.keep(caller(), [task(f"{round_}.{each}", lane=f"to{round_}") for each in range(2)])
        first, second = hurried
        with database.write() as connection:
            connection.execute(outbox.update().where(outbox.c.id == first).values(state="dead"))

        def act(number: int, first: int = first, second: int = second) -> object:
            if number == 0:
                return sweeper.replay([first])
            return box.claim(first if number % 2 else second)

        together(5, act)
        with database.read() as connection:
            at_work = select(func.count()).where(outbox.c.state == "working", outbox.c.lane == f"to{round_}")
            assert connection.execute(at_work).scalar_one() <= 1


def test_two_sweepers_at_once_hand_over_each_task_once(facts: Facts, box: Outbox, clock: Clock) -> None:
    facts.keep(caller(), [task(f"t{each}") for each in range(60)])
    clock.at += OVERDUE
    handed: list[int] = []

    def take(number: int) -> bool:
        handed.append(number)
        return True

    with lingering(facts.database, "SELECT outbox.id"):
        together(4, lambda _: Sweeper(box, take).sweep())
    assert (len(handed), len(set(handed))) == (60, 60)


def test_erasing_a_caller_and_settling_their_tasks_do_not_wait_for_each_other_in_a_circle(
    facts: Facts, kept: DurableCallers, hurried: list[int], clock: Clock
) -> None:
    box = Outbox(facts, {}, lambda: 1.0)
    for round_ in range(12):
        hurried.clear()
        facts.keep(caller(), [task(f"{round_}.{each}") for each in range(4)])
        mine = [claim for number in hurried if (claim := box.claim(number)) is not None]

        def act(number: int, mine: list[Claimed] = mine, round_: int = round_) -> object:
            if number == 0:
                return Upkeep(kept).erase(caller().pseudonym, clock.at)
            return box.settle(mine[number - 1], Done(facts=(task(f"{round_}.{number}.after"),)))

        erased, *settled = together(5, act)
        assert erased is True
        assert set(settled) <= {"done", ""}


def test_a_caller_erased_and_met_at_once_loses_no_new_task_and_breaks_nothing(
    facts: Facts, kept: DurableCallers, clock: Clock, database: Database
) -> None:
    for round_ in range(10):
        facts.keep(caller(), [task(f"{round_}.old")])

        def act(number: int, round_: int = round_) -> object:
            if number == 0:
                return Upkeep(kept).erase(caller().pseudonym, clock.at)
            return facts.keep(caller(), [task(f"{round_}.{number}")])

        together(4, act)
    with kept.database.read(snapshot=True) as connection:
        assert kept.audit.verify(connection).seq == 10

"""The figures of a chaos run: what makes it fail, and how long after a kill work went on."""

import json
import math
from dataclasses import replace

import pytest

from bench.chaos_processes import REDIS, WEB_PROCESS, WORK_HORSE
from bench.chaos_reconcile import LOST, NOT_OWED, TWICE, UNFINISHED, Fault
from bench.chaos_report import Seen, figures, lines, problems
from bench.chaos_resume import Kill, resumed_s

GOOD = Seen(
    seed="1",
    transactions=2000,
    texts=1900,
    repeats=60,
    bookings=400,
    webhooks=9000,
    webhooks_twice=900,
    redis_losses=5,
    pauses=8,
    resumed=[(WORK_HORSE, 33.25)] * 50,
    faults=[],
    slowest_text_s=40.0,
    quiet_s=20.0,
    took_s=280.0,
)


def test_a_run_without_a_fault_has_no_problem() -> None:
    assert problems(figures(GOOD)) == []


@pytest.mark.parametrize("kind", [LOST, TWICE, NOT_OWED, UNFINISHED])
def test_each_kind_of_fault_fails_the_run(kind: str) -> None:
    made = figures(replace(GOOD, faults=[Fault(kind, 7, "why", 2)]))
    assert (getattr(made, kind), problems(made)) == (2, [f"{kind} is 2, and must be 0"])


@pytest.mark.parametrize(
    "seen",
    [
        replace(GOOD, transactions=1999),
        replace(GOOD, resumed=GOOD.resumed[1:]),
        replace(GOOD, resumed=[*GOOD.resumed, (REDIS, 60.5)]),
        replace(GOOD, resumed=[*GOOD.resumed, (REDIS, math.inf)]),
    ],
)
def test_a_run_that_is_too_small_or_resumes_too_late_fails(seen: Seen) -> None:
    assert len(problems(figures(seen))) == 1


def test_the_figures_are_written_as_one_object() -> None:
    assert json.loads(figures(GOOD).json()) == {
        "transactions": 2000,
        "kills": 50,
        "lost": 0,
        "sent_twice": 0,
        "unfinished": 0,
        "not_owed": 0,
        "slowest_resume_s": 33.2,
        "slowest_text_s": 40.0,
    }


def test_work_that_never_went_on_is_null_and_not_a_number() -> None:
    never = replace(GOOD, resumed=[(REDIS, math.inf)])
    assert json.loads(figures(never).json())["slowest_resume_s"] is None


def test_every_fault_is_shown_with_its_transaction_and_reason() -> None:
    told = lines(replace(GOOD, faults=[Fault(LOST, 7, "lpg, a text")]))
    assert "  lost: transaction 7, lpg, a text" in told


def test_a_killed_web_process_is_back_with_the_next_webhook_sent_after_it() -> None:
    sent_and_answered = [(99.0, 100.5), (101.0, 102.0), (103.0, 103.5)]
    assert resumed_s(Kill(100.0, WEB_PROCESS), sent_and_answered, [], []) == 2.0


def test_redis_is_back_with_the_next_screen_that_needs_it() -> None:
    assert resumed_s(Kill(100.0, REDIS), [(101.0, 102.0)], [(103.0, 104.0)], []) == 4.0


def test_a_killed_work_horse_is_replaced_when_the_next_task_is_done() -> None:
    assert resumed_s(Kill(100.5, WORK_HORSE), [], [], [101.0, 105.0]) == 4.5


def test_what_was_in_hand_must_be_taken_up_again_too() -> None:
    assert resumed_s(Kill(100.0, WORK_HORSE, taken_up=133.0), [], [], [105.0]) == 33.0


def test_what_is_still_in_the_hands_of_the_dead_was_not_resumed() -> None:
    assert math.isinf(resumed_s(Kill(100.0, WORK_HORSE, in_hand={(1, "owner")}), [], [], [105.0]))

import pytest

from flows.operations.deadline import Deadline, DeadlinePassed


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_what_is_left_shrinks(clock: Clock) -> None:
    deadline = Deadline(102.0, clock)
    clock.sleep(1.5)
    assert deadline.left() == 0.5


@pytest.mark.parametrize("passed", [2.0, 3.0])
def test_nothing_is_left_at_the_deadline_and_after(clock: Clock, passed: float) -> None:
    deadline = Deadline(102.0, clock)
    clock.sleep(passed)
    with pytest.raises(DeadlinePassed):
        deadline.left()


def test_a_rest_within_the_deadline_is_taken(clock: Clock) -> None:
    Deadline(102.0, clock, clock.sleep).rest(1.5)
    assert clock.now == 101.5


@pytest.mark.parametrize("seconds", [2.0, 2.5])
def test_a_rest_that_would_outlast_the_deadline_is_not_begun(clock: Clock, seconds: float) -> None:
    with pytest.raises(DeadlinePassed):
        Deadline(102.0, clock, clock.sleep).rest(seconds)
    assert clock.now == 100.0


def test_after_counts_from_now() -> None:
    assert 4.9 < Deadline.after(5.0).left() <= 5.0

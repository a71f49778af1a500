from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from services.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, window=10.0, rest=20.0, clock=clock)


def opened(clock: Clock) -> Breaker:
    made = breaker(clock)
    for _ in range(3):
        made.failed()
    return made


def test_it_lets_through_until_there_were_too_many_failures() -> None:
    made = breaker(Clock())
    made.failed()
    made.failed()
    assert made.admits()
    made.failed()
    assert not made.admits()


def test_failures_older_than_the_window_do_not_count() -> None:
    clock = Clock()
    made = breaker(clock)
    made.failed()
    made.failed()
    clock.now = 10.0
    made.failed()
    assert made.admits()


def test_a_success_forgets_the_failures_before_it() -> None:
    made = breaker(Clock())
    made.failed()
    made.failed()
    made.succeeded()
    made.failed()
    made.failed()
    assert made.admits()


def test_after_the_rest_one_single_probe_is_let_through() -> None:
    clock = Clock()
    made = opened(clock)
    clock.now = 19.9
    assert not made.admits()
    clock.now = 20.0
    assert made.admits()
    assert not made.admits()


def test_a_probe_that_succeeds_closes_it() -> None:
    clock = Clock()
    made = opened(clock)
    clock.now = 20.0
    made.admits()
    made.succeeded()
    assert made.admits()
    assert made.admits()


def test_a_probe_that_fails_opens_it_for_another_rest() -> None:
    clock = Clock()
    made = opened(clock)
    clock.now = 25.0
    made.admits()
    clock.now = 26.0
    made.failed()
    clock.now = 45.9
    assert not made.admits()
    clock.now = 46.0
    assert made.admits()


def test_a_probe_that_never_reports_is_given_up() -> None:
    clock = Clock()
    made = opened(clock)
    clock.now = 20.0
    made.admits()
    clock.now = 40.0
    assert made.admits()


def test_what_was_under_way_when_it_opened_does_not_keep_it_open() -> None:
    clock = Clock()
    made = opened(clock)
    clock.now = 19.0
    made.failed()
    clock.now = 20.0
    assert made.admits()


def test_only_a_probe_under_way_can_open_it_again() -> None:
    clock = Clock()
    made = opened(clock)
    clock.now = 20.0
    made.admits()
    made.succeeded()
    for _ in range(3):
        made.failed()
    clock.now = 39.0
    made.failed()
    clock.now = 40.0
    assert made.admits()


def test_a_probe_fails_only_once() -> None:
    clock = Clock()
    made = opened(clock)
    clock.now = 20.0
    made.admits()
    made.failed()
    clock.now = 39.0
    made.failed()
    clock.now = 40.0
    assert made.admits()


class AnyOrder(RuleBasedStateMachine):
    """Whatever is reported in whatever order: a success closes it, and it is never shut for longer than a rest."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.breaker = breaker(self.clock)
        self.admitted = 0

    @rule(seconds=st.floats(0, 30))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule()
    def ask(self) -> None:
        self.admitted += self.breaker.admits()

    @precondition(lambda self: self.admitted > 0)
    @rule()
    def fail(self) -> None:
        self.admitted -= 1
        self.breaker.failed()

    @precondition(lambda self: self.admitted > 0)
    @rule()
    def succeed(self) -> None:
        self.admitted -= 1
        self.breaker.succeeded()
        assert self.breaker.admits()

    @rule()
    def a_rest_later_it_always_admits_somebody(self) -> None:
        self.clock.now += 20.0
        assert self.breaker.admits()
        self.admitted += 1


TestAnyOrder = AnyOrder.TestCase

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

import pytest
from redis import Redis

from flows.engine.effects import Request
from flows.engine.values import Name, TimedOut, Unavailable
from flows.operations import Answer, Caller
from sessions import late as late_module
from sessions.connection import Connection, StoreAway
from sessions.keyring import Keyring
from sessions.late import AT_WORK, IN_QUEUE, KEPT, Late, at_once, in_thread, install
from sessions.outcomes import Outcomes

KEYRING = Keyring({1: bytes(32)}, bytes(32))


@dataclass(frozen=True, slots=True)
class Found:
    name: Name


OUTCOMES = Outcomes({"bill.slow": {"Found": Found}})
REQUEST = Request("run.3.bill", "bill.slow", {"consumer": "12345678"}, key="run.3.bill")
CALLER = Caller(b"pseudonym", "+919876543210", "ussd", service="bill_electricity")
HERE = Answer(Found(Name("R***** K****")), demo=True)


class Service:
    """A slow service: `asked` notes every question, `answers` gives each answer or raises."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, str], object, str]] = []
        self.answers: Callable[[], Answer[object]] = lambda: HERE

    def __call__(self, name: str, given: Mapping[str, str], caller: object = None, key: str = "") -> Answer[object]:
        self.asked.append((name, given, caller, key))
        return self.answers()


class Hands:
    """Hands that take tokens and do nothing with them until told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, float]] = []

    def __call__(self, late: Late, token: str, seconds: float) -> None:
        self.taken.append((token, seconds))


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def make(redis_url: str, service: Service, hands: Hands) -> "Callable[..., Late]":
    def make(**changed: object) -> Late:
        given = {"hand_over": hands, "perform": service, **changed}
        return Late(Connection(redis_url), KEYRING, outcomes=OUTCOMES, **given)  # type: ignore[arg-type]

    return make


def test_a_request_is_handed_over_by_its_token_alone(make: Callable[..., Late], hands: Hands) -> None:
    assert make().ask(REQUEST, CALLER, 45.0) is None
    assert hands.taken == [("run.3.bill", 45.0)]


def test_asking_again_starts_nothing_twice(make: Callable[..., Late], hands: Hands) -> None:
    late = make()
    for _ in range(3):
        assert late.ask(REQUEST, CALLER, 45.0) is None
    assert len(hands.taken) == 1


def test_asking_again_does_not_keep_a_request_in_dead_hands(make: Callable[..., Late], redis: Redis) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    run_out(redis)
    late.ask(REQUEST, CALLER, 45.0)
    assert leased(redis)[REQUEST.token] < 0


def test_many_who_ask_at_once_start_it_once(make: Callable[..., Late], hands: Hands) -> None:
    late = make()
    together = threading.Barrier(6)

    def ask() -> None:
        together.wait()
        late.ask(REQUEST, CALLER, 45.0)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hands.taken) == 1


def test_the_service_is_asked_what_was_to_be_asked(make: Callable[..., Late], service: Service) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    late.finish(REQUEST.token)
    assert service.asked == [("bill.slow", {"consumer": "12345678"}, CALLER, "run.3.bill")]


def test_a_request_without_a_caller_is_asked_without_one(make: Callable[..., Late], service: Service) -> None:
    late = make()
    late.ask(REQUEST, None, 45.0)
    late.finish(REQUEST.token)
    assert service.asked[0][2] is None


def test_the_answer_is_found_by_the_token_and_by_asking_again(make: Callable[..., Late]) -> None:
    asking, finishing = make(), make()
    asking.ask(REQUEST, CALLER, 45.0)
    assert asking.answer(REQUEST.token) is None
    finishing.finish(REQUEST.token)
    assert asking.answer(REQUEST.token) == HERE
    assert asking.ask(REQUEST, CALLER, 45.0) == HERE


def test_an_unknown_token_has_no_answer(make: Callable[..., Late], service: Service) -> None:
    late = make()
    assert late.answer("nobody.asked.this") is None
    late.finish("nobody.asked.this")
    assert late.answer("nobody.asked.this") is None
    assert service.asked == []


def test_what_is_finished_is_not_asked_again(make: Callable[..., Late], service: Service) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    late.finish(REQUEST.token)
    late.finish(REQUEST.token)
    assert len(service.asked) == 1


def test_of_two_answers_the_first_one_stays(make: Callable[..., Late], service: Service) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)

    def overtaken() -> Answer[object]:
        service.answers = lambda: HERE
        make().finish(REQUEST.token)
        return Answer(Unavailable())

    service.answers = overtaken
    late.finish(REQUEST.token)
    assert [asked[3] for asked in service.asked] == ["run.3.bill", "run.3.bill"]
    assert late.answer(REQUEST.token) == HERE


def test_a_request_that_got_no_answer_in_time_is_timed_out(make: Callable[..., Late]) -> None:
    clock = [1000.0]
    late = make(now=lambda: clock[0])
    late.ask(REQUEST, CALLER, 45.0)
    clock[0] = 1045.0
    assert late.answer(REQUEST.token) is None
    clock[0] = 1045.1
    assert late.answer(REQUEST.token) == Answer(TimedOut())
    assert late.ask(REQUEST, CALLER, 45.0) == Answer(TimedOut())


def test_what_is_overdue_is_not_asked_any_more(make: Callable[..., Late], service: Service) -> None:
    clock = [1000.0]
    late = make(now=lambda: clock[0])
    late.ask(REQUEST, CALLER, 45.0)
    clock[0] = 1045.1
    late.finish(REQUEST.token)
    assert service.asked == []
    clock[0] = 1000.0
    assert late.answer(REQUEST.token) == Answer(TimedOut())


@pytest.mark.parametrize("finished", [False, True])
def test_whoever_was_told_that_it_timed_out_may_have_it_tried_again(
    make: Callable[..., Late], hands: Hands, finished: bool
) -> None:
    clock = [1000.0]
    late = make(now=lambda: clock[0])
    late.ask(REQUEST, CALLER, 45.0)
    clock[0] = 1045.1
    if finished:
        late.finish(REQUEST.token)
    late.ask(REQUEST, CALLER, 45.0)
    assert late.ask(REQUEST, CALLER, 45.0) is None
    assert len(hands.taken) == 2
    late.finish(REQUEST.token)
    assert late.ask(REQUEST, CALLER, 45.0) == HERE


def test_whoever_was_told_that_it_failed_may_have_it_tried_again(make: Callable[..., Late], service: Service) -> None:
    late = make(hand_over=at_once)
    service.answers = lambda: Answer(Unavailable())
    assert late.ask(REQUEST, CALLER, 30) == Answer(Unavailable())
    service.answers = lambda: HERE
    assert late.ask(REQUEST, CALLER, 30) == Answer(Unavailable())
    assert late.ask(REQUEST, CALLER, 30) == HERE
    assert [key for *_, key in service.asked] == ["run.3.bill", "run.3.bill"]


def test_an_answer_in_time_is_kept_when_the_deadline_is_over(make: Callable[..., Late]) -> None:
    clock = [1000.0]
    late = make(now=lambda: clock[0])
    late.ask(REQUEST, CALLER, 45.0)
    late.finish(REQUEST.token)
    clock[0] = 2000.0
    assert late.answer(REQUEST.token) == HERE


def test_a_failure_is_unavailable_and_says_where_but_not_what(
    make: Callable[..., Late], service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Answer[object]:
        raise ValueError("consumer 12345678")

    service.answers = broken
    late = make(hand_over=at_once)
    with caplog.at_level(logging.DEBUG):
        assert late.ask(REQUEST, CALLER, 45.0) == Answer(Unavailable())
    assert "bill.slow: ValueError at broken" in caplog.text
    assert "12345678" not in caplog.text


def test_nothing_readable_stands_in_redis_and_everything_expires(make: Callable[..., Late], redis: Redis) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    late.finish(REQUEST.token)
    late.ask(Request("run.4.bill", "bill.slow", {"consumer": "12345678"}), CALLER, 45.0)
    kept = {key: redis.get(key) or b"" for key in redis.keys("[ap]:*")}
    assert set(kept) == {b"p:run.3.bill", b"a:run.3.bill", b"p:run.4.bill"}
    for value in kept.values():
        assert not any(said in value for said in (b"12345678", b"9876543210", b"K****", b"bill"))
    assert all(0 < redis.ttl(key) <= KEPT for key in redis.scan_iter())


def test_an_answer_that_was_put_under_another_token_is_not_taken(make: Callable[..., Late], redis: Redis) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    late.finish(REQUEST.token)
    redis.rename("a:run.3.bill", "a:run.9.bill")
    assert late.answer("run.9.bill") is None


def test_waiting_ends_with_the_answer(make: Callable[..., Late], service: Service) -> None:
    late = make(hand_over=in_thread)
    ready = threading.Event()
    service.answers = lambda: HERE if ready.wait(5) else Answer(Unavailable())
    assert late.ask(REQUEST, CALLER, 45.0) is None
    threading.Timer(0.1, ready.set).start()
    assert late.wait(REQUEST.token, 5.0) == HERE


def test_waiting_ends_after_the_seconds_without_an_answer(make: Callable[..., Late]) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    assert late.wait(REQUEST.token, 0.05) is None


def test_asking_may_wait_itself(make: Callable[..., Late], service: Service) -> None:
    late = make(hand_over=in_thread, patience=5.0)
    assert late.ask(REQUEST, CALLER, 10.0) == HERE


def test_a_slow_service_is_never_waited_for(make: Callable[..., Late]) -> None:
    late = make(patience=5.0)
    begun = monotonic()
    assert late.ask(REQUEST, CALLER, 45.0) is None and late.ask(REQUEST, CALLER, 45.0) is None
    assert monotonic() - begun < 1.0


def test_asking_again_waits_too(make: Callable[..., Late], service: Service) -> None:
    late = make(patience=0.5)
    assert late.ask(REQUEST, CALLER, 10.0) is None
    threading.Timer(0.1, late.finish, (REQUEST.token,)).start()
    assert late.ask(REQUEST, CALLER, 10.0) == HERE


def test_at_once_the_answer_is_there(make: Callable[..., Late]) -> None:
    make_at_once = make(hand_over=at_once, patience=0.1)
    assert make_at_once.ask(REQUEST, CALLER, 10.0) == HERE


def leased(redis: Redis) -> dict[str, float]:
    """Token → seconds until its lease runs out."""
    now: int = redis.time()[0]
    leases: list[tuple[bytes, float]] = redis.zrange("late", 0, -1, withscores=True)  # type: ignore[assignment]
    return {token.decode(): until - now for token, until in leases}


def run_out(redis: Redis) -> None:
    """As after a long time."""
    redis.zadd("late", {REQUEST.token: 1})


def test_a_lease_is_held_from_the_question_to_the_answer(
    make: Callable[..., Late], service: Service, redis: Redis
) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    assert IN_QUEUE - 2 <= leased(redis)[REQUEST.token] <= IN_QUEUE

    def at_work() -> Answer[object]:
        assert AT_WORK - 2 <= leased(redis)[REQUEST.token] <= AT_WORK
        return HERE

    service.answers = at_work
    late.finish(REQUEST.token)
    assert leased(redis) == {}
    assert late.answer(REQUEST.token) == HERE


def test_what_is_in_hand_is_not_handed_over_again(make: Callable[..., Late], hands: Hands) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    late.tend()
    assert len(hands.taken) == 1


def test_what_nobody_has_in_hand_is_handed_over_again_once(
    make: Callable[..., Late], hands: Hands, redis: Redis
) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    run_out(redis)
    late.tend()
    make().tend()
    assert hands.taken == [("run.3.bill", 45.0), ("run.3.bill", 45.0)]


def test_a_lease_is_renewed_while_the_service_is_asked(
    make: Callable[..., Late], service: Service, hands: Hands, redis: Redis
) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)

    def at_work() -> Answer[object]:
        run_out(redis)
        late.tend()
        assert leased(redis)[REQUEST.token] > 0
        return HERE

    service.answers = at_work
    late.finish(REQUEST.token)
    assert late.answer(REQUEST.token) == HERE
    assert len(hands.taken) == 1


def test_a_lease_is_not_renewed_when_the_work_is_over(make: Callable[..., Late], redis: Redis) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    late.finish(REQUEST.token)
    late.tend()
    assert leased(redis) == {}


def test_a_worker_that_was_killed_loses_nothing(make: Callable[..., Late], service: Service, redis: Redis) -> None:
    class Killed(BaseException):
        pass

    def killed() -> Answer[object]:
        raise Killed

    killed_late, other = make(), make(hand_over=at_once)
    killed_late.ask(REQUEST, CALLER, 45.0)
    service.answers = killed
    with pytest.raises(Killed):
        killed_late.finish(REQUEST.token)
    service.answers = lambda: HERE
    run_out(redis)
    other.tend()
    assert other.answer(REQUEST.token) == HERE
    assert [asked[3] for asked in service.asked] == ["run.3.bill", "run.3.bill"]


def test_a_request_that_was_begun_but_never_handed_over_is_not_lost(
    make: Callable[..., Late], hands: Hands, redis: Redis
) -> None:
    def away(late: Late, token: str, seconds: float) -> None:
        raise StoreAway

    with pytest.raises(StoreAway):
        make(hand_over=away).ask(REQUEST, CALLER, 45.0)
    assert leased(redis)[REQUEST.token] > 0
    run_out(redis)
    make().tend()
    assert hands.taken == [("run.3.bill", 45.0)]


def test_a_token_whose_request_has_expired_is_forgotten(make: Callable[..., Late], hands: Hands, redis: Redis) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    redis.delete("p:run.3.bill")
    run_out(redis)
    late.tend()
    assert len(hands.taken) == 1
    assert leased(redis) == {}


def test_with_redis_away_asking_says_so(service: Service, hands: Hands) -> None:
    late = Late(Connection("unix:///nowhere.sock"), KEYRING, service, OUTCOMES, hands)
    with pytest.raises(StoreAway):
        late.ask(REQUEST, CALLER, 45.0)


def test_a_thread_whose_answer_cannot_be_kept_says_so(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    late = Late(Connection("unix:///nowhere.sock"), KEYRING, service, OUTCOMES, in_thread)
    with caplog.at_level(logging.WARNING):
        in_thread(late, REQUEST.token, 1.0)
        for thread in threading.enumerate():
            if thread.name == "late":
                thread.join()
    assert "could not be kept" in caplog.text


@pytest.fixture
def _nothing_installed() -> Iterator[None]:
    before = late_module._of_process
    late_module._of_process = None
    yield
    late_module._of_process = before


@pytest.mark.usefixtures("_nothing_installed")
def test_the_job_finishes_what_its_process_was_given(make: Callable[..., Late], service: Service) -> None:
    late = make()
    late.ask(REQUEST, CALLER, 45.0)
    install(late)
    late_module.finish(REQUEST.token)
    assert late.answer(REQUEST.token) == HERE


@pytest.mark.usefixtures("_nothing_installed")
def test_the_job_fails_in_a_process_that_is_no_worker() -> None:
    with pytest.raises(LookupError, match="install"):
        late_module.finish(REQUEST.token)

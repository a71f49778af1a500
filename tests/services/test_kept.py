import threading
import time

import pytest

from flows.operations.deadline import Deadline, DeadlinePassed
from services.kept import Kept


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def soon() -> Deadline:
    return Deadline.after(2.0)


def test_it_is_fetched_again_only_when_it_is_old() -> None:
    clock, fetched = Clock(), [0]

    def fetch(until: Deadline) -> int:
        fetched[0] += 1
        return fetched[0]

    kept = Kept(fetch, 10.0, clock=clock)
    values = [kept.value(soon())]
    clock.now = 9.9
    values.append(kept.value(soon()))
    clock.now = 10.0
    values.append(kept.value(soon()))
    assert values == [1, 1, 2]


def test_a_failure_is_not_kept() -> None:
    answers: list[int | Exception] = [RuntimeError(), 7]

    def fetch(until: Deadline) -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    kept = Kept(fetch, 10.0)
    with pytest.raises(RuntimeError):
        kept.value(soon())
    assert kept.value(soon()) == 7


def test_one_thread_fetches_for_all_that_wait() -> None:
    fetched: list[int] = []

    def fetch(until: Deadline) -> int:
        time.sleep(0.05)
        fetched.append(1)
        return 7

    kept = Kept(fetch, 10.0)
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(kept.value(soon()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (seen, fetched) == ([7, 7, 7, 7], [1])


def test_who_waits_for_another_thread_waits_no_longer_than_the_deadline() -> None:
    release, fetching = threading.Event(), threading.Event()

    def fetch(until: Deadline) -> int:
        fetching.set()
        release.wait(2.0)
        return 7

    kept = Kept(fetch, 10.0)
    slow = threading.Thread(target=lambda: kept.value(soon()))
    slow.start()
    fetching.wait(2.0)
    with pytest.raises(DeadlinePassed):
        kept.value(Deadline.after(0.05))
    release.set()
    slow.join()

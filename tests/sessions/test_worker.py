import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq.serializers import JSONSerializer

from flows.engine.effects import Request
from flows.operations import Answer
from sessions.embedded import Embedded
from sessions.late import Late
from sessions.worker import _Worker
from tests.sessions.processes import ends
from tests.sessions.workers import URL, Done, wire

HOUSE = Path(__file__).resolve().parents[2]
Start = Callable[[int], "subprocess.Popen[bytes]"]


@pytest.fixture
def late(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Late:
    """Late requests as a web process has them."""
    monkeypatch.setenv(URL, redis_url)
    return wire()


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts workers; at the end they are told to end, and what stays is killed."""
    began: list[subprocess.Popen[bytes]] = []

    def start(processes: int) -> "subprocess.Popen[bytes]":
        began.append(subprocess.Popen([sys.executable, "-m", "tests.sessions.workers", str(processes)], cwd=HOUSE))
        return began[-1]

    yield start
    for process in began:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Work:
    """A request whose work lasts until `let_go`."""

    def __init__(self, folder: Path, name: str = "work") -> None:
        self.noted, self.held = folder / f"{name}.noted", folder / f"{name}.held"
        self.held.touch()
        self.request = Request(f"run.1.{name}", "test.work", {"noted": str(self.noted), "held": str(self.held)})

    def let_go(self) -> None:
        self.held.unlink()

    def began(self, times: int = 1) -> list[int]:
        """The processes that began it, once there are so many."""
        until = time.monotonic() + 15
        while len(pids := self.noted.read_text().split() if self.noted.exists() else []) < times:
            assert time.monotonic() < until, f"begun by {pids}"
            time.sleep(0.01)
        return [int(pid) for pid in pids]


def doer(answer: Answer[object] | None) -> int:
    assert answer is not None
    assert isinstance(answer.outcome, Done)
    return int(answer.outcome.by)


def test_a_worker_answers_and_ends_when_told(late: Late, start: Start, tmp_path: Path) -> None:
    worker, work = start(1), Work(tmp_path)
    work.let_go()
    assert late.ask(work.request, None, 30) is None
    assert doer(late.wait(work.request.token, 15)) == worker.pid
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0


def test_a_worker_that_is_told_to_end_finishes_its_job_first(late: Late, start: Start, tmp_path: Path) -> None:
    worker, work = start(1), Work(tmp_path)
    late.ask(work.request, None, 30)
    work.began()
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.5)
    work.let_go()
    assert worker.wait(10) == 0
    assert doer(late.answer(work.request.token)) == worker.pid


def test_no_job_is_dropped_by_a_worker_that_is_told_to_end(late: Late, start: Start, tmp_path: Path) -> None:
    jobs = [Work(tmp_path, f"job{number}") for number in range(40)]
    for job in jobs:
        job.let_go()
        late.ask(job.request, None, 60)
    for _ in range(2):
        worker = start(1)
        done = sum(job.noted.exists() for job in jobs)
        while sum(job.noted.exists() for job in jobs) < done + 5:
            assert worker.poll() is None
            time.sleep(0.001)
        worker.terminate()
        assert worker.wait(10) == 0
    taken = [job for job in jobs if job.noted.exists()]
    assert len(taken) >= 10
    assert all(late.answer(job.request.token) for job in taken)
    with Redis.from_url(os.environ[URL]) as redis:
        assert redis.llen("rq:queue:late") + len(taken) == len(jobs)


def test_an_idle_worker_ends_when_told_while_redis_is_away(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Embedded(tmp_path / "own") as server:
        monkeypatch.setenv(URL, server.url)
        late, work = wire(), Work(tmp_path)
        worker = start(1)
        work.let_go()
        late.ask(work.request, None, 30)
        assert doer(late.wait(work.request.token, 15)) == worker.pid
        server.stop()
        worker.terminate()
        assert worker.wait(10) == 0


def test_a_worker_looks_every_two_seconds_whether_redis_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Enough(Exception):
        pass

    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 6:
            raise Enough

    with Embedded(tmp_path) as server:
        worker = _Worker(["late"], connection=Redis.from_url(server.url), serializer=JSONSerializer)
        server.stop()
        monkeypatch.setattr("rq.worker.base.time.sleep", sleep)
        monkeypatch.setattr(worker, "set_state", print)
        with pytest.raises(Enough):
            worker.dequeue_job_and_maintain_ttl(1)
    assert max(waits) <= 2


def test_a_worker_that_is_told_to_end_while_redis_is_away_finishes_its_job_first(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Embedded(tmp_path / "own") as server:
        monkeypatch.setenv(URL, server.url)
        late, work = wire(), Work(tmp_path)
        worker = start(1)
        late.ask(work.request, None, 30)
        work.began()
        server.stop()
        worker.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(0.5)
        work.let_go()
        assert worker.wait(10) == 0


def test_what_a_killed_worker_had_in_hand_is_done_by_the_next(late: Late, start: Start, tmp_path: Path) -> None:
    killed, work = start(1), Work(tmp_path)
    late.ask(work.request, None, 30)
    work.began()
    killed.kill()
    killed.wait()
    work.let_go()
    following = start(1)
    assert doer(late.wait(work.request.token, 15)) == following.pid
    assert work.began(2) == [killed.pid, following.pid]


def test_several_processes_work_side_by_side_and_end_together(late: Late, start: Start, tmp_path: Path) -> None:
    pool = start(2)
    one, other = Work(tmp_path, "one"), Work(tmp_path, "other")
    for work in (one, other):
        late.ask(work.request, None, 30)
    (first,), (second,) = one.began(), other.began()
    assert len({pool.pid, first, second}) == 3
    pool.send_signal(signal.SIGTERM)
    for work in (one, other):
        work.let_go()
    assert pool.wait(15) == 0
    assert {doer(late.answer(work.request.token)) for work in (one, other)} == {first, second}


def test_a_process_of_several_that_dies_is_started_again(late: Late, start: Start, tmp_path: Path) -> None:
    pool, work = start(2), Work(tmp_path)
    late.ask(work.request, None, 30)
    (first,) = work.began()
    os.kill(first, signal.SIGKILL)
    work.let_go()
    assert doer(late.wait(work.request.token, 15)) not in (first, pool.pid)
    with Redis.from_url(os.environ[URL]) as redis:
        until = time.monotonic() + 15
        while redis.scard("rq:workers") < 3:  # the killed one is forgotten later
            assert time.monotonic() < until
            time.sleep(0.05)


def test_processes_whose_parent_was_killed_end_themselves(late: Late, start: Start, tmp_path: Path) -> None:
    pool, one, other = start(2), Work(tmp_path, "one"), Work(tmp_path, "other")
    for work in (one, other):
        late.ask(work.request, None, 30)
    (first,), (second,) = one.began(), other.began()
    pool.kill()
    pool.wait()
    one.let_go()
    other.let_go()
    assert ends(first, within=10)
    assert ends(second, within=10)
    assert doer(late.answer(one.request.token)) == first


def test_a_worker_outlasts_a_redis_that_goes_and_comes_back(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Embedded(tmp_path / "own") as server:
        monkeypatch.setenv(URL, server.url)
        late, before, after = wire(), Work(tmp_path, "before"), Work(tmp_path, "after")
        worker = start(1)
        before.let_go()
        after.let_go()
        late.ask(before.request, None, 30)
        assert doer(late.wait(before.request.token, 15)) == worker.pid
        server.stop()
        time.sleep(0.3)
        server.start()
        time.sleep(0.6)
        late.ask(after.request, None, 30)
        assert doer(late.wait(after.request.token, 15)) == worker.pid
        assert worker.poll() is None

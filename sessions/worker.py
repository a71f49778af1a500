"""The workers: each takes one job after another in a process of its own, without forking for a job.

They may be ended at any moment. SIGTERM lets the job under way be finished; after SIGKILL its request is handed over
again by another worker, or by the next one that starts.
"""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from types import FrameType

from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from sessions.connection import StoreAway
from sessions.late import Late, install
from sessions.queue import LATE, OUTBOX

log = logging.getLogger(__name__)
_TEND_SECONDS = 1.0
_RESTART_SECONDS = 1.0
_WORKER_TTL = 16
"""RQ takes 15 less for the seconds that it waits for a job before it looks up."""


class _Worker(SimpleWorker):
    max_connection_wait_time = 2.0  # RQ's own minute would keep callers waiting long after Redis is back
    asked_to_end = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        # RQ raises out of whatever it does just then: between taking a job and beginning it, the job would be dropped.
        self._stop_requested = _Worker.asked_to_end = True

    @property
    def should_run_maintenance_tasks(self) -> bool:
        # RQ asks this each second, before it takes a job.
        if self._stop_requested:
            raise StopRequested
        return bool(super().should_run_maintenance_tasks)


def run_worker(
    redis_url: str, wire: Callable[[], Late], processes: int = 1, queues: Sequence[str] = (OUTBOX, LATE)
) -> None:
    """Work until SIGTERM or SIGINT. `wire` makes what a worker needs, once in each process.

    With more than one process, `wire` must be a function at the top of a module, because each process is started anew.
    A process that ends by itself is started again. Runs in the main thread only.
    """
    if processes == 1:
        _work(redis_url, wire, queues, 0)
        return
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    fresh = multiprocessing.get_context("spawn")

    def started() -> BaseProcess:
        process = fresh.Process(target=_work, args=(redis_url, wire, queues, os.getpid()), name="worker")
        process.start()
        return process

    workers = [started() for _ in range(processes)]
    while not ended.wait(_RESTART_SECONDS):
        for place, worker in enumerate(workers):
            if not worker.is_alive():
                log.error("a worker ended with %s and is started again", worker.exitcode)
                workers[place] = started()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


def _work(redis_url: str, wire: Callable[[], Late], queues: Sequence[str], parent: int) -> None:
    late = wire()
    install(late)
    threading.Thread(target=_tend, args=(late, parent), name="tend", daemon=True).start()
    _Worker.asked_to_end = False
    while not _Worker.asked_to_end:
        try:
            _Worker(
                list(queues),
                connection=Redis.from_url(redis_url, protocol=2),
                serializer=JSONSerializer,
                log_job_description=False,
                worker_ttl=_WORKER_TTL,
            ).work(logging_level="WARNING")
        except RedisError as error:
            log.warning("the queue is away: %s", type(error).__name__)
        if not _Worker.asked_to_end:
            time.sleep(_RESTART_SECONDS)


def _tend(late: Late, parent: int) -> None:
    """Each second: keep the leases, hand over what was dropped, and end with the process that started this one."""
    while True:
        if parent and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        try:
            late.tend()
        except StoreAway:
            if _Worker.asked_to_end and not late.at_work:
                os._exit(0)  # RQ waits for Redis whatever it is told
            log.warning("late requests are not looked after: Redis is away")
        time.sleep(_TEND_SECONDS)

"""What `test_worker` gives its worker processes: at the top of a module, so that they can be started anew."""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.engine.values import Name
from flows.operations import Answer
from sessions import late, worker
from sessions.connection import Connection
from sessions.keyring import Keyring
from sessions.late import Late
from sessions.outcomes import Outcomes
from sessions.queue import JobQueue, by_worker

URL = "GHANTI_TEST_REDIS"
KEYRING = Keyring({1: bytes(32)}, bytes(32))


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of everything here: which process did it."""

    by: Name


def wire() -> Late:
    """Late requests as a worker has them."""
    connection = Connection(os.environ[URL])
    hand_over = by_worker(JobQueue(connection.client()))
    return Late(connection, KEYRING, perform, Outcomes({"test.work": {"Done": Done}}), hand_over)


def quick() -> Late:
    """The same in a worker process whose seconds are short."""
    late.AT_WORK = 1
    worker._TEND_SECONDS = worker._RESTART_SECONDS = 0.1
    return wire()


def perform(name: str, given: Mapping[str, str], caller: object = None, key: str = "") -> Answer[object]:
    """Note in the file `noted` that this began, then take as long as the file `held` is there."""
    with open(given["noted"], "a") as noted:
        noted.write(f"{os.getpid()}\n")
    while Path(given["held"]).exists():
        time.sleep(0.01)
    return Answer(Done(Name(str(os.getpid()))))


if __name__ == "__main__":
    worker._RESTART_SECONDS = 0.1
    worker.run_worker(os.environ[URL], quick, processes=int(sys.argv[1]))

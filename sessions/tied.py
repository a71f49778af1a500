"""Processes that end with the one that started them, however it ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
"""Linux, prctl(2): the signal that a process gets when the thread that started it is gone."""


def tie(parent: int) -> None:
    """End this process (SIGTERM) when `parent`, which started it, ends; on Linux, elsewhere nothing happens.

    What is tied is the thread that started this process, so that must be one that lasts: the main thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:  # it was gone before the kernel was asked
            os.kill(os.getpid(), signal.SIGTERM)


def tied(command: Sequence[str]) -> list[str]:
    """The command that runs `command` tied to this process; the process keeps its id and the files passed to it."""
    if sys.platform != "linux":
        return list(command)
    # Between fork and exec of a process with threads no Python may run, so a small Python of its own asks the kernel.
    asking = "import sys; sys.path.insert(0, sys.argv[1]); from sessions.tied import become; become(sys.argv[2:])"
    house = str(Path(__file__).resolve().parents[1])
    return [sys.executable, "-I", "-S", "-c", asking, house, str(os.getpid()), *command]


def become(arguments: Sequence[str]) -> None:
    """Turn this process into the command behind the parent's id in `arguments`, tied to that parent."""
    parent, *command = arguments
    tie(int(parent))
    os.execv(command[0], command)

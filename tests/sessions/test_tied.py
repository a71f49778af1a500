import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sessions.tied import tied

HOUSE = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")


def test_a_tied_process_is_the_command_itself_with_its_arguments() -> None:
    shown = [sys.executable, "-c", "import os, sys; print(os.getpid(), sys.argv[1:])", "a b", "$c"]
    process = subprocess.Popen(tied(shown), stdout=subprocess.PIPE, text=True)
    output, _ = process.communicate(timeout=10)
    assert output.strip() == f"{process.pid} ['a b', '$c']"


@linux
def test_a_process_whose_parent_is_gone_already_ends_itself() -> None:
    *asking, command, argument = tied(["/bin/sleep", "30"])
    asking[-1] = str(os.getpid() + 1)
    assert subprocess.run([*asking, command, argument], timeout=10).returncode == -signal.SIGTERM


@linux
def test_a_tied_process_ends_with_its_parent() -> None:
    asking = "import subprocess, sys; from sessions.tied import tied; "
    parent = subprocess.Popen(
        [sys.executable, "-c", asking + "print(subprocess.Popen(tied(['/bin/sleep', '30'])).pid, flush=True); input()"],
        cwd=HOUSE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    descriptor = os.pidfd_open(child)
    parent.kill()
    parent.communicate()
    ready, _, _ = select.select([descriptor], [], [], 5)
    os.close(descriptor)
    assert ready

"""Whether a process is alive."""

import os
import time
from pathlib import Path


def lives(pid: int) -> bool:
    """Whether it runs: one that ended, and that nobody waited for, does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def ends(pid: int, within: float) -> bool:
    """Whether it ends within so many seconds."""
    until = time.monotonic() + within
    while lives(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True

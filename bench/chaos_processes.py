"""The processes of a chaos run: started as in production, killed at random, and started again as by an init system.

When a main process is gone, what is left of its group is told to end, and killed when the group is started again
(systemd.kill(5), KillMode=control-group). Linux only.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from department_settings import ROOT
from sessions.embedded import Embedded
from sessions.tied import tied

WEB, WEB_PROCESS, WORKER, WORK_HORSE, SWEEPER, REDIS = "web", "web process", "worker", "work-horse", "sweeper", "redis"
PARTS = {WEB: WEB, WEB_PROCESS: WEB, WORKER: WORKER, WORK_HORSE: WORKER, SWEEPER: SWEEPER}
"""What is killed, and the unit that it is a part of."""
SHARES = {WEB: 2, WEB_PROCESS: 4, WORKER: 3, WORK_HORSE: 5, SWEEPER: 2, REDIS: 4}
"""How often each is killed, in twenty kills."""
_LONGEST_PAUSE, _LONGEST_REDIS_PAUSE = 2.0, 4.0
_LOSES = 0.5
"""Share of Redis's kills that also lose what it wrote in the last second: `appendfsync everysec` promises no more."""


@dataclass
class Unit:
    """One program in a group of its own."""

    name: str
    environment: Mapping[str, str]
    log: Path
    child: subprocess.Popen[bytes] | None = None
    due: float = 0.0
    """When it is started again; 0 while it runs."""

    def start(self) -> None:
        """Start it; whatever is left of its group is killed first."""
        self.end(signal.SIGKILL)
        command = tied([sys.executable, "app.py", self.name])
        with self.log.open("ab") as output:
            self.child = subprocess.Popen(
                command, env={**os.environ, **self.environment}, cwd=ROOT, stdout=output, stderr=output, process_group=0
            )
        self.due = 0.0

    def keep(self, draw: random.Random) -> None:
        """Start it again a while after it is gone."""
        if self.child is not None and self.child.poll() is not None and not self.due:
            self.end(signal.SIGTERM)
            self.due = time.monotonic() + draw.uniform(0.1, _LONGEST_PAUSE)
        if self.due and time.monotonic() >= self.due:
            self.start()

    def end(self, how: signal.Signals) -> None:
        """Send this signal to all of the group."""
        if self.child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.child.pid, how)

    def pids(self, part: str) -> list[int]:
        """The processes of this part of the unit that are alive."""
        if self.child is None or self.child.poll() is not None:
            return []
        return [self.child.pid] if part == self.name else _children(self.child.pid)


def _children(parent: int) -> list[int]:
    """The children that do work: multiprocessing's tracker of resources does none (proc(5))."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            ours = int((process / "stat").read_text().rpartition(")")[2].split()[1]) == parent
            if ours and b"resource_tracker" not in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return sorted(found)


@dataclass
class Redis:
    """The Valkey of the run. It may lose up to a second of what it wrote when it is killed, as with a whole machine."""

    folder: Path
    draw: random.Random
    server: Embedded = field(init=False)
    due: float = 0.0
    sizes: list[tuple[float, Path, int]] = field(default_factory=list)
    losses: int = 0

    def __post_init__(self) -> None:
        self.server = Embedded(self.folder)

    def pid(self) -> int:
        """Its process."""
        return int((self.folder / "valkey.pid").read_text())

    def kill(self) -> None:
        """Kill it, and half of the time cut off what it wrote last."""
        os.kill(self.pid(), signal.SIGKILL)
        self.due = time.monotonic() + self.draw.uniform(0.1, _LONGEST_REDIS_PAUSE)
        if self.draw.random() < _LOSES:
            self._lose(time.monotonic() - self.draw.uniform(0.0, 1.0))

    def _lose(self, since: float) -> None:
        written = [(file, size) for at, file, size in self.sizes if at <= since]
        if written:
            file, size = written[-1]
            with suppress(OSError), file.open("r+b") as log:
                log.truncate(size)
                self.losses += 1

    def keep(self) -> None:
        """Start it again when it is time; note how much it has written."""
        if self.due:
            if time.monotonic() >= self.due:
                self.server.start()
                self.due, self.sizes = 0.0, []
            return
        for file in sorted((self.folder / "appendonlydir").glob("*.incr.aof"))[-1:]:
            self.sizes = [*self.sizes[-200:], (time.monotonic(), file, file.stat().st_size)]


@dataclass
class Machine:
    """All units and Redis. `tick` is to be called often, from the main thread."""

    units: Mapping[str, Unit]
    redis: Redis
    draw: random.Random
    paused: list[tuple[float, int]] = field(default_factory=list)

    def start(self) -> None:
        """Start everything."""
        self.redis.server.start()
        for unit in self.units.values():
            unit.start()

    def tick(self) -> None:
        """Start again what is gone and due, and let go on what was paused long enough."""
        self.redis.keep()
        for unit in self.units.values():
            unit.keep(self.draw)
        now = time.monotonic()
        for until, pid in self.paused:
            if until <= now:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        self.paused = [(until, pid) for until, pid in self.paused if until > now]

    def kill(self, part: str) -> bool:
        """Kill this part, one of its processes where there are several; False when none is alive just now."""
        if part == REDIS:
            if self.redis.due:
                return False
            self.redis.kill()
            return True
        pids = self.units[PARTS[part]].pids(part)
        if pids:
            os.kill(self.draw.choice(pids), signal.SIGKILL)
        return bool(pids)

    def pause(self, part: str, seconds: float) -> bool:
        """Stop this part for a while, as a machine does that swaps or is moved; whether there was one."""
        pids = self.units[PARTS[part]].pids(part)
        if pids:
            pid = self.draw.choice(pids)
            os.kill(pid, signal.SIGSTOP)
            self.paused.append((time.monotonic() + seconds, pid))
        return bool(pids)

    def stop(self) -> None:
        """End everything."""
        for unit in self.units.values():
            unit.end(signal.SIGCONT)
            unit.end(signal.SIGTERM)
        until = time.monotonic() + 8.0
        for unit in self.units.values():
            if unit.child is not None:
                with suppress(subprocess.TimeoutExpired):
                    unit.child.wait(max(0.1, until - time.monotonic()))
            unit.end(signal.SIGKILL)
            if unit.child is not None:
                unit.child.wait()
        self.redis.server.stop()

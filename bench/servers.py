"""The processes that are measured: started on their core, awaited, and ended with the benchmark, however it ends."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep

THREADS = 8
"""Threads that answer requests in each web process."""
PATIENCE = 30.0
"""Seconds that a process may take to be ready."""


@dataclass(frozen=True, slots=True)
class Server:
    """One process that listens. `start_s`: seconds from its creation to its first 200."""

    pid: int
    port: int
    start_s: float


def cores() -> tuple[int | None, int | None]:
    """The core of the server and Valkey, and that of the load; (None, None) where a process cannot be pinned."""
    if not hasattr(os, "sched_setaffinity"):
        return None, None
    allowed = sorted(os.sched_getaffinity(0))
    return (allowed[0], allowed[1]) if len(allowed) > 1 else (None, None)


def pin(core: int | None) -> None:
    """Keep this process on one core."""
    if core is not None:
        os.sched_setaffinity(0, {core})


def free_port() -> int:
    """A TCP port on the loopback that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def granian(factory: str, port: int) -> list[str]:
    """The command that serves `module:factory` on `port`, with the same options as `app.py web` serves Ghanti."""
    told = {
        "interface": "wsgi",
        "workers": 1,
        "blocking-threads": THREADS,
        "blocking-threads-idle-timeout": 600,
        "host": "127.0.0.1",
        "port": port,
    }
    options = [part for name, value in told.items() for part in (f"--{name}", str(value))]
    return [sys.executable, "-m", "granian", *options, "--factory", factory]


def _dies_with_us(core: int | None) -> None:
    """Runs in the child: a benchmark that is killed leaves no server behind (prctl(2), PR_SET_PDEATHSIG = 1)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    pin(core)


@contextmanager
def process(
    command: Sequence[str], environment: Mapping[str, str], core: int | None, log: Path, cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its output in `log`; ended, at worst killed, when the block is left."""
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: _dies_with_us(core),
        )
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@contextmanager
def server(
    command: Sequence[str],
    port: int,
    environment: Mapping[str, str],
    core: int | None,
    log: Path,
    ready: str = "/readyz",
    cwd: Path | None = None,
) -> Iterator[Server]:
    """A web server that answers `ready` with 200. Raises RuntimeError, with its log's end, when it never does."""
    started = perf_counter()
    with process(command, environment, core, log, cwd) as child:
        while not _answers(port, ready):
            if child.poll() is not None or perf_counter() - started > PATIENCE:
                raise RuntimeError(f"{' '.join(command)} is not ready:\n{log.read_text(errors='replace')[-2000:]}")
            sleep(0.01)
        yield Server(child.pid, port, perf_counter() - started)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def rss_mb(pid: int) -> float | None:
    """Resident memory, in MB of 10⁶ bytes, of the largest process among `pid` and its children: granian's web process.

    None where there is no /proc. See proc(5): VmRSS is in kB of 1,024 bytes.
    """
    sizes = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if str(pid) in (lines["Pid"].strip(), lines["PPid"].strip()) and "VmRSS" in lines:
            sizes.append(int(lines["VmRSS"].split()[0]) * 1024 / 1e6)
    return max(sizes, default=None)

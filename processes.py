"""Starting, watching and ending the processes of one machine: what `python app.py` does."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import logs
from department_settings import ROOT
from records.database import Database
from services.import_centres import import_demo
from sessions.embedded import Embedded, EmbeddedFailed
from sessions.tied import tied
from settings import Settings, variable
from welcome import address, welcome

_READY_SECONDS, _GRACE_SECONDS, _WEB_GRACE_SECONDS = 60, 10, 5
"""More than a turn takes; a web process told to end while it began would else be waited for for ever."""


def serve_web(settings: Settings) -> None:
    """Serve webhooks until told to stop: granian, WSGI, processes and threads as set."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        target="app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.web_processes,
        blocking_threads=settings.web_threads,
        blocking_threads_idle_timeout=600,
        respawn_failed_workers=True,
        workers_kill_timeout=_WEB_GRACE_SECONDS,
        log_access=False,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=logs.configuration(settings.log_form(), settings.log_level),
        working_dir=ROOT,
    ).serve()


class Household:
    """The children of this process: started, started again when they die, ended with it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._children: dict[str, tuple[list[str], subprocess.Popen[bytes]]] = {}
        self.stopping = False
        """This process was told to stop."""

    def heed_signals(self) -> None:
        """From now on SIGTERM, Ctrl-C and a closed terminal mean: stop everything. In the main thread only."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def start(self, name: str, *arguments: str) -> None:
        """Start a child by name with these arguments to Python."""
        command = [sys.executable, *arguments]
        self._children[name] = (command, self._popen(command))

    def _popen(self, command: list[str]) -> subprocess.Popen[bytes]:
        # In a group of its own: Ctrl-C is for this process, which then ends the others in order.
        return subprocess.Popen(tied(command), env=self._environment, cwd=ROOT, process_group=0)

    def ended(self) -> Iterator[str]:
        """Which children have ended, and how, as words."""
        for name, (_, child) in self._children.items():
            if child.poll() is not None:
                yield f"{name} ended with {child.returncode}"

    def watch(self, embedded: Embedded | None = None) -> None:
        """Keep the children, and the embedded Valkey, alive until this process is told to stop."""
        while not self.stopping:
            time.sleep(0.5)
            if embedded is not None:
                _keep_alive(embedded)
            for name, (command, child) in list(self._children.items()):
                if child.poll() is not None and not self.stopping:
                    print(f"{name} ended with {child.returncode}; it is started again", flush=True)
                    time.sleep(1)
                    self._children[name] = (command, self._popen(command))
        self.stop()

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def stop(self) -> None:
        """End every child: politely, then not."""
        for _, child in self._children.values():
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + _GRACE_SECONDS
        for _, child in self._children.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()


def _keep_alive(embedded: Embedded) -> None:
    try:
        embedded.start()  # nothing, while it lives
    except EmbeddedFailed as failed:
        print(f"The embedded Valkey does not come back: {failed}", flush=True)


def taken(host: str, port: int) -> str:
    """Why nobody can listen on this address, as the end of a sentence; "" when it is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: a port just left is free
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "something else listens there already; perhaps Ghanti runs in another window"
            return f"the system says: {error.strerror or error}"
    return ""


def port_problems(settings: Settings) -> Iterator[str]:
    """One sentence for each port that cannot be had, with the setting that gives another."""
    why = taken(settings.host, settings.port)
    if why:
        yield _no_port("web server", "port", settings.port, why)
    if settings.sandbox:
        same = settings.sandbox_port == settings.port
        why = "the web server is to have it" if same else taken("127.0.0.1", settings.sandbox_port)
        if why:
            yield _no_port("sandbox", "sandbox_port", settings.sandbox_port, why)


def _no_port(who: str, field: str, port: int, why: str) -> str:
    other = port + 1000 if port < 60_000 else port - 1000
    return f"The {who} cannot have port {port}: {why}. For another: {variable(field)}={other} make run"


def wait_until_ready(url: str, alive: Callable[[], bool] = lambda: True, seconds: float = _READY_SECONDS) -> bool:
    """Wait until `/readyz` says 200; False when it does not in time. What it says is missing is printed, once."""
    end = time.monotonic() + seconds
    told = ""
    while time.monotonic() < end and alive():
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return True
        except urllib.error.HTTPError as unready:
            why = _missing(unready.read())
            if why != told:
                print(f"Not ready yet. {why}", flush=True)
                told = why
            time.sleep(0.5)
        except OSError:
            time.sleep(0.05)
    return False


def _missing(body: bytes) -> str:
    with suppress(ValueError, LookupError, TypeError):
        return " ".join(json.loads(body)["missing"])
    return ""


def serve_everything(settings: Settings) -> None:
    """Serve the whole of Ghanti on this machine until told to stop, and print where to look.

    Raises SystemExit with the reason when it cannot begin: a port is taken, or a process ends before all is ready.
    """
    if problems := list(port_problems(settings)):
        sys.exit("\n".join(problems))
    embedded = None
    redis_url = settings.redis_url.get_secret_value()
    if not redis_url:
        embedded = Embedded(settings.var_dir / "valkey")
        try:
            redis_url = embedded.start()
        except EmbeddedFailed as failed:
            sys.exit(f"The embedded Valkey did not start: {failed}")
    household = Household({"REDIS_URL": redis_url})
    household.heed_signals()
    try:
        if not settings.centres_file.exists():
            import_demo(settings.centres_file, settings.places_file)
        _migrate(settings)
        if settings.sandbox:
            household.start("sandbox", "-m", "services.sandbox", "--port", str(settings.sandbox_port))
        household.start("web", "app.py", "web")
        household.start("worker", "app.py", "worker")
        household.start("sweeper", "app.py", "sweeper")
        _tell_when_ready(settings, household)
        household.watch(embedded)
    finally:
        household.stop()
        if embedded is not None:
            embedded.stop()


def _migrate(settings: Settings) -> None:
    from records.migrate import migrate  # a web process needs none of it

    database = Database(settings.records_url(), _READY_SECONDS)
    migrate(database)
    database.close()


def _tell_when_ready(settings: Settings, household: Household) -> None:
    """Print the welcome once all is ready. Raises SystemExit when a process ended before that."""

    def alive() -> bool:
        return not household.stopping and not any(household.ended())

    if wait_until_ready(f"{address(settings)}/readyz", alive):
        print(welcome(settings), flush=True)
    elif household.stopping:
        return
    elif ended := list(household.ended()):
        sys.exit(f"Ghanti could not begin: {', '.join(ended)}. Why stands above.")
    else:
        print("Ghanti is not ready, and goes on trying. Why stands above.", flush=True)

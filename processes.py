"""Starting, watching and ending the processes of one machine: what `python app.py` does."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from department_settings import ROOT
from records.database import Database
from services.import_centres import import_demo
from sessions.embedded import Embedded
from sessions.tied import tied
from settings import Settings

_READY_SECONDS = 60
_GRACE_SECONDS = 10


def serve_web(settings: Settings) -> None:
    """Serve webhooks until told to stop: granian, WSGI, processes and threads as set."""
    from granian import Granian
    from granian.constants import Interfaces

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
        log_access=False,
        working_dir=ROOT,
    ).serve()


class Household:
    """The children of this process: started, started again when they die, ended with it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._children: dict[str, tuple[list[str], subprocess.Popen[bytes]]] = {}
        self._stopping = False

    def start(self, name: str, *arguments: str) -> None:
        """Start a child by name with these arguments to Python."""
        command = [sys.executable, *arguments]
        self._children[name] = (command, self._popen(command))

    def _popen(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(tied(command), env=self._environment, cwd=ROOT)

    def watch(self) -> None:
        """Keep the children alive until this process is told to stop."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        while not self._stopping:
            time.sleep(0.5)
            for name, (command, child) in list(self._children.items()):
                if child.poll() is not None and not self._stopping:
                    print(f"{name} ended with {child.returncode}; it is started again", flush=True)
                    time.sleep(1)
                    self._children[name] = (command, self._popen(command))
        self.stop()

    def _on_signal(self, number: int, frame: object) -> None:
        self._stopping = True

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


def wait_until_ready(url: str, alive: Callable[[], bool] = lambda: True, seconds: float = _READY_SECONDS) -> bool:
    """Wait until `/readyz` says 200; False when it does not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


def serve_everything(settings: Settings) -> None:
    """Serve the whole of Ghanti on this machine until told to stop, and print where to look."""
    embedded = None
    redis_url = settings.redis_url.get_secret_value()
    if not redis_url:
        embedded = Embedded(settings.var_dir / "valkey")
        redis_url = embedded.start()
    if not settings.centres_file.exists():
        import_demo(settings.centres_file, settings.places_file)
    _migrate(settings)
    household = Household({"REDIS_URL": redis_url})
    try:
        if settings.sandbox:
            household.start("sandbox", "-m", "services.sandbox", "--port", str(settings.sandbox_port))
        household.start("web", "app.py", "web")
        household.start("worker", "app.py", "worker")
        ready = wait_until_ready(f"http://127.0.0.1:{settings.port}/readyz")
        print(_welcome(settings) if ready else "Ghanti did not get ready; what is wrong stands above.", flush=True)
        household.watch()
    finally:
        household.stop()
        if embedded is not None:
            embedded.stop()


def _migrate(settings: Settings) -> None:
    from records.migrate import migrate

    database = Database(settings.records_url(), _READY_SECONDS)
    migrate(database)
    database.close()


def _welcome(settings: Settings) -> str:
    here = f"http://127.0.0.1:{settings.port}"
    code = settings.service_code
    token = "local" if settings.env == "development" else "YOUR-TOKEN"
    dial = f"-d sessionId=1 -d phoneNumber=+919876543210 --data-urlencode serviceCode={code}"
    return f"""
Ghanti is ready. Demo answers say so; the post offices are real, all of India's.

  Ready?     curl {here}/readyz
  Dial       curl '{here}/ussd/africastalking?token={token}' {dial} -d text=
  Answer     the same with text=2 (English), then text=2*1 (post offices), then text=2*1*110001 (a PIN code)
  At once    the same with another sessionId and text=13*110001
  Terminal   .venv/bin/python -m flows play

Ctrl-C ends it.
"""

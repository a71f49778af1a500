"""A real PostgreSQL for tests: a server of their own in a folder of its own, on a socket, never on a port."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sessions.tied import tied

USER = "postgres"
_PORT = 5432
_READY_SECONDS = 30


def programs() -> Path | None:
    """Where initdb and postgres are, as Debian installs them, or wherever the path has them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    elsewhere = shutil.which("initdb")
    return found[-1].parent if found else Path(elsewhere).parent if elsewhere else None


def why_not() -> str:
    """Why there is none here, in a sentence; "" when there is one."""
    if programs() is None:
        return "PostgreSQL is not installed: Debian's package is postgresql."
    if os.getuid() == 0 and USER not in {entry.pw_name for entry in pwd.getpwall()}:
        return f"PostgreSQL does not run as root, and there is no user {USER}."
    return ""


@contextmanager
def serving() -> Iterator[str]:
    """The URL of a fresh server, which ends with this process however it ends."""
    folder = programs()
    assert folder is not None
    # PostgreSQL refuses to run as root: there it runs as the user that its package brings.
    lower = pwd.getpwnam(USER) if os.getuid() == 0 else None
    as_user = {} if lower is None else {"user": lower.pw_uid, "group": lower.pw_gid, "extra_groups": []}
    with tempfile.TemporaryDirectory(prefix="ghanti-pg-", ignore_cleanup_errors=True) as made:
        if lower is not None:
            os.chown(made, lower.pw_uid, lower.pw_gid)
        data = f"{made}/data"
        init = [str(folder / "initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(init, check=True, capture_output=True, cwd=made, **as_user)  # type: ignore[call-overload]
        quick = ["-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=50"]
        asked = [str(folder / "postgres"), "-D", data, "-k", made, "-c", "listen_addresses=", *quick]
        with open(f"{made}/log", "wb") as log:
            server = subprocess.Popen(_lowered(asked, lower), stdout=log, stderr=log, cwd=made)
        socket = Path(made, f".s.PGSQL.{_PORT}")
        try:
            end = time.monotonic() + _READY_SECONDS
            while not _accepts(folder, made):
                assert server.poll() is None and time.monotonic() < end, Path(made, "log").read_text()
                time.sleep(0.05)
            yield f"postgresql://{USER}@/postgres?unix_sock={socket}"
        finally:
            server.send_signal(2)  # "fast": open connections are closed, the server ends in order
            server.wait(20)


def _lowered(command: list[str], lower: pwd.struct_passwd | None) -> list[str]:
    if lower is None:
        return tied(command)
    setpriv = ["/usr/bin/setpriv", f"--reuid={lower.pw_uid}", f"--regid={lower.pw_gid}", "--clear-groups"]
    return [*setpriv, "--pdeathsig=INT", *command]


def _accepts(folder: Path, made: str) -> bool:
    asked = [str(folder / "pg_isready"), "-q", "-h", made, "-U", USER]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0

"""The peer's packages: installed once into var/bench/peer with npm, in exactly the versions of the lock file."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.places import Places

SOURCE = Path(__file__).parent / "peer"
INSTALLED = Path("var/bench/peer")
_LOCK = "package-lock.json"


def missing() -> str:
    """Why there is no peer on this machine, or ""."""
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"{' and '.join(absent)} not found" if absent else ""


def install() -> str:
    """Install what the lock file names, unless it is there; why that failed, or ""."""
    marker = INSTALLED / "node_modules" / _LOCK
    wanted = (SOURCE / _LOCK).read_text()
    if marker.exists() and marker.read_text() == wanted:
        return ""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", _LOCK):
        shutil.copy(SOURCE / name, INSTALLED / name)
    done = _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    if done.returncode:
        return f"npm could not install the peer: {done.stderr.strip()[-500:]}"
    marker.write_text(wanted)
    return ""


def command(places: Places) -> list[str]:
    """What starts the peer; the post offices are written for it first."""
    told = {
        pin: [[office.name, office.kind, office.delivery, office.district] for office in offices]
        for pin, offices in places.items()
    }
    (INSTALLED / "offices.json").write_text(json.dumps(told))
    return ["node", str((SOURCE / "server.js").resolve())]


def _run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=INSTALLED, capture_output=True, text=True, timeout=300, check=False)

"""The servers that are measured, each with what starts it: ours, the floor, the peer, and one that does nothing."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import node
from bench.dialogue import SERVICE_CODE, TOKEN
from bench.places import Places
from bench.report import FLOOR, NOTHING, OURS, PEER
from bench.servers import THREADS, free_port, granian


@dataclass(frozen=True, slots=True)
class Target:
    """One server to measure. `judged`: its answers are about post offices, so the rehearsal judges them by the data."""

    name: str
    port: int
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    judged: bool = False
    cwd: Path | None = None


def ours(redis: Path) -> Target:
    """This project's web process. What a developer's own .env says about these settings is overruled."""
    port = free_port()
    environment = {
        "REDIS_URL": f"unix://{redis}",
        "PORT": str(port),
        "GHANTI_ENV": "development",
        "GHANTI_WEB_PROCESSES": "1",
        "GHANTI_WEB_THREADS": str(THREADS),
        "GHANTI_USSD_TOKEN": TOKEN,
        "GHANTI_SERVICE_CODE": SERVICE_CODE,
    }
    return Target(OURS, port, [sys.executable, "app.py", "web"], environment, judged=True)


def floor(redis: Path) -> Target:
    """The least that a Flask view with a session in Redis does, under the same server."""
    port = free_port()
    return Target(FLOOR, port, granian("bench.floor:create_app", port), {"REDIS_URL": f"unix://{redis}"})


def peer(redis: Path, places: Places) -> Target:
    """ussd-menu-builder; its packages must have been installed by `node.install`."""
    port = free_port()
    environment = {
        "PORT": str(port),
        "REDIS_SOCKET": str(redis),
        "OFFICES": str((node.INSTALLED / "offices.json").resolve()),
        "NODE_ENV": "production",
    }
    return Target(PEER, port, node.command(places), environment, judged=True, cwd=node.INSTALLED)


def nothing() -> Target:
    """A WSGI callable that answers "ok"."""
    port = free_port()
    return Target(NOTHING, port, granian("bench.nothing:create_app", port))

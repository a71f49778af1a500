"""The run behind `python -m bench chaos`: callers come, processes are killed, and in the end every promise is counted.

The provider is a process of its own that is never killed (`chaos_provider`); the callers and their book are threads of
this one. Everything else (web, worker, sweeper, Valkey) runs as in production, and is killed and paused at random.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

from bench import places
from bench.chaos_book import Booking, Kept, Ledger, Text, Transaction
from bench.chaos_callers import Caller, inbox_at, transactions
from bench.chaos_carrier import Carrier
from bench.chaos_processes import SHARES, SWEEPER, WEB, WEB_PROCESS, WORK_HORSE, WORKER, Machine, Redis, Unit
from bench.chaos_reconcile import faults, slowest_text_s
from bench.chaos_report import Seen
from bench.chaos_resume import Watch, resumed_s
from bench.dialogue import ONE_MENU, SERVICE_CODE, TOKEN
from bench.servers import free_port
from department_settings import ROOT
from processes import wait_until_ready
from records.database import AWAY, Database
from records.fact_tables import outbox, work_items
from records.facts import WAITING
from records.migrate import migrate
from records.tasks import DEAD, WORKING
from secret_keys import kept_in, read_key, read_ring
from services.import_centres import import_demo
from sessions.keyring import Keyring
from sessions.tied import tied

QUIET_S = 120.0
"""How long after the last caller the work that is owed may take."""
SECONDS_EACH = 0.12
"""Seconds of a run for each transaction: some eight begin in a second."""
_CALLERS = 96
_TICK = 0.05
_PAUSES = ((WEB_PROCESS, 4.0), (WORK_HORSE, 6.0), (SWEEPER, 8.0), (WORK_HORSE, 35.0))
"""What is stopped, not killed, and for how many seconds at most; the last is longer than a task's lease."""


def run(many: int, kills: int, seed: str, database_url: str = "", folder: Path | None = None) -> Seen:
    """One run. `folder` is for its files, and is kept; without one they go with the run. Raises RuntimeError."""
    began = time.monotonic()
    with ExitStack() as stack:
        home = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ghanti-chaos-")))
        scene = Scene(home, seed, database_url)
        stack.enter_context(scene.up())
        book = transactions(many, seed)
        seconds = max(many * SECONDS_EACH, kills * 1.5)
        scene.play(book, kills, seconds)
        quiet_s = scene.rest()
        return scene.seen(book, quiet_s, time.monotonic() - began)


class Scene:
    """One run's processes, callers and books. All of its methods are for the main thread."""

    def __init__(self, home: Path, seed: str, database_url: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.seed = seed
        self.draw = random.Random(f"kills {seed}")
        self.port, self.provider_port = free_port(), free_port()
        url = database_url or f"sqlite:///{home / 'records.sqlite'}"
        keys = kept_in(home / "development-keys.json")
        self.keyring = Keyring(read_ring([keys["session_keys"]]), read_key(keys["caller_hash_key"]))
        self.database = Database(url, 5.0)
        redis = Redis(home / "valkey", random.Random(f"redis {seed}"))
        environment = {
            "REDIS_URL": redis.server.url,
            "PORT": str(self.port),
            "GHANTI_ENV": "development",
            "GHANTI_VAR_DIR": str(home),
            "GHANTI_DATABASE_URL": url,
            "GHANTI_PLACES_FILE": str(places.BUILT.resolve()),
            "GHANTI_CENTRES_FILE": str(home / "centres.sqlite"),
            "GHANTI_SANDBOX": "1",
            "GHANTI_SANDBOX_PORT": str(self.provider_port),
            "GHANTI_SMS_GATEWAYS": "sandbox",
            "GHANTI_WEB_PROCESSES": "2",
            "GHANTI_WORKER_PROCESSES": "2",
            "GHANTI_USSD_TOKEN": TOKEN,
            "GHANTI_SMS_TOKEN": TOKEN,
            "GHANTI_SERVICE_CODE": SERVICE_CODE,
            "GHANTI_DEFAULT_LANGUAGE": "en",
        }
        units = {name: Unit(name, environment, home / f"{name}.log") for name in (WEB, WORKER, SWEEPER)}
        self.machine = Machine(units, redis, self.draw)
        self.carrier = Carrier(self.port)
        self.watch = Watch(self.database)
        self.home = home
        self.paused = 0

    @contextmanager
    def up(self) -> Iterator[None]:
        """Everything runs, until the block is left."""
        migrate(self.database)
        import_demo(self.home / "centres.sqlite", places.BUILT)
        asked = [sys.executable, "-m", "bench.chaos_provider", str(self.provider_port), self.seed]
        with (self.home / "provider.log").open("wb") as log:
            provider = subprocess.Popen(tied(asked), cwd=ROOT, stdout=log, stderr=log, env=dict(os.environ))
        try:
            self.machine.start()
            if not wait_until_ready(f"http://127.0.0.1:{self.port}/readyz"):
                log_end = (self.home / "web.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"the web server is not ready:\n{log_end}")
            yield
        finally:
            self.machine.stop()
            provider.terminate()
            provider.wait()
            self.database.close()

    def play(self, book: Sequence[Transaction], kills: int, seconds: float) -> None:
        """Let all callers come within so many seconds, and kill meanwhile; until all have gone."""
        pins = sorted(pin for pin, offices in places.read().items() if 2 <= len(offices) <= ONE_MENU)
        inbox = inbox_at(self.provider_port)
        came = random.Random(f"callers {self.seed}")
        blows = self._blows(kills, seconds)
        starts = sorted(came.uniform(0.0, seconds) for _ in book)
        began, looked = time.monotonic(), 0.0
        with ThreadPoolExecutor(_CALLERS, thread_name_prefix="caller") as crowd:
            going = []
            for at, one in zip(starts, book, strict=True):
                while (now := time.monotonic() - began) < at:
                    looked = self._tick(now, blows, looked)
                going.append(crowd.submit(Caller(self.carrier, inbox, pins, self.seed, one).do))
            while blows or not all(call.done() for call in going):
                looked = self._tick(time.monotonic() - began, blows, looked)
            for call in going:
                call.result()  # a fault of this benchmark's own is not one of the house
        self.carrier.close()

    def _blows(self, kills: int, seconds: float) -> list[tuple[float, str, float]]:
        """When what is killed (seconds 0) or paused for so long, the last first."""
        deck = [part for part, share in SHARES.items() for _ in range(share)]
        parts = [part for _ in range(kills // len(deck) + 1) for part in self.draw.sample(deck, len(deck))][:kills]
        blows = [(self.draw.uniform(0.03, 0.9) * seconds, part, 0.0) for part in parts]
        for part, most in _PAUSES * (kills // 20):
            blows.append((self.draw.uniform(0.03, 0.9) * seconds, part, self.draw.uniform(0.5, 1.0) * most))
        return sorted(blows, reverse=True)

    def _tick(self, now: float, blows: list[tuple[float, str, float]], looked: float) -> float:
        self.machine.tick()
        if blows and blows[-1][0] <= now:
            _, part, seconds = blows.pop()
            if seconds:
                self.paused += self.machine.pause(part, seconds)
            elif self.machine.kill(part):
                self.watch.killed(part)
            else:  # it is gone already: a little later
                blows.append((now + self.draw.uniform(0.2, 1.0), part, 0.0))
                blows.sort(reverse=True)
        if now - looked > 0.5:
            self.watch.look()
            looked = now
        time.sleep(_TICK)
        return looked

    def rest(self) -> float:
        """Wait until nothing is owed any more, so long at most; how long that took, in seconds."""
        began = time.monotonic()
        quiet = 0
        while time.monotonic() - began < QUIET_S and quiet < 3:
            for _ in range(20):
                self.machine.tick()
                time.sleep(_TICK)
            self.watch.look()
            quiet = quiet + 1 if not self._open() else 0
        return time.monotonic() - began

    def _open(self) -> dict[str, int]:
        wanted = select(outbox.c.kind, outbox.c.state, func.count()).group_by(outbox.c.kind, outbox.c.state)
        try:
            with self.database.read() as connection:
                rows = connection.execute(wanted.where(outbox.c.state.in_((WAITING, WORKING)))).all()
        except AWAY:
            return {"not known": 1}
        return {f"{kind} {state}": number for kind, state, number in rows}

    def seen(self, book: Sequence[Transaction], quiet_s: float, took_s: float) -> Seen:
        """What the run saw, reconciled."""
        told: dict[str, Any] = httpx.get(
            f"http://127.0.0.1:{self.provider_port}/ledger", timeout=30.0, trust_env=False
        ).json()
        texts = [
            Text(row["key"], row["to"], row["text"], row["at"], row["times"], row["repeats"]) for row in told["texts"]
        ]
        bookings = [Booking(row["key"], row["lpg_id"], row["number"]) for row in told["bookings"]]
        ledger, kept, ended = Ledger(texts, bookings), self._kept(book), self.watch.ended()
        resumed = [
            (kill.part, resumed_s(kill, self.carrier.answered, self.carrier.screens, ended))
            for kill in self.watch.kills
        ]
        return Seen(
            seed=self.seed,
            transactions=len(book),
            texts=len(texts),
            repeats=sum(text.repeats for text in texts),
            bookings=len(bookings),
            webhooks=self.carrier.brought,
            webhooks_twice=self.carrier.repeated,
            redis_losses=self.machine.redis.losses,
            pauses=self.paused,
            resumed=resumed,
            faults=faults(book, ledger, kept),
            slowest_text_s=slowest_text_s(book, ledger),
            quiet_s=quiet_s,
            took_s=took_s,
        )

    def _kept(self, book: Sequence[Transaction]) -> Kept:
        numbers = {self.keyring.pseudonym(one.msisdn): one.msisdn for one in book}
        with self.database.read() as connection:
            items = connection.execute(
                select(work_items.c.pseudonym, func.count()).group_by(work_items.c.pseudonym)
            ).all()
            wanted = select(outbox.c.pseudonym, outbox.c.kind, outbox.c.reason).where(outbox.c.state == DEAD)
            dead = connection.execute(wanted).all()
        return Kept(
            {numbers.get(pseudonym, "nobody"): number for pseudonym, number in items},
            self._open(),
            [(numbers.get(pseudonym, "nobody"), f"{kind}: {reason}") for pseudonym, kind, reason in dead],
        )

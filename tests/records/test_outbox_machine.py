"""Whatever happens in whatever order: nothing that was kept is lost, and nothing is settled by two owners."""

import itertools
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from records.audit import AuditLog
from records.database import Database
from records.fact_tables import outbox
from records.facts import Facts
from records.outbox import LEASE, Claimed, Dead, Done, Later, Outbox
from records.sweep import Sweeper
from records.vault import Vault
from tests.conversation import Clock
from tests.records.conftest import AUDIT_KEY, RING
from tests.records.people import caller, task

_fresh: list[bytes] = []
"""An empty database, once made."""


class OutboxMachine(RuleBasedStateMachine):
    """Callers, workers that may be killed, sweepers, a provider that reports, and time."""

    kept = Bundle("kept")
    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name, "records.sqlite")
        file.write_bytes(_fresh[0])
        self.clock, self.keys, self.handed = Clock(), itertools.count(), list[int]()
        self.database = Database(f"sqlite:///{file}")
        facts = Facts(self.database, Vault(RING), AuditLog(AUDIT_KEY), self.clock)
        self.box = Outbox(facts, {"sms.send": self._do}, lambda: 1.0, tries=3)
        self.sweeper = Sweeper(self.box, self._take)
        self.queue_is_there = True
        self.settled = Counter[int]()
        self.lanes: dict[int, str] = {}

    def teardown(self) -> None:
        """Whatever happened: when time passes and sweepers run, everything ends, done or dead."""
        self.queue_is_there = False
        for _ in range(40):
            self.clock.at += 900
            self.sweeper.sweep()
        states = self._states()
        assert set(states) == set(self.lanes)
        assert set(states.values()) <= {"done", "dead"}
        assert all(count == 1 for count in self.settled.values())
        self.database.close()
        self._folder.cleanup()

    def _do(self, task: Claimed) -> Done:
        self.settled[task.number] += 1  # what `deliver` does is settled at once: nobody comes between
        return Done("ref")

    def _take(self, number: int) -> bool:
        if self.queue_is_there:
            self.handed.append(number)
        return self.queue_is_there

    def _states(self) -> dict[int, str]:
        with self.database.read() as connection:
            rows = connection.execute(select(outbox.c.id, outbox.c.state)).all()
        return {number: state for number, state in rows}

    @rule(
        target=kept,
        whose=st.integers(1, 3),
        lane=st.sampled_from(["", "", "a", "b"]),
        later=st.sampled_from([0, 0, 20]),
        twice=st.booleans(),
    )
    def keep(self, whose: int, lane: str, later: int, twice: bool) -> int:
        made = task(f"t{next(self.keys)}", self.clock.at + later if later else 0, lane)
        for _ in range(1 + twice):
            self.box.facts.keep(caller(number=whose), [made])
        number = max(self._states())
        assert number not in self.lanes
        self.lanes[number] = lane
        return number

    @rule(target=held, number=kept)
    def claim(self, number: int) -> object:
        before = self._states()[number]
        claimed = self.box.claim(number)
        if claimed is None:
            return multiple()
        assert before in ("waiting", "working")
        assert claimed.unsure or before == "waiting"
        return claimed

    @rule(number=kept)
    def deliver(self, number: int) -> None:
        assert self.box.deliver(number) in ("done", "")

    @rule(
        mine=consumes(held),
        result=st.sampled_from([Done("ref"), Later("busy"), Later("timeout", unsure=True), Dead("closed")]),
    )
    def settle(self, mine: Claimed, result: Done | Later | Dead) -> None:
        said = self.box.settle(mine, result)
        if said == "done":
            self.settled[mine.number] += 1

    @rule(mine=consumes(held))
    def killed(self, mine: Claimed) -> None:
        """Whoever had it is gone, and says nothing."""

    @rule(number=kept, said=st.sampled_from(["sent", "delivered", "failed"]))
    def report(self, number: int, said: str) -> None:
        before = self._states()[number]
        assert self.box.confirm(number, said)
        if before != "done" and self._states()[number] == "done":
            self.settled[number] += 1

    @rule(seconds=st.sampled_from([1, 7, LEASE, 900]))
    def time_passes(self, seconds: int) -> None:
        self.clock.at += seconds

    @rule(there=st.booleans())
    def the_queue(self, there: bool) -> None:
        self.queue_is_there = there

    @rule()
    def sweep(self) -> None:
        self.sweeper.sweep()

    @rule()
    def replay(self) -> None:
        self.sweeper.replay([])

    @invariant()
    def one_of_a_lane_is_at_work(self) -> None:
        at_work = [self.lanes[number] for number, state in self._states().items() if state == "working"]
        assert all(count == 1 for lane, count in Counter(at_work).items() if lane)

    @invariant()
    def nothing_is_lost(self) -> None:
        assert set(self._states()) == set(self.lanes)

    @invariant()
    def what_is_done_was_done_once(self) -> None:
        assert all(count == 1 for count in self.settled.values())
        done = {number for number, state in self._states().items() if state == "done"}
        assert set(self.settled) <= done


@pytest.mark.timeout(120)
def test_nothing_is_lost_and_nothing_is_done_twice(migrated: Path) -> None:
    _fresh[:] = [migrated.read_bytes()]
    run_state_machine_as_test(
        OutboxMachine,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

"""What Prometheus reads: lines of its format, true sums, and what is left when Redis is away."""

import re

from figures.metrics import GAUGES, exposition
from figures.tally import FAULT, HIT, Tally
from sessions.connection import Connection

SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.]+')


def test_every_line_is_one_that_prometheus_reads(tally: Tally, connection: Connection) -> None:
    tally.count(HIT, "ussd", "en", "lpg_book")
    tally.count(FAULT, 'us"sd', place="StoreAway")
    tally.took("ussd", 0.02)
    tally.took("ussd", 3)
    tally.flush()
    told = exposition(connection.ask, [lambda: {"ghanti_outbox_waiting": 3}]).splitlines()
    assert [line for line in told if not line.startswith("# ") and not SAMPLE.fullmatch(line.replace('\\"', ""))] == []
    assert 'ghanti_turns_total{channel="ussd"} 1' in told
    assert 'ghanti_faults_total{channel="us\\"sd",kind="StoreAway"} 1' in told
    assert 'ghanti_answer_seconds_bucket{channel="ussd",le="0.01"} 0' in told
    assert 'ghanti_answer_seconds_bucket{channel="ussd",le="0.025"} 1' in told
    assert 'ghanti_answer_seconds_bucket{channel="ussd",le="+Inf"} 2' in told
    assert 'ghanti_answer_seconds_sum{channel="ussd"} 3.02' in told
    assert "ghanti_outbox_waiting 3" in told and "ghanti_redis_up 1" in told
    for line in told:
        if line.startswith("# TYPE"):
            assert told[told.index(line) - 1].startswith(f"# HELP {line.split()[2]} ")


def test_without_redis_metrics_say_so_and_tell_what_they_can() -> None:
    def broken() -> dict[str, float]:
        raise RuntimeError

    told = exposition(Connection("redis://127.0.0.1:1/0").ask, [broken, lambda: {"ghanti_database_up": 1}])
    assert "ghanti_redis_up 0" in told and "ghanti_database_up 1" in told and "ghanti_up 1" in told
    assert "ghanti_turns_total" not in told


def test_each_gauge_says_what_it_is() -> None:
    assert all(told.endswith(".") for told in GAUGES.values())

import json
from dataclasses import replace

import pytest

from bench.report import Seen, figures, lines

SEEN = Seen(
    how="server on core 0",
    ceiling=50_000,
    rates={"ghanti": [5000, 6000, 4000], "floor": [4000, 5000, 5000], "peer": [10_000, 10_000, 16_000]},
    steady_rate=700,
    delays={"ghanti": [at / 1000 for at in range(200, 0, -1)], "floor": [0.001], "peer": [0.001]},
    sizes=[300, 250, 900],
    rss_mb=61.25,
    starts=[0.9, 0.5, 0.7],
)


def test_the_json_object_holds_medians_and_percentiles() -> None:
    assert json.loads(figures(SEEN).json()) == {
        "ratio_floor": 1.2,
        "ratio_peer": 0.5,
        "turns_per_s": 5000,
        "p50_ms": 100.0,
        "p99_ms": 198.0,
        "session_bytes": 300,
        "session_bytes_max": 900,
        "rss_mb": 61.25,
        "start_s": 0.7,
    }


def test_without_the_peer_its_ratio_is_null() -> None:
    alone = replace(SEEN, rates={"ghanti": [1.0], "floor": [3.0]}, rss_mb=None)
    made = json.loads(figures(alone).json())
    assert made["ratio_peer"] is None
    assert made["rss_mb"] is None
    assert made["ratio_floor"] == 0.333
    assert "  ghanti ÷ peer   not measured" in lines(alone)


@pytest.mark.parametrize(("ceiling", "careful"), [(16_666, True), (16_667, False)])
def test_a_load_that_may_hold_the_fastest_back_is_told(ceiling: float, careful: bool) -> None:
    # The fastest has 10,000 in the median: 60 % of 16,666.7.
    assert any(line.startswith("  Careful") for line in lines(replace(SEEN, ceiling=ceiling))) is careful


def test_a_person_reads_every_target_and_its_delays() -> None:
    told = "\n".join(lines(SEEN))
    assert "  ghanti      5,000   (rounds from 4,000 to 6,000)" in told
    assert "  ghanti  p50 100.00 ms   p99 198.00 ms   longest 200.00 ms" in told
    assert "300 bytes in the median of 3 callers, 900 at most" in told
    assert "61 MB after all this, ready 0.70 s after its start" in told

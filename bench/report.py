"""What one run saw, and what is made of it: figures for `--json`, and lines for a person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from bench.arithmetic import percentile, ratio_of_rounds

OURS, FLOOR, PEER, NOTHING = "ghanti", "floor", "peer", "nothing"


@dataclass(frozen=True, slots=True)
class Seen:
    """The raw observations of a run. Rates: turns a second, by target and round. Delays and starts: seconds."""

    how: str
    """The circumstances, one sentence: cores, socket, rounds."""
    ceiling: float
    """Turns a second that the load reaches against a server that does nothing."""
    rates: Mapping[str, Sequence[float]]
    steady_rate: float
    delays: Mapping[str, Sequence[float]]
    sizes: Sequence[int]
    """Bytes of each sampled session at its largest."""
    rss_mb: float | None
    starts: Sequence[float]


@dataclass(frozen=True, slots=True)
class Figures:
    """What `--json` writes. Ratios are ours ÷ theirs; None: not measured. Sizes in bytes, memory in MB of 10⁶ bytes."""

    ratio_floor: float
    ratio_peer: float | None
    turns_per_s: float
    p50_ms: float
    p99_ms: float
    session_bytes: float
    session_bytes_max: int
    rss_mb: float | None
    start_s: float

    def json(self) -> str:
        """One object, numbers to three decimals."""
        rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return json.dumps(rounded, indent=2) + "\n"


def figures(seen: Seen) -> Figures:
    """The figures of a run: medians of the rounds and of the starts, percentiles of every delay."""
    delays = sorted(seen.delays[OURS])
    return Figures(
        ratio_floor=ratio_of_rounds(seen.rates[OURS], seen.rates[FLOOR]),
        ratio_peer=ratio_of_rounds(seen.rates[OURS], seen.rates[PEER]) if PEER in seen.rates else None,
        turns_per_s=median(seen.rates[OURS]),
        p50_ms=percentile(delays, 0.5) * 1000,
        p99_ms=percentile(delays, 0.99) * 1000,
        session_bytes=median(seen.sizes),
        session_bytes_max=max(seen.sizes),
        rss_mb=seen.rss_mb,
        start_s=median(seen.starts),
    )


def lines(seen: Seen) -> list[str]:
    """The run as a person reads it."""
    made = figures(seen)
    peer = "not measured" if made.ratio_peer is None else f"{made.ratio_peer:.2f}"
    memory = "not measured" if made.rss_mb is None else f"{made.rss_mb:.0f} MB"
    return [
        f"Turns a second on one core ({seen.how})",
        *(_rates_line(name, rates) for name, rates in seen.rates.items()),
        _ceiling_line(seen),
        f"  ghanti ÷ floor  {made.ratio_floor:.2f}",
        f"  ghanti ÷ peer   {peer}",
        f"Delays at a steady {seen.steady_rate:.0f} turns a second",
        *(_delays_line(name, delays) for name, delays in seen.delays.items()),
        f"A session, key and value: {made.session_bytes:.0f} bytes in the median of {len(seen.sizes)} callers, "
        f"{made.session_bytes_max} at most",
        f"A web process: {memory} after all this, ready {made.start_s:.2f} s after its start",
    ]


def _rates_line(name: str, rates: Sequence[float]) -> str:
    return f"  {name:<8}{median(rates):>9,.0f}   (rounds from {min(rates):,.0f} to {max(rates):,.0f})"


def _ceiling_line(seen: Seen) -> str:
    fastest = max(median(rates) for rates in seen.rates.values())
    if fastest > 0.6 * seen.ceiling:
        return f"  Careful: the load reaches {seen.ceiling:,.0f} at most, so it may be what holds the fastest back"
    return f"  The load reaches {seen.ceiling:,.0f} against a server that does nothing"


def _delays_line(name: str, delays: Sequence[float]) -> str:
    ordered = sorted(delays)
    p50, p99 = (percentile(ordered, share) * 1000 for share in (0.5, 0.99))
    return f"  {name:<8}p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   longest {ordered[-1] * 1000:6.2f} ms"

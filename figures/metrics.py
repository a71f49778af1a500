"""What Prometheus reads: the text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).

The web server runs in several processes, and a scrape reaches one of them: every process adds to the same totals in
Redis, and this writes them out. prometheus_client would need a folder of files shared by all processes instead, and
would not know the workers' counts on other machines.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from figures.tally import BUCKETS, FAULT, HIT, LOST, TOOK, TOOK_US, TRANSACTION, Ask, totals

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
GAUGES: Mapping[str, str] = {
    "ghanti_up": "1: this process answers.",
    "ghanti_redis_up": "Whether Redis answers: without it callers are told that nothing works just now.",
    "ghanti_database_up": "Whether records can be read, in their newest version.",
    "ghanti_outbox_waiting": "Promised work that is not done.",
    "ghanti_outbox_dead": "Promised work that could not be done; people must look at it.",
    "ghanti_late_requests": "Requests to slow departments that are under way or lost.",
    "ghanti_transactions_waiting": "Transactions in Redis that are not in SQL yet.",
}
Probe = Callable[[], Mapping[str, float]]
"""Gives the values of some gauges; what it raises means that they cannot be had just now."""


def exposition(ask: Ask, probes: Sequence[Probe]) -> str:
    """Everything that can be had now; a family that cannot is left out, which is an alarm of its own."""
    gauges: dict[str, float] = {"ghanti_up": 1, "ghanti_redis_up": 0}
    found: Mapping[tuple[str, str, str], int] = {}
    try:
        found = totals(ask)
        gauges["ghanti_redis_up"] = 1
    except Exception:
        # Redis is away in whatever way: that is what this tells.
        gauges["ghanti_redis_up"] = 0
    for probe in probes:
        try:
            gauges.update(probe())
        except Exception:
            continue
    lines = [*_counters(found), *_answers(found)] if gauges["ghanti_redis_up"] else []
    for name, value in gauges.items():
        lines += [f"# HELP {name} {GAUGES[name]}", f"# TYPE {name} gauge", f"{name} {_number(value)}"]
    return "\n".join(lines) + "\n"


def _counters(found: Mapping[tuple[str, str, str], int]) -> Iterator[str]:
    yield from _counter(
        "ghanti_turns_total", "Turns answered, repeats aside.", ("channel",), _of(found, HIT, lambda c, _: (c,))
    )
    yield from _counter(
        "ghanti_faults_total",
        "Turns that could not be served, by what went wrong.",
        ("channel", "kind"),
        _of(found, FAULT, lambda channel, kind: (channel, kind)),
    )
    yield from _counter(
        "ghanti_transactions_total",
        "Uses of a service that ended, by how.",
        ("outcome",),
        _of(found, TRANSACTION, lambda _, outcome: (outcome,)),
    )
    lost = _of(found, LOST, lambda *_: ()) or Counter({(): 0})
    yield from _counter("ghanti_counts_lost_total", "Counts that found no room while Redis was away.", (), lost)


def _of(
    found: Mapping[tuple[str, str, str], int], wanted: str, labels: Callable[[str, str], tuple[str, ...]]
) -> Counter[tuple[str, ...]]:
    summed: Counter[tuple[str, ...]] = Counter()
    for (what, channel, place), number in found.items():
        if what == wanted:
            summed[labels(channel, place)] += number
    return summed


def _counter(name: str, told: str, labels: Sequence[str], values: Mapping[tuple[str, ...], int]) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} counter"
    for given, number in sorted(values.items()):
        yield f"{name}{_labels(zip(labels, given, strict=True))} {number}"


def _answers(found: Mapping[tuple[str, str, str], int]) -> Iterator[str]:
    name = "ghanti_answer_seconds"
    yield f"# HELP {name} How long the answer to a webhook took, within this process."
    yield f"# TYPE {name} histogram"
    for channel in sorted({channel for what, channel, _ in found if what == TOOK}):
        counted = 0
        for bound in (*map(str, BUCKETS), "+Inf"):
            counted += found.get((TOOK, channel, bound), 0)
            yield f"{name}_bucket{_labels([('channel', channel), ('le', bound)])} {counted}"
        label = _labels([("channel", channel)])
        yield f"{name}_sum{label} {found.get((TOOK_US, channel, ''), 0) / 1_000_000}"
        yield f"{name}_count{label} {counted}"


def _labels(pairs: Iterable[tuple[str, str]]) -> str:
    told = ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs)
    return f"{{{told}}}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)

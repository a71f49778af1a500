"""The run behind `python -m bench turns`: every target up at once, loaded in turn, round by round."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from redis import Redis

from bench import node, places
from bench.dialogue import dialogues, new_callers
from bench.load import Dialogue, Load, at_rate, saturate
from bench.rehearsal import rehearse
from bench.report import NOTHING, OURS, Seen
from bench.servers import Server, cores, pin, rss_mb, server
from bench.sizes import sessions
from bench.targets import Target, floor, nothing, ours, peer
from bench.valkey import valkey

NATIONAL_PEAK = 700.0
"""Turns a second in the busiest hour, were the whole country to use the service."""
STARTS = 3
STEADY_ROUNDS = 3
"""The steady spell of each target is as long as so many rounds."""
LOGS = Path("var/bench")
_WARM_S = 1.0


class WrongAnswer(RuntimeError):
    """A server answered something else than it should have: nothing that was measured is worth anything."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The servers that are up, and what the callers of each say and expect."""

    servers: Mapping[str, Server]
    talk: Mapping[str, Iterator[Dialogue]]

    def rate(self, name: str, seconds: float) -> float:
        """Turns a second of this server with every connection busy."""
        return sound(name, saturate(self.servers[name].port, self.talk[name], seconds)).turns_per_s

    def rates(self, seconds: float, rounds: int) -> dict[str, list[float]]:
        """`rate` of all, target after target in each round; the one that does nothing shows its limit soon."""
        for name in self.servers:
            self.rate(name, _WARM_S)
        seen: dict[str, list[float]] = {name: [] for name in self.servers}
        for number in range(1, rounds + 1):
            _tell(f"round {number} of {rounds}")
            for name in self.servers:
                seen[name].append(self.rate(name, min(seconds, _WARM_S) if name == NOTHING else seconds))
        return seen

    def delays(self, seconds: float) -> dict[str, list[float]]:
        """The delays of each but the one that does nothing, in seconds, at the nation's peak."""
        _tell(f"a steady {NATIONAL_PEAK:.0f} turns a second")
        return {
            name: sound(name, at_rate(up.port, self.talk[name], NATIONAL_PEAK, seconds)).delays
            for name, up in self.servers.items()
            if name != NOTHING
        }


def sound(name: str, load: Load) -> Load:
    """This load, when every answer was right. Raises WrongAnswer."""
    if load.refused or load.wrong:
        raise WrongAnswer(
            f"{name}: {load.answered} answers, {load.refused} with a status other than 200 ({dict(load.statuses)}), "
            f"{load.wrong} not what the caller should see, the first: {load.first_wrong.decode(errors='replace')!r}"
        )
    return load


def run(seconds: float, rounds: int) -> Seen:
    """Start everything, measure, end everything. Raises WrongAnswer, or RuntimeError when a server fails."""
    known = places.read()
    callers = new_callers()
    server_core, load_core = cores()
    with ExitStack() as stack:
        socket = stack.enter_context(valkey(server_core))
        targets = [ours(socket), floor(socket), *_peer(socket, known), nothing()]
        starts = [_start_once(targets[0], server_core) for _ in range(STARTS - 1)]
        servers = {target.name: stack.enter_context(_up(target, server_core)) for target in targets}
        pin(load_core)
        _tell("rehearsal: every PIN code's answers, judged by the data")
        timed = places.timed(known)
        expected = {target.name: rehearse(target.port, timed, callers, target.judged) for target in targets}
        bench = Bench(servers, {name: dialogues(answers, callers) for name, answers in expected.items()})
        rates = bench.rates(seconds, rounds)
        delays = bench.delays(seconds * STEADY_ROUNDS)
        memory = rss_mb(servers[OURS].pid)
        _tell("bytes a session")
        with Redis(unix_socket_path=str(socket)) as redis:
            sizes = sessions(servers[OURS].port, redis, known, callers)
    return Seen(
        how=f"{_cores_said(server_core, load_core)}, Valkey by Unix socket, {rounds} rounds of {seconds:g} s",
        ceiling=median(rates.pop(NOTHING)),
        rates=rates,
        steady_rate=NATIONAL_PEAK,
        delays=delays,
        sizes=sizes,
        rss_mb=memory,
        starts=[*starts, servers[OURS].start_s],
    )


def _cores_said(server_core: int | None, load_core: int | None) -> str:
    if server_core is None:
        return "nothing pinned, so these are not figures of one core"
    return f"server and Valkey on core {server_core}, load on core {load_core}"


def _up(target: Target, core: int | None) -> AbstractContextManager[Server]:
    LOGS.mkdir(parents=True, exist_ok=True)
    return server(target.command, target.port, target.environment, core, LOGS / f"{target.name}.log", cwd=target.cwd)


def _start_once(target: Target, core: int | None) -> float:
    with _up(target, core) as started:
        return started.start_s


def _peer(socket: Path, known: places.Places) -> list[Target]:
    _tell("installing the peer, unless it is there")
    reason = node.missing() or node.install()
    if reason:
        print(f"No peer: {reason}. ratio_peer is null.", flush=True)
        return []
    return [peer(socket, known)]


def _tell(stage: str) -> None:
    print(f"bench: {stage}", file=sys.stderr, flush=True)

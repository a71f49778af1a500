"""What an answer costs a caller: how many inputs, and how many seconds of prompts, before it is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from flows.engine.keys import is_voice
from flows.engine.lint.case import Case
from flows.engine.lint.graph import ways
from flows.engine.lint.references import named_in
from flows.engine.lint.voice import said_at
from flows.engine.lint.words import Words
from flows.engine.model import Ask, Block, Flow, Menu, Query, Tell
from flows.engine.prompting import CONSENT
from flows.engine.walk import PROOF

_DONE = ("end", "service", "home", "helpline")


@dataclass(frozen=True, slots=True)
class Cost:
    """Inputs and seconds from the first block to the answer, consent, PIN and confirmation counted, keying excluded.

    A screen takes no seconds.
    """

    flow: str
    channel: str
    language: str
    inputs: int
    seconds: float


def cost(case: Case, proofs: dict[str, Case], words: Words, channel: str, language: str) -> Cost:
    """The cheapest way to the answer; `proofs` are the cases of the subdialogs."""
    flow = case.flow
    inputs, seconds = _cheapest(case, words, channel, language, _answers(flow), asked=False)
    if flow.auth != "none":
        for name in (CONSENT, PROOF[flow.auth]):
            if name in proofs:
                more, longer = _cheapest(proofs[name], words, channel, language, frozenset(), asked=True)
                inputs, seconds = inputs + more, seconds + longer
    if flow.purpose is not None and is_voice(channel):
        seconds += words.seconds(words.spoken(flow, flow.purpose, {}, language), language)
    return Cost(flow.name, channel, language, inputs, round(seconds, 1))


def _answers(flow: Flow) -> frozenset[str]:
    """The tells that tell what a service said: they name a value of a query, or of a row that was chosen."""

    def from_service(reference: str) -> bool:
        block = flow.blocks.get(reference.partition(".")[0])
        return isinstance(block, Query) or (isinstance(block, Menu) and block.listing is not None)

    return frozenset(
        name
        for name, block in flow.blocks.items()
        if isinstance(block, Tell) and any(map(from_service, named_in(block.prompt)))
    )


def _cheapest(
    case: Case, words: Words, channel: str, language: str, answers: frozenset[str], *, asked: bool
) -> tuple[int, float]:
    """Inputs and seconds to the nearest answer, else to the nearest end; `asked`: on a way where somebody is asked."""
    flow, voice = case.flow, is_voice(channel)
    waiting: list[tuple[int, float, str]] = [(0, 0.0, flow.start)]
    seen: set[tuple[str, bool]] = set()
    fallback: tuple[int, float] | None = None
    while waiting:
        inputs, seconds, name = heappop(waiting)
        if name in answers:
            return inputs, seconds
        if name not in flow.blocks:
            if name in _DONE and not (asked and inputs == 0):
                fallback = fallback or (inputs, seconds)
            continue
        if (name, inputs > 0) in seen:
            continue
        seen.add((name, inputs > 0))
        block = flow.blocks[name]
        longer = words.seconds(" ".join(_heard(case, words, block, channel, language)), language) if voice else 0.0
        for way in ways(block):
            heappush(waiting, (inputs + _inputs(block), seconds + longer, way.to))
    return fallback or (0, 0.0)


def _heard(case: Case, words: Words, block: Block, channel: str, language: str) -> Iterator[str]:
    if not (isinstance(block, Tell) and block.only and channel not in block.only):
        yield from said_at(case, words, block, language)


def _inputs(block: Block) -> int:
    match block:
        case Menu(listing=listing) if listing is not None and listing.group:
            return 2
        case Menu() | Ask():
            return 1
        case Query(confirm=confirm) if confirm is not None:
            return 1
    return 0

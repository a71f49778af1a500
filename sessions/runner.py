"""Runs one turn: the machine advances, what it asks for is performed, until it waits for the person again."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from flows.engine.effects import End, Prompt, Request, Said, SendSms, SetLanguage, Transfer
from flows.engine.events import Event, Late, Reply
from flows.engine.machine import LIMITS, advance
from flows.engine.model import Flows
from flows.engine.run import Limits, Run, Step
from flows.engine.values import Unavailable
from flows.engine.wording import Catalogue, render
from flows.operations import Answer, Caller

log = logging.getLogger(__name__)
MOST_ADVANCES = 40
"""Requests performed in one turn: far above what any flow needs, so that a fault ends instead of turning for ever."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the flows with its wordings: what a session is pinned to."""

    flows: Flows
    catalogues: Mapping[str, Catalogue]

    def catalogue(self, language: str) -> Catalogue:
        """The catalogue of a language; of the menu's first while none is chosen."""
        return self.catalogues.get(language) or self.catalogues[self.flows.languages[0]]

    def common(self, name: str, language: str) -> str:
        """A sentence of common.yaml without values, as a screen shows it."""
        return render(Said(self.flows.common[name], {}), self.catalogue(language))


class Perform(Protocol):
    """Asks an operation now (`services.perform.Services.perform`)."""

    def __call__(self, name: str, given: Mapping[str, str], caller: object = None, key: str = "") -> Answer[object]:
        """Give the answer; never raises for what a service does."""


class AskLate(Protocol):
    """Asks an operation in the background; None when there is no answer yet."""

    def __call__(self, request: Request, caller: Caller, deadline: float) -> Answer[object] | None:
        """Give the answer if it is there; asking again with the same token starts nothing twice."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn came to: the Run, the prompt to give, and what the door has to do besides."""

    run: Run
    prompt: Prompt | None
    language: str = ""
    """A language that the caller chose in this turn, to be remembered."""
    transfers: tuple[Transfer, ...] = ()
    messages: tuple[SendSms, ...] = ()
    ended: str = ""
    """How the conversation ended, or ""."""
    late: tuple[str, ...] = ()
    """Tokens of requests that go on in the background: their answers are owed."""


@dataclass(slots=True)
class _Gathered:
    prompt: Prompt | None = None
    language: str = ""
    ended: str = ""
    transfers: list[Transfer] = field(default_factory=list)
    messages: list[SendSms] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


class Runner:
    """Runs turns; holds no state of any caller.

    `editions` finds the flows of a version, or None when they are gone; `inline` is the longest deadline in seconds of
    an operation that is asked within a turn.
    """

    def __init__(
        self,
        current: Edition,
        editions: Callable[[str], Edition | None],
        perform: Perform,
        ask_late: AskLate,
        inline: float = 1.5,
        limits: Limits = LIMITS,
    ) -> None:
        self.current = current
        self._editions = editions
        self._perform = perform
        self._ask_late = ask_late
        self._inline = inline
        self._limits = limits

    def edition(self, run: Run | None) -> Edition:
        """The flows that a Run began with, while they can be had; else today's."""
        if run is None or run.version == self.current.flows.version:
            return self.current
        return self._editions(run.version) or self.current

    def turn(self, run: Run | None, event: Event, caller: Caller) -> Outcome:
        """Take one event as far as it goes."""
        flows = self.edition(run).flows
        gathered = _Gathered()
        step = advance(flows, run, event, self._limits)
        for _ in range(MOST_ADVANCES):
            request = _gather(step, gathered)
            if request is None:
                break
            answer = self._ask(flows, step.run, request, caller)
            if isinstance(answer, Late):
                gathered.late.append(answer.token)
            step = advance(flows, step.run, answer, self._limits)
        else:
            log.error("a turn asked more than %d times in flow %s", MOST_ADVANCES, step.run.frames[-1].flow)
        return Outcome(
            step.run,
            gathered.prompt,
            gathered.language,
            tuple(gathered.transfers),
            tuple(gathered.messages),
            gathered.ended,
            tuple(gathered.late) if step.run.stage == "waiting" else (),
        )

    def _ask(self, flows: Flows, run: Run, request: Request, caller: Caller) -> Event:
        signature = flows.signatures.get(request.operation)
        if signature is None:
            return Reply(request.token, Unavailable())
        asker = caller.asking(run.frames[0].flow, request.token, run.language) if signature.caller else caller
        if signature.deadline <= self._inline:
            answer = self._perform(request.operation, request.given, asker, request.key)
            return Reply(request.token, answer.outcome, answer.demo)
        late = self._ask_late(request, asker, signature.deadline)
        return Late(request.token) if late is None else Reply(request.token, late.outcome, late.demo)


def _gather(step: Step, gathered: _Gathered) -> Request | None:
    """Note the effects in order; gives the request that must be answered before the turn can go on."""
    request = None
    for effect in step.effects:
        match effect:
            case Prompt():
                gathered.prompt = effect
            case Request():
                request = effect
            case SetLanguage(language=language):
                gathered.language = language
            case Transfer():
                gathered.transfers.append(effect)
            case SendSms():
                gathered.messages.append(effect)
            case End(outcome=outcome):
                gathered.ended = outcome
    return request

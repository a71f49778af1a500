"""A small world for engine tests: the real flows, and services that are dictionaries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from flows.engine.effects import Effect, Prompt, Request
from flows.engine.events import Event, Input, Late, Reply, Start
from flows.engine.machine import LIMITS, advance
from flows.engine.model import Flows
from flows.engine.run import Limits, Run
from flows.engine.wording import Catalogue, script_of, text_of
from flows.library import Library, load, read_sources
from records.operations import CallerOperations
from services.assemble import assemble
from services.configuration import ServiceSettings

TODAY = date(2026, 11, 24)
Answering = Callable[[Mapping[str, str]], object]


@cache
def library() -> Library:
    """The real flows with the real operations' signatures; nothing is opened or asked."""
    nowhere = ServiceSettings(places=Path("none"), centres=Path("none"))
    services = assemble(nowhere, [CallerOperations(None, b"", lambda: 0)])  # type: ignore[arg-type]
    loaded = load(read_sources(), services.signatures, "14599")
    assert not loaded.problems, loaded.problems
    return loaded


@dataclass
class Caller:
    """Somebody in a conversation: types, and reads what comes back. `services` maps operations to their answers.

    An answer of `LATE` leaves the request open; `demo` names the operations whose answers are made up.
    """

    services: dict[str, Answering | object] = field(default_factory=dict)
    channel: str = "ussd"
    language: str = "en"
    flows: Flows = field(default_factory=lambda: library().flows)
    limits: Limits = LIMITS
    demo: frozenset[str] = frozenset()
    run: Run | None = None
    effects: list[Effect] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def dial(self, *inputs: str, flow: str = "", language: str | None = None, sms: bool = False) -> "Caller":
        tag = self.language if language is None else language
        return self.send(Start("run1", self.channel, TODAY, language=tag, inputs=inputs, flow=flow, sms=sms))

    def type(self, *texts: str) -> "Caller":
        for text in texts:
            self.send(Input(text, TODAY))
        return self

    def send(self, event: Event) -> "Caller":
        self.effects = []
        following: Event | None = event
        while following is not None:
            step = advance(self.flows, self.run, following, self.limits)
            self.run, following = step.run, None
            self.effects += step.effects
            if step.effects and isinstance(request := step.effects[-1], Request):
                following = self._answer(request)
        return self

    def _answer(self, request: Request) -> Event:
        self.asked.append(request)
        answer = self.services[request.operation]
        if answer is LATE:
            return Late(request.token)
        outcome = answer(request.given) if callable(answer) else answer
        return Reply(request.token, outcome, request.operation in self.demo)

    @property
    def prompt(self) -> Prompt:
        prompts = [effect for effect in self.effects if isinstance(effect, Prompt)]
        assert len(prompts) == 1, prompts
        return prompts[0]

    @property
    def catalogue(self) -> Catalogue:
        assert self.run is not None
        return library().catalogues[self.run.language or "hi"]

    @property
    def screen(self) -> str:
        return text_of(self.prompt, self.catalogue).body

    @property
    def script(self) -> tuple[str, ...]:
        return script_of(self.prompt, self.catalogue)

    @property
    def place(self) -> str:
        return self.prompt.place


LATE = object()

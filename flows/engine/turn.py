"""The workspace of one `advance`: a Run taken apart, changed in place, and frozen again at the end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flows.engine.effects import Effect, Request, Said, Typed
from flows.engine.model import Ask, Block, Flow, Flows
from flows.engine.run import Answer, Frame, Limits, Midway, Narrowing, Question, Run, Step

WIDE = Narrowing()
"""The position at the start of a list."""
NO_VALUES: Mapping[str, Typed] = {}
DOUBTED = "~doubted"
"""Where twelve digits that may be an Aadhaar number wait until the person says what they are."""


class Missing(Exception):
    """An outcome is needed that is not at hand: ask this question, then do the event over."""

    def __init__(self, question: Question) -> None:
        """Carry the question; it may hold personal data, so the message says nothing."""
        super().__init__("an outcome must be recalled")
        self.question = question


class Lost(Exception):
    """What the caller chose is not there any more, or its service is down."""


class Turn:
    """One event being worked on. Local to `advance`; nobody else sees it."""

    __slots__ = (
        "actor", "auth", "channel", "demo", "effects", "ended", "first", "flows", "found", "frames", "hand", "id",
        "inputs", "language", "limits", "narrowing", "no_input", "no_match", "parked", "repeated", "said", "since",
        "slower", "sms", "stage", "steps", "stopped", "today", "token", "trail", "turns", "version", "visits",
    )  # fmt: skip

    def __init__(self, flows: Flows, run: Run, limits: Limits) -> None:
        self.flows = flows
        self.limits = limits
        self.id = run.id
        self.version = run.version
        self.channel = run.channel
        self.language = run.language
        self.frames = list(run.frames)
        self.stage = run.stage
        self.narrowing = run.narrowing
        self.no_match = run.no_match
        self.no_input = run.no_input
        self.token = run.token
        self.inputs = run.inputs
        self.auth = run.auth
        self.turns = run.turns
        self.visits = run.visits
        self.actor = run.actor
        self.sms = run.sms
        self.slower = run.slower
        self.repeated = run.repeated
        self.ended = run.ended
        self.demo = run.demo
        self.trail = run.trail
        self.stopped = run.stopped
        midway = run.midway
        self.today = midway.today if midway else date.min
        self.said: list[Said] = list(midway.said) if midway else []
        self.hand = dict(midway.hand) if midway else {}
        self.found: dict[tuple[int, str], tuple[object, bool]] = {}
        """What `hand` has for a query block as the answers are now, by the frame's serial and the block."""
        self.effects: list[Effect] = []
        self.steps = 0
        self.since = run.since
        self.first = run.since
        """The block where this chain of saying began."""
        self.parked = False
        """A service is being asked, or nothing more is expected: no prompt is due."""

    @property
    def frame(self) -> Frame:
        """The frame on top."""
        return self.frames[-1]

    @property
    def flow(self) -> Flow:
        """The flow of the frame on top."""
        return self.flows.by_name[self.frames[-1].flow]

    @property
    def block(self) -> Block:
        """The block under way."""
        frame = self.frames[-1]
        return self.flows.by_name[frame.flow].blocks[frame.block]

    def at(self, block: str) -> None:
        """Stand at this block of the frame on top."""
        frame = self.frames[-1]
        if frame.block != block:
            self.frames[-1] = Frame(frame.flow, block, frame.visit, frame.answers, frame.back)

    def answer(self, block: str, value: Answer) -> None:
        """Store what a person answered under the block's name; the frame gets a new serial."""
        if block in self.frames[-1].answers:
            self.forget(block)  # the latest answer stands last
        frame = self.frames[-1]
        self.visits += 1
        self.frames[-1] = Frame(frame.flow, frame.block, self.visits, {**frame.answers, block: value}, frame.back)

    def keep(self, block: str, value: Answer) -> None:
        """Store an outcome: unlike a person's answer it changes nothing that was recalled."""
        frame = self.frames[-1]
        self.frames[-1] = Frame(frame.flow, frame.block, frame.visit, {**frame.answers, block: value}, frame.back)

    def back_before(self, block: str) -> None:
        """Make this block the one where the caller is now: what was asked since is no way back any more."""
        frame = self.frames[-1]
        if block in frame.back:
            back = frame.back[: frame.back.index(block)]
            self.frames[-1] = Frame(frame.flow, frame.block, frame.visit, frame.answers, back)

    def forget(self, *blocks: str) -> None:
        """Drop answers of the frame on top."""
        frame = self.frames[-1]
        if any(name in frame.answers for name in blocks):
            kept = {name: value for name, value in frame.answers.items() if name not in blocks}
            self.frames[-1] = replace(frame, answers=kept)

    def forget_secrets(self) -> None:
        """Drop every secret answer in every frame, and what may be an Aadhaar number."""
        for index, frame in enumerate(self.frames):
            blocks = self.flows.by_name[frame.flow].blocks
            kept = {name: value for name, value in frame.answers.items() if not _secret(blocks, name)}
            if len(kept) != len(frame.answers):
                self.frames[index] = replace(frame, answers=kept)

    def common(self, name: str, **values: Typed) -> Said:
        """A sentence of common.yaml."""
        return Said(self.flows.common[name], values or NO_VALUES)

    def say(self, name: str, **values: Typed) -> None:
        """Tell a sentence of common.yaml with the next prompt."""
        self.said.append(self.common(name, **values))

    def matched(self) -> None:
        """The person answered: their attempts start anew."""
        self.no_match = self.no_input = 0

    def path(self) -> tuple[str, ...]:
        """Where the caller has been, as `flow.block` names; nothing that was typed."""
        been = [*self.trail, *self.frames]
        return tuple(f"{frame.flow}.{name}" for frame in been for name in (*frame.back, frame.block))

    def step(self) -> Step:
        """Freeze: the Run as it is now, with what is to be done.

        Sentences told and outcomes at hand are kept only while a service is being asked in the middle of a turn.
        """
        asking = bool(self.effects) and isinstance(self.effects[-1], Request)
        run = Run(
            self.id, self.version, self.channel, self.language, tuple(self.frames), self.stage, self.narrowing,
            self.no_match, self.no_input, self.token, self.inputs, self.auth, self.turns, self.visits, self.actor,
            self.sms, self.slower, self.repeated, self.ended, self.demo, self.trail, self.first, self.stopped,
            Midway(self.today, tuple(self.said), self.hand) if asking else None,
        )  # fmt: skip
        return Step(run, tuple(self.effects))


def _secret(blocks: Mapping[str, Block], name: str) -> bool:
    block = blocks.get(name)
    return name == DOUBTED or (isinstance(block, Ask) and block.secret)

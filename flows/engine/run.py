"""Where one caller is in one conversation: small, frozen, and free of lists that a service can give again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from flows.engine.effects import Effect, Said
from flows.engine.events import Event
from flows.engine.values import Scalar

MAIN_MENU = "main_menu"
"""The flow where everybody begins and where `home` leads."""
Answer = str | Mapping[str, Scalar]
"""An ask's or menu's answer in canonical form, or the scalar fields of an outcome (with its exit under "")."""

_NOTHING: Mapping[str, Answer] = MappingProxyType({})
Question = tuple[str, ...]
"""An operation and what it was given: (operation, parameter, value, …)."""
_NO_HAND: Mapping[Question, tuple[object, bool]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow under way; the frames above it are its subdialogs (VoiceXML subdialog)."""

    flow: str
    block: str
    visit: int
    """A serial that grows with every answer: with the Run's id and the block it names a request for ever."""
    answers: Mapping[str, Answer] = field(default_factory=lambda: _NOTHING)
    back: tuple[str, ...] = ()
    """Blocks of this flow where the caller was asked something, oldest first."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The position in a long list: chosen group, letters, and the first item shown."""

    group: str = ""
    letters: str = ""
    first: int = 0
    listing: bool = False
    """The caller asked for the plain list instead of letters."""


@dataclass(frozen=True, slots=True)
class Run:
    """One conversation. `stage` says what the block under way is waiting for."""

    id: str
    version: str
    channel: str
    language: str
    frames: tuple[Frame, ...] = ()
    stage: str = ""
    narrowing: Narrowing = field(default_factory=Narrowing)
    no_match: int = 0
    no_input: int = 0
    token: str = ""
    inputs: tuple[str, ...] = ()
    auth: tuple[str, ...] = ()
    """Levels proved in this session."""
    turns: int = 0
    visits: int = 0
    actor: str = ""
    sms: bool = False
    slower: bool = False
    repeated: bool = False
    """The prompt was just repeated: repeating again makes a voice slower."""
    ended: bool = False
    demo: tuple[str, ...] = ()
    """Query blocks whose answer is demonstration data."""
    trail: tuple[Frame, ...] = ()
    """Frames of the flows that led here by `service`, for `back` across flows; at most two."""
    since: str = ""
    """The block where the last prompt's saying began, so that all of it can be repeated."""
    stopped: bool = False
    """The line dropped earlier and the offer to continue is being made; `stage` is still the block's."""
    midway: "Midway | None" = None
    """What lives only within a turn, while a service is asked; None whenever a prompt was given."""

    def within(self, midway: "Midway") -> "Run":
        """The same Run in the middle of a turn; what `dataclasses.replace` does in twice the time."""
        return Run(
            self.id, self.version, self.channel, self.language, self.frames, self.stage, self.narrowing,
            self.no_match, self.no_input, self.token, self.inputs, self.auth, self.turns, self.visits, self.actor,
            self.sms, self.slower, self.repeated, self.ended, self.demo, self.trail, self.since, self.stopped, midway,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Midway:
    """A turn in its middle: a service was asked, and its answer will end the turn or let it be done over.

    `said` goes out with the next prompt. `hand` holds what was asked in this turn, each question with its outcome and
    whether that is demonstration data. While an outcome is being recalled, `question` says which, and `held` is the
    event that is then done over.
    """

    today: date
    said: tuple[Said, ...] = ()
    hand: Mapping[Question, tuple[object, bool]] = field(default_factory=lambda: _NO_HAND)
    question: Question = ()
    held: Event | None = None


def resumable(run: Run) -> bool:
    """Say whether there is anything to continue: a service was open, and not finished."""
    return bool(run.frames) and not run.ended and bool(run.language) and run.frames[0].flow != MAIN_MENU


@dataclass(frozen=True, slots=True)
class Limits:
    """The engine's own limits: beyond them a Run ends politely instead of going on for ever."""

    blocks_a_turn: int = 30
    turns_a_session: int = 100
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class Step:
    """What `advance` gives back: the Run as it is now, and what is to be done."""

    run: Run
    effects: tuple[Effect, ...]

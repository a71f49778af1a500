"""One flow under proof: the flow, what is known at each of its blocks, and where each of its lines stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.engine.lint.knowledge import State
from flows.engine.lint.settings import LintSettings
from flows.engine.model import Flow, Flows, Wording
from flows.engine.problems import Problem


@dataclass(frozen=True, slots=True)
class Case:
    """What every rule about one flow is given."""

    flow: Flow
    flows: Flows
    settings: LintSettings
    knowledge: Mapping[str, State]
    """Each block that is reached → what is known there."""

    def problem(self, code: str, sentence: str, *place: str) -> Problem:
        """A problem at a place: a block, a part of it, a key of that; `("", "auth")` is in the header."""
        return Problem(self.flow.file, self.line(*place), code, sentence)

    def said_at(self, wording: Wording, code: str, sentence: str) -> Problem:
        """A problem with a sentence."""
        return Problem(self.flow.file, wording.line or 1, code, sentence)

    def line(self, *place: str) -> int:
        """The line of a place, or of the nearest one that is known."""
        for end in range(len(place), 0, -1):
            line = self.flow.lines.get(".".join(place[:end]))
            if line is not None:
                return line
        return 1

    def known(self, block: str) -> State:
        """What is known on arrival at a block; nothing where it is never reached."""
        return self.knowledge.get(block, {})

"""`python -m flows play`: a conversation in the terminal, as a screen shows it or as a voice says it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from flows.engine.effects import Prompt
from flows.engine.events import Event, Input, NoInput, Start
from flows.engine.keys import is_voice
from flows.engine.run import Run
from flows.engine.wording import Catalogue, script_of


class Told(Protocol):
    """What a turn came to (`sessions.runner.Outcome`)."""

    @property
    def run(self) -> Run:
        """The Run after the turn."""

    @property
    def prompt(self) -> Prompt | None:
        """What is to be said."""


@dataclass(frozen=True, slots=True)
class Player:
    """Plays one conversation: `turn` takes an event, `catalogue` gives a language's, `screens` cuts a prompt."""

    turn: Callable[[Run | None, Event], Told]
    catalogue: Callable[[str], Catalogue]
    screens: Callable[[Prompt, Catalogue], Iterable[str]]

    def play(self, start: Start, lines: Iterable[str]) -> Iterator[str]:
        """What is shown or said, piece by piece, as the lines that the person types are taken. Ends at the end."""
        told = self.turn(None, start)
        pages = list(self._shown(told))
        yield pages.pop(0)
        for line in lines:
            text = line.strip()
            if text == "01" and pages and not is_voice(start.channel):
                yield pages.pop(0)
            else:
                told = self.turn(told.run, Input(text, start.today) if text else NoInput())
                pages = list(self._shown(told))
                yield pages.pop(0)
            if not pages and told.prompt is not None and told.prompt.final:
                return

    def _shown(self, told: Told) -> Iterator[str]:
        assert told.prompt is not None
        catalogue = self.catalogue(told.run.language)
        if is_voice(told.run.channel):
            yield "\n".join(script_of(told.prompt, catalogue))
        else:
            yield from self.screens(told.prompt, catalogue)

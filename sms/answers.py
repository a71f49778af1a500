"""How a text becomes the answer to a question: one text to one question, or all that was written ahead to several."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from flows.engine.effects import Prompt
from flows.engine.events import Input
from flows.engine.model import Block, Menu, Query
from flows.engine.run import Run
from flows.engine.wording import Catalogue, render
from flows.operations import Caller
from sessions.runner import Edition, Outcome, Runner
from sms.inbound import AROUND
from sms.reading import Reading

_LETTERS = 10
"""The first letters of a name that narrow a long list; more are refused."""


class Answers:
    """Gives answers to the machine. `today` is the day in India."""

    def __init__(self, runner: Runner, today: Callable[[], date]) -> None:
        self._runner = runner
        self._today = today

    def fed(self, outcome: Outcome, inputs: Sequence[str], caller: Caller) -> Outcome:
        """Answer the first questions with what was written behind the word, in whatever order it was written.

        A number that answers nothing is refused; words too many, such as please, are let go.
        """
        left = list(inputs)
        while left and self._may_answer(outcome):
            wrong: Outcome | None = None
            for text in left:
                after = self.taken(outcome.run, self._shown(outcome), text, caller)
                if not after.run.no_match:
                    left.remove(text)
                    outcome = _both(outcome, after)
                    break
                wrong = wrong or (after if _has_digit(text) else None)
            else:
                return outcome if wrong is None else _both(outcome, wrong)
        return outcome

    def taken(self, run: Run, options: Sequence[tuple[str, str]], text: str, caller: Caller) -> Outcome:
        """Take an answer; where the sentence is none, the one number in it, or the one word that names something."""
        # As the first of its attempts, so that the last one is read as well as the others.
        fresh = replace(run, no_match=0)
        if len(text.split()) > 1 and self._input(fresh, options, text, caller).run.no_match:
            for word in self._alone(run, options, text):
                after = self._input(fresh, options, word, caller)
                if not after.run.no_match:
                    return after
        return self._input(run, options, text, caller)

    def _alone(self, run: Run, options: Sequence[tuple[str, str]], text: str) -> Sequence[str]:
        words = [bare for word in text.split() if (bare := word.strip(AROUND))]
        numbers = [word for word in words if _has_digit(word)]
        if numbers or self._exactly(run):
            return numbers if len(numbers) == 1 else ()
        reading = self.reading(run)
        named = [word for word in words if reading.names(word) or reading.meant(word, options) != word]
        return named if len(named) == 1 else ()

    def _exactly(self, run: Run) -> bool:
        """Whether much hangs on the answer: nobody agrees, or confirms, by what only looks like it."""
        return len(run.frames) > 1 or isinstance(block_of(run, self._runner.edition(run)), Query)

    def _input(self, run: Run, options: Sequence[tuple[str, str]], text: str, caller: Caller) -> Outcome:
        """Take an answer as it is; a name that leaves one choice of a long list, and is its name, chooses it."""
        reading = self.reading(run)
        narrows = not options and isinstance(block_of(run, self._runner.edition(run)), Menu)
        if narrows:
            meant = reading.known(text)
            meant = meant if len(meant) <= _LETTERS else "".join(filter(str.isalnum, meant))[:_LETTERS]
        else:
            meant = reading.meant(text, options, exactly=self._exactly(run))
        outcome = self._runner.turn(run, Input(meant, self._today()), caller)
        prompt = outcome.prompt
        if not narrows or prompt is None or outcome.run.no_match:
            return outcome
        key = reading.meant(text, self._shown(outcome))
        if key == text:
            return outcome
        return _both(outcome, self._runner.turn(outcome.run, Input(key, self._today()), caller))

    def _shown(self, outcome: Outcome) -> tuple[tuple[str, str], ...]:
        catalogue = self._runner.edition(outcome.run).catalogue(outcome.run.language)
        return options_of(outcome.prompt, catalogue) if outcome.prompt is not None else ()

    def reading(self, run: Run) -> Reading:
        """Reads answers in the language of a Run."""
        edition = self._runner.edition(run)
        return Reading(edition.catalogue(run.language), edition.catalogues.values())

    def _may_answer(self, outcome: Outcome) -> bool:
        """Never a secret, a consent or a confirmation ahead of its question."""
        run, prompt = outcome.run, outcome.prompt
        if prompt is None or prompt.final or prompt.secret or prompt.waiting or len(run.frames) > 1 or run.stage:
            return False
        return not isinstance(block_of(run, self._runner.edition(run)), Query)


def block_of(run: Run, edition: Edition) -> Block | None:
    """Where the Run stands."""
    frame = run.frames[-1]
    return edition.flows.by_name[frame.flow].blocks.get(frame.block)


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def options_of(prompt: Prompt, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """The choices of a prompt as (key, label in the catalogue's language)."""
    return tuple((option.key, render(option.label, catalogue)) for option in prompt.options)


def _both(first: Outcome, then: Outcome) -> Outcome:
    """The later outcome, with what the earlier one owed."""
    return Outcome(
        then.run,
        then.prompt,
        then.language or first.language,
        (*first.transfers, *then.transfers),
        (*first.messages, *then.messages),
        then.ended,
        then.late,
    )

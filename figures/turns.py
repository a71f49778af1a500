"""What a turn counts: a hit, the prompt that it gave, and the answer to the prompt before.

A block's prompts minus its answers are the callers who never answered there: silence needs no event of its own.
"""

from figures.tally import ANSWER, HIT, PROMPT, Tally
from flows.engine.prompting import LANGUAGE
from flows.engine.run import Run

RESUME = "common.resume"
"""Where a caller stands who is offered to go on with what was dropped."""


def count_turn(tally: Tally, after: Run, *, answered: Run | None, prompted: bool) -> None:
    """Count a turn that was kept; one that was repeated, or came too late, is none.

    `after` is the Run as it is now. `answered` is the Run whose prompt this input answered: None when a session began,
    a page was turned, or nothing was expected any more. `prompted`: a new prompt was given that expects an answer.
    """
    count, channel, language = tally.count, after.channel, after.language
    count(HIT, channel, language, after.frames[0].flow)
    if answered is not None:
        count(ANSWER, answered.channel, answered.language, answered.frames[0].flow, standing(answered))
    if prompted:
        count(PROMPT, channel, language, after.frames[0].flow, standing(after))


def standing(run: Run) -> str:
    """The place, `flow.block`, where this Run waits for somebody."""
    frame = run.frames[-1]
    return RESUME if run.stopped and frame.flow != LANGUAGE else f"{frame.flow}.{frame.block}"

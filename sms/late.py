"""The job that brings a late answer by SMS to somebody who is no longer looking at a screen, nor on the line.

What it says is the service's answer; where the service is personal and its flow does not send that by SMS itself, it
only says that the answer is there.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flows.engine.effects import Prompt, Said
from flows.engine.events import Reply
from flows.engine.model import Tell
from flows.engine.run import Run
from flows.engine.values import TimedOut
from flows.engine.walk import proofs
from flows.operations import Answer, Caller
from records.facts import Task
from records.outbox import Claimed, Done, Later, Result
from sessions.late import KEPT
from sessions.promises import SEND, sending_lane, waits_for
from sessions.runner import Edition, Runner
from sms.send import held
from sms.texts import Message, messages
from sms.turn import CHANNEL

_AGAIN = 5
"""Seconds until an answer that is not there is looked for again."""
_QUIET = 20
"""Seconds without a turn after which nobody looks at the screen any more."""
_DEMO = "common.demo"
"""The mark on made-up answers: it tells nothing by itself."""
Live = Callable[[bytes], tuple[Run, int] | None]
"""A door's session of a caller: the Run, and when it was last touched in Unix seconds."""


class LateAnswers:
    """Brings late answers. `doors` gives each door's live sessions, `answer` an answer by its token or None.

    `by_text` does the same for the SMS door's own conversations.
    """

    def __init__(
        self,
        runner: Runner,
        doors: Mapping[str, Live],
        answer: Callable[[str], Answer[object] | None],
        by_text: Callable[[Claimed, Callable[[str], Reply | None]], Result],
        now: Callable[[], int],
    ) -> None:
        self._runner = runner
        self._doors = doors
        self._answer = answer
        self._by_text = by_text
        self._now = now

    def __call__(self, task: Claimed) -> Result:
        """Look after one answer that is owed."""
        door, token = str(task.held["door"]), str(task.held["token"])

        def reply_to(asked: str) -> Reply | None:
            overdue = self._now() - task.made_at > KEPT
            return self._reply(asked) or (Reply(asked, TimedOut()) if overdue else None)

        if door == CHANNEL:
            return self._by_text(task, reply_to)
        found = self._doors[door](task.caller.pseudonym)
        if found is None or not waits_for(found[0], token):
            return Done("told_on_screen")
        run, at = found
        if self._now() - at < _QUIET:
            return Later("looking", seconds=_AGAIN, counts=False)
        reply = reply_to(token)
        if reply is None:
            return Later("no_answer_yet", seconds=_AGAIN, counts=False)
        caller = replace(task.caller, language=run.language)
        sent = self._messages(run, reply, caller)
        lane = sending_lane(caller.pseudonym)
        facts = (
            Task(SEND, f"{task.key}:{number}", held(message), lane=lane, unasked=True)
            for number, message in enumerate(sent)
        )
        return Done(facts=tuple(facts), caller=caller)

    def _reply(self, token: str) -> Reply | None:
        answer = self._answer(token)
        return None if answer is None else Reply(token, answer.outcome, answer.demo)

    def _messages(self, run: Run, reply: Reply, caller: Caller) -> tuple[Message, ...]:
        """The answer as texts. The session itself is not touched: whoever dials again finds the answer there."""
        edition = self._runner.edition(run)
        # As if they had just proved themselves, to learn the answer's words: `_may_be_sent` says who may read them.
        proved = (*run.auth, *proofs(edition.flows.by_name[run.frames[0].flow]))
        outcome = self._runner.turn(replace(run, channel=CHANNEL, sms=False, auth=proved), reply, caller)
        catalogue = edition.catalogue(run.language)
        prompt = outcome.prompt
        if prompt is None:
            return ()
        if not _may_be_sent(run, prompt, edition):
            ready = Prompt(prompt.place, (Said(edition.flows.common["sms_ready"], {}),), final=True)
            return messages(ready, catalogue, "")
        return messages(_without_question(prompt), catalogue, "")


def _without_question(prompt: Prompt) -> Prompt:
    """What was told, without the question after it, which a text could not answer; a question alone as a sentence."""
    told = prompt.said[:-1]
    answers = any(one.wording is None or one.wording.key != _DEMO for one in told)
    said = told if answers and not prompt.final else prompt.said
    return replace(prompt, said=said, options=(), expect="", keys=(), final=True)


def _may_be_sent(run: Run, prompt: Prompt, edition: Edition) -> bool:
    """Whether anybody who holds the phone may read this: nothing personal, or the flow sends it by SMS itself."""
    flow = edition.flows.by_name[run.frames[0].flow]
    if flow.auth == "none":
        return True
    texts = {
        (block.sms_wording or block.prompt).key
        for block in flow.blocks.values()
        if isinstance(block, Tell) and block.sms
    }
    keys = {one.wording.key for one in _without_question(prompt).said if one.wording is not None}
    return all(key in texts or key.startswith("common.") for key in keys)

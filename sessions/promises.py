"""What a turn promises a caller beside its screen: an SMS, a person, an answer that comes late. Kept before it is told.

The door keeps the promises of a turn in one SQL transaction first, and its own state after that. Killed in between, the
repeated webhook comes to the same turn, whose promises have the same keys, so nothing is promised twice.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flows.engine.effects import Prompt, Said, SendSms, Transfer
from flows.engine.run import Run
from flows.engine.wording import Catalogue
from flows.operations import Caller
from records.database import AWAY
from records.facts import Fact, Facts, Task, WorkItem
from sessions.keyring import Keyring
from sessions.runner import Edition, Outcome

log = logging.getLogger(__name__)
LATE_SECONDS = 20
"""How long after its question a late answer is looked after: until then the caller sees it on the screen."""
SEND, LATE = "sms.send", "sms.late"
"""The kinds of task that the SMS door does."""
_INSTEAD = {"common.sms_sent": "sms_stopped", "common.checking_or_sms": "checking"}
"""What promises an SMS → what is said to somebody who wrote STOP."""
TextOf = Callable[[SendSms, Catalogue], Mapping[str, Any]]
"""What is to be sent, as the SMS door writes it down for its own job."""


class NotKept(Exception):
    """A promise cannot be kept just now; `sentence` says so in the caller's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__("a promise cannot be kept")
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Promises:
    """Keeps promises. `text_of` comes from the SMS door, because no other door knows what an SMS is."""

    facts: Facts
    keyring: Keyring
    text_of: TextOf

    def keep(self, outcome: Outcome, edition: Edition, caller: Caller, door: str) -> Outcome:
        """Keep what this turn promises; gives the outcome as it may be told.

        Raises NotKept when nothing can be kept: then the turn must not be told either.
        """
        if not (outcome.messages or outcome.transfers or outcome.late):
            return outcome
        run = outcome.run
        asker = replace(caller, language=run.language)
        try:
            kept = self.facts.keep(asker, self._facts(outcome, edition, caller, door))
        except AWAY as away:
            log.warning("a promise could not be kept: %s", type(away).__name__)
            raise NotKept(edition.common("not_kept", run.language)) from None
        if kept.stopped:
            return replace(outcome, prompt=_stopped(outcome.prompt, edition))
        return outcome

    def _facts(self, outcome: Outcome, edition: Edition, caller: Caller, door: str) -> Sequence[Fact]:
        run = outcome.run
        catalogue = edition.catalogue(run.language)
        lane = sending_lane(caller.pseudonym)
        kept: list[Fact] = []
        for message in outcome.messages:
            held = self.text_of(message, catalogue)
            # The same text in the same conversation is one promise: a repeated screen sends nothing again.
            named = self.keyring.pseudonym(f"{run.id} {held}").hex()
            kept.append(Task(SEND, f"sms:{run.id}:{named}", held, lane=lane, unasked=True))
        for transfer in outcome.transfers:
            key = f"help:{run.id}:{place_of(transfer)}"
            kept.append(WorkItem(key, run.frames[0].flow, transfer.path, transfer.reason))
        for token in outcome.late:
            due = self.facts.now() + LATE_SECONDS
            kept.append(Task(LATE, f"late:{token}", {"token": token, "door": door}, due=due, unasked=True))
        return kept


def place_of(transfer: Transfer) -> str:
    """Where somebody asked for a person: asked twice at one place, it is one wish."""
    return transfer.path[-1][:100] if transfer.path else ""


def sending_lane(pseudonym: bytes) -> str:
    """The lane of all that is sent to a caller: their texts go out in order."""
    return f"out:{pseudonym.hex()}"


def _stopped(prompt: Prompt | None, edition: Edition) -> Prompt | None:
    """The prompt without what it promises by SMS: the caller wrote STOP."""
    if prompt is None:
        return None
    said = tuple(
        Said(edition.flows.common[_INSTEAD[one.wording.key]], {})
        if one.wording is not None and one.wording.key in _INSTEAD
        else one
        for one in prompt.said
    )
    return replace(prompt, said=said)


def waits_for(run: Run, token: str) -> bool:
    """Say whether the Run still waits for the answer to this request."""
    return run.token == token and run.stage == "waiting" and not run.ended

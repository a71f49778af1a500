"""The SMS door: takes what a webhook brings into the inbox, and does the jobs that follow from it.

A webhook is acknowledged once its text is in the inbox together with the task to take it; the task's end, the state of
the conversation, the texts that answer and the people who are asked to help are one transaction again.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from sqlalchemy import Connection

from flows.engine.effects import Said, Typed
from flows.engine.events import Reply
from flows.engine.wording import render
from flows.operations import Caller
from records.facts import Came, Fact, Facts, Task, WorkItem
from records.outbox import Claimed, Done, Later, Result
from records.wishes import Wishes
from sessions.promises import LATE, SEND, place_of, sending_lane, waits_for
from sessions.runner import Edition
from sms.conversation import Conversation, Conversations
from sms.gateways import Incoming
from sms.inbound import Go, Help, Open, Stop
from sms.send import held
from sms.texts import Message
from sms.turn import CHANNEL, SmsTurns, Turned

TAKE = "sms.take"
_SOON = 3
"""Seconds until a text's late answer is looked after: nothing else shows it."""
_PATIENCE = 60
"""Seconds that another question waits for the answer to the one before, which it would end."""


class Languages(Protocol):
    """The languages that callers chose (`sessions.languages.ChosenLanguages`)."""

    def of(self, pseudonym: bytes) -> str:
        """The language that this caller chose last on any door; "" when that is not known just now."""

    def remember(self, pseudonym: bytes, language: str) -> None:
        """Remember a choice, as well as can be done just now."""


class SmsDoor:
    """The door. `languages` remembers what a caller chose, for all doors together."""

    def __init__(
        self,
        turns: SmsTurns,
        conversations: Conversations,
        facts: Facts,
        current: Callable[[], Edition],
        languages: Languages,
    ) -> None:
        self._turns = turns
        self._conversations = conversations
        self._facts = facts
        self._current = current
        self._languages = languages

    def came(self, gateway: str, incoming: Incoming, pseudonym: bytes) -> None:
        """Keep an incoming text; the same one told again changes nothing. STOP and START are done at once.

        Raises what `records.database.AWAY` names: then the gateway must be told to bring it again.
        """
        caller = Caller(pseudonym, incoming.msisdn, CHANNEL)
        key = f"in:{gateway}:{_short(incoming.ref)}"
        came = Came(f"sms.{gateway}", incoming.ref)
        match self._turns.vocabulary.command(incoming.text):
            case Stop() | Go() as wish:
                known = self._languages.of(pseudonym) or self._conversations.load(pseudonym).language
                self._stop_or_start(
                    wish, replace(caller, language=self._turns.language(incoming.text, known)), key, came
                )
            case _:
                task = Task(TAKE, key, {"text": incoming.text}, lane=f"in:{pseudonym.hex()}")
                self._facts.keep(caller, (task,), came)

    def _stop_or_start(self, wish: Stop | Go, caller: Caller, key: str, came: Came) -> None:
        wishes = Wishes(self._facts)

        def wished(connection: Connection) -> None:
            (wishes.stop if isinstance(wish, Stop) else wishes.start)(connection, caller)

        name = "sms_stopped_now" if isinstance(wish, Stop) else "sms_started_now"
        text = held(self._common(name, caller.language), last=True)
        answer = Task(SEND, f"{key}:0", text, lane=sending_lane(caller.pseudonym))
        self._facts.keep(caller, (answer,), came, wished)

    def take(self, task: Claimed) -> Result:
        """The job: answer an incoming text."""
        caller = replace(task.caller, language="")
        text = str(task.held["text"])
        found = self._conversations.load(caller.pseudonym)
        before = found.conversation
        if (
            before is not None
            and self._waits(before)
            and isinstance(self._turns.vocabulary.read(text, awaited=True), Open)
        ):
            return Later("answer_before_it", seconds=_SOON, counts=False)
        known = self._languages.of(caller.pseudonym) or found.language
        if isinstance(self._turns.vocabulary.command(text), Help):
            language = before.run.language if before else self._turns.language(text, known)
            sent = self._sent(task, caller, (self._common("sms_help", language),))
            return Done(facts=sent, caller=replace(caller, language=language))
        turned = self._turns.turn(before, text, caller, known)
        if turned.language:
            self._languages.remember(caller.pseudonym, turned.language)
        return self._done(task, turned, found.version)

    def _waits(self, one: Conversation) -> bool:
        return one.run.stage == "waiting" and not one.run.ended and self._facts.now() - one.at < _PATIENCE

    def late(self, task: Claimed, answer: Callable[[str], Reply | None]) -> Result:
        """The job: an answer that a conversation waits for; `answer` gives it by its token, None while none is."""
        found = self._conversations.load(task.caller.pseudonym)
        token = str(task.held["token"])
        if found.conversation is None or not waits_for(found.conversation.run, token):
            return Done("not_waited_for")
        reply = answer(token)
        if reply is None:
            return Later("no_answer_yet", seconds=_SOON, counts=False)
        return self._done(task, self._turns.answered(found.conversation, reply, task.caller), found.version)

    def _done(self, task: Claimed, turned: Turned, version: int) -> Done:
        run = turned.conversation.run
        caller = replace(task.caller, language=run.language, channel=CHANNEL)

        def keep(connection: Connection) -> None:
            self._conversations.save(connection, caller.pseudonym, turned.conversation, version)

        items = [
            WorkItem(f"help:{run.id}:{place_of(transfer)}", run.frames[0].flow, transfer.path, transfer.reason)
            for transfer in turned.transfers
        ]
        due = self._facts.now() + _SOON
        owed = [
            Task(LATE, f"late:{token}", {"token": token, "door": CHANNEL}, due=due, unasked=True)
            for token in turned.late
        ]
        return Done(facts=(*self._sent(task, caller, turned.sent), *items, *owed), also=keep, caller=caller)

    def _sent(self, task: Claimed, caller: Caller, sent: Sequence[Message]) -> tuple[Fact, ...]:
        lane = sending_lane(caller.pseudonym)
        return tuple(
            Task(SEND, f"{task.key}:{number}", held(message), lane=lane, unasked=True)
            for number, message in enumerate(sent)
        )

    def _common(self, name: str, language: str) -> Message:
        edition = self._current()
        wording = edition.flows.common[name]
        catalogue = edition.catalogue(language)
        said = Said(wording, {"helpline": Typed("Phone", edition.flows.helpline)})
        return Message(wording.key, catalogue.tag, render(said, catalogue))


def _short(ref: str) -> str:
    """A provider's id as a part of a key: as it is, or its hash where it is long."""
    return ref if len(ref) <= 64 else hashlib.sha256(ref.encode()).hexdigest()

"""A phone in front of the whole house whose texts are kept instead of sent, with the row that stands behind each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, select

from records.fact_tables import outbox
from records.outbox import Claimed, Done, Result
from sessions.promises import SEND
from sms.templates import Template, Templates
from sms.texts import Message
from tests.conversation import MSISDN, Conversation
from tests.sms.worded import templates

TOKEN = "local"


@dataclass(repr=False)
class Texting:
    """`sent` are the messages that were to be sent, in their order."""

    talk: Conversation
    sent: list[Message] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.talk.phone.box.handlers = {**self.talk.phone.box.handlers, SEND: self._keep}

    def _keep(self, task: Claimed) -> Result:
        held = task.held
        self.sent.append(Message(held["key"], task.caller.language, held["text"], held["demo"]))
        return Done(f"ref{len(self.sent)}")

    def bring(self, text: str, ref: str = "", gateway: str = "sandbox", sender: str = MSISDN) -> int:
        """A gateway brings a text; gives the status that answers it."""
        self.count += not ref
        told = {"ref": ref or f"r{self.count}", "from": sender, "text": text}
        return self.talk.app.test_client().post(f"/sms/{gateway}/incoming?token={TOKEN}", json=told).status_code

    def work(self) -> list[str]:
        """Do all that is to be done now; gives the texts that came of it."""
        before = len(self.sent)
        while self.talk.hurried:
            self.talk.phone.box.deliver(self.talk.hurried.pop(0))
        return [message.text for message in self.sent[before:]]

    def text(self, text: str) -> list[str]:
        """Write to us, and read what comes back."""
        assert self.bring(text) == 200
        return self.work()

    def rows(self) -> list[Mapping[str, Any] | RowMapping]:
        """The outbox."""
        with self.talk.house.database.read() as connection:
            return list(connection.execute(select(outbox).order_by(outbox.c.id)).mappings())


def template_of(message: Message) -> Template | None:
    """The template that this message equals."""
    known: Templates = templates()
    return known.of(message, demo=True)

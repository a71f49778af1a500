"""A conversation over SMS, kept in SQL, so that its state changes in one transaction with what was sent."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from flows.engine.run import Run
from records.database import Database
from records.fact_tables import conversations
from records.facts import new_row
from records.tables import callers
from sessions.keyring import CannotOpen, Keyring
from sessions.packed_run import packed_run, unpacked_run
from sms.texts import Message

FORMAT = 1
"""To be changed with the order or the meaning of what is packed here or in `packed_run`."""
_decode = msgspec.msgpack.Decoder(list[Any]).decode


class Overtaken(RuntimeError):
    """Something else changed this conversation meanwhile: what was decided on the old state is undone."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a caller is: the Run, when it was last touched (Unix seconds), the choices on offer, what 01 shows next.

    `place` is where the prompt stood that was sent last; `options` are (key, label as it was written).
    """

    run: Run
    at: int
    place: str = ""
    options: tuple[tuple[str, str], ...] = ()
    rest: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was there: the conversation (None for nobody, or what does not open), and its version for `save`."""

    conversation: Conversation | None
    version: int
    language: str = ""
    """The language that the caller used last, on whichever door."""


class Conversations:
    """Conversations by pseudonym, each sealed for its caller."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def load(self, pseudonym: bytes) -> Found:
        """The caller's conversation. Raises what `records.database.AWAY` names."""
        held = callers.outerjoin(conversations)
        wanted = select(conversations.c.record, conversations.c.version, callers.c.language).select_from(held)
        mine = wanted.where(callers.c.pseudonym == pseudonym)
        with self._database.read() as connection:
            row = connection.execute(mine).first()
        if row is None:
            return Found(None, 0)
        if row.record is None:
            return Found(None, 0, row.language)
        try:
            return Found(_unpacked(self._keyring.open(row.record, _place(pseudonym))), row.version, row.language)
        except CannotOpen:
            return Found(None, row.version, row.language)

    def save(self, connection: Connection, pseudonym: bytes, conversation: Conversation, version: int) -> None:
        """Put it there if what was loaded is still there. Raises Overtaken."""
        row = {
            "record": self._keyring.seal(_packed(conversation), _place(pseudonym)),
            "version": version + 1,
            "changed_at": conversation.at,
        }
        mine = (conversations.c.pseudonym == pseudonym) & (conversations.c.version == version)
        if version:
            saved = connection.execute(update(conversations).where(mine).values(row)).rowcount == 1
        else:
            saved = new_row(connection, conversations, {"pseudonym": pseudonym, **row})
        if not saved:
            raise Overtaken


def _place(pseudonym: bytes) -> bytes:
    return b"sms" + pseudonym


def _packed(one: Conversation) -> bytes:
    rest = [(message.key, message.language, message.text, message.demo) for message in one.rest]
    return msgspec.msgpack.encode((FORMAT, packed_run(one.run), one.at, one.place, one.options, rest))


def _unpacked(plain: bytes) -> Conversation | None:
    form, *fields = _decode(plain)
    if form != FORMAT:
        return None
    run, at, place, options, rest = fields
    return Conversation(
        unpacked_run(run),
        at,
        place,
        tuple((key, label) for key, label in options),
        tuple(Message(*message) for message in rest),
    )

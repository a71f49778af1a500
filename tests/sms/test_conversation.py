"""A conversation in SQL: it comes back as it was, for its caller alone, and of two writers one is undone."""

from datetime import date

import pytest
from sqlalchemy import update

from flows.engine.events import Start
from flows.engine.machine import advance
from flows.engine.run import Run
from flows.operations import Caller
from records.durable import DurableCallers
from records.fact_tables import conversations
from records.facts import Facts
from sessions.keyring import Keyring
from sms import conversation as module
from sms.conversation import Conversation, Conversations, Found, Overtaken
from sms.texts import Message
from tests.records.conftest import clock as clock
from tests.records.conftest import database as database
from tests.records.conftest import facts as facts
from tests.records.conftest import hurried as hurried
from tests.records.conftest import kept as kept
from tests.records.conftest import postgresql_url as postgresql_url
from tests.records.conftest import url as url
from tests.records.people import caller
from tests.sms.worded import library

KEYS, CALLER_KEY = {1: bytes(32)}, b"c" * 32
RUN: Run = advance(
    library().flows, None, Start("r1", "sms", date(2026, 11, 24), language="hi", flow="post_offices")
).run
TALK = Conversation(
    RUN, 1_795_000_000, "post_offices.pin", (("1", "प्याज़"), ("2", "आलू")), (Message("common.sms_more", "hi", "आगे:\n3"),)
)
WHO: Caller = caller()


@pytest.fixture
def held(facts: Facts) -> Conversations:
    """Conversations of a database that knows the caller."""
    facts.keep(WHO, ())
    return Conversations(facts.database, Keyring(KEYS, CALLER_KEY))


def save(held: Conversations, facts: Facts, talk: Conversation, version: int) -> None:
    facts.keep(WHO, (), also=lambda connection: held.save(connection, WHO.pseudonym, talk, version))


def test_a_conversation_comes_back_as_it_was_saved(held: Conversations, facts: Facts) -> None:
    save(held, facts, TALK, 0)
    assert held.load(WHO.pseudonym) == Found(TALK, 1, "hi")


def test_nobody_has_none_and_a_caller_without_one_has_a_language(held: Conversations) -> None:
    assert held.load(b"n" * 16) == Found(None, 0)
    assert held.load(WHO.pseudonym) == Found(None, 0, "hi")


def test_what_was_decided_on_an_older_state_is_undone(held: Conversations, facts: Facts) -> None:
    save(held, facts, TALK, 0)
    for version in (0, 2):
        with pytest.raises(Overtaken):
            save(held, facts, Conversation(RUN, 5), version)
    assert held.load(WHO.pseudonym).conversation == TALK
    save(held, facts, Conversation(RUN, 5), 1)
    assert held.load(WHO.pseudonym) == Found(Conversation(RUN, 5), 2, "hi")


def test_a_record_of_somebody_else_does_not_open(held: Conversations, facts: Facts) -> None:
    save(held, facts, TALK, 0)
    other = caller(number=2)
    facts.keep(other, ())
    with facts.database.write() as connection:
        connection.execute(update(conversations).values(pseudonym=other.pseudonym))
    assert held.load(other.pseudonym) == Found(None, 1, "hi")


def test_a_record_of_a_key_that_is_gone_is_none_and_can_be_written_over(held: Conversations, facts: Facts) -> None:
    save(held, facts, TALK, 0)
    other = Conversations(facts.database, Keyring({2: b"x" * 32}, CALLER_KEY))
    assert other.load(WHO.pseudonym) == Found(None, 1, "hi")
    save(other, facts, TALK, 1)
    assert other.load(WHO.pseudonym).conversation == TALK


def test_a_record_of_another_format_is_none(held: Conversations, facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    save(held, facts, TALK, 0)
    monkeypatch.setattr(module, "FORMAT", 2)
    assert held.load(WHO.pseudonym) == Found(None, 1, "hi")


def test_nothing_that_was_written_stands_readable_in_the_database(
    held: Conversations, facts: Facts, kept: DurableCallers
) -> None:
    save(held, facts, TALK, 0)
    with facts.database.read() as connection:
        (row,) = connection.execute(conversations.select()).all()
    assert "प्याज़".encode() not in bytes(row.record)
    assert b"post_offices" not in bytes(row.record)

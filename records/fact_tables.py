"""The tables of what happens: logs, promised work, counts. Times are Unix seconds; what is personal is sealed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from records.tables import Number, of_caller, time, word
from records.tables import metadata as metadata


def outlasting() -> Column[bytes]:
    """Whose it was: the pseudonym alone, which stays in a log when they are erased."""
    return Column("pseudonym", LargeBinary)


transactions = Table(
    "transactions",  # a service used, and how it ended
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(96), nullable=False),
    outlasting(),
    word("service", 64),
    word("channel"),
    word("language"),
    word("outcome"),
    Column("seconds", Integer, nullable=False),
    Column("demo", Boolean, nullable=False, server_default=false()),
    time("ended_at", index=True),
    UniqueConstraint("key"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Number, primary_key=True),
    Column("pseudonym", LargeBinary, nullable=False),
    Column("day", String(10), nullable=False),  # 2026-11-25, India's
    word("service", 64),
    word("channel"),
    word("language"),
    word("request", 96),  # a repeated webhook is not a second rating
    Column("stars", Integer, nullable=False),
    time("given_at", index=True),
    UniqueConstraint("pseudonym", "day"),
)

call_records = Table(
    "call_records",  # telephone calls, whichever way
    metadata,
    Column("id", Number, primary_key=True),
    word("provider", 32),
    Column("provider_id", String(128), nullable=False),
    outlasting(),
    word("direction"),
    word("language"),
    word("outcome"),
    time("began_at", index=True),
    time("answered_at"),
    time("ended_at"),
    Column("paise", Integer, nullable=False, server_default="0"),
    UniqueConstraint("provider", "provider_id"),
)

inbox = Table(
    "inbox",  # webhooks that created a fact: each is taken once
    metadata,
    Column("id", Number, primary_key=True),
    word("provider", 32),
    Column("provider_id", String(128), nullable=False),
    time("came_at", index=True),
    UniqueConstraint("provider", "provider_id"),
)

_AT_WORK = text("state = 'working' AND lane <> ''")
outbox = Table(
    "outbox",  # work that was promised: `records/outbox.py` says what each column means
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(160), nullable=False),
    of_caller(index=True),
    word("kind", 32),
    word("lane", 64),
    Column("held", LargeBinary),  # sealed; gone when the work is done
    word("state"),
    time("due_at"),
    time("handed_at"),
    time("lease_until"),
    word("owner", 32),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("unsure", Boolean, nullable=False, server_default=false()),
    Column("unasked", Boolean, nullable=False, server_default=false()),
    word("reason", 64),
    word("ref", 128),
    word("delivery"),
    time("made_at"),
    time("tried_at"),
    time("ended_at"),
    UniqueConstraint("key"),
    Index(None, "state", "due_at"),
    Index(None, "lane", "id"),
    Index(None, "ended_at"),
    # Two of a lane are never at work together, whatever two claims saw at the same moment.
    Index("uq_outbox_lane", "lane", unique=True, sqlite_where=_AT_WORK, postgresql_where=_AT_WORK),
    sqlite_autoincrement=True,  # a provider's late word on a row that is gone must not meet another one
)

call_backs = Table(
    "call_backs",  # somebody rang and is to be rung
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(160), nullable=False),
    of_caller(index=True),
    word("language"),
    word("state"),
    word("reason", 64),
    Column("tries", Integer, nullable=False, server_default="0"),
    time("asked_at"),
    time("due_at"),
    time("ended_at"),
    UniqueConstraint("key"),
    Index(None, "state", "due_at"),
)

work_items = Table(
    "work_items",  # somebody whom a person is to help
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(160), nullable=False),
    of_caller(index=True),
    word("channel"),
    word("language"),
    word("service", 64),
    Column("path", Text, nullable=False),  # flow.block, one a line, nothing typed
    word("reason", 32),
    word("state"),
    Column("priority", Integer, nullable=False, server_default="0"),
    word("claimed_by", 64),
    time("made_at"),
    time("claimed_at"),
    time("ended_at"),
    UniqueConstraint("key"),
    Index(None, "state", "made_at"),
)

conversations = Table(
    "conversations",  # held over SMS: state, inbox and outbox change in one transaction
    metadata,
    of_caller(primary_key=True),
    Column("record", LargeBinary, nullable=False),  # sealed
    Column("version", BigInteger, nullable=False),
    time("changed_at", index=True),
)

counts = Table(
    "counts",  # how often what happened, a day
    metadata,
    Column("day", String(10), primary_key=True),  # 2026-11-25, India's
    Column("what", String(24), primary_key=True),
    Column("channel", String(16), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("service", String(64), primary_key=True),
    Column("place", String(128), primary_key=True),  # a block, an outcome, or ""
    Column("number", BigInteger, nullable=False),
)

daily = Table(
    "daily",  # what is done once a day by whoever comes first
    metadata,
    Column("what", String(24), primary_key=True),
    time("begun_at"),
    time("ended_at"),
)

counted = Table(
    "counted",  # batches of counts that are in `counts` already
    metadata,
    Column("batch", String(64), primary_key=True),
    time("at", index=True),
)

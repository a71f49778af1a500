"""Transactions, ratings, calls, the inbox and outbox, call-backs, work items, SMS conversations, and counts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _word(name: str, length: int = 16) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def _time(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _of_caller(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["pseudonym"], ["callers.pseudonym"], name=f"fk_{table}_pseudonym", ondelete="CASCADE"
    )


def _make(
    table: str, *columns: "sa.schema.SchemaItem", indexed: tuple[tuple[str, ...], ...] = (), counts_on: bool = False
) -> None:
    """`counts_on`: on SQLite too a number is never given twice."""
    op.create_table(table, *columns, sqlite_autoincrement=counts_on)
    for names in indexed:
        op.create_index(f"ix_{table}_{names[0]}", table, list(names))


def upgrade() -> None:
    """Make the tables of what happens, beside those of who callers are."""
    for column in (_flag("blocked"), _flag("opted_out"), _word("prefers")):
        op.add_column("callers", column)
    _logs()
    _work()
    _make(
        "counts",
        *(
            sa.Column(name, sa.String(length), nullable=False)
            for name, length in (
                ("day", 10), ("what", 24), ("channel", 16), ("language", 16), ("service", 64), ("place", 128),
            )
        ),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day", "what", "channel", "language", "service", "place", name="pk_counts"),
    )  # fmt: skip
    _make(
        "daily",
        sa.Column("what", sa.String(24), nullable=False),
        *map(_time, ("begun_at", "ended_at")),
        sa.PrimaryKeyConstraint("what", name="pk_daily"),
    )
    _make(
        "counted",
        sa.Column("batch", sa.String(64), nullable=False),
        _time("at"),
        sa.PrimaryKeyConstraint("batch", name="pk_counted"),
        indexed=(("at",),),
    )


def _logs() -> None:
    _make(
        "transactions",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("key", sa.String(96), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary),
        _word("service", 64),
        _word("channel"),
        _word("language"),
        _word("outcome"),
        sa.Column("seconds", sa.Integer, nullable=False),
        _flag("demo"),
        _time("ended_at"),
        sa.PrimaryKeyConstraint("id", name="pk_transactions"),
        sa.UniqueConstraint("key", name="uq_transactions_key"),
        indexed=(("ended_at",),),
    )
    _make(
        "ratings",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("pseudonym", sa.LargeBinary, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        _word("service", 64),
        _word("channel"),
        _word("language"),
        _word("request", 96),
        sa.Column("stars", sa.Integer, nullable=False),
        _time("given_at"),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
        sa.UniqueConstraint("pseudonym", "day", name="uq_ratings_pseudonym"),
        indexed=(("given_at",),),
    )
    _make(
        "call_records",
        sa.Column("id", _NUMBER, nullable=False),
        _word("provider", 32),
        sa.Column("provider_id", sa.String(128), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary),
        _word("direction"),
        _word("language"),
        _word("outcome"),
        *map(_time, ("began_at", "answered_at", "ended_at")),
        sa.Column("paise", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_call_records"),
        sa.UniqueConstraint("provider", "provider_id", name="uq_call_records_provider"),
        indexed=(("began_at",),),
    )
    _make(
        "inbox",
        sa.Column("id", _NUMBER, nullable=False),
        _word("provider", 32),
        sa.Column("provider_id", sa.String(128), nullable=False),
        _time("came_at"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("provider", "provider_id", name="uq_inbox_provider"),
        indexed=(("came_at",),),
    )


def _work() -> None:
    _make(
        "outbox",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary, nullable=False),
        _word("kind", 32),
        _word("lane", 64),
        sa.Column("held", sa.LargeBinary),
        _word("state"),
        *map(_time, ("due_at", "handed_at", "lease_until")),
        _word("owner", 32),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        _flag("unsure"),
        _flag("unasked"),
        _word("reason", 64),
        _word("ref", 128),
        _word("delivery"),
        *map(_time, ("made_at", "tried_at", "ended_at")),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        _of_caller("outbox"),
        indexed=(("pseudonym",), ("state", "due_at"), ("lane", "id"), ("ended_at",)),
        counts_on=True,
    )
    at_work = sa.text("state = 'working' AND lane <> ''")
    op.create_index("uq_outbox_lane", "outbox", ["lane"], unique=True, sqlite_where=at_work, postgresql_where=at_work)
    _make(
        "call_backs",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary, nullable=False),
        _word("language"),
        _word("state"),
        _word("reason", 64),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        *map(_time, ("asked_at", "due_at", "ended_at")),
        sa.PrimaryKeyConstraint("id", name="pk_call_backs"),
        sa.UniqueConstraint("key", name="uq_call_backs_key"),
        _of_caller("call_backs"),
        indexed=(("pseudonym",), ("state", "due_at")),
    )
    _make(
        "work_items",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary, nullable=False),
        _word("channel"),
        _word("language"),
        _word("service", 64),
        sa.Column("path", sa.Text, nullable=False),
        _word("reason", 32),
        _word("state"),
        sa.Column("priority", sa.Integer, nullable=False, server_default="0"),
        _word("claimed_by", 64),
        *map(_time, ("made_at", "claimed_at", "ended_at")),
        sa.PrimaryKeyConstraint("id", name="pk_work_items"),
        sa.UniqueConstraint("key", name="uq_work_items_key"),
        _of_caller("work_items"),
        indexed=(("pseudonym",), ("state", "made_at")),
    )
    _make(
        "conversations",
        sa.Column("pseudonym", sa.LargeBinary, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        _time("changed_at"),
        sa.PrimaryKeyConstraint("pseudonym", name="pk_conversations"),
        _of_caller("conversations"),
        indexed=(("changed_at",),),
    )

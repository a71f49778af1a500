"""The tables, as the migrations make them. Times are Unix seconds; what is personal is sealed (`records/vault.py`)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)

REVISION = "0002"
"""The newest migration: a database that stands elsewhere is not served from."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)
Number = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only in a column that is called INTEGER (sqlite.org/autoinc.html)."""


def of_caller(primary_key: bool = False, index: bool = False) -> Column[bytes]:
    """Whose it is: it goes when they are erased."""
    whose = ForeignKey("callers.pseudonym", ondelete="CASCADE")
    return Column("pseudonym", LargeBinary, whose, nullable=False, primary_key=primary_key, index=index)


def word(name: str, length: int = 16) -> Column[str]:
    """A short text, "" where nothing is to be said."""
    return Column(name, String(length), nullable=False, server_default="")


def time(name: str, index: bool = False) -> Column[int]:
    """A time in Unix seconds, 0 for never."""
    return Column(name, BigInteger, nullable=False, server_default="0", index=index)


callers = Table(
    "callers",
    metadata,
    Column("pseudonym", LargeBinary, primary_key=True),  # the blind index: a keyed hash of the number, 16 bytes
    Column("data_key", LargeBinary, nullable=False),  # seals what is personal here; sealed itself by `key_id`
    Column("key_id", Integer, nullable=False, index=True),
    Column("number", LargeBinary, nullable=False),  # sealed
    Column("language", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("pin", LargeBinary),  # the argon2 hash, sealed
    Column("wrong", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
    Column("last_request", Text, nullable=False),
    Column("last_told", String(16), nullable=False),
    Column(
        "blocked", Boolean, nullable=False, server_default=false()
    ),  # by a supervisor: nothing is sent, nobody rings
    Column("opted_out", Boolean, nullable=False, server_default=false()),  # wrote STOP
    word("prefers"),  # the channel that they want to be reached on
    Column("version", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False, index=True),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Number, primary_key=True),
    of_caller(index=True),
    Column("purpose", String(64), nullable=False),
    Column("notice", String(16), nullable=False),  # the version of the notice
    Column("language", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("given_at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger),
)

saved_numbers = Table(
    "saved_numbers",
    metadata,
    of_caller(primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("number", LargeBinary, nullable=False),  # sealed
    Column("kept_at", BigInteger, nullable=False),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("what", String(32), nullable=False),
    Column("pseudonym", LargeBinary),
    Column("detail", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index(None, "at"),
    Index(None, "pseudonym"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row, 1: whoever appends holds it
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

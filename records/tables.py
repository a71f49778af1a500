"""The tables, as the migrations make them. Times are Unix seconds; what is personal is sealed (`records/vault.py`)."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

REVISION = "0001"
"""The newest migration: a database that stands elsewhere is not served from."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
_Number = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only in a column that is called INTEGER (sqlite.org/autoinc.html)."""


def _caller(primary_key: bool = False, index: bool = False) -> Column[bytes]:
    whose = ForeignKey("callers.pseudonym", ondelete="CASCADE")
    return Column("pseudonym", LargeBinary, whose, nullable=False, primary_key=primary_key, index=index)


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
    Column("version", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False, index=True),
)

consents = Table(
    "consents",
    metadata,
    Column("id", _Number, primary_key=True),
    _caller(index=True),
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
    _caller(primary_key=True),
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

"""The settings of what Ghanti keeps of callers: where, under which keys, and for how long.

`settings.Settings` adds these to its own, as it does with `department_settings.py`.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from department_settings import PREFIX, documented
from secret_keys import read_ring


class RecordSettings(BaseSettings):
    """The database, its keys, and after how many days what is in it is deleted."""

    database_url: SecretStr = documented(
        SecretStr(""),
        "URL",
        "Where callers' records are kept, `postgresql://USER:PASSWORD@HOST/NAME?sslmode=verify-full`; "
        "empty: SQLite, the file `records.sqlite` in `GHANTI_VAR_DIR`.",
    )
    database_timeout_s: float = documented(
        0.8, "seconds", "How long an operation waits for the database before it is unavailable.", gt=0
    )
    record_keys: Annotated[tuple[SecretStr, ...], NoDecode] = documented(
        (),
        "id:base64, …",
        "Keys that seal the data keys of callers' records, 32 bytes each, ids 1 to 255; the first seals, all open. "
        "Development makes its own.",
    )
    keep_callers_days: int = documented(
        400, "days", "How long a caller's record is kept after it was last changed.", ge=1
    )
    keep_audit_days: int = documented(
        365, "days", "How long a row of the audit log, or a consent that was withdrawn, is kept.", ge=180
    )

    keep_logs_days: int = documented(
        365,
        "days",
        "How long the records of transactions and calls, ratings, and call-backs and work items that ended are kept.",
        ge=1,
    )
    keep_outbox_days: int = documented(
        30, "days", "How long a task is kept after it was done, or could not be done; then nobody can replay it.", ge=1
    )
    keep_inbox_days: int = documented(
        30, "days", "How long it is remembered that a webhook came, so that it is not taken twice.", ge=1
    )
    keep_conversations_hours: int = documented(
        24, "hours", "How long a conversation by SMS is kept after its last message.", ge=1
    )

    @field_validator("session_keys", "record_keys", mode="before", check_fields=False)
    @classmethod
    def _split_keys(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    def record_key_ring(self) -> dict[int, bytes]:
        """Id → 32 bytes; the first seals, all open. Raises ValueError when one is malformed, or none is there."""
        return read_ring(key.get_secret_value() for key in self.record_keys)

    def record_problems(self) -> Iterator[str]:
        """What is wrong with the database, one sentence each, without the full stop."""
        url = self.database_url.get_secret_value()
        if url and not url.startswith(("postgresql://", "sqlite:///")):
            yield f"{PREFIX}DATABASE_URL must begin with postgresql:// or sqlite:///"

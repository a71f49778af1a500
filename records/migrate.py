"""Brings the database to the newest tables. Apart from the rest, because a web process has no use for Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from records.database import Database

_LOCK = 0x6768616E7469
"""The number ("ghanti" in bytes) of the lock that PostgreSQL keeps for whoever migrates."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings: where the steps are, and the connection that they run on."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def migrate(database: Database) -> None:
    """Run the steps that are missing, all of them or none; a second one that asks meanwhile waits."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        command.upgrade(configuration(connection), "head")

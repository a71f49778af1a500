"""What Alembic runs: the steps, on the connection that `records.migrate` hands over, in its transaction."""

from alembic import context

from records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

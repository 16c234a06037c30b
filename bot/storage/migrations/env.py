"""Alembic's entry: run the migrations on the connection that ``Database.open`` holds the lock with."""

from __future__ import annotations

from alembic import context

from bot.storage.engine.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()

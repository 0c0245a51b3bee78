"""Alembic's entry: run the migrations on the connection that the journal opened."""

from alembic import context

from sre_advisor.journal.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()

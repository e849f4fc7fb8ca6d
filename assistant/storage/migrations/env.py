"""Runs the revisions on the connection that ``migrating`` gives; Alembic executes this file."""

from alembic import context

from assistant.storage.models import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

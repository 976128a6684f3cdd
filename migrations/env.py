"""Runner of the revisions on the connection that the caller passes.

There is no alembic.ini: ``survey.store.schema`` builds the configuration and
opens the transaction, so that a migration is all or nothing.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("target_metadata"),
    render_as_batch=True,
    compare_type=True,
    # Without it a changed CHECK constraint would go unnoticed.
    autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
)
context.run_migrations()

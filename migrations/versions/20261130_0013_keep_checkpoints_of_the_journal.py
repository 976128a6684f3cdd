"""keep checkpoints of the journal

The author's overview walked the whole chain at each view, and the public page
read it through for one entry: both took seconds at 100,000 entries.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INDEX = "ix_journal_entry_study_id_action_number"


def upgrade() -> None:
    op.create_table(
        "journal_checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal_checkpoint"),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_journal_checkpoint_study_id_study"
        ),
        sa.UniqueConstraint("study_id", "number", name="uq_journal_checkpoint_study_id_number"),
    )
    op.create_index(INDEX, "journal_entry", ["study_id", "action", "number"])
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(INDEX, "journal_entry")
    op.drop_table("journal_checkpoint")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


STAYS = "the record stays as it was"

SQLITE = tuple(
    f"CREATE TRIGGER journal_checkpoint_{event} BEFORE {event} ON journal_checkpoint"
    f" WHEN TRUE BEGIN SELECT RAISE(ABORT, '{STAYS}'); END"
    for event in ("update", "delete")
)

POSTGRESQL = tuple(
    f"CREATE TRIGGER journal_checkpoint_{event} BEFORE {event} ON journal_checkpoint"
    f" FOR EACH {each} EXECUTE FUNCTION refuse('{STAYS}')"
    for event, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
)

"""remember who withdrew

Only the journal recorded that an expert had withdrawn from a round, so that
their earlier answers still carried over into it.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invitation", sa.Column("withdrew_at", sa.DateTime(timezone=True)))
    _mark_withdrawals()
    op.execute(SQLITE if _is_sqlite() else POSTGRESQL)


def downgrade() -> None:
    op.execute("DROP TRIGGER invitation_withdrew" + ("" if _is_sqlite() else " ON invitation"))
    op.drop_column("invitation", "withdrew_at")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _mark_withdrawals() -> None:
    """Set the mark from the journal, unless the expert has begun again since."""
    connection = op.get_bind()
    entries = sa.text("SELECT id, detail FROM journal_entry WHERE action = 'expert withdrew'")
    for entry, detail in connection.execute(entries).all():
        connection.execute(_MARK, {"entry": entry, "round": json.loads(detail)["round"]})


_MARK = sa.text(
    "UPDATE invitation SET withdrew_at = entry.at FROM journal_entry AS entry, expert"
    " WHERE entry.id = :entry AND invitation.round_id = :round"
    " AND expert.id = invitation.expert_id AND expert.study_id = entry.study_id"
    " AND 'expert ' || expert.code = entry.actor AND NOT EXISTS"
    " (SELECT 1 FROM sign_in JOIN personal_link ON personal_link.id = sign_in.personal_link_id"
    " WHERE personal_link.invitation_id = invitation.id AND sign_in.started_at > entry.at)"
)

# The answers that count in a closed round depend on the mark.
SQLITE = (
    "CREATE TRIGGER invitation_withdrew BEFORE UPDATE OF withdrew_at ON invitation"
    " WHEN NEW.withdrew_at IS NOT OLD.withdrew_at"
    " AND (SELECT state FROM round WHERE id = OLD.round_id) IS NOT 'open'"
    " BEGIN SELECT RAISE(ABORT, 'round is not open'); END"
)

POSTGRESQL = (
    "CREATE TRIGGER invitation_withdrew BEFORE UPDATE OF withdrew_at ON invitation"
    " FOR EACH ROW WHEN (NEW.withdrew_at IS DISTINCT FROM OLD.withdrew_at)"
    " EXECUTE FUNCTION keep_round_state('open')"
)

"""keep who declined in a closed round

The numbers of experts who answered and who declined are counted from the rows, and
a frozen weight set states them: the mark does not change once the round is closed.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(SQLITE if _is_sqlite() else POSTGRESQL)


def downgrade() -> None:
    op.execute("DROP TRIGGER invitation_declined" + ("" if _is_sqlite() else " ON invitation"))


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


SQLITE = (
    "CREATE TRIGGER invitation_declined BEFORE UPDATE OF declined_at ON invitation"
    " WHEN NEW.declined_at IS NOT OLD.declined_at"
    " AND (SELECT state FROM round WHERE id = OLD.round_id) = 'closed'"
    " BEGIN SELECT RAISE(ABORT, 'who was asked in a closed round, and how, stays'); END"
)

POSTGRESQL = (
    "CREATE TRIGGER invitation_declined BEFORE UPDATE OF declined_at ON invitation"
    " FOR EACH ROW WHEN (NEW.declined_at IS DISTINCT FROM OLD.declined_at)"
    " EXECUTE FUNCTION keep_invitation()"
)

"""keep rungs out of a framework in use

SQLite checked only the old criterion of a rung: a rung of a framework that no study
uses could be moved to a criterion of a frozen one. PostgreSQL checked both.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep("OLD", "NEW")


def downgrade() -> None:
    _keep("OLD")


def _keep(*rows: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    in_use = " OR ".join(
        "EXISTS (SELECT 1 FROM study JOIN round ON round.study_id = study.id"
        " WHERE study.framework_id ="
        f" (SELECT framework_id FROM criterion WHERE id = {row}.criterion_id)"
        " AND round.state <> 'draft')"
        for row in rows
    )
    op.execute("DROP TRIGGER rung_update")
    op.execute(
        f"CREATE TRIGGER rung_update BEFORE UPDATE ON rung WHEN {in_use} "
        "BEGIN SELECT RAISE(ABORT, 'a framework stays as it was once it is asked about'); END"
    )

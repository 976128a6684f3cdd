"""salt the checksum of answers

A weight set states a checksum of the answers that it was computed from. Without a
salt, a reader of the public file could try which answers of a small panel give it.
Sets frozen before keep their checksum. The salt of a study never changes: its sets
are verified with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MESSAGE = "the weight sets of a study are verified with its salt"


def upgrade() -> None:
    op.add_column("study", sa.Column("salt", sa.String(), nullable=False, server_default=""))
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER study_update_of_salt")
    else:
        op.execute("DROP FUNCTION keep_salt() CASCADE")
    op.drop_column("study", "salt")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


SQLITE = (
    (
        "CREATE TRIGGER study_update_of_salt BEFORE UPDATE OF salt ON study"
        " WHEN OLD.salt <> '' AND NEW.salt <> OLD.salt"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    ),
)

POSTGRESQL = (
    (
        "CREATE FUNCTION keep_salt() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
        f" RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END$$"
    ),
    (
        "CREATE TRIGGER study_update_of_salt BEFORE UPDATE OF salt ON study FOR EACH ROW"
        " WHEN (OLD.salt <> '' AND NEW.salt IS DISTINCT FROM OLD.salt) EXECUTE FUNCTION keep_salt()"
    ),
)

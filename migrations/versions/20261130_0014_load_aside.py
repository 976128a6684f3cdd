"""load aside

A study or an edition was stored in one transaction, which kept every save
waiting: 31 s for 15,000 cities. It is now stored in many, aside until the last.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("study", "edition")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("aside_since", sa.DateTime(timezone=True)))
    _keep(UNLESS_ASIDE)


def downgrade() -> None:
    _keep(ALWAYS)
    for statement in INTO_THE_FIRST:
        op.execute(statement)
    for table in TABLES:
        op.drop_column(table, "aside_since")


_FIRST = "(SELECT min(id) FROM edition AS first WHERE first.study_id = edition.study_id)"
#: Editions in force that are not their study's first, which was the one before this.
_LATER = f"SELECT id FROM edition WHERE aside_since IS NULL AND id <> {_FIRST}"
_ITS_FIRST = (
    "(SELECT min(first.id) FROM edition AS first JOIN edition AS mine"
    " ON mine.study_id = first.study_id WHERE mine.id = edition_id)"
)
_ASIDE = "SELECT id FROM edition WHERE aside_since IS NOT NULL"
INTO_THE_FIRST = (
    f"DELETE FROM rating WHERE unit_id IN (SELECT id FROM unit WHERE edition_id IN ({_ASIDE}))",
    f"DELETE FROM unit WHERE edition_id IN ({_ASIDE})",
    f"DELETE FROM edition_table WHERE edition_id IN ({_ASIDE})",
    f"UPDATE unit SET edition_id = {_ITS_FIRST} WHERE edition_id IN ({_LATER})",
    f"UPDATE edition_table SET edition_id = {_ITS_FIRST} WHERE edition_id IN ({_LATER})",
)


STAYS = "what others name stays as it is named"
#: The columns by which other rows name a study and an edition.
IDENTITIES = {"study": "id, code, framework_id", "edition": "id, study_id, code"}


def _changed(columns: str) -> str:
    return " OR ".join(f"NEW.{name} <> OLD.{name}" for name in columns.split(", "))


ALWAYS = {table: (columns, _changed(columns)) for table, columns in IDENTITIES.items()}
# A code is given once, as what was aside comes in force; an edition gives its own to the next.
_STUDY = (
    f"{_changed('id, framework_id')} OR (OLD.aside_since IS NULL"
    " AND (NEW.code <> OLD.code OR NEW.aside_since IS NOT NULL))"
)
_EDITION = (
    f"{_changed('id, study_id')} OR (NEW.code <> OLD.code"
    " AND OLD.aside_since IS NULL AND NEW.aside_since IS NULL)"
)
UNLESS_ASIDE = {
    "study": (f"{IDENTITIES['study']}, aside_since", _STUDY),
    "edition": (IDENTITIES["edition"], _EDITION),
}


def _keep(identities: dict[str, tuple[str, str]]) -> None:
    """Refuse changes of the name of a row."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, (columns, condition) in identities.items():
        begin = f"CREATE TRIGGER {table}_identity BEFORE UPDATE OF {columns} ON {table}"
        if sqlite:
            op.execute(f"DROP TRIGGER {table}_identity")
            op.execute(f"{begin} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{STAYS}'); END")
        else:
            op.execute(f"DROP TRIGGER {table}_identity ON {table}")
            op.execute(
                f"{begin} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse('{STAYS}')"
            )

"""know how each expert is asked, until when, and who takes no part

Rounds that exist were asked in the framework's order, with every pair: they
say so. Each invitation gets a seed of its own.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# Written out: a table of SQLite that is rebuilt for a constraint would lose its triggers.
COLUMNS = (
    ("study", "purposes", "JSON NOT NULL DEFAULT '{}'"),
    (
        "study",
        "anonymity",
        (
            "VARCHAR NOT NULL DEFAULT 'experts' CONSTRAINT ck_study_known_anonymity"
            " CHECK (anonymity IN ('experts', 'named'))"
        ),
    ),
    ("round", "closes_at", MOMENT),
    (
        "round",
        '"order"',
        (
            "VARCHAR NOT NULL DEFAULT 'fixed' CONSTRAINT ck_round_known_order"
            " CHECK (\"order\" IN ('random', 'fixed'))"
        ),
    ),
    (
        "round",
        "form",
        (
            "VARCHAR NOT NULL DEFAULT 'full' CONSTRAINT ck_round_known_form"
            " CHECK (form IN ('full', 'short'))"
        ),
    ),
    ("invitation", "seed", "INTEGER NOT NULL DEFAULT 0"),
    ("invitation", "declined_at", MOMENT),
    ("invitation", "decline_reason", "VARCHAR NOT NULL DEFAULT ''"),
    ("invitation", "suggestion", "VARCHAR NOT NULL DEFAULT ''"),
    ("invitation", "link_asked_at", MOMENT),
)


def upgrade() -> None:
    dialect = op.get_bind().dialect
    for table, column, definition in COLUMNS:
        kind = definition if isinstance(definition, str) else definition.compile(dialect=dialect)
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    _draw_seeds()
    for statement in SQLITE if dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER study_update_of_anonymity")
    else:
        op.execute("DROP FUNCTION keep_anonymity() CASCADE")
    for table, column, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _draw_seeds() -> None:
    invitation = sa.table("invitation", sa.column("id"), sa.column("seed"))
    connection = op.get_bind()
    for (number,) in connection.execute(sa.select(invitation.c.id)).all():
        connection.execute(
            invitation.update()
            .where(invitation.c.id == number)
            .values(seed=secrets.randbelow(2**31))
        )


# What an expert was told about their name when they answered remains true.
MESSAGE = "somebody has answered under this promise"
ANSWERED = (
    "SELECT 1 FROM {} JOIN round ON round.id = {}.round_id WHERE round.study_id = OLD.id LIMIT 1"
)
TABLES = ("judgement", "allocation", "abstention", "answer_revision")
ANY_ANSWER = " OR ".join(f"EXISTS ({ANSWERED.format(table, table)})" for table in TABLES)

SQLITE = (
    (
        "CREATE TRIGGER study_update_of_anonymity BEFORE UPDATE OF anonymity ON study"
        f" WHEN NEW.anonymity <> OLD.anonymity AND ({ANY_ANSWER})"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    ),
)

# The rounds are locked first: an answer that is being saved is waited for, and counts.
POSTGRESQL = (
    (
        "CREATE FUNCTION keep_anonymity() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
        " PERFORM 1 FROM round WHERE study_id = OLD.id FOR UPDATE;"
        f" IF {ANY_ANSWER} THEN RAISE EXCEPTION '{MESSAGE}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END$$"
    ),
    (
        "CREATE TRIGGER study_update_of_anonymity BEFORE UPDATE OF anonymity ON study FOR EACH ROW"
        " WHEN (NEW.anonymity IS DISTINCT FROM OLD.anonymity) EXECUTE FUNCTION keep_anonymity()"
    ),
)

"""word the scale

The words of the scale were those of the pages, in every study: an author who
found one of them wrong for their field, or badly translated, could not change
it, and the words of an answer were not recorded. A study can now have its own
words, in versions that never change; a round records its versions.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scale_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("back", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_scale_words_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_scale_words_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale_words")),
        sa.UniqueConstraint(
            "study_id", "language", "version", name=op.f("uq_scale_words_study_id_language_version")
        ),
    )
    op.add_column("round", sa.Column("scale", sa.JSON(), server_default="{}", nullable=False))
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("round", "scale")
    op.drop_table("scale_words")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION keep_scale_of_open_round")


_OPEN = "EXISTS (SELECT 1 FROM round WHERE study_id = NEW.study_id AND state = 'open')"

SQLITE = (
    (
        f"CREATE TRIGGER scale_words_insert BEFORE INSERT ON scale_words WHEN {_OPEN}"
        " BEGIN SELECT RAISE(ABORT, 'a round is open'); END"
    ),
    *(
        f"CREATE TRIGGER scale_words_{event.lower()} BEFORE {event} ON scale_words"
        " BEGIN SELECT RAISE(ABORT, 'words of a scale stay as they were'); END"
        for event in ("UPDATE", "DELETE")
    ),
)

POSTGRESQL = (
    (
        "CREATE FUNCTION keep_scale_of_open_round() RETURNS trigger LANGUAGE plpgsql AS $$"
        f"BEGIN IF {_OPEN} THEN RAISE EXCEPTION 'a round is open'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END$$"
    ),
    (
        "CREATE TRIGGER scale_words_insert BEFORE INSERT ON scale_words"
        " FOR EACH ROW EXECUTE FUNCTION keep_scale_of_open_round()"
    ),
    *(
        f"CREATE TRIGGER scale_words_{event.lower()} BEFORE {event} ON scale_words"
        " FOR EACH ROW EXECUTE FUNCTION refuse('words of a scale stay as they were')"
        for event in ("UPDATE", "DELETE")
    ),
    (
        "CREATE TRIGGER scale_words_truncate BEFORE TRUNCATE ON scale_words"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse('rows go one by one or stay')"
    ),
)

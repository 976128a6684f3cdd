"""remember what she says of her weights

An expert was shown the weights of a group, and their review of them was not
stored. A review changes only by another save, and only while its round is open.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('', 'looks-right', 'off')", name=op.f("ck_review_verdict_known")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_review_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["expert_id", "round_id"],
            ["invitation.expert_id", "invitation.round_id"],
            name=op.f("fk_review_expert_id_round_id_invitation"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["criterion.id"], name=op.f("fk_review_parent_id_criterion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("expert_id", "key", name=op.f("uq_review_expert_id_key")),
        sa.UniqueConstraint(
            "expert_id",
            "round_id",
            "parent_id",
            "version",
            name=op.f("uq_review_expert_id_round_id_parent_id_version"),
        ),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("review")


SQLITE = (
    *(
        f"CREATE TRIGGER review_{event.lower()} BEFORE {event} ON review"
        f" WHEN (SELECT state FROM round WHERE id = {row}.round_id) IS NOT 'open'"
        " BEGIN SELECT RAISE(ABORT, 'round is not open'); END"
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD"))
    ),
    (
        "CREATE TRIGGER review_update BEFORE UPDATE ON review"
        " BEGIN SELECT RAISE(ABORT, 'a review stays as it was'); END"
    ),
)

POSTGRESQL = (
    *(
        f"CREATE TRIGGER review_{event.lower()} BEFORE {event} ON review"
        " FOR EACH ROW EXECUTE FUNCTION keep_round_state('open')"
        for event in ("INSERT", "DELETE")
    ),
    (
        "CREATE TRIGGER review_update BEFORE UPDATE ON review"
        " FOR EACH ROW EXECUTE FUNCTION refuse('a review stays as it was')"
    ),
    (
        "CREATE TRIGGER review_truncate BEFORE TRUNCATE ON review"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse('rows go one by one or stay')"
    ),
)

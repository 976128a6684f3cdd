"""create the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
        sa.UniqueConstraint("code", name=op.f("uq_author_code")),
    )
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
    )
    op.create_table(
        "author_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name=op.f("fk_author_link_author_id_author")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_author_link_digest")),
    )
    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=True),
        sa.CheckConstraint("top >= 1", name=op.f("ck_criterion_top_is_a_rung")),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_criterion_framework_id_framework")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["criterion.id"], name=op.f("fk_criterion_parent_id_criterion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("framework_id", "code", name=op.f("uq_criterion_framework_id_code")),
        sa.UniqueConstraint("id", "top", name=op.f("uq_criterion_id_top")),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name=op.f("fk_study_author_id_author")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_study_framework_id_framework")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("code", name=op.f("uq_study_code")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_edition_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_edition_study_id_code")),
    )
    op.create_table(
        "expert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.CheckConstraint("method IN ('pairwise', 'direct')", name=op.f("ck_expert_known_method")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_expert_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_expert_study_id_code")),
    )
    op.create_table(
        "journal",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_journal_study_id_study")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_journal")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_journal_entry_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_journal_entry_study_id_number")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closed')", name=op.f("ck_round_known_state")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_round_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_round_study_id_number")),
    )
    op.create_table(
        "rung",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_rung_above_the_ground")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_rung_criterion_id_criterion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rung")),
        sa.UniqueConstraint("criterion_id", "level", name=op.f("uq_rung_criterion_id_level")),
    )
    op.create_table(
        "comparison",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_comparison_two_criteria")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["criterion.id"], name=op.f("fk_comparison_first_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["criterion.id"], name=op.f("fk_comparison_parent_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_comparison_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["criterion.id"], name=op.f("fk_comparison_second_id_criterion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_comparison_id_round_id")),
        sa.UniqueConstraint(
            "round_id",
            "first_id",
            "second_id",
            name=op.f("uq_comparison_round_id_first_id_second_id"),
        ),
    )
    op.create_table(
        "edition_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_table_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_table")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_edition_table_edition_id_code")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["expert.id"], name=op.f("fk_invitation_expert_id_expert")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_invitation_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("expert_id", "round_id", name=op.f("uq_invitation_expert_id_round_id")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("capital", sa.Boolean(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_unit_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_unit_edition_id_code")),
    )
    op.create_table(
        "weight_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stopping_reason", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_weight_set_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_weight_set_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_set")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_weight_set_study_id_number")),
    )
    op.create_table(
        "abstention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id", "round_id"],
            ["comparison.id", "comparison.round_id"],
            name=op.f("fk_abstention_comparison_id_round_id_comparison"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id", "round_id"],
            ["invitation.expert_id", "invitation.round_id"],
            name=op.f("fk_abstention_expert_id_round_id_invitation"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["criterion.id"], name=op.f("fk_abstention_parent_id_criterion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abstention")),
    )
    with op.batch_alter_table("abstention", schema=None) as batch_op:
        batch_op.create_index(
            "uq_abstention_comparison",
            ["expert_id", "comparison_id"],
            unique=True,
            sqlite_where=sa.text("comparison_id IS NOT NULL"),
            postgresql_where=sa.text("comparison_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_abstention_group",
            ["expert_id", "round_id", "parent_id"],
            unique=True,
            sqlite_where=sa.text("comparison_id IS NULL"),
            postgresql_where=sa.text("comparison_id IS NULL"),
        )

    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck_allocation_of_a_hundred")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_allocation_criterion_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id", "round_id"],
            ["invitation.expert_id", "invitation.round_id"],
            name=op.f("fk_allocation_expert_id_round_id_invitation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint(
            "expert_id",
            "round_id",
            "criterion_id",
            name=op.f("uq_allocation_expert_id_round_id_criterion_id"),
        ),
    )
    op.create_table(
        "answer_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_answer_revision_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["comparison_id", "round_id"],
            ["comparison.id", "comparison.round_id"],
            name=op.f("fk_answer_revision_comparison_id_round_id_comparison"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id", "round_id"],
            ["invitation.expert_id", "invitation.round_id"],
            name=op.f("fk_answer_revision_expert_id_round_id_invitation"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["criterion.id"], name=op.f("fk_answer_revision_parent_id_criterion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_revision")),
        sa.UniqueConstraint("expert_id", "key", name=op.f("uq_answer_revision_expert_id_key")),
    )
    with op.batch_alter_table("answer_revision", schema=None) as batch_op:
        batch_op.create_index(
            "uq_answer_revision_comparison",
            ["expert_id", "comparison_id", "version"],
            unique=True,
            sqlite_where=sa.text("comparison_id IS NOT NULL"),
            postgresql_where=sa.text("comparison_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_answer_revision_group",
            ["expert_id", "round_id", "parent_id", "version"],
            unique=True,
            sqlite_where=sa.text("comparison_id IS NULL"),
            postgresql_where=sa.text("comparison_id IS NULL"),
        )

    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("step BETWEEN -8 AND 8", name=op.f("ck_judgement_step_on_scale")),
        sa.ForeignKeyConstraint(
            ["comparison_id", "round_id"],
            ["comparison.id", "comparison.round_id"],
            name=op.f("fk_judgement_comparison_id_round_id_comparison"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id", "round_id"],
            ["invitation.expert_id", "invitation.round_id"],
            name=op.f("fk_judgement_expert_id_round_id_invitation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint(
            "expert_id", "comparison_id", name=op.f("uq_judgement_expert_id_comparison_id")
        ),
    )
    op.create_table(
        "personal_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_personal_link_invitation_id_invitation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_personal_link_digest")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("weight_set_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_publication_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["weight_set_id"],
            ["weight_set.id"],
            name=op.f("fk_publication_weight_set_id_weight_set"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND top", name=op.f("ck_rating_level_on_ladder")),
        sa.ForeignKeyConstraint(
            ["criterion_id", "top"],
            ["criterion.id", "criterion.top"],
            name=op.f("fk_rating_criterion_id_top_criterion"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("unit_id", "criterion_id", name=op.f("uq_rating_unit_id_criterion_id")),
    )
    op.create_table(
        "weight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weight_set_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("local_weight", sa.Double(), nullable=False),
        sa.Column("global_weight", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "global_weight BETWEEN 0 AND 1", name=op.f("ck_weight_global_is_a_share")
        ),
        sa.CheckConstraint("local_weight BETWEEN 0 AND 1", name=op.f("ck_weight_local_is_a_share")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_weight_criterion_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["weight_set_id"], ["weight_set.id"], name=op.f("fk_weight_weight_set_id_weight_set")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight")),
        sa.UniqueConstraint(
            "weight_set_id", "criterion_id", name=op.f("uq_weight_weight_set_id_criterion_id")
        ),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("personal_link_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(personal_link_id IS NULL) <> (author_id IS NULL)",
            name=op.f("ck_sign_in_expert_or_author"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name=op.f("fk_sign_in_author_id_author")
        ),
        sa.ForeignKeyConstraint(
            ["personal_link_id"],
            ["personal_link.id"],
            name=op.f("fk_sign_in_personal_link_id_personal_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_personal_link_id"), ["personal_link_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_personal_link_id"))

    op.drop_table("sign_in")
    op.drop_table("weight")
    op.drop_table("rating")
    op.drop_table("publication")
    op.drop_table("personal_link")
    op.drop_table("judgement")
    with op.batch_alter_table("answer_revision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_answer_revision_group",
            sqlite_where=sa.text("comparison_id IS NULL"),
            postgresql_where=sa.text("comparison_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_answer_revision_comparison",
            sqlite_where=sa.text("comparison_id IS NOT NULL"),
            postgresql_where=sa.text("comparison_id IS NOT NULL"),
        )

    op.drop_table("answer_revision")
    op.drop_table("allocation")
    with op.batch_alter_table("abstention", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_abstention_group",
            sqlite_where=sa.text("comparison_id IS NULL"),
            postgresql_where=sa.text("comparison_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_abstention_comparison",
            sqlite_where=sa.text("comparison_id IS NOT NULL"),
            postgresql_where=sa.text("comparison_id IS NOT NULL"),
        )

    op.drop_table("abstention")
    op.drop_table("weight_set")
    op.drop_table("unit")
    op.drop_table("invitation")
    op.drop_table("edition_table")
    op.drop_table("comparison")
    op.drop_table("rung")
    op.drop_table("round")
    op.drop_table("journal_entry")
    op.drop_table("journal")
    op.drop_table("expert")
    op.drop_table("edition")
    op.drop_table("study")
    op.drop_table("criterion")
    op.drop_table("author_link")
    op.drop_table("framework")
    op.drop_table("author")

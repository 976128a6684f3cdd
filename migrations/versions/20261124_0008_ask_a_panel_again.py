"""ask a panel again

What an expert keeps or reconsiders, what a targeted round asks of whom and
why, and the author's translations of reasons.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

EVENTS = ("INSERT", "UPDATE", "DELETE")

_PAIR, _GROUP = "comparison_id IS NOT NULL", "comparison_id IS NULL"


def upgrade() -> None:
    op.add_column(
        "round", sa.Column("targeted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("study", sa.Column("planned_rounds", sa.Integer(), nullable=True))
    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "why IN ('unanswered', 'contradictory', 'far', 'band')",
            name=op.f("ck_asked_known_why"),
        ),
        sa.ForeignKeyConstraint(
            ["comparison_id", "round_id"],
            ["comparison.id", "comparison.round_id"],
            name=op.f("fk_asked_comparison_id_comparison"),
        ),
        _of_an_invitation("asked"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["criterion.id"], name=op.f("fk_asked_parent_id_criterion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
    )
    _unique("uq_asked_comparison", ["expert_id", "comparison_id"], _PAIR)
    _unique("uq_asked_group", ["expert_id", "round_id", "parent_id"], _GROUP)
    op.create_table(
        "reconsideration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('keep', 'reconsider')", name=op.f("ck_reconsideration_known_decision")
        ),
        _of_an_invitation("reconsideration"),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criterion.id"],
            name=op.f("fk_reconsideration_criterion_id_criterion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconsideration")),
        sa.UniqueConstraint(
            "expert_id",
            "round_id",
            "criterion_id",
            name=op.f("uq_reconsideration_expert_id_round_id_criterion_id"),
        ),
    )
    op.create_table(
        "translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judgement_id", sa.Integer(), nullable=True),
        sa.Column("reconsideration_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("translated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(judgement_id IS NULL) <> (reconsideration_id IS NULL)",
            name=op.f("ck_translation_of_one_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["judgement_id"], ["judgement.id"], name=op.f("fk_translation_judgement_id_judgement")
        ),
        sa.ForeignKeyConstraint(
            ["reconsideration_id"],
            ["reconsideration.id"],
            name=op.f("fk_translation_reconsideration_id_reconsideration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint(
            "judgement_id", "language", name=op.f("uq_translation_judgement_id_language")
        ),
        sa.UniqueConstraint(
            "reconsideration_id",
            "language",
            name=op.f("uq_translation_reconsideration_id_language"),
        ),
    )
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if _is_sqlite():
        for statement in SQLITE:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
    else:
        op.execute("DROP FUNCTION keep_asked CASCADE")
        op.execute("DROP TRIGGER round_targeted ON round")
    op.drop_table("translation")
    op.drop_table("reconsideration")
    op.drop_table("asked")
    op.drop_column("study", "planned_rounds")
    op.drop_column("round", "targeted")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _of_an_invitation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["expert_id", "round_id"],
        ["invitation.expert_id", "invitation.round_id"],
        name=op.f(f"fk_{table}_expert_id_invitation"),
    )


def _unique(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "asked", columns, unique=True, sqlite_where=where, postgresql_where=where)


# ---------------------------------------------------------------- promises

_TARGET_MOVES = "OLD.state <> 'draft' AND NEW.targeted <> OLD.targeted"
_TARGET_STAYS = "what a round asks again stays once it is open"
_HAS_A_LINK = (
    "EXISTS (SELECT 1 FROM personal_link JOIN invitation"
    " ON invitation.id = personal_link.invitation_id"
    " WHERE invitation.round_id = NEW.round_id AND invitation.expert_id = NEW.expert_id)"
)


def _trigger(name: str, event: str, table: str, condition: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _state(row: str) -> str:
    return f"(SELECT state FROM round WHERE id = {row}.round_id)"


def _round_is_not(state: str, event: str) -> str:
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
    return " OR ".join(f"{_state(row)} IS NOT '{state}'" for row in rows)


SQLITE = (
    *(
        _trigger(
            f"reconsideration_{event.lower()}",
            event,
            "reconsideration",
            _round_is_not("open", event),
            "round is not open",
        )
        for event in EVENTS
    ),
    # An expert invited late to a targeted round is asked everything, before they have a link.
    _trigger(
        "asked_insert",
        "INSERT",
        "asked",
        f"{_state('NEW')} IS 'closed' OR ({_state('NEW')} IS 'open' AND {_HAS_A_LINK})",
        _TARGET_STAYS,
    ),
    *(
        _trigger(
            f"asked_{event.lower()}",
            event,
            "asked",
            _round_is_not("draft", event),
            "round is not a draft",
        )
        for event in ("UPDATE", "DELETE")
    ),
    _trigger("round_targeted", "UPDATE OF targeted", "round", _TARGET_MOVES, _TARGET_STAYS),
)


def _calls(table: str, event: str, function: str, argument: str, each: str = "ROW") -> str:
    given = f"'{argument}'" if argument else ""
    return (
        f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} FOR EACH {each} "
        f"EXECUTE FUNCTION {function}({given})"
    )


POSTGRESQL = (
    (
        "CREATE FUNCTION keep_asked() RETURNS trigger LANGUAGE plpgsql AS $$"
        "DECLARE found text; BEGIN"
        " SELECT state INTO found FROM round WHERE id = NEW.round_id FOR SHARE;"
        f" IF found = 'closed' OR (found = 'open' AND {_HAS_A_LINK})"
        f" THEN RAISE EXCEPTION '{_TARGET_STAYS}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END$$"
    ),
    *(_calls("reconsideration", event, "keep_round_state", "open") for event in EVENTS),
    _calls("asked", "INSERT", "keep_asked", ""),
    *(_calls("asked", event, "keep_round_state", "draft") for event in ("UPDATE", "DELETE")),
    (
        "CREATE TRIGGER round_targeted BEFORE UPDATE OF targeted ON round FOR EACH ROW"
        f" WHEN ({_TARGET_MOVES}) EXECUTE FUNCTION refuse('{_TARGET_STAYS}')"
    ),
    *(
        _calls(table, "TRUNCATE", "refuse", "rows go one by one or stay", each="STATEMENT")
        for table in ("reconsideration", "asked")
    ),
)

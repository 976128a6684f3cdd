"""ask in four ways

An expert's way of answering belongs to the round they are invited to. Best-worst
and ratings join pairs and points; answers given in one way are kept beside those
given in another.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TWO = "method IN ('pairwise', 'direct')"
FOUR = "method IN ('pairwise', 'direct', 'best-worst', 'rating')"

EVENTS = ("INSERT", "UPDATE", "DELETE")
#: The tables of answers before this one.
ANSWERS = ("judgement", "allocation", "abstention", "answer_revision")


def upgrade() -> None:
    with op.batch_alter_table("expert") as batch:
        batch.drop_constraint(op.f("ck_expert_known_method"), type_="check")
        batch.create_check_constraint(op.f("ck_expert_known_method"), FOUR)
    op.add_column("invitation", sa.Column("method", sa.String(), nullable=True))
    op.execute(
        "UPDATE invitation SET method ="
        " (SELECT method FROM expert WHERE expert.id = invitation.expert_id)"
    )
    with op.batch_alter_table("invitation") as batch:
        batch.alter_column("method", existing_type=sa.String(), nullable=False)
        batch.create_check_constraint(op.f("ck_invitation_known_method"), FOUR)
    op.add_column("round", sa.Column("kinds", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "allocation", sa.Column("method", sa.String(), server_default="direct", nullable=False)
    )
    with _triggers_aside("allocation"), op.batch_alter_table("allocation") as batch:
        batch.alter_column("method", existing_type=sa.String(), server_default=None)
        batch.drop_constraint(op.f("uq_allocation_expert_id_round_id_criterion_id"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_allocation_expert_id_round_id_criterion_id_method"),
            ["expert_id", "round_id", "criterion_id", "method"],
        )
        batch.create_check_constraint(
            op.f("ck_allocation_known_method"),
            "method = 'direct' OR (method = 'rating' AND points <= 10)",
        )
    op.create_table(
        "extremes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("best_id", sa.Integer(), nullable=False),
        sa.Column("worst_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("best_id <> worst_id", name=op.f("ck_extremes_two_criteria")),
        sa.ForeignKeyConstraint(
            ["best_id"], ["criterion.id"], name=op.f("fk_extremes_best_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id", "round_id"],
            ["invitation.expert_id", "invitation.round_id"],
            name=op.f("fk_extremes_expert_id_round_id_invitation"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["criterion.id"], name=op.f("fk_extremes_parent_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["worst_id"], ["criterion.id"], name=op.f("fk_extremes_worst_id_criterion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extremes")),
        sa.UniqueConstraint(
            "expert_id",
            "round_id",
            "parent_id",
            name=op.f("uq_extremes_expert_id_round_id_parent_id"),
        ),
    )
    if _is_sqlite():
        _promise_in_sqlite("extremes")
    else:
        _promise_in_postgresql("extremes")
    _keep_anonymity((*ANSWERS, "extremes"))


def downgrade() -> None:
    """Remove answers in the new ways; keep points and judgements."""
    _keep_anonymity(ANSWERS)
    op.drop_table("extremes")
    if not _is_sqlite():
        op.execute("DROP TRIGGER allocation_delete ON allocation")
    with _triggers_aside("allocation"):
        op.execute("DELETE FROM allocation WHERE method = 'rating'")
        with op.batch_alter_table("allocation") as batch:
            batch.drop_constraint(op.f("ck_allocation_known_method"), type_="check")
            batch.drop_constraint(
                op.f("uq_allocation_expert_id_round_id_criterion_id_method"), type_="unique"
            )
            batch.create_unique_constraint(
                op.f("uq_allocation_expert_id_round_id_criterion_id"),
                ["expert_id", "round_id", "criterion_id"],
            )
            batch.drop_column("method")
    if not _is_sqlite():
        op.execute(_postgresql_trigger("allocation", "DELETE"))
    op.drop_column("round", "kinds")
    with op.batch_alter_table("invitation") as batch:
        batch.drop_constraint(op.f("ck_invitation_known_method"), type_="check")
        batch.drop_column("method")
    op.execute("UPDATE expert SET method = 'pairwise' WHERE method = 'best-worst'")
    op.execute("UPDATE expert SET method = 'direct' WHERE method = 'rating'")
    with op.batch_alter_table("expert") as batch:
        batch.drop_constraint(op.f("ck_expert_known_method"), type_="check")
        batch.create_check_constraint(op.f("ck_expert_known_method"), TWO)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _promise_in_sqlite(table: str) -> None:
    """Refuse every change of an answer unless its round is open."""
    for event in EVENTS:
        rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
        condition = " OR ".join(
            f"(SELECT state FROM round WHERE id = {row}.round_id) IS NOT 'open'" for row in rows
        )
        op.execute(
            f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} WHEN {condition} "
            "BEGIN SELECT RAISE(ABORT, 'round is not open'); END"
        )


def _promise_in_postgresql(table: str) -> None:
    for event in EVENTS:
        op.execute(_postgresql_trigger(table, event))
    op.execute(
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse('rows go one by one or stay')"
    )


def _postgresql_trigger(table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION keep_round_state('open')"
    )


def _keep_anonymity(tables: tuple[str, ...]) -> None:
    """Refuse changes of the anonymity once one of these tables has an answer."""
    answered = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} JOIN round ON round.id = {table}.round_id"
        " WHERE round.study_id = OLD.id LIMIT 1)"
        for table in tables
    )
    message = "somebody has answered under this promise"
    if _is_sqlite():
        op.execute("DROP TRIGGER study_update_of_anonymity")
        op.execute(
            "CREATE TRIGGER study_update_of_anonymity BEFORE UPDATE OF anonymity ON study"
            f" WHEN NEW.anonymity <> OLD.anonymity AND ({answered})"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION keep_anonymity() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM 1 FROM round WHERE study_id = OLD.id FOR UPDATE;"
            f" IF {answered} THEN RAISE EXCEPTION '{message}'"
            " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END$$"
        )


@contextmanager
def _triggers_aside(table: str) -> Iterator[None]:
    """Set triggers aside: SQLite rebuilds a table, which drops or is blocked by them."""
    if not _is_sqlite():
        yield
        return
    connection = op.get_bind()
    found = connection.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE :naming"),
        {"naming": f"%{table}%"},
    ).all()
    for name, _ in found:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in found:
        connection.exec_driver_sql(sql)

"""say what silence means

A full round counted its own answers alone, and a targeted one dropped what it
asked again and got no answer to: exactly the doubtful answers vanished. A
round now has a rule for silence and a least number of answers, both fixed
before it opens. Rounds that are open or closed keep the rule that their
experts were told, which has no name: theirs is NULL.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Written out: a table of SQLite that is rebuilt for a constraint would lose its triggers.
COLUMNS = (
    (
        "silence",
        ("VARCHAR CONSTRAINT ck_round_known_silence CHECK (silence IN ('keep', 'leave-out'))"),
    ),
    (
        "least_response",
        (
            "INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_round_counted_response"
            " CHECK (least_response >= 0)"
        ),
    ),
)


def upgrade() -> None:
    for column, definition in COLUMNS:
        op.execute(f"ALTER TABLE round ADD COLUMN {column} {definition}")
    op.execute("UPDATE round SET silence = 'keep', least_response = 3 WHERE state = 'draft'")
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for name in ("round_insert", "round_silence"):
        op.execute(f"DROP TRIGGER {name}" + ("" if _is_sqlite() else " ON round"))
    for column, _ in reversed(COLUMNS):
        op.drop_column("round", column)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


_UNSAID = "NEW.silence IS NULL"
_MOVES = (
    "(OLD.silence IS NOT NULL AND NEW.silence IS NULL)"
    " OR (OLD.state <> 'draft' AND (NEW.silence, NEW.least_response)"
    " IS {differs} (OLD.silence, OLD.least_response))"
)
_MUST_SAY = "a round says what silence means"
_STAYS = "what silence means stays once a round is open"

SQLITE = (
    (
        f"CREATE TRIGGER round_insert BEFORE INSERT ON round WHEN {_UNSAID}"
        f" BEGIN SELECT RAISE(ABORT, '{_MUST_SAY}'); END"
    ),
    (
        "CREATE TRIGGER round_silence BEFORE UPDATE OF silence, least_response ON round"
        f" WHEN {_MOVES.format(differs='NOT')} BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END"
    ),
)

POSTGRESQL = (
    (
        "CREATE TRIGGER round_insert BEFORE INSERT ON round FOR EACH ROW"
        f" WHEN ({_UNSAID}) EXECUTE FUNCTION refuse('{_MUST_SAY}')"
    ),
    (
        "CREATE TRIGGER round_silence BEFORE UPDATE OF silence, least_response ON round"
        f" FOR EACH ROW WHEN ({_MOVES.format(differs='DISTINCT FROM')})"
        f" EXECUTE FUNCTION refuse('{_STAYS}')"
    ),
)

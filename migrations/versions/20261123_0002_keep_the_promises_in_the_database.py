"""keep the promises in the database

A closed round takes no answer; frozen, published and journal rows do not change.
Code that forgets, and a person with a database client, are refused alike.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Tables whose rows may change only while their round is open.
ANSWERS = ("judgement", "allocation", "abstention", "answer_revision")
#: Tables whose rows are never changed or deleted.
APPEND_ONLY = ("journal_entry", "publication")

EVENTS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
    else:
        for function in POSTGRESQL_FUNCTIONS:
            name, _, _ = function.split()[2].partition("(")
            op.execute(f"DROP FUNCTION {name} CASCADE")


# ---------------------------------------------------------------- SQLite


def _trigger(table: str, event: str, condition: str, message: str, name: str = "") -> str:
    name = name or f"{table}_{event.split()[0].lower()}"
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _rows(event: str) -> tuple[str, ...]:
    """Return the rows of an event: both sides of an update."""
    return {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]


def _round_is_not(state: str, event: str) -> str:
    return " OR ".join(
        f"(SELECT state FROM round WHERE id = {row}.round_id) IS NOT '{state}'"
        for row in _rows(event)
    )


def _set_is_locked(event: str) -> str:
    return " OR ".join(
        f"(SELECT locked_at FROM weight_set WHERE id = {row}.weight_set_id) IS NOT NULL"
        for row in _rows(event)
    )


SQLITE = (
    *(
        _trigger(table, event, _round_is_not("open", event), "round is not open")
        for table in ANSWERS
        for event in EVENTS
        if (table, event) != ("answer_revision", "UPDATE")
    ),
    _trigger("answer_revision", "UPDATE", "TRUE", "a revision stays as it was"),
    *(
        _trigger("comparison", event, _round_is_not("draft", event), "round is not a draft")
        for event in EVENTS
    ),
    _trigger(
        "round",
        "UPDATE",
        "OLD.state = 'closed' OR (OLD.state = 'open' AND NEW.state = 'draft')"
        " OR (OLD.state <> 'draft' AND (NEW.id, NEW.study_id, NEW.number)"
        " <> (OLD.id, OLD.study_id, OLD.number))",
        "a round goes from draft to open to closed",
    ),
    _trigger("round", "DELETE", "OLD.state <> 'draft'", "round is not a draft"),
    _trigger(
        "criterion",
        "UPDATE OF id, framework_id, parent_id, code, top",
        "TRUE",
        "a criterion stays where it is",
    ),
    _trigger("weight_set", "INSERT", "NEW.locked_at IS NOT NULL", "weights come before the lock"),
    _trigger("weight_set", "UPDATE", "OLD.locked_at IS NOT NULL", "weight set is frozen"),
    _trigger("weight_set", "DELETE", "OLD.locked_at IS NOT NULL", "weight set is frozen"),
    *(_trigger("weight", event, _set_is_locked(event), "weight set is frozen") for event in EVENTS),
    _trigger(
        "publication",
        "INSERT",
        "(SELECT locked_at FROM weight_set WHERE id = NEW.weight_set_id) IS NULL",
        "weight set is not frozen",
    ),
    *(
        _trigger(table, event, "TRUE", "the record stays as it was")
        for table in APPEND_ONLY
        for event in ("UPDATE", "DELETE")
    ),
    _trigger(
        "journal",
        "UPDATE",
        "NEW.study_id <> OLD.study_id OR NEW.length <> OLD.length + 1",
        "the journal only grows",
    ),
    _trigger("journal", "DELETE", "TRUE", "the journal only grows"),
)


# ------------------------------------------------------------ PostgreSQL


def _function(name: str, body: str, arguments: str = "()", returns: str = "trigger") -> str:
    return f"CREATE FUNCTION {name}{arguments} RETURNS {returns} LANGUAGE plpgsql AS $${body}$$"


def _refuse(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"


_PASS = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"

POSTGRESQL_FUNCTIONS = (
    _function(
        "refuse",
        "BEGIN RAISE EXCEPTION '%', TG_ARGV[0] "
        "USING ERRCODE = 'integrity_constraint_violation'; END",
    ),
    # FOR SHARE: a round that is being closed is waited for, and a round that
    # an answer is being stored in cannot close before the answer is in.
    _function(
        "round_must_be",
        "DECLARE found text; BEGIN"
        " SELECT state INTO found FROM round WHERE id = wanted_round FOR SHARE;"
        f" IF found IS DISTINCT FROM wanted_state THEN {_refuse('round is not open or draft')};"
        " END IF; END",
        arguments="(wanted_round integer, wanted_state text)",
        returns="void",
    ),
    _function(
        "keep_round_state",
        "BEGIN"
        " IF TG_OP <> 'INSERT' THEN PERFORM round_must_be(OLD.round_id, TG_ARGV[0]); END IF;"
        " IF TG_OP <> 'DELETE' THEN PERFORM round_must_be(NEW.round_id, TG_ARGV[0]); END IF;"
        f" {_PASS} END",
    ),
    _function(
        "keep_round_order",
        "BEGIN IF OLD.state = 'closed' OR (OLD.state = 'open' AND NEW.state = 'draft')"
        " OR (OLD.state <> 'draft' AND (NEW.id, NEW.study_id, NEW.number)"
        " IS DISTINCT FROM (OLD.id, OLD.study_id, OLD.number)) THEN"
        f" {_refuse('a round goes from draft to open to closed')}; END IF; RETURN NEW; END",
    ),
    _function(
        "weights_must_be_open",
        "DECLARE sealed boolean; BEGIN"
        " SELECT bool_or(locked_at IS NOT NULL) INTO sealed FROM"
        " (SELECT locked_at FROM weight_set WHERE id IN"
        " (CASE WHEN TG_OP <> 'INSERT' THEN OLD.weight_set_id END,"
        " CASE WHEN TG_OP <> 'DELETE' THEN NEW.weight_set_id END) FOR SHARE) AS touched;"
        f" IF sealed THEN {_refuse('weight set is frozen')}; END IF; {_PASS} END",
    ),
    _function(
        "weights_must_be_frozen",
        "BEGIN IF (SELECT locked_at FROM weight_set WHERE id = NEW.weight_set_id) IS NULL THEN"
        f" {_refuse('weight set is not frozen')}; END IF; RETURN NEW; END",
    ),
)


def _calls(
    table: str, event: str, function: str, *arguments: str, when: str = "", each: str = "ROW"
) -> str:
    name = f"{table}_{event.split()[0].lower()}"
    condition = f"WHEN ({when}) " if when else ""
    given = ", ".join(f"'{argument}'" for argument in arguments)
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} "
        f"{condition}EXECUTE FUNCTION {function}({given})"
    )


def _no_truncate(table: str) -> str:
    return _calls(table, "TRUNCATE", "refuse", "rows go one by one or stay", each="STATEMENT")


POSTGRESQL = (
    *POSTGRESQL_FUNCTIONS,
    *(
        _calls(table, event, "keep_round_state", "open")
        for table in ANSWERS
        for event in EVENTS
        if (table, event) != ("answer_revision", "UPDATE")
    ),
    _calls("answer_revision", "UPDATE", "refuse", "a revision stays as it was"),
    *(_calls("comparison", event, "keep_round_state", "draft") for event in EVENTS),
    _calls("round", "UPDATE", "keep_round_order"),
    _calls("round", "DELETE", "refuse", "round is not a draft", when="OLD.state <> 'draft'"),
    _calls(
        "criterion",
        "UPDATE OF id, framework_id, parent_id, code, top",
        "refuse",
        "a criterion stays where it is",
    ),
    _calls(
        "weight_set",
        "INSERT",
        "refuse",
        "weights come before the lock",
        when="NEW.locked_at IS NOT NULL",
    ),
    *(
        _calls(
            "weight_set", event, "refuse", "weight set is frozen", when="OLD.locked_at IS NOT NULL"
        )
        for event in ("UPDATE", "DELETE")
    ),
    *(_calls("weight", event, "weights_must_be_open") for event in EVENTS),
    _calls("publication", "INSERT", "weights_must_be_frozen"),
    *(
        _calls(table, event, "refuse", "the record stays as it was")
        for table in APPEND_ONLY
        for event in ("UPDATE", "DELETE")
    ),
    _calls(
        "journal",
        "UPDATE",
        "refuse",
        "the journal only grows",
        when="NEW.study_id <> OLD.study_id OR NEW.length <> OLD.length + 1",
    ),
    _calls("journal", "DELETE", "refuse", "the journal only grows"),
    *(
        _no_truncate(table)
        for table in (
            *ANSWERS,
            *APPEND_ONLY,
            "comparison",
            "journal",
            "round",
            "weight",
            "weight_set",
        )
    ),
)

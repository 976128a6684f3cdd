"""keep what frozen sets and publications rest on

A frozen weight set names criteria, experts and a study by codes, and is verified
against the rows of its closed round. Those rows stay as well.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CHANGES = ("INSERT", "UPDATE", "DELETE")

#: Every table of experts' answers in a round.
ANSWERS = (
    "judgement",
    "allocation",
    "extremes",
    "abstention",
    "answer_revision",
    "reconsideration",
    "review",
)
ANSWERED_BEFORE = ("judgement", "allocation", "abstention", "answer_revision", "extremes")

START = "0" * 64


def upgrade() -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER study_update_of_anonymity")
        statements = (_sqlite_anonymity(ANSWERS), *SQLITE)
    else:
        statements = (_postgresql_anonymity(ANSWERS), *FUNCTIONS, *POSTGRESQL)
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    if _is_sqlite():
        for statement in SQLITE:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
        op.execute("DROP TRIGGER study_update_of_anonymity")
        op.execute(_sqlite_anonymity(ANSWERED_BEFORE))
        return
    for statement in POSTGRESQL:
        words = statement.split()
        op.execute(f"DROP TRIGGER {words[2]} ON {words[words.index('ON') + 1]}")
    for function in FUNCTIONS:
        name, _, _ = function.split()[2].partition("(")
        op.execute(f"DROP FUNCTION {name}")
    op.execute(_postgresql_anonymity(ANSWERED_BEFORE))


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


# ------------------------------------------------------------ what is refused

FRAMEWORK_STAYS = "a framework stays as it was once it is asked about"
IDENTITY_STAYS = "what others name stays as it is named"
EXPERT_STAYS = "an expert of a closed round stays as they were"
INVITATION_STAYS = "who was asked in a closed round, and how, stays"
CHAIN_GROWS = "the journal only grows, by entries that follow its head"
ANONYMITY_STAYS = "somebody has answered under this promise"

#: Of whose rows others keep the codes or numbers.
IDENTITIES = {
    "study": "id, code, framework_id",
    "expert": "id, study_id, code",
    "edition": "id, study_id, code",
}
INVITED = "id, expert_id, round_id, method, seed, finished_at"
TRUNCATED = ("criterion", "rung", "study", "expert", "invitation", "edition")


def _in_use(framework: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM study JOIN round ON round.study_id = study.id"
        f" WHERE study.framework_id = {framework} AND round.state <> 'draft')"
    )


def _framework_of(row: str) -> str:
    return f"(SELECT framework_id FROM criterion WHERE id = {row}.criterion_id)"


def _is_closed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM round WHERE id = {row}.round_id AND state = 'closed')"


def _answered(tables: tuple[str, ...]) -> str:
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} JOIN round ON round.id = {table}.round_id"
        " WHERE round.study_id = OLD.id LIMIT 1)"
        for table in tables
    )


def _changed(columns: str) -> str:
    old, new = (
        ", ".join(f"{row}.{column}" for column in columns.split(", ")) for row in ("OLD", "NEW")
    )
    return f"({new}) IS DISTINCT FROM ({old})"


ASKED_IN_A_CLOSED_ROUND = (
    "EXISTS (SELECT 1 FROM invitation JOIN round ON round.id = invitation.round_id"
    " WHERE invitation.expert_id = OLD.id AND round.state = 'closed')"
)
LEADS_TO_AN_ENTRY = (
    "EXISTS (SELECT 1 FROM journal_entry WHERE study_id = NEW.study_id"
    " AND number = NEW.length AND digest = NEW.head)"
)
FOLLOWS_THE_HEAD = (
    "EXISTS (SELECT 1 FROM journal WHERE study_id = NEW.study_id"
    " AND length + 1 = NEW.number AND head = NEW.previous)"
)


def _row(event: str) -> str:
    return "NEW" if event == "INSERT" else "OLD"


# ---------------------------------------------------------------- SQLite


def _trigger(name: str, event: str, table: str, condition: str, message: str) -> str:
    # SQLite knows IS DISTINCT FROM of rows since 3.39, and IS NOT always.
    condition = condition.replace("IS DISTINCT FROM", "IS NOT")
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _sqlite_anonymity(tables: tuple[str, ...]) -> str:
    return _trigger(
        "study_update_of_anonymity",
        "UPDATE OF anonymity",
        "study",
        f"NEW.anonymity <> OLD.anonymity AND ({_answered(tables)})",
        ANONYMITY_STAYS,
    )


def _of(event: str, columns: str) -> str:
    return f"UPDATE OF {columns}" if event == "UPDATE" else event


SQLITE = (
    *(
        _trigger(
            f"criterion_in_use_{event.lower()}",
            _of(event, "names, position"),
            "criterion",
            _in_use(f"{_row(event)}.framework_id"),
            FRAMEWORK_STAYS,
        )
        for event in CHANGES
    ),
    *(
        _trigger(
            f"rung_{event.lower()}",
            event,
            "rung",
            _in_use(_framework_of(_row(event))),
            FRAMEWORK_STAYS,
        )
        for event in CHANGES
    ),
    *(
        _trigger(
            f"{table}_identity", f"UPDATE OF {columns}", table, _changed(columns), IDENTITY_STAYS
        )
        for table, columns in IDENTITIES.items()
    ),
    _trigger(
        "expert_described",
        "UPDATE OF direction, language",
        "expert",
        f"{_changed('direction, language')} AND {ASKED_IN_A_CLOSED_ROUND}",
        EXPERT_STAYS,
    ),
    _trigger(
        "invitation_update",
        f"UPDATE OF {INVITED}",
        "invitation",
        f"{_changed(INVITED)} AND ({_is_closed('OLD')} OR {_is_closed('NEW')})",
        INVITATION_STAYS,
    ),
    *(
        _trigger(
            f"invitation_{event.lower()}",
            event,
            "invitation",
            _is_closed(_row(event)),
            INVITATION_STAYS,
        )
        for event in ("INSERT", "DELETE")
    ),
    _trigger(
        "journal_insert",
        "INSERT",
        "journal",
        f"NEW.length <> 0 OR NEW.head <> '{START}'",
        CHAIN_GROWS,
    ),
    _trigger("journal_head", "UPDATE", "journal", f"NOT {LEADS_TO_AN_ENTRY}", CHAIN_GROWS),
    _trigger(
        "journal_entry_insert", "INSERT", "journal_entry", f"NOT {FOLLOWS_THE_HEAD}", CHAIN_GROWS
    ),
)


# ------------------------------------------------------------ PostgreSQL


def _refuse(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"


def _function(name: str, condition: str, message: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f"BEGIN IF {condition} THEN {_refuse(message)}; END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END$$"
    )


def _either(condition: str) -> str:
    """Return a condition on the row before or, for a new row, on the row after."""
    before, after = condition.format("OLD"), condition.format("NEW")
    return f"(TG_OP <> 'INSERT' AND {before}) OR (TG_OP <> 'DELETE' AND {after})"


def _postgresql_anonymity(tables: tuple[str, ...]) -> str:
    # The rounds are locked first: an answer that is being saved is waited for, and counts.
    return (
        "CREATE OR REPLACE FUNCTION keep_anonymity() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
        " PERFORM 1 FROM round WHERE study_id = OLD.id FOR UPDATE;"
        f" IF {_answered(tables)} THEN {_refuse(ANONYMITY_STAYS)}; END IF; RETURN NEW; END$$"
    )


FUNCTIONS = (
    _function("keep_framework", _either(_in_use("{}.framework_id")), FRAMEWORK_STAYS),
    _function("keep_rungs", _either(_in_use(_framework_of("{}"))), FRAMEWORK_STAYS),
    _function("keep_expert", ASKED_IN_A_CLOSED_ROUND, EXPERT_STAYS),
    _function("keep_invitation", _either(_is_closed("{}")), INVITATION_STAYS),
    _function("keep_head", f"NOT {LEADS_TO_AN_ENTRY}", CHAIN_GROWS),
    _function("follow_head", f"NOT {FOLLOWS_THE_HEAD}", CHAIN_GROWS),
)


def _calls(name: str, event: str, table: str, call: str, when: str = "") -> str:
    condition = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition}"
        f"EXECUTE FUNCTION {call}"
    )


POSTGRESQL = (
    *(
        _calls(
            f"criterion_in_use_{event.lower()}",
            _of(event, "names, position"),
            "criterion",
            "keep_framework()",
        )
        for event in CHANGES
    ),
    *(_calls(f"rung_{event.lower()}", event, "rung", "keep_rungs()") for event in CHANGES),
    *(
        _calls(
            f"{table}_identity",
            f"UPDATE OF {columns}",
            table,
            f"refuse('{IDENTITY_STAYS}')",
            _changed(columns),
        )
        for table, columns in IDENTITIES.items()
    ),
    _calls(
        "expert_described",
        "UPDATE OF direction, language",
        "expert",
        "keep_expert()",
        _changed("direction, language"),
    ),
    _calls(
        "invitation_update",
        f"UPDATE OF {INVITED}",
        "invitation",
        "keep_invitation()",
        _changed(INVITED),
    ),
    *(
        _calls(f"invitation_{event.lower()}", event, "invitation", "keep_invitation()")
        for event in ("INSERT", "DELETE")
    ),
    _calls(
        "journal_insert",
        "INSERT",
        "journal",
        f"refuse('{CHAIN_GROWS}')",
        f"NEW.length <> 0 OR NEW.head <> '{START}'",
    ),
    _calls("journal_head", "UPDATE", "journal", "keep_head()"),
    _calls("journal_entry_insert", "INSERT", "journal_entry", "follow_head()"),
    *(
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse('rows go one by one or stay')"
        for table in TRUNCATED
    ),
)

"""Refusals by the database itself, for any code.

Each attack is SQL, without the application.
"""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from survey import models
from survey.models import (
    AnswerRevision,
    Comparison,
    Criterion,
    JournalEntry,
    Judgement,
    Publication,
    Round,
    Weight,
    WeightSet,
)
from survey.store.invitations import issue_personal_link
from survey.store.rounds import close_round
from survey.values import By
from tests.worlds import cast


def refused(database, statement, **values):
    """Whether the database refuses a statement."""
    try:
        with database.writing() as session:
            session.execute(text(statement), values)
    except DatabaseError:
        return True
    return False


def counted(database, *tables):
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.fixture
def open_round(database):
    """Ids of an open round, an expert invited to it and a comparison of it."""
    with database.writing() as session:
        round_ = cast.load_open(session)
        comparison = cast.comparison(session)
        return {
            "round": round_.id,
            "expert": cast.invitation(session).expert_id,
            "comparison": comparison.id,
            "parent": comparison.parent_id,
            "first": comparison.first_id,
            "second": comparison.second_id,
        }


def close(database, ids):
    with database.writing() as session:
        close_round(session, session.get_one(Round, ids["round"]), By("author author", cast.NOON))


ANSWERS = {
    "judgement": "INSERT INTO judgement"
    " (round_id, expert_id, comparison_id, step, reason, answered_at)"
    " VALUES (:round, :expert, :comparison, 2, '', '2024-08-06 12:00:00')",
    "allocation": "INSERT INTO allocation"
    " (round_id, expert_id, criterion_id, method, points, answered_at)"
    " VALUES (:round, :expert, :first, 'direct', 20, '2024-08-06 12:00:00')",
    "extremes": "INSERT INTO extremes"
    " (round_id, expert_id, parent_id, best_id, worst_id, answered_at)"
    " VALUES (:round, :expert, :parent, :first, :second, '2024-08-06 12:00:00')",
    "abstention": "INSERT INTO abstention (round_id, expert_id, parent_id, reason, answered_at)"
    " VALUES (:round, :expert, :parent, '', '2024-08-06 12:00:00')",
    "answer_revision": "INSERT INTO answer_revision"
    " (round_id, expert_id, parent_id, comparison_id, version, key, content, saved_at)"
    " VALUES (:round, :expert, :parent, :comparison, 1, 'k', '', '2024-08-06 12:00:00')",
    "reconsideration": "INSERT INTO reconsideration"
    " (round_id, expert_id, criterion_id, decision, reason, decided_at)"
    " VALUES (:round, :expert, :first, 'keep', '', '2024-08-06 12:00:00')",
    "review": "INSERT INTO review"
    " (round_id, expert_id, parent_id, version, key, verdict, reason, shown, before, saved_at)"
    " VALUES (:round, :expert, :parent, 1, 'k', '', '', '[]', '[]', '2024-08-06 12:00:00')",
}


def test_every_table_of_answers_is_attacked():
    assert {answer.__tablename__ for answer in models.ANSWERS} == ANSWERS.keys()


@pytest.mark.parametrize("table", ANSWERS)
def test_an_open_round_takes_an_answer_once(database, open_round, table):
    assert not refused(database, ANSWERS[table], **open_round)
    assert refused(database, ANSWERS[table], **open_round)


@pytest.mark.parametrize("table", ANSWERS)
def test_a_closed_round_takes_no_answer(database, open_round, table):
    close(database, open_round)

    assert refused(database, ANSWERS[table], **open_round)


@pytest.mark.parametrize("table", ANSWERS)
@pytest.mark.parametrize("change", ["UPDATE {} SET expert_id = expert_id", "DELETE FROM {}"])
def test_a_closed_round_keeps_its_answers_as_they_are(database, open_round, table, change):
    assert not refused(database, ANSWERS[table], **open_round)
    close(database, open_round)

    assert refused(database, change.format(table))


def test_an_answer_cannot_be_moved_out_of_a_closed_round(database, open_round):
    assert not refused(database, ANSWERS["judgement"], **open_round)
    close(database, open_round)
    with database.writing() as session:
        elsewhere = cast.load_open(session, "elsewhere")
        comparison = cast.comparison(session, study_code="elsewhere")
        there = {
            "round": elsewhere.id,
            "expert": cast.invitation(session, study_code="elsewhere").expert_id,
            "comparison": comparison.id,
        }

    assert refused(
        database,
        "UPDATE judgement SET round_id = :round, expert_id = :expert, comparison_id = :comparison",
        **there,
    )


@pytest.mark.parametrize("step", [-9, 9, 17])
def test_a_step_off_the_scale_is_no_judgement(database, open_round, step):
    statement = ANSWERS["judgement"].replace(", 2,", f", {step},")

    assert refused(database, statement, **open_round)
    assert counted(database, Judgement) == [0]


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("extremes", ":second", ":first"),
        ("allocation", "'direct', 20", "'rating', 10.5"),
        ("allocation", "'direct', 20", "'pairwise', 5"),
    ],
)
def test_what_no_expert_can_mean_is_no_answer(database, open_round, table, old, new):
    assert old in ANSWERS[table]

    assert refused(database, ANSWERS[table].replace(old, new), **open_round)


def test_points_and_a_rating_of_one_item_are_two_answers(database, open_round):
    rating = ANSWERS["allocation"].replace("'direct', 20", "'rating', 7.5")

    assert not refused(database, ANSWERS["allocation"], **open_round)
    assert not refused(database, rating, **open_round)
    assert refused(database, rating, **open_round)


@pytest.mark.parametrize("table", ["expert", "invitation"])
def test_there_are_four_ways_to_answer(database, open_round, table):
    for method in ("pairwise", "direct", "best-worst", "rating"):
        assert not refused(database, f"UPDATE {table} SET method = '{method}'")

    assert refused(database, f"UPDATE {table} SET method = 'guess'")


def test_an_expert_cannot_answer_a_round_they_are_not_invited_to(database, open_round):
    with database.writing() as session:
        cast.load_open(session, "elsewhere")
        stranger = cast.invitation(session, study_code="elsewhere").expert_id

    assert refused(database, ANSWERS["judgement"], **open_round | {"expert": stranger})


def test_a_comparison_of_another_round_is_not_answered_in_this_one(database, open_round):
    with database.writing() as session:
        cast.load_open(session, "elsewhere")
        foreign = cast.comparison(session, study_code="elsewhere").id

    assert refused(database, ANSWERS["judgement"], **open_round | {"comparison": foreign})


@pytest.mark.usefixtures("open_round")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE round SET state = 'draft'",
        "UPDATE round SET number = 7",
        "DELETE FROM comparison",
        "UPDATE comparison SET first_id = second_id, second_id = first_id",
        (
            "INSERT INTO comparison (round_id, parent_id, first_id, second_id, position)"
            " SELECT round_id, parent_id, second_id, first_id, 99 FROM comparison"
        ),
        "UPDATE criterion SET top = 9 WHERE top IS NOT NULL",
        "UPDATE criterion SET code = 'x' WHERE code = 'wired'",
    ],
)
def test_what_is_asked_stays_once_the_round_is_open(database, change):
    assert refused(database, change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE round SET state = 'open'",
        "UPDATE round SET closed_at = NULL",
        "UPDATE round SET state = 'draft'",
    ],
)
def test_a_closed_round_stays_closed(database, open_round, change):
    close(database, open_round)

    assert refused(database, change)


def test_a_revision_stays_as_it_was_even_while_the_round_is_open(database, open_round):
    assert not refused(database, ANSWERS["answer_revision"], **open_round)

    assert refused(database, "UPDATE answer_revision SET content = 'x'")
    assert counted(database, AnswerRevision) == [1]


ASKED = (
    "INSERT INTO asked (round_id, expert_id, parent_id, comparison_id, why)"
    " VALUES (:round, :expert, :parent, :comparison, 'far')"
)


def test_what_is_asked_again_stays_once_the_round_is_open_and_may_only_be_added_to(
    database, open_round
):
    assert not refused(database, ASKED, **open_round)
    assert refused(database, ASKED, **open_round)  # the same once more
    assert refused(database, "UPDATE asked SET why = 'band'")
    assert refused(database, "DELETE FROM asked")
    assert refused(database, "UPDATE round SET targeted = (1 = 1)")


def test_nothing_more_is_asked_of_who_has_a_link_to_an_open_round(database, open_round):
    with database.writing() as session:
        issue_personal_link(session, cast.invitation(session), By("author author", cast.NOON))

    assert refused(database, ASKED, **open_round)


def test_a_closed_round_asks_nothing_more(database, open_round):
    close(database, open_round)

    assert refused(database, ASKED, **open_round)


def weight_set(round_, name="first"):
    return WeightSet(
        study_id=round_.study_id,
        round_id=round_.id,
        number=1,
        name=name,
        stopping_reason="",
        document="{}",
        digest="d",
    )


@pytest.fixture
def frozen(database):
    """A frozen weight set with one weight, published."""
    with database.writing() as session:
        round_ = cast.load_closed(session)
        weights = weight_set(round_)
        criterion = session.scalars(select(Criterion.id).order_by(Criterion.position)).first()
        weights.weights = [Weight(criterion_id=criterion, local_weight=0.5, global_weight=0.25)]
        session.add(weights)
        session.flush()
        weights.locked_at = cast.NOON
        session.flush()
        session.add(
            Publication(
                edition_id=session.scalar(text("SELECT id FROM edition")),
                weight_set_id=weights.id,
                published_at=cast.NOON,
                document="{}",
                digest="d",
            )
        )


FROZEN = [
    "UPDATE weight_set SET document = 'tampered'",
    "UPDATE weight_set SET locked_at = NULL",
    "UPDATE weight_set SET number = 2",
    "DELETE FROM weight_set",
    "UPDATE weight SET global_weight = 1",
    "UPDATE weight SET weight_set_id = weight_set_id",
    "DELETE FROM weight",
    (
        "INSERT INTO weight (weight_set_id, criterion_id, local_weight, global_weight)"
        " SELECT weight_set.id, criterion.id, 0, 0 FROM weight_set, criterion"
        " WHERE criterion.code = 'water'"
    ),
    "UPDATE publication SET document = ''",
    "DELETE FROM publication",
    "UPDATE journal_entry SET actor = 'x'",
    "DELETE FROM journal_entry",
    "UPDATE journal SET head = 'x'",
    "UPDATE journal SET length = length - 1",
    "DELETE FROM journal",
]
REPLACED = [
    f"REPLACE INTO {table} SELECT * FROM {table}"
    for table in ("weight_set", "weight", "journal_entry", "publication", "journal")
]
TRUNCATED = [
    f"TRUNCATE {table} CASCADE"
    for table in (
        "weight_set",
        "weight",
        "journal_entry",
        "publication",
        "judgement",
        "round",
        "asked",
        "criterion",
        "rung",
        "study",
        "expert",
        "invitation",
        "edition",
    )
]
OWNERS_WAYS = [
    "ALTER TABLE weight_set DISABLE TRIGGER ALL",
    "DROP TRIGGER weight_set_update ON weight_set",
    "SET session_replication_role = replica",
    "DROP TABLE weight_set CASCADE",
]


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("attack", FROZEN)
def test_what_is_frozen_published_or_journalled_stays(database, attack):
    kept = (WeightSet, Weight, Publication, JournalEntry)
    assert counted(database, *kept) == [1, 1, 1, 3]

    assert refused(database, attack)
    assert counted(database, *kept) == [1, 1, 1, 3]


@pytest.mark.parametrize("attack", REPLACED)
def test_sqlite_cannot_replace_it_either(sqlite_database, frozen, attack):
    assert refused(sqlite_database, attack)


@pytest.mark.parametrize("attack", TRUNCATED + OWNERS_WAYS)
def test_the_applications_role_has_no_way_round(postgresql_database, frozen, attack):
    assert refused(postgresql_database, attack)


@pytest.mark.parametrize("attack", TRUNCATED)
def test_even_the_owner_cannot_truncate(owned_postgresql_database, frozen, attack):
    assert refused(owned_postgresql_database, attack)


#: By what it would change, each way past the application to what a frozen set says or is
#: verified against: the framework, the study's name, the panel of the closed round, the chain.
NEIGHBOURS = {
    "the names of a criterion": "UPDATE criterion SET names = '{}' WHERE code = 'water'",
    "the place of a criterion": "UPDATE criterion SET position = 99 WHERE code = 'water'",
    "the code of a criterion": "UPDATE criterion SET code = 'x' WHERE code = 'water'",
    "the height of a ladder": "UPDATE criterion SET top = 3 WHERE code = 'water'",
    "one criterion more": (
        "INSERT INTO criterion (framework_id, parent_id, code, position, names, top)"
        " SELECT framework_id, parent_id, 'more', 99, '{}', 2 FROM criterion WHERE code = 'water'"
    ),
    "the text of a rung": "UPDATE rung SET texts = '{}'",
    "the level of a rung": "UPDATE rung SET level = level + 5",
    "a rung less": "DELETE FROM rung",
    "a rung more": (
        "INSERT INTO rung (criterion_id, level, texts)"
        " SELECT id, 2, '{}' FROM criterion WHERE code = 'water'"
    ),
    "the code of the study": "UPDATE study SET code = 'x'",
    "the framework of the study": "UPDATE study SET framework_id = framework_id + 1",
    "the code of an expert": "UPDATE expert SET code = 'ZOE' WHERE code = 'ANN'",
    "the study of an expert": "UPDATE expert SET study_id = study_id + 1",
    "the field of an expert": "UPDATE expert SET direction = 'x'",
    "the language of an expert": "UPDATE expert SET language = 'tr'",
    "how an expert answered": "UPDATE invitation SET method = 'rating'",
    "in which order": "UPDATE invitation SET seed = seed + 1",
    "whether they finished": "UPDATE invitation SET finished_at = '2024-08-06 13:00:00'",
    "whether they withdrew": "UPDATE invitation SET withdrew_at = '2024-08-06 13:00:00'",
    "whether they declined": "UPDATE invitation SET declined_at = '2024-08-06 13:00:00'",
    "who was invited": "DELETE FROM invitation",
    "who else was invited": (
        "INSERT INTO invitation"
        " (expert_id, round_id, method, seed, decline_reason, suggestion)"
        " SELECT expert.id, round.id, 'pairwise', 1, '', '' FROM expert, round"
        " WHERE expert.code = 'LATE'"
    ),
    "the state of the round": "UPDATE round SET state = 'open'",
    "what was asked": "DELETE FROM comparison",
    "whose edition it is": "UPDATE edition SET study_id = study_id + 1",
    "the code of the edition": "UPDATE edition SET code = 'x'",
    "the end of the chain": "UPDATE journal SET length = length + 1, head = 'x'",
    "an entry that follows nothing": (
        "INSERT INTO journal_entry (study_id, number, at, actor, action, detail, previous, digest)"
        " SELECT study_id, number + 1, at, actor, action, detail, 'x', 'y' FROM journal_entry"
        " WHERE number = (SELECT max(number) FROM journal_entry)"
    ),
    "an entry beyond the end": (
        "INSERT INTO journal_entry (study_id, number, at, actor, action, detail, previous, digest)"
        " SELECT study_id, number + 7, at, actor, action, detail, digest, 'y' FROM journal_entry"
        " WHERE number = (SELECT max(number) FROM journal_entry)"
    ),
    "a chain of its own": "INSERT INTO journal (study_id, length, head) VALUES (2, 9, 'x')",
}


@pytest.fixture
def neighbours(database):
    """A closed round, an expert who was not asked in it, and another study to move things to."""
    with database.writing() as session:
        study = cast.load_closed(session).study
        late = models.Expert(study_id=study.id, code="LATE", name="", direction="", language="en")
        late.kind = "pairwise"
        session.add(late)
        session.add(models.Framework())
        session.flush()
        session.add(
            models.Study(
                code="other",
                author_id=study.author_id,
                framework_id=study.framework_id + 1,
                titles={},
                contact="",
                notices={},
                created_at=cast.NOON,
            )
        )


@pytest.mark.usefixtures("neighbours")
@pytest.mark.parametrize("attack", NEIGHBOURS.values(), ids=NEIGHBOURS.keys())
def test_what_a_frozen_set_rests_on_stays_once_its_round_is_closed(database, attack):
    assert refused(database, attack)


@pytest.mark.usefixtures("neighbours")
@pytest.mark.parametrize(
    "change",
    [
        # Changes that an author may still make of a study, and experts of themselves.
        "UPDATE study SET contact = 'x', titles = '{}'",
        "UPDATE expert SET name = 'x', method = 'rating'",
        "UPDATE expert SET direction = 'x', language = 'tr' WHERE code = 'LATE'",
        "UPDATE invitation SET link_asked_at = '2024-08-06 13:00:00'",
        "UPDATE edition SET code = code",
    ],
)
def test_and_nothing_else_stays_with_it(database, change):
    assert not refused(database, change)


def test_a_draft_may_still_get_other_words(database):
    with database.writing() as session:
        cast.load(session)

    assert not refused(database, "UPDATE criterion SET names = '{}'")
    assert not refused(database, "UPDATE rung SET texts = '{}'")
    assert not refused(database, "UPDATE expert SET language = 'tr'")
    assert not refused(database, "UPDATE invitation SET method = 'rating'")
    assert not refused(database, "UPDATE invitation SET declined_at = '2024-08-06 13:00:00'")


@pytest.mark.usefixtures("frozen")
def test_no_rung_of_a_draft_comes_into_a_framework_that_is_asked_about(database):
    with database.writing() as session:
        cast.load(session, cast.study("draft"))

    into = "(SELECT min(id) FROM criterion WHERE code = 'water')"
    drafts = "(SELECT max(id) FROM criterion WHERE code = 'wired')"
    assert refused(database, f"UPDATE rung SET criterion_id = {into} WHERE criterion_id = {drafts}")


def test_nothing_is_published_of_weights_that_are_not_frozen(database):
    with database.writing() as session:
        session.add(weight_set(cast.load_closed(session)))

    assert refused(
        database,
        "INSERT INTO publication (edition_id, weight_set_id, published_at, document, digest)"
        " SELECT edition.id, weight_set.id, '2024-08-06 12:00:00', '{}', 'd'"
        " FROM edition, weight_set",
    )


def test_a_level_above_its_ladders_top_is_no_rating(database):
    with database.writing() as session:
        cast.load(session)
    rating = (
        "INSERT INTO rating (unit_id, criterion_id, top, level)"
        " SELECT unit.id, criterion.id, {top}, {level} FROM unit, criterion"
        " WHERE unit.code = 'tunis' AND criterion.code = 'wired'"
    )

    assert refused(database, rating.format(top=2, level=3))
    assert refused(database, rating.format(top=3, level=3))
    assert not refused(database, rating.format(top=2, level=2))


@pytest.mark.parametrize("table", ANSWERS)
def test_the_anonymity_cannot_change_once_an_expert_has_answered(database, open_round, table):
    assert not refused(database, "UPDATE study SET anonymity = 'named'")
    assert not refused(database, "UPDATE study SET anonymity = 'experts'")
    assert not refused(database, ANSWERS[table], **open_round)

    assert refused(database, "UPDATE study SET anonymity = 'named'")
    assert not refused(database, "UPDATE study SET anonymity = 'experts', contact = 'x'")


@pytest.mark.usefixtures("open_round")
def test_the_salt_of_a_study_never_changes(database):
    assert not refused(database, "UPDATE study SET salt = :salt", salt="a" * 64)
    assert not refused(database, "UPDATE study SET salt = :salt", salt="a" * 64)

    assert refused(database, "UPDATE study SET salt = :salt", salt="b" * 64)
    assert refused(database, "UPDATE study SET salt = ''")


@pytest.mark.usefixtures("open_round")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE study SET anonymity = 'nobody'",
        "UPDATE round SET \"order\" = 'alphabetical'",
        "UPDATE round SET form = 'long'",
        "UPDATE invitation SET seed = NULL",
    ],
)
def test_what_is_no_way_of_asking_is_refused(database, statement):
    assert refused(database, statement)


@pytest.mark.usefixtures("open_round")
def test_a_reading_session_cannot_write(database):
    with pytest.raises(DatabaseError), database.reading() as session:
        session.execute(text("UPDATE study SET contact = 'x'"))


def test_what_raises_inside_a_write_is_undone(database):
    with pytest.raises(RuntimeError), database.writing() as session:
        cast.load(session)
        raise RuntimeError

    assert counted(database, Comparison) == [0]

"""Silence in another round of nine: its rule keeps all of an expert's answers, or none."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.authors.consensus import operations
from survey.authors.consensus.operations import FewAnswered, freeze_weight_set, prepare_weight_set
from survey.authors.consensus.queries import load_consensus, load_verified
from survey.authors.rounds.operations import settle_silence, start_round
from survey.authors.rounds.queries import choose_targets
from survey.experts.finish.operations import withdraw
from survey.files.weight_set import read_weight_set
from survey.models import (
    Comparison,
    Criterion,
    Expert,
    JournalEntry,
    Reconsideration,
    Round,
    Study,
    WeightSet,
)
from survey.reports.panel.consensus import consensus_report
from survey.reports.panel.stability import stability
from survey.store.responses import load_response
from survey.store.rounds import WrongState, close_round, open_round
from survey.store.studies import load_study
from survey.values import By
from tests.worlds import cast, further, mixed

#: By expert, a step for each of further.PAIRS. E7 contradicts themselves, E8 and E9 are far off.
STEPS = {
    "E1": (2, 4, 2, 0, 1),
    "E2": (1, 3, 2, -1, 1),
    "E3": (2, 3, 1, 1, 0),
    "E4": (3, 4, 1, 0, 2),
    "E5": (1, 2, 1, 0, 1),
    "E6": (2, 4, 3, -1, 1),
    "E7": (6, -6, 6, 0, 1),
    "E8": (-7, -8, -1, 7, -7),
    "E9": (-6, -7, 1, -8, 8),
}
ANSWERING = ("E1", "E2", "E3")


def nine():
    return cast.study(
        panel=tuple(values.Expert(e, "digital", "en", values.PAIRWISE) for e in STEPS),
        judgements=tuple(
            values.Judgement(expert, *pair, step)
            for expert, steps in STEPS.items()
            for pair, step in zip(further.PAIRS, steps, strict=True)
        ),
    )


def only(study, experts):
    """Return the same study with only these experts."""
    return replace(
        study,
        panel=tuple(e for e in study.panel if e.code in experts),
        judgements=tuple(j for j in study.judgements if j.expert in experts),
    )


def rounds(session):
    return session.scalars(select(Round).order_by(Round.number)).all()


def ask_again(session, silence, kind, least=3):
    study = session.scalars(select(Study)).one()
    experts = session.scalars(select(Expert).order_by(Expert.id)).all()
    chosen = choose_targets(session, study) if kind == "targeted" else {}
    # Whom nothing moves is asked one question all the same, so that all nine are asked.
    targets = {e: found or [("goal", "digital", "civic", "band")] for e, found in chosen.items()}
    round_ = start_round(
        session, study, experts, By("author a", cast.NOON), targets or None, None, silence, least
    )
    open_round(session, round_, By("author a", cast.NOON))
    return round_


def answer(session, round_, expert, *places, steps=None):
    """Let an expert answer these of further.PAIRS: as before, unless other steps are given."""
    codes = {c.code: c.id for c in session.scalars(select(Criterion))}
    for place in places:
        _parent, first, second = further.PAIRS[place]
        comparison = session.scalars(
            select(Comparison).where(
                Comparison.round_id == round_.id,
                Comparison.first_id == codes[first],
                Comparison.second_id == codes[second],
            )
        ).one()
        invitation = further.invitation(session, expert, round_.number)
        step = (steps or STEPS[expert])[place]
        key = Save(f"{expert}-{place}-{round_.number}", 0, cast.NOON)
        record_judgement(session, invitation, comparison, step, "", key)


@pytest.fixture
def second(database):
    """The closed second round of nine of whom three say the same again and six stay silent."""

    def second(silence, kind, answering=ANSWERING, least=3):
        with database.writing() as session:
            cast.load(session, nine())
        with database.writing() as session:
            round_ = ask_again(session, silence, kind, least)
            for expert in answering:
                answer(session, round_, expert, *range(5))
            close_round(session, round_, By("author a", cast.NOON))

    return second


def figures(report):
    consistency = [a.consistency for a in report.answers]
    return report.weights, consistency


@pytest.mark.parametrize("kind", ["everything", "targeted"])
def test_if_silence_keeps_nothing_moves_unless_an_expert_changes_an_answer(database, second, kind):
    second("keep", kind)

    with database.reading() as session:
        first, then = rounds(session)
        found = load_consensus(session, first.study, then)
        before = load_consensus(session, first.study, first)
        told = load_study(session, first.study, then)
        told_before = load_study(session, first.study, first)
        assert (told.judgements, told.abstentions) == (told_before.judgements, ())
    assert figures(found.report) == figures(before.report)
    assert found.response.counts == {
        "round": 2,
        "silence": "keep",
        "least": 3,
        "invited": 9,
        "answered": 3,
        "kept_by_silence": 6,
        "kept_declining": 0,
        "not_asked": 0,
        "left_out": 0,
        "declined": 0,
        "withdrew": 0,
        "without_answers": 0,
        "kept_by_word": 3,
    }


@pytest.mark.parametrize("kind", ["everything", "targeted"])
def test_where_silence_leaves_out_the_three_who_answered_count_alone(database, second, kind):
    second("leave-out", kind)

    with database.reading() as session:
        first, then = rounds(session)
        found = load_consensus(session, first.study, then)
    assert (found.response.answered, found.response.left_out) == (3, 6)
    assert found.report.weights == consensus_report(only(nine(), ANSWERING)).weights
    assert {j.expert for j in found.study.judgements} == set(ANSWERING)


@pytest.mark.parametrize("silence", ["keep", "leave-out"])
def test_never_a_part_of_an_expert(database, silence):
    """E8 answers one question of five: the other four count as they were."""
    with database.writing() as session:
        cast.load(session, nine())
        round_ = ask_again(session, silence, "everything")
        for expert in ("E1", "E2"):
            answer(session, round_, expert, *range(5))
        answer(session, round_, "E8", 0, steps=(1, 0, 0, 0, 0))
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        told = load_study(session, session.scalars(select(Study)).one(), rounds(session)[-1])

    assert [j.steps for j in told.judgements if j.expert == "E8"] == [1, -8, -1, 7, -7]


def test_what_a_silent_round_kept_is_kept_on_and_what_it_left_out_comes_back_with_an_answer(
    database, second
):
    """Keep after leave-out: silence changes nothing; one answer brings the whole expert back."""
    second("leave-out", "everything")
    with database.writing() as session:
        round_ = ask_again(session, "keep", "everything")
        answer(session, round_, "E9", 4, steps=(0, 0, 0, 0, 7))
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        study = session.scalars(select(Study)).one()
        third = rounds(session)[-1]
        told = load_study(session, study, third)
        response = load_response(session, third)

    assert {j.expert for j in told.judgements} == {"E1", "E2", "E3", "E9"}
    assert [j.steps for j in told.judgements if j.expert == "E9"] == [-6, -7, 1, -8, 7]
    assert (response.answered, response.kept_by_word, response.kept_by_silence) == (1, 0, 3)
    assert (response.left_out, response.without_answers) == (5, 0)


def test_to_begin_another_list_is_not_to_keep_every_answer(database):
    """Wil names another best, Kim rates one item of three again, Bo keeps all answers."""
    content = mixed.mixed()
    begun = replace(
        content,
        judgements=(),
        extremes=(values.Extremes("WIL", "digital", "wired", "ai"),),
        allocations=(
            *(a for a in content.allocations if a.expert == "BO"),
            values.Allocation("KIM", "digital", "wired", 1.0),
        ),
    )
    with database.writing() as session:
        cast.load(session, content)
        round_ = ask_again(session, "leave-out", "everything")
        further.answer(session, round_, begun)
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        round_ = rounds(session)[-1]
        told = load_study(session, round_.study, round_)
        response = load_response(session, round_)

    assert told.extremes == content.extremes
    assert [a for a in told.allocations if a.expert == "KIM"] == [
        a for a in content.allocations if a.expert == "KIM"
    ]
    assert (response.answered, response.kept_by_word) == (3, 1)


def test_to_begin_in_another_way_is_not_to_keep_every_answer(database):
    """Bo gave points and now judges one pair: the points count until the pairs are whole."""
    content = mixed.mixed()
    pair = values.Judgement("BO", "goal", "digital", "civic", 8)
    with database.writing() as session:
        cast.load(session, content)
        round_ = ask_again(session, "leave-out", "everything")
        further.invitation(session, "BO").kind = values.PAIRWISE
        session.flush()
        further.answer(session, round_, cast.study(panel=content.panel, judgements=(pair,)))
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        round_ = rounds(session)[-1]
        told = load_study(session, round_.study, round_)
        response = load_response(session, round_)

    points = tuple(a for a in content.allocations if a.expert == "BO")
    assert (told.judgements, told.allocations) == ((), points)
    assert (response.answered, response.kept_by_word) == (1, 0)


def test_to_judge_another_line_of_the_same_star_is_not_to_keep_it(database):
    """Wil names the same best and worst, and one line of three: the earlier star counts."""
    content = mixed.mixed()
    line = values.Judgement("WIL", "digital", "wired", "ai", 4)
    with database.writing() as session:
        cast.load(session, content)
        round_ = ask_again(session, "leave-out", "everything")
        begun = cast.study(panel=content.panel, judgements=(line,), extremes=content.extremes)
        further.answer(session, round_, begun)
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        round_ = rounds(session)[-1]
        told = load_study(session, round_.study, round_)
        response = load_response(session, round_)

    assert told.judgements == tuple(j for j in content.judgements if j.expert == "WIL")
    assert (response.answered, response.kept_by_word) == (1, 0)


def test_who_withdrew_never_counts_and_is_counted_as_gone(database):
    with database.writing() as session:
        cast.load(session, nine())
        round_ = ask_again(session, "keep", "everything")
        answer(session, round_, "E1", 0)
        for expert in ("E1", "E8"):
            withdraw(session, further.invitation(session, expert), cast.NOON)
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        round_ = rounds(session)[-1]
        told = load_study(session, round_.study, round_)
        response = load_response(session, round_)

    assert {j.expert for j in told.judgements} == set(STEPS) - {"E1", "E8"}
    assert (response.answered, response.withdrew, response.kept_by_silence) == (0, 2, 7)
    assert response.left == 2


@pytest.mark.parametrize(("decision", "counts"), [("keep", {"E8"}), ("reconsider", set())])
def test_to_keep_a_weight_is_an_answer_and_to_mark_one_is_not(database, decision, counts):
    with database.writing() as session:
        cast.load(session, nine())
        round_ = ask_again(session, "leave-out", "everything")
        expert = session.scalars(select(Expert).where(Expert.code == "E8")).one()
        wired = session.scalars(select(Criterion).where(Criterion.code == "wired")).one()
        session.add(
            Reconsideration(
                round_id=round_.id,
                expert_id=expert.id,
                criterion_id=wired.id,
                decision=decision,
                reason="",
                decided_at=cast.NOON,
            )
        )
        session.flush()
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        round_ = rounds(session)[-1]
        told = load_study(session, round_.study, round_)
        response = load_response(session, round_)

    assert {j.expert for j in told.judgements} == counts
    assert (response.answered, response.kept_by_word) == (len(counts), len(counts))


def test_of_whom_a_targeted_round_asks_nothing_is_not_silent(database):
    with database.writing() as session:
        study = further.load(session)
        experts = session.scalars(select(Expert).order_by(Expert.id)).all()
        asked = {"ANN": [("digital", "wired", "ai", "far")], "FAY": None}
        targets = {e.code: asked.get(e.code, []) or [] for e in experts}
        round_ = start_round(
            session, study, experts, By("author a", cast.NOON), targets, None, "leave-out"
        )
        open_round(session, round_, By("author a", cast.NOON))
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        round_ = rounds(session)[-1]
        told = load_study(session, round_.study, round_)
        response = load_response(session, round_)

    assert {a.expert for a in (*told.judgements, *told.allocations)} == {"BO", "CY", "DEE", "EVE"}
    assert (response.not_asked, response.left_out, response.without_answers) == (4, 1, 1)


# ---------- stability ----------


def test_stability_is_that_of_the_experts_who_answered_both_rounds(database):
    """Four answer again and one of them changes; five silent extremists move no figure of it."""
    with database.writing() as session:
        cast.load(session, nine())
        round_ = ask_again(session, "leave-out", "everything")
        for expert in ("E1", "E2", "E3"):
            answer(session, round_, expert, *range(5))
        answer(session, round_, "E4", 4, steps=(0, 0, 0, 0, -2))
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        round_ = rounds(session)[-1]
        found = load_consensus(session, round_.study, round_).stability

    four = only(nine(), ("E1", "E2", "E3", "E4"))
    changed = replace(
        four,
        judgements=tuple(
            replace(j, steps=-2) if (j.expert, j.parent) == ("E4", "goal") else j
            for j in four.judgements
        ),
    )
    then, now = (consensus_report(s).weights.global_weights for s in (four, changed))
    assert (found.count, found.changed) == (4, 1)
    assert found.before == pytest.approx(then[found.indicator], abs=1e-12)
    assert found.after == pytest.approx(now[found.indicator], abs=1e-12)
    largest = max(abs(now[code] - then[code]) for code in now)
    assert abs(found.after - found.before) == pytest.approx(largest, abs=1e-12)
    assert found.agreement_after < found.agreement_before


def test_of_two_that_moved_alike_the_first_is_named():
    """Water gains what health loses; in floats health moves a hair more."""

    def judging_water_by(steps):
        judgements = tuple(
            replace(j, steps=steps + (j.expert == "E1")) if j.parent == "civic" else j
            for j in nine().judgements
        )
        return replace(nine(), judgements=judgements)

    found = stability(judging_water_by(-6), judging_water_by(-5), list(STEPS), "refuse")

    assert (found.count, found.changed, found.indicator) == (9, 9, "water")


def test_of_fewer_than_three_nothing_is_said_of_what_changed(database, second):
    second("keep", "everything", answering=("E1", "E2"))

    with database.reading() as session:
        round_ = rounds(session)[-1]
        assert load_consensus(session, round_.study, round_).stability is None


# ---------- how many should answer ----------


def freeze(session, below=""):
    round_ = rounds(session)[-1]
    return freeze_weight_set(
        session,
        round_.study,
        round_,
        "Set",
        "rule met",
        "refuse",
        0,
        By("author a", cast.NOON),
        below,
    )


def test_with_too_few_answers_nothing_is_frozen_without_a_reason(database, second):
    second("keep", "everything", least=5)

    with pytest.raises(FewAnswered) as refused, database.writing() as session:
        freeze(session)
    assert (refused.value.answered, refused.value.least) == (3, 5)

    with database.writing() as session:
        freeze(session, "the others were on holiday")
    with database.reading() as session:
        study = session.scalars(select(Study)).one()
        (row,) = study_sets(session)
        content = load_verified(session, study, row)
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert content.parameters["response_below_least"] == "the others were on holiday"
    assert content.parameters["response_answered"] == 3
    assert content.parameters["response_kept_by_word"] == 3
    assert content.parameters["response_kept_by_silence"] == 6
    assert content.parameters["response_silence"] == "keep"
    assert "the others were on holiday" in entry.detail


def study_sets(session):

    return session.scalars(select(WeightSet)).all()


@pytest.mark.parametrize("least", [0, 3])
def test_with_enough_answers_no_reason_is_asked_or_kept(database, second, least):
    second("keep", "everything", least=least)

    with database.writing() as session:
        row = freeze(session, "no reason is needed")

    assert "no reason is needed" not in row.document


# ---------- promises ----------


def refused(database, statement):
    try:
        with database.writing() as session:
            session.execute(text(statement))
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize(
    "change", ["silence = 'leave-out'", "least_response = 1", "silence = NULL"]
)
def test_the_rule_cannot_change_once_the_round_is_open(database, change):
    with database.writing() as session:
        cast.load(session, nine())
        ask_again(session, "keep", "everything")

    assert refused(database, f"UPDATE round SET {change} WHERE number = 2")
    with database.reading() as session:
        round_ = rounds(session)[-1]
        assert (round_.silence, round_.least_response) == ("keep", 3)


def test_a_draft_may_change_its_rule_but_not_do_without(database):
    with database.writing() as session:
        study = cast.load(session, nine())
        experts = session.scalars(select(Expert)).all()
        start_round(session, study, experts, By("author a", cast.NOON))

    assert refused(database, "UPDATE round SET silence = NULL WHERE number = 2")
    assert refused(database, "UPDATE round SET silence = 'drop' WHERE number = 2")
    with database.writing() as session:
        settle_silence(session, rounds(session)[-1], "leave-out", 4, By("author a", cast.NOON))
    with database.writing() as session:
        round_ = rounds(session)[-1]
        assert (round_.silence, round_.least_response) == ("leave-out", 4)
        open_round(session, round_, By("author a", cast.NOON))
    with pytest.raises(WrongState), database.writing() as session:
        settle_silence(session, rounds(session)[-1], "keep", 4, By("author a", cast.NOON))


def test_a_new_round_cannot_do_without_a_rule(database):
    with database.writing() as session:
        cast.load(session, nine())

    assert refused(
        database,
        'INSERT INTO round (study_id, number, state, "order", form, kinds, least_response)'
        " SELECT study_id, 2, 'draft', \"order\", form, kinds, 3 FROM round",
    )


# ---------- prepared before the write ----------


def prepared(database):
    with database.reading() as session:
        round_ = rounds(session)[-1]
        return prepare_weight_set(session, round_.study, round_, "refuse")


def freeze_prepared(session, given):
    round_ = rounds(session)[-1]
    said = ("Set", "rule met", "refuse", 0, By("author a", cast.NOON), "", "")
    return freeze_weight_set(session, round_.study, round_, *said, given)


def test_what_was_prepared_is_not_computed_again_in_the_write(database, second, monkeypatch):
    second("keep", "everything")
    given = prepared(database)
    monkeypatch.setattr(operations, "load_consensus", None)

    with database.writing() as session:
        row = freeze_prepared(session, given)

    assert row.document == given.document


def test_a_title_that_changed_after_preparing_is_the_one_that_is_frozen(database, second):
    second("keep", "everything")
    given = prepared(database)
    with database.writing() as session:
        rounds(session)[-1].study.titles = {"en": "Another title"}

    with database.writing() as session:
        row = freeze_prepared(session, given)

    assert read_weight_set(row.document.encode()).titles == {"en": "Another title"}

"""Answers that count in another round: its own, and earlier ones by its rule for silence."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from survey import values
from survey.authors.consensus.operations import store_locked
from survey.authors.consensus.queries import load_verified
from survey.files.study_folder import read_folder, write_folder
from survey.files.weight_set import digest_of, weight_set_text
from survey.models import Round, Study, WeightSet
from survey.reports.panel.consensus import consensus_report
from survey.reports.panel.weight_sets import weight_set
from survey.store import schema
from survey.store.studies import load_study
from survey.values import Abstention, Allocation, Judgement
from tests.test_migrations import REVISIONS
from tests.worlds import cast, further

ASKED = {
    "ANN": {("digital", "wired", "ai"): "far", ("goal", "digital", "civic"): "band"},
    "BO": {("civic",): "far"},
    "DEE": {("digital", "wired", "wireless"): "contradictory"},
    "FAY": dict.fromkeys(further.PAIRS, "unanswered"),
}

#: Ann leaves one of two questions open; Cy is asked nothing, and answers nothing.
SAID = cast.study(
    panel=further.PANEL,
    judgements=(
        Judgement("ANN", "digital", "wired", "ai", 0, "changed my mind"),
        *(Judgement("FAY", *pair, 0) for pair in further.PAIRS),
    ),
    allocations=(
        Allocation("BO", "civic", "water", 30.0),
        Allocation("BO", "civic", "health", 70.0),
    ),
    abstentions=(Abstention("DEE", "digital", "wired", "wireless", "both-unknown"),),
)

#: The panel of that round, merged by hand: what Ann left open counts as it was.
MERGED = cast.study(
    panel=further.PANEL,
    judgements=(
        Judgement("ANN", "digital", "wired", "wireless", 2, "CANARY of Ann"),
        Judgement("ANN", "digital", "wired", "ai", 0, "changed my mind"),
        Judgement("ANN", "digital", "wireless", "ai", 2),
        Judgement("ANN", "civic", "water", "health", 0),
        Judgement("ANN", "goal", "digital", "civic", 0),
        Judgement("CY", "digital", "wired", "wireless", 0),
        Judgement("CY", "digital", "wired", "ai", 0),
        Judgement("CY", "digital", "wireless", "ai", 0),
        Judgement("CY", "civic", "water", "health", 2),
        Judgement("CY", "goal", "digital", "civic", -2),
        Judgement(
            "DEE",
            "digital",
            "wired",
            "ai",
            0,
            "Bir hizmeti kullanamayan sakin için o hizmet yoktur.",
        ),
        Judgement("DEE", "digital", "wireless", "ai", 2),
        Judgement("DEE", "civic", "water", "health", 0),
        Judgement("DEE", "goal", "digital", "civic", 2),
        Judgement("EVE", "digital", "wired", "wireless", 1),
        Judgement("EVE", "digital", "wired", "ai", 3),
        Judgement("EVE", "digital", "wireless", "ai", 2),
        Judgement("EVE", "civic", "water", "health", -1),
        Judgement("EVE", "goal", "digital", "civic", 1, "A reason about the groups."),
        *(Judgement("FAY", *pair, 0) for pair in further.PAIRS),
    ),
    allocations=(
        Allocation("BO", "digital", "wired", 50.0),
        Allocation("BO", "digital", "wireless", 30.0),
        Allocation("BO", "digital", "ai", 20.0),
        Allocation("BO", "civic", "water", 30.0),
        Allocation("BO", "civic", "health", 70.0),
        Allocation("BO", "goal", "digital", 40.0),
        Allocation("BO", "goal", "civic", 60.0),
    ),
    abstentions=(Abstention("DEE", "digital", "wired", "wireless", "both-unknown"),),
)


def study_of(session):
    """Return the study and its rounds, as stored."""
    found = session.scalars(select(Study)).one()
    return found, list(session.scalars(select(Round).order_by(Round.number)))


@pytest.fixture
def loaded(database):
    """The study as its targeted second round tells it."""
    with database.writing() as session:
        study = further.load(session)
        further.answer_again(session, further.ask_some_again(session, study, ASKED), SAID)
    with database.reading() as session:
        found, rounds = study_of(session)
        return load_study(session, found, rounds[-1])


def test_a_targeted_round_is_read_as_its_answers_and_the_former_ones(loaded):
    assert loaded == MERGED


def test_a_round_closed_before_there_was_a_rule_counts_and_verifies_as_it_did(owned_database):
    """Answers that Ann was asked again and did not give did not count then, in either round."""
    database = owned_database
    dropped = replace(
        MERGED,
        judgements=tuple(j for j in MERGED.judgements if (j.expert, j.parent) != ("ANN", "goal")),
    )
    with database.writing() as session:
        study = further.load(session)
        further.answer_again(session, further.ask_some_again(session, study, ASKED), SAID)
        full = cast.load(session, further.study(code="full"))
        further.answer_again(session, further.ask_again(session, full), SAID)
    below = REVISIONS[REVISIONS.index("0012") - 1]
    schema.downgrade(database, below)
    schema.upgrade(database)

    adopted = weight_set(dropped, consensus_report(dropped), "steelyard 0")
    parameters = {
        name: value for name, value in adopted.parameters.items() if "response" not in name
    }
    old = replace(adopted, parameters=parameters)
    with database.writing() as session:
        round_ = session.scalars(
            select(Round).join(Study).where(Study.code == "pilot", Round.number == 2)
        ).one()
        assert (round_.silence, round_.least_response) == (None, 0)
        assert load_study(session, round_.study, round_) == dropped
        document = weight_set_text(old)
        row = WeightSet(
            study_id=round_.study_id,
            round_id=round_.id,
            number=1,
            name="old",
            stopping_reason="",
            document=document,
            digest=digest_of(document),
        )
        store_locked(session, round_.study, row, old, cast.NOON)
        assert load_verified(session, round_.study, row) == old

        everything = session.scalars(
            select(Round).join(Study).where(Study.code == "full", Round.number == 2)
        ).one()
        again = load_study(session, everything.study, everything)
    assert again.judgements == SAID.judgements
    assert again.allocations == SAID.allocations


def test_its_consensus_is_that_of_the_panel_merged_by_hand(loaded):
    assert consensus_report(loaded).weights == consensus_report(MERGED).weights


def test_its_folder_gives_the_same_panel_again(loaded, tmp_path):
    write_folder(loaded, tmp_path / "folder")
    back = read_folder(tmp_path / "folder").study

    assert consensus_report(back).weights == consensus_report(MERGED).weights
    assert set(back.judgements) == set(MERGED.judgements)


def test_a_round_that_asks_everything_again_counts_the_same(database):
    with database.writing() as session:
        study = further.load(session)
        further.answer_again(session, further.ask_again(session, study), SAID)
    with database.reading() as session:
        found, rounds = study_of(session)
        assert load_study(session, found, rounds[-1]) == MERGED


def test_what_was_carried_over_is_carried_on(database):
    """A third round, targeted too, that asks nothing at all says what the second said."""
    with database.writing() as session:
        study = further.load(session)
        further.answer_again(session, further.ask_some_again(session, study, ASKED), SAID)
        nothing = cast.study(panel=further.PANEL)
        further.answer_again(session, further.ask_some_again(session, study, {}), nothing)
    with database.reading() as session:
        found, rounds = study_of(session)
        assert [round_.number for round_ in rounds] == [1, 2, 3]
        assert load_study(session, found, rounds[-1]) == MERGED


def test_who_is_not_invited_again_does_not_count(database):
    with database.writing() as session:
        study = further.load(session)
        round_ = further.ask_some_again(session, study, {})
        cy = further.invitation(session, "CY", round_.number)
        session.delete(cy)
        session.flush()
    with database.reading() as session:
        found, rounds = study_of(session)
        again = load_study(session, found, rounds[-1])

    assert "CY" not in {expert.code for expert in again.panel}
    assert "CY" not in {judgement.expert for judgement in again.judgements}


def test_leaving_a_group_now_sets_its_carried_answers_aside(database):
    with database.writing() as session:
        study = further.load(session)
        round_ = further.ask_some_again(session, study, ASKED)
        left = cast.study(panel=further.PANEL, abstentions=(Abstention("ANN", "digital"),))
        further.answer_again(session, round_, left)
    with database.reading() as session:
        found, rounds = study_of(session)
        again = load_study(session, found, rounds[-1])

    hers = [j for j in again.judgements if j.expert == "ANN"]
    assert {j.parent for j in hers} == {"civic", "goal"}
    assert again.abstentions == (values.Abstention("ANN", "digital"),)

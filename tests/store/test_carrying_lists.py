"""Answers that carry over into a targeted round, of experts who answer whole groups.

Wil answers best-worst; Kim rates.
"""

import pytest
from sqlalchemy import select

from survey.authors.rounds.operations import start_round
from survey.models import Expert, Round, Study
from survey.store.studies import load_study
from survey.values import (
    DIRECT,
    PAIRWISE,
    UNANSWERED,
    Abstention,
    Allocation,
    By,
    Extremes,
    Judgement,
)
from tests.worlds import cast, further
from tests.worlds.mixed import KIM, WIL, mixed

#: Wil's first answers: the best and worst of the digital group, and the pairs of two items.
STAR = Extremes("WIL", "digital", "wireless", "ai")
LINES = (
    Judgement("WIL", "digital", "wired", "wireless", -3, "why"),
    Judgement("WIL", "digital", "wired", "ai", 1),
    Judgement("WIL", "digital", "wireless", "ai", 7),
)
PAIRS = (
    Judgement("WIL", "civic", "water", "health", -2),
    Judgement("WIL", "goal", "digital", "civic", 0),
)
RATED = (
    Allocation("KIM", "digital", "wired", 9.0),
    Allocation("KIM", "digital", "wireless", 3.5),
    Allocation("KIM", "digital", "ai", 0.0),
    Allocation("KIM", "civic", "water", 6.0),
    Allocation("KIM", "civic", "health", 10.0),
    Allocation("KIM", "goal", "digital", 8.0),
    Allocation("KIM", "goal", "civic", 8.0),
)


@pytest.fixture
def again(database):
    """Return how Wil's and Kim's answers count in a targeted round with these questions."""

    def again(asked, kinds=None, **said):
        with database.writing() as session:
            study = cast.load(session, mixed())
            round_ = further.ask_some_again(session, study, asked)
            for expert, kind in (kinds or {}).items():
                further.invitation(session, expert).kind = kind
            further.answer_again(session, round_, cast.study(panel=mixed().panel, **said))
        with database.reading() as session:
            study = session.scalars(select(Study)).one()
            told = load_study(session, study, study.rounds[-1])
        return [
            tuple(answer for answer in answers if answer.expert in ("WIL", "KIM"))
            for answers in (told.judgements, told.allocations, told.abstentions, told.extremes)
        ]

    return again


def test_of_experts_who_are_asked_nothing_a_star_and_ratings_count_as_they_were(again):
    assert again({}) == [(*LINES, *PAIRS), RATED, (), (STAR,)]


def test_of_a_star_asked_again_the_former_counts_until_the_new_one_is_whole(again):
    """Wil chose another best, and judged one of the three lines: an unfinished list."""
    star = Extremes("WIL", "digital", "wired", "ai")
    line = Judgement("WIL", "digital", "wired", "ai", 4)

    told = again({"WIL": {("digital",): "far"}}, extremes=(star,), judgements=(line,))

    assert told == [(*LINES, *PAIRS), RATED, (), (STAR,)]


def test_a_star_asked_again_and_not_begun_counts_as_it_was(again):
    assert again({"WIL": {("digital",): "far"}}) == [(*LINES, *PAIRS), RATED, (), (STAR,)]


def test_a_star_begun_without_being_asked_replaces_the_former_once_it_is_whole(again):
    begun = Extremes("WIL", "digital", "wired", "ai")
    lines = (
        Judgement("WIL", "digital", "wired", "wireless", 2),
        Judgement("WIL", "digital", "wired", "ai", 4),
        Judgement("WIL", "digital", "wireless", "ai", 1),
    )

    assert again({}, extremes=(begun,), judgements=lines) == [(*lines, *PAIRS), RATED, (), (begun,)]


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_until_it_is_complete_the_earlier_star_counts(again, lines):
    """As with points: an unfinished list is no answer yet."""
    begun = Extremes("WIL", "digital", "wired", "ai")
    said = (
        Judgement("WIL", "digital", "wired", "wireless", 2),
        Judgement("WIL", "digital", "wired", "ai", 4),
    )

    told = again({}, extremes=(begun,), judgements=said[:lines])

    assert told == [(*LINES, *PAIRS), RATED, (), (STAR,)]


def test_a_pair_of_two_is_asked_and_carried_over_alone(again):
    """Of two items nothing is the best: Wil judges the pair, and it is asked as a pair."""
    pair = Judgement("WIL", "civic", "water", "health", 5)

    told = again({"WIL": {("civic", "water", "health"): "far"}}, judgements=(pair,))

    assert told == [(*LINES, pair, PAIRS[1]), RATED, (), (STAR,)]


def test_leaving_the_group_sets_its_star_aside(again):
    left = Abstention("WIL", "digital", reason="not-comparable")

    assert again({}, abstentions=(left,)) == [PAIRS, RATED, (left,), ()]


def test_ratings_asked_again_count_once_they_are_whole_and_as_they_were_until_then(again):
    asked = {"KIM": {("digital",): "far", ("goal",): "band"}}
    said = (
        Allocation("KIM", "digital", "wired", 1.0),
        Allocation("KIM", "digital", "wireless", 2.0),
        Allocation("KIM", "digital", "ai", 3.0),
        Allocation("KIM", "goal", "digital", 8.0),
    )

    assert again(asked, allocations=said)[1] == (*said[:3], *RATED[3:])


def test_unfinished_ratings_that_were_not_asked_for_leave_the_earlier_ones(again):
    said = (Allocation("KIM", "digital", "wired", 1.0),)

    assert again({}, allocations=said)[1] == RATED


def test_answers_in_another_way_replace_the_former_ones_once_they_are_as_whole(again):
    """Wil judged a star and is now asked in pairs: one pair alone would drop the rest."""
    pairs = (
        Judgement("WIL", "digital", "wired", "wireless", 3),
        Judgement("WIL", "digital", "wired", "ai", 8),
        Judgement("WIL", "digital", "wireless", "ai", 1),
        Judgement("WIL", "civic", "water", "health", 0),
        Judgement("WIL", "goal", "digital", "civic", 1),
    )

    told = again({}, kinds={"WIL": PAIRWISE}, judgements=pairs)

    assert told == [pairs, RATED, (), ()]


@pytest.mark.parametrize("given", [0, 1])
def test_until_then_the_former_ones_count_in_their_own_way(again, given):
    pair = Judgement("WIL", "goal", "digital", "civic", 8)

    told = again({}, kinds={"WIL": DIRECT, "KIM": DIRECT}, judgements=(pair,)[:given])

    assert told == [(*LINES, PAIRS[0], pair if given else PAIRS[1]), RATED, (), (STAR,)]


def test_a_targeted_round_asks_every_expert_in_their_earlier_kind(database):
    """Wil answered by a star in the first round, though the panel says pairs now."""
    with database.writing() as session:
        study = cast.load(session, mixed())
        further.invitation(session, "WIL", 1).expert.kind = PAIRWISE
        experts = session.scalars(select(Expert).order_by(Expert.id)).all()
        targets = {"ANN": [("digital", "", "", UNANSWERED)], WIL.code: [], KIM.code: []}
        start_round(session, study, experts, By("author author", cast.NOON), targets)
        kinds = {e.code: further.invitation(session, e.code).kind for e in experts}

    assert kinds["WIL"] == "best-worst"
    assert {code: kinds[code] for code in ("ANN", "BO", "KIM")} == {
        expert.code: expert.kind for expert in (cast.ANN, cast.BO, KIM)
    }
    with database.reading() as session:
        assert session.scalars(select(Round).where(Round.number == 2)).one().kinds == []

"""Weights of best-worst answers and ratings, and of a panel with all four ways."""

from hashlib import sha256

import numpy as np
import pytest
from sqlalchemy import select

from survey import values
from survey.files.study_folder import read_zip, zipped
from survey.models import Study
from survey.reports.panel.answers import Reader, State
from survey.reports.panel.consensus import consensus_report
from survey.reports.panel.weight_sets import answers_digest, weight_set
from survey.store.studies import load_study
from tests.worlds import cast
from tests.worlds.mixed import mixed

FOUR = values.Framework(
    groups=(values.Group("all", {}),),
    indicators=tuple(values.Indicator(code, "all", {}, 3) for code in "abcde"),
)


def expert(kind, code="X"):
    return values.Expert(code, "", "en", kind)


def starred(best, worst, steps):
    """Return a best-worst expert's answers: steps toward the first of each pair."""
    return values.Study(
        code="star",
        framework=FOUR,
        panel=(expert(values.BEST_WORST),),
        extremes=(values.Extremes("X", "all", best, worst),),
        judgements=tuple(
            values.Judgement("X", "all", first, second, given)
            for (first, second), given in steps.items()
        ),
    )


def read(study, method="geometric-mean"):
    return Reader(study, method, "saaty-1980").answers(study.panel[0], "all")


STEPS = {
    ("a", "b"): -2,
    ("b", "c"): 4,
    ("b", "d"): 7,
    ("b", "e"): 1,
    ("a", "d"): 3,
    ("c", "d"): 2,
    ("d", "e"): -5,
}


@pytest.mark.parametrize("method", ["geometric-mean", "eigenvector"])
def test_best_worst_weights_are_least_squares_in_logarithms_on_the_star(method):
    """Solved here from the normal equations, without the package; no method fills pairs in."""
    rows, logs = [], []
    for (first, second), given in STEPS.items():
        row = [0.0] * 5
        row["abcde".index(first)], row["abcde".index(second)] = 1, -1
        rows.append(row)
        logs.append(np.sign(given) * np.log(abs(given) + 1))
    solution = np.linalg.lstsq(np.array([*rows, [1] * 5]), np.array([*logs, 0]), rcond=None)[0]
    expected = np.exp(solution) / np.exp(solution).sum()

    answers = read(starred("b", "d", STEPS), method)

    assert (answers.state, answers.given, answers.asked) == (State.JUDGED, 7, 7)
    np.testing.assert_allclose(list(answers.priorities.values()), expected, rtol=1e-12)


def test_consistent_best_worst_answers_give_their_exact_weights():
    """Of 8 : 4 : 2 : 1 : 1, the best against the worst is 8, and every chain agrees."""
    steps = {
        ("a", "b"): 1,
        ("a", "c"): 3,
        ("a", "d"): 7,
        ("a", "e"): 7,
        ("b", "e"): 3,
        ("c", "e"): 1,
        ("d", "e"): 0,
    }

    answers = read(starred("a", "e", steps))

    shares = [answers.priorities[code] for code in "abcde"]
    np.testing.assert_allclose(shares, np.array([8, 4, 2, 1, 1]) / 16, rtol=1e-12)
    assert answers.consistency.geometric_index == pytest.approx(0, abs=1e-15)
    assert answers.consistency.input_ratio == 0


def test_the_input_based_ratio_is_that_of_the_published_example():
    """Rezaei's cars: 8, 2, 1 and 1, 5, 8; Liang, Brunelli and Rezaei (2020), Omega 96, 102175."""
    cars = values.Framework(
        (values.Group("all", {}),),
        tuple(values.Indicator(code, "all", {}, 1) for code in ("quality", "price", "style")),
    )
    study = values.Study(
        code="cars",
        framework=cars,
        panel=(expert(values.BEST_WORST),),
        extremes=(values.Extremes("X", "all", "style", "quality"),),
        judgements=(
            values.Judgement("X", "all", "quality", "price", -4),
            values.Judgement("X", "all", "quality", "style", -7),
            values.Judgement("X", "all", "price", "style", -1),
        ),
    )

    consistency = read(study).consistency

    assert consistency.input_ratio == pytest.approx(2 / 56)
    assert consistency.input_threshold == 0.1309


def test_an_item_that_equals_the_best_leaves_the_ratio_to_the_chosen_best():
    answers = read(starred("b", "d", {**STEPS, ("b", "c"): 0, ("c", "d"): 8}))

    assert answers.consistency.input_ratio == pytest.approx(max(4 * 3 - 8, 9 - 8, 2 * 6 - 8) / 56)


def test_a_star_that_lacks_a_judgement_counts_while_it_reaches_every_item():
    lacking = {pair: given for pair, given in STEPS.items() if pair != ("b", "c")}
    torn = {pair: given for pair, given in lacking.items() if pair != ("c", "d")}

    assert read(starred("b", "d", lacking)).state == State.JUDGED
    assert read(starred("b", "d", lacking)).consistency.input_ratio is None
    assert read(starred("b", "d", torn)).state == State.DISCONNECTED
    assert read(starred("b", "d", {})).state == State.UNANSWERED


def rated(*given):
    return values.Study(
        code="rated",
        framework=FOUR,
        panel=(expert(values.RATING),),
        allocations=tuple(
            values.Allocation("X", "all", code, number)
            for code, number in zip("abcde", given, strict=False)
        ),
    )


def test_ratings_count_as_shares_of_their_sum():
    answers = read(rated(10, 7.5, 5, 2, 0.5))

    assert list(answers.priorities.values()) == pytest.approx([0.4, 0.3, 0.2, 0.08, 0.02])
    assert answers.consistency is None


def test_a_rating_of_0_counts_as_half_a_hundredth_and_is_counted():
    answers = read(rated(10, 0, 5, 5, 0))

    assert answers.zeros == 2
    assert list(answers.priorities.values()) == pytest.approx(
        [0.5 * 0.99, 0.005, 0.25 * 0.99, 0.25 * 0.99, 0.005]
    )


@pytest.mark.parametrize("given", [(10, 5, 5, 1), (0, 0, 0, 0, 0), ()])
def test_unfinished_ratings_are_no_answer(given):
    assert read(rated(*given)).state == State.UNANSWERED


def test_a_mixed_panel_weighs_the_same_from_folder_and_database(database):
    folder = read_zip(zipped(mixed()), "pilot.zip").study
    with database.writing() as session:
        cast.load(session, folder)
    with database.reading() as session:
        came_out = load_study(session, session.scalars(select(Study)).one())

    assert came_out == folder == mixed()
    assert answers_digest(came_out) == answers_digest(folder)
    assert consensus_report(came_out).weights == consensus_report(folder).weights


def test_a_mixed_panel_consolidates_as_the_geometric_mean_of_its_four_experts():
    study = mixed()

    report = consensus_report(study)

    own = np.array([list(a.priorities.values()) for a in report.under("digital", State.JUDGED)])
    means = np.exp(np.log(own).mean(axis=0))
    assert len(own) == 4
    np.testing.assert_allclose(
        list(report.weights.local["digital"].values()), means / means.sum(), rtol=1e-12
    )
    # One expert each: counts of fewer than three experts are not told.
    assert weight_set(study, report, "test").panel.kinds == {}


def test_a_digest_binds_to_the_best_and_the_worst_and_is_what_it_was_without_them():
    study = mixed()
    other = cast.study(
        panel=study.panel,
        judgements=study.judgements,
        allocations=study.allocations,
        extremes=(values.Extremes("WIL", "digital", "wireless", "wired"),),
    )

    assert answers_digest(study) != answers_digest(other)
    before = (
        '{"abstentions":[],"judgements":[],"panel":[["ANN","pairwise"],["BO","direct"],'
        '["CY","pairwise"]],"points":[]}'
    )
    assert answers_digest(cast.study()) == sha256(before.encode()).hexdigest()

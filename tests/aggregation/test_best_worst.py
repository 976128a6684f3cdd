"""The best against all, and all against the worst."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aggregation


def deviations(weights, answers, best, worst):
    to_others, to_worst = (np.array(row, dtype=float) for row in answers)
    return np.concatenate(
        [weights[best] / weights - to_others, weights / weights[worst] - to_worst]
    )


@st.composite
def best_worst_answers(draw):
    """Draw best-worst answers, the best first, the worst last."""
    middle = draw(st.integers(0, 3))
    span = draw(st.integers(1, 9))
    scale = st.integers(min(2, span), span)
    to_others = [1, *(draw(scale) for _ in range(middle)), span]
    to_worst = [span, *(draw(scale) for _ in range(middle)), 1]
    return to_others, to_worst


@pytest.mark.parametrize("model", ["linear", "nonlinear"])
def test_consistent_answers_return_their_weights(model):
    weights = np.array([8, 4, 2, 1]) / 15
    found, xi = aggregation.best_worst(weights[0] / weights, weights / weights[3], model)

    assert xi == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(np.reshape(found.T, (-1, 4)), [weights] * (found.ndim), atol=1e-9)


@settings(max_examples=50)
@given(best_worst_answers())
def test_the_linear_deviation_is_attained_and_no_grid_of_weights_beats_it(answers):
    to_others, to_worst = (np.array(row, dtype=float) for row in answers)
    weights, xi = aggregation.best_worst(*answers, extremes=(0, len(answers[0]) - 1))
    own = list(zip(*answers, strict=True))
    twins = [own.index(answer) for answer in own]

    def largest(w):
        return max(np.abs(w[0] - to_others * w).max(), np.abs(w - to_worst * w[-1]).max())

    assert weights.sum() == pytest.approx(1)
    assert (weights >= -1e-12).all()
    assert largest(weights) == pytest.approx(xi, abs=1e-8)
    rng = np.random.default_rng(1)
    for drawn in rng.dirichlet(np.ones(len(weights)), 200):
        other = drawn[twins] / drawn[twins].sum()
        assert largest(other) >= xi - 1e-9


@settings(max_examples=50)
@given(best_worst_answers(), st.integers(0, 100))
def test_the_nonlinear_deviation_is_the_least(answers, seed):
    """The worst published optimum is twice the true one: no weights around do better."""
    best, worst = 0, len(answers[0]) - 1
    intervals, xi = aggregation.best_worst(*answers, "nonlinear", extremes=(best, worst))
    middle = intervals.mean(axis=1)
    rng = np.random.default_rng(seed)

    for size in (1e-4, 1e-2, 0.3):
        other = middle * np.exp(size * rng.normal(size=middle.size))
        assert np.abs(deviations(other, answers, best, worst)).max() >= xi - 1e-9


@settings(max_examples=50)
@given(best_worst_answers())
def test_the_ends_of_the_intervals_are_reached_within_the_least_deviation(answers):
    """Every item at one end, all others at the opposite: best and worst tied by their ratio."""
    best, worst = 0, len(answers[0]) - 1
    intervals, xi = aggregation.best_worst(*answers, "nonlinear", extremes=(best, worst))
    span = intervals[best, 0] / intervals[worst, 1] if len(intervals) == 2 else None
    low, high = intervals.T
    assert (low <= high + 1e-12).all()
    if span is not None:
        assert span == pytest.approx(answers[0][-1], abs=xi + 1e-9)
        return
    # From the weight w of an item at its end, the others share 1 - w as the program says.
    own = list(zip(*answers, strict=True))
    middle = [j for j in range(len(low)) if own[j] not in (own[best], own[worst])]
    for j, end in product(middle, (0, 1)):
        w = reached(answers, xi, j, end)
        assert w[j] / w.sum() == pytest.approx(intervals[j, end], abs=1e-8)
        assert np.abs(deviations(w, answers, best, worst)).max() <= xi + 1e-6


def reached(answers, xi, j, end):
    """Return the lowest or highest share of item j at deviation ξ, by linear programs."""
    from scipy.optimize import linprog

    to_others, to_worst = (np.array(row, dtype=float) for row in answers)
    n = to_others.size
    units, slack = np.eye(n), xi + 1e-12
    rows = [
        row
        for item in range(n)
        for row in (
            units[0] - (to_others[item] + slack) * units[item] if item else None,
            (to_others[item] - slack) * units[item] - units[0] if item else None,
            units[item] - (to_worst[item] + slack) * units[-1] if item < n - 1 else None,
            (to_worst[item] - slack) * units[-1] - units[item] if item < n - 1 else None,
        )
        if row is not None
    ]
    sign = 1 if end == 0 else -1
    found = linprog(
        sign * units[j], A_ub=rows, b_ub=np.full(len(rows), 1e-12), A_eq=[np.ones(n)], b_eq=[1.0]
    )
    return found.x


def test_answers_that_disagree_about_the_best_and_the_worst_are_refused():
    with pytest.raises(aggregation.BestWorstMismatch) as refusal:
        aggregation.best_worst([1, 3, 7], [6, 3, 1])

    assert (refusal.value.best_to_worst, refusal.value.worst_from_best) == (7, 6)


@pytest.mark.parametrize(
    ("to_others", "to_worst"),
    [([1, 3, 0.5], [0.5, 3, 1]), ([2, 3, 7], [7, 3, 1]), ([1, 3, 7], [7, 3, 2]), ([1, 2], [1, 2])],
)
def test_the_best_and_the_worst_are_marked_and_nothing_is_below_one(to_others, to_worst):
    with pytest.raises(aggregation.OffScale):
        aggregation.best_worst(to_others, to_worst)


@pytest.mark.parametrize(("to_others", "to_worst"), [([1], [1]), ([1, 2, 3], [3, 1])])
def test_both_rows_are_about_the_same_items(to_others, to_worst):
    with pytest.raises(ValueError, match="two rows"):
        aggregation.best_worst(to_others, to_worst)


@pytest.mark.parametrize("worst", [2, 3])
@pytest.mark.parametrize("model", ["linear", "nonlinear"])
def test_twins_of_a_named_extreme_have_its_weight(model, worst):
    weights = aggregation.best_worst([1, 3, 5, 5], [5, 4, 1, 1], model, extremes=(0, worst))[0]

    np.testing.assert_array_equal(weights[2], weights[3])
    assert (weights[0] > weights[1]).all()
    assert (weights[1] > weights[2]).all()


@pytest.mark.parametrize(
    "ask",
    [
        aggregation.best_worst,
        partial(aggregation.best_worst, model="nonlinear"),
        aggregation.best_worst_judgements,
        aggregation.input_based_ratio,
    ],
    ids=["linear", "nonlinear", "judgements", "ratio"],
)
def test_two_that_can_be_the_worst_or_the_best_are_named_and_refused(ask):
    with pytest.raises(aggregation.AmbiguousExtremes, match="the items 2, 3 can each be") as worst:
        ask([1, 3, 5, 5], [5, 4, 1, 1])
    with pytest.raises(aggregation.AmbiguousExtremes) as best:
        ask([[1, 2, 4], [1, 1, 4]], [[4, 3, 1], [4, 4, 1]])

    assert (worst.value.bests, worst.value.worsts, worst.value.at) == ((0,), (2, 3), ())
    assert (best.value.bests, best.value.worsts, best.value.at) == ((0, 1), (2,), (1,))
    for wrong in ((0, 0), (0, 4), (-1, 2), (1, 3)):
        with pytest.raises(ValueError, match=r"extremes|not on the scale"):
            ask([1, 3, 5, 5], [5, 4, 1, 1], extremes=wrong)


def test_an_item_that_equals_the_best_in_one_answer_alone_is_not_the_best():
    """Item 1 has 1 too, but beats the worst 3 times where the best does 4 times."""
    weights, _ = aggregation.best_worst([1, 1, 4], [4, 3, 1])

    assert weights.argmax() == 0


def test_two_named_alike_share_the_weight_of_the_best():
    weights, xi = aggregation.best_worst([1, 1, 4], [4, 4, 1], extremes=(1, 2))

    np.testing.assert_allclose(weights, np.array([4, 4, 1]) / 9, atol=1e-9)
    assert xi == pytest.approx(0, abs=1e-9)


def test_all_alike_is_an_answer():
    weights, _ = aggregation.best_worst([1, 1, 1], [1, 1, 1], extremes=(0, 2))

    np.testing.assert_allclose(weights, 1 / 3)
    assert aggregation.input_based_ratio([1, 1, 1], [1, 1, 1], extremes=(0, 2)) == 0


def test_the_input_based_ratio_is_of_the_worst_chain():
    assert aggregation.input_based_ratio([1, 2, 8], [8, 5, 1]) == pytest.approx(2 / 56)


def test_the_threshold_depends_on_the_number_of_items_too():
    assert aggregation.input_based_threshold(9, 5) == 0.3062
    assert aggregation.input_based_threshold(9, 7) == 0.3517
    assert aggregation.input_based_threshold(2, 5) == 0
    with pytest.raises(aggregation.NoThreshold):
        aggregation.input_based_threshold(10, 5)
    with pytest.raises(aggregation.NoThreshold):
        aggregation.input_based_threshold(9, 10)


def test_best_worst_answers_are_a_double_star_of_judgements():
    matrix = aggregation.best_worst_judgements([3, 1, 2, 9, 4], [3, 9, 4, 1, 2])

    assert (~np.isnan(matrix)).sum() == 5 + 2 * (2 * 5 - 3)
    assert aggregation.priorities(matrix).argmax() == 1


def test_a_model_that_does_not_exist_is_refused():
    with pytest.raises(aggregation.UnknownName):
        aggregation.best_worst([1, 2], [2, 1], "quadratic")


@pytest.mark.parametrize("span", [0.5, -1, float("nan"), float("inf")])
def test_no_consistency_index_goes_with_a_best_below_the_worst(span):
    with pytest.raises(aggregation.OffScale):
        aggregation.best_worst_consistency_index(span)


@pytest.mark.parametrize("model", ["linear", "nonlinear"])
def test_a_panel_is_each_of_its_experts(model):
    to_others = np.array([[[8, 2, 1], [1, 2, 4]], [[1, 5, 3], [2, 1, 9]]])
    to_worst = np.array([[[1, 5, 8], [4, 3, 1]], [[5, 1, 2], [4, 9, 1]]])

    weights, xi = aggregation.best_worst(to_others, to_worst, model)
    ratios = aggregation.input_based_ratio(to_others, to_worst)
    matrices = aggregation.best_worst_judgements(to_others, to_worst)

    assert (weights.shape[:3], xi.shape) == ((2, 2, 3), (2, 2))
    for place in np.ndindex(2, 2):
        own = to_others[place], to_worst[place]
        alone = aggregation.best_worst(*own, model)
        np.testing.assert_array_equal(weights[place], alone[0])
        assert xi[place] == alone.xi
        assert ratios[place] == aggregation.input_based_ratio(*own)
        np.testing.assert_array_equal(matrices[place], aggregation.best_worst_judgements(*own))


def test_an_empty_panel_has_no_weights():
    nobody = np.ones((0, 3))

    assert aggregation.best_worst(nobody, nobody).weights.shape == (0, 3)
    assert aggregation.best_worst(nobody, nobody, "nonlinear")[0].shape == (0, 3, 2)
    assert aggregation.best_worst_judgements(nobody, nobody).shape == (0, 3, 3)


def test_a_fault_in_a_panel_is_placed():
    right, wrong = [1, 2, 8], [8, 5, 1]
    with pytest.raises(aggregation.BestWorstMismatch, match=r"at \[1\]"):
        aggregation.best_worst([right, right], [wrong, [7, 5, 1]])
    with pytest.raises(aggregation.OffScale) as refusal:
        aggregation.best_worst([right, [1, 0.5, 8]], [wrong, wrong])
    assert refusal.value.at == (1, 1)


def test_an_item_that_equals_the_best_leaves_the_ratio_to_the_best_that_is_named():
    """The second item equals the best, and outweighs the worst more than the best does."""
    to_others, to_worst = [1, 1, 5], [5, 7, 1]

    with pytest.raises(aggregation.BestWorstMismatch):
        aggregation.input_based_ratio(to_others, to_worst, extremes=(1, 2))
    for extremes in ((0, 2), None):
        ratio = aggregation.input_based_ratio(to_others, to_worst, extremes)
        assert ratio == pytest.approx((1 * 7 - 5) / (5 * 5 - 5))

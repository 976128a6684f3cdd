"""Integers beyond a double and complex numbers, in arguments."""

import pytest

import aggregation
import ranking

ROW = [[0.2, 0.3, 0.5], [0.3, 0.3, 0.4]]
LEVELS = [[1, 0, 2], [2, 1, 0]]
ASK = {
    "points": lambda x: aggregation.normalise_points([x, 1, 2]),
    "matrix": lambda x: aggregation.priorities([[1, x], [1, 1]]),
    "priorities_or_scores": lambda x: aggregation.kendall_w([[x, 0.2, 0.3], [0.1, 0.2, 0.7]]),
    "priorities": lambda x: aggregation.aggregate_priorities([[x, 0.3, 0.5], *ROW]),
    "expert_weights": lambda x: aggregation.aggregate_priorities(ROW, [x, 1]),
    "steps": lambda x: aggregation.ratio_from_steps(x),
    "x": lambda x: aggregation.scale_ratio([x, 1], "balanced"),
    "ranks": lambda x: aggregation.rank_weights([x, 1, 2], "sum"),
    "s": lambda x: aggregation.swara([0, x, 0.2]),
    "best_to_others": lambda x: aggregation.best_worst([1, x, 3], [3, 2, 1]),
    "others_to_worst": lambda x: aggregation.best_worst([1, 2, 3], [3, x, 1]),
    "local": lambda x: aggregation.synthesise([x, 0.4], [-1, -1]),
    "scores": lambda x: ranking.ranks([x, 1, 2]),
    "weights": lambda x: ranking.scores(LEVELS, [0.2, 0.3, x]),
    "levels": lambda x: ranking.scores([[x, 1, 1], [1, 1, 1]], ROW[0]),
    "shares": lambda x: ranking.bands([1, 2, 3], [0.1, x]),
}


@pytest.mark.parametrize("number", [10**400, 1 + 1j, -(10**400)], ids=["huge", "complex", "low"])
@pytest.mark.parametrize("name", ASK)
def test_a_number_without_a_double_is_refused_by_the_name_of_its_argument(name, number):
    with pytest.raises(ValueError, match=rf"^{name}: "):
        ASK[name](number)

"""Ratios of answers by the scales."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation

#: The ratio of 9 by scale, for four items (Goepel 2018, Table 1).
LARGEST = {
    "linear": 9,
    "power": 81,
    "geometric": 256,
    "logarithmic": np.log2(10),
    "root": 3,
    "inverse-linear": 9,
    "balanced": 9,
    "balanced-n": 9,
    "adaptive": 27,
    "adaptive-balanced": 27,
}


@pytest.mark.parametrize("scale", aggregation.SCALES)
def test_every_scale_starts_at_equal_and_ends_where_it_says(scale):
    equal, largest = aggregation.scale_ratio([1, 9], scale, n=4)

    assert equal == pytest.approx(1, rel=1e-14)
    assert largest == pytest.approx(LARGEST[scale], rel=1e-12)


@pytest.mark.parametrize("scale", aggregation.SCALES)
@given(x=st.floats(1, 9))
def test_turning_a_judgement_round_turns_its_ratio_round(scale, x):
    there, back = aggregation.scale_ratio([x, 1 / x], scale, n=6)

    assert there * back == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("scale", aggregation.SCALES)
def test_a_stronger_word_is_a_larger_ratio(scale):
    assert (np.diff(aggregation.scale_ratio(np.arange(1, 10), scale, n=5)) > 0).all()


@pytest.mark.parametrize("wrong", [0, -3, 9.1, 0.1, np.inf])
def test_an_answer_off_the_scale_is_refused(wrong):
    with pytest.raises(aggregation.OffScale, match="is not on the scale") as refusal:
        aggregation.scale_ratio([1, wrong], "linear")

    assert refusal.value.value == wrong


def test_a_scale_for_n_items_needs_n():
    with pytest.raises(ValueError, match="needs n"):
        aggregation.scale_ratio(3, "balanced-n")
    with pytest.raises(ValueError, match="needs n"):
        aggregation.scale_ratio(3, "adaptive", n=1)


def test_a_scale_that_does_not_exist_is_refused():
    with pytest.raises(aggregation.UnknownName):
        aggregation.scale_ratio(3, "saaty")


def test_a_missing_judgement_stays_missing():
    assert np.isnan(aggregation.scale_ratio(np.nan, "balanced"))
    assert np.isnan(aggregation.ratio_from_steps(np.nan))


def test_steps_from_equal_are_the_ratios_of_the_1_to_9_scale():
    steps = np.arange(-8, 9)
    ratios = [1 / 9, 1 / 8, 1 / 7, 1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, 1, 2, 3, 4, 5, 6, 7, 8, 9]

    np.testing.assert_array_equal(aggregation.ratio_from_steps(steps), ratios)


@pytest.mark.parametrize("wrong", [9, -9, 0.5, np.inf])
def test_steps_are_whole_and_at_most_eight(wrong):
    with pytest.raises(aggregation.OffScale):
        aggregation.ratio_from_steps([0, wrong])


def test_what_is_off_the_scale_is_named_with_its_place():
    with pytest.raises(aggregation.OffScale) as refusal:
        aggregation.scale_ratio([[1, 2], [3, 10]], "linear")
    assert (refusal.value.value, refusal.value.at) == (10, (1, 1))
    with pytest.raises(aggregation.OffScale) as refusal:
        aggregation.ratio_from_steps([0, 8, 9])
    assert refusal.value.at == (2,)

"""Contradictions that an expert is shown, with the sentences about each."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from survey.reports.panel.contradictions import (
    MOST,
    Statement,
    contradictions_of_judgements,
    says_nothing,
)

THREE = ("a", "b", "c")
#: Weights whose every ratio is a point of the scale.
ON_SCALE = (8, 4, 2, 1)
FOUR = ("a", "b", "c", "d")

steps = st.integers(-8, 8)


def consistent(items=FOUR, weights=ON_SCALE):
    """Return the steps that are consistent with these weights."""
    return {
        (items[i], items[j]): step_of(Fraction(weights[i], weights[j]))
        for i, j in combinations(range(len(items)), 2)
    }


def step_of(ratio):
    return int(ratio) - 1 if ratio >= 1 else 1 - int(1 / ratio)


def steps_of(statement, first):
    """Return a statement as steps toward ``first``."""
    return step_of(statement.times if statement.more == first else 1 / statement.times)


@st.composite
def judged_three(draw):
    return {pair: draw(steps) for pair in combinations(THREE, 2)}


@st.composite
def judged_some(draw):
    pairs = draw(st.sets(st.sampled_from(list(combinations("abcde", 2)))))
    return {pair: draw(steps) for pair in sorted(pairs)}


@given(st.permutations(ON_SCALE))
def test_judgements_that_fit_show_nothing(weights):
    assert contradictions_of_judgements(FOUR, consistent(weights=weights)) == ()


@given(st.permutations(ON_SCALE), st.sampled_from(list(combinations(FOUR, 2))), steps)
def test_one_slip_among_four_is_singled_out_once_and_the_others_say_what_was_meant(
    weights, pair, slip
):
    given_ = consistent(weights=weights)
    meant = given_[pair]
    found = contradictions_of_judgements(FOUR, {**given_, pair: slip})

    if found:
        [finding] = found
        assert finding.said[2].pair == finding.suggested.pair == {*pair}
        assert steps_of(finding.said[2], pair[0]) == slip
        assert steps_of(finding.suggested, pair[0]) == meant


def test_a_large_slip_is_found():
    assert contradictions_of_judgements(FOUR, {**consistent(), ("a", "d"): -7})


@given(judged_three())
def test_of_three_none_is_singled_out(given_):
    for finding in contradictions_of_judgements(THREE, given_):
        assert finding.suggested is None


@given(judged_three())
def test_two_of_the_three_lead_where_the_sentence_says(given_):
    for finding in contradictions_of_judgements(THREE, given_):
        one, two, third = finding.said
        assert {one.pair, two.pair, third.pair} == {frozenset(p) for p in combinations(THREE, 2)}
        assert finding.implied.pair == third.pair
        over = {(s.more, s.less): s.times for s in (one, two)}
        over |= {(less, more): 1 / times for (more, less), times in over.items()}
        more, less = finding.implied.more, finding.implied.less
        [middle] = {*THREE} - {more, less}
        assert over[more, middle] * over[middle, less] == finding.implied.times >= 1


@given(judged_three())
def test_a_circle_is_called_one_and_told_the_way_round(given_):
    over = {pair if step > 0 else pair[::-1] for pair, step in given_.items() if step}
    circular = {("a", "b"), ("b", "c"), ("c", "a")} in (over, {pair[::-1] for pair in over})
    found = contradictions_of_judgements(THREE, given_)

    assert ([finding.kind for finding in found] == ["circle"]) == circular
    for finding in found if circular else ():
        one, two, three = finding.said
        assert (one.less, two.less, three.less) == (two.more, three.more, one.more)


def test_a_chain_of_five_and_five_meets_the_end_of_the_scale():
    """No third judgement brings the three within CR 0.1: there is nothing to correct."""
    [finding] = contradictions_of_judgements(THREE, {("a", "b"): 4, ("b", "c"): 4, ("a", "c"): 8})

    assert finding.kind == "end-of-scale"
    assert finding.implied == Statement("a", "c", Fraction(25))
    assert finding.said[2] == Statement("a", "c", Fraction(9))


def test_where_all_three_are_at_the_end_the_one_that_the_others_lead_beyond_it_is_named():
    [finding] = contradictions_of_judgements(THREE, {("a", "b"): 8, ("b", "c"): 8, ("a", "c"): 8})

    assert finding.kind == "end-of-scale"
    assert finding.implied == Statement("a", "c", Fraction(81))


def test_the_three_of_the_comps_are_said_as_there():
    [finding] = contradictions_of_judgements(
        ("digital", "traditional", "institutional"),
        {
            ("digital", "traditional"): 1,
            ("digital", "institutional"): 1,
            ("traditional", "institutional"): -8,
        },
    )

    assert finding.kind == "strength"
    assert finding.said == (
        Statement("digital", "traditional", Fraction(2)),
        Statement("digital", "institutional", Fraction(2)),
        Statement("institutional", "traditional", Fraction(9)),
    )
    assert finding.implied.times == 1


def test_a_circle_below_the_threshold_is_shown_all_the_same():
    weak = dict.fromkeys(combinations("abcdef", 2), 0)
    weak |= {("a", "b"): 1, ("b", "c"): 1, ("a", "c"): -1}

    [finding] = contradictions_of_judgements(tuple("abcdef"), weak)

    assert finding.kind == "circle"


@given(judged_some())
def test_whatever_was_judged_at_most_three_are_shown_each_of_answers_given(given_):
    found = contradictions_of_judgements(tuple("abcde"), given_)

    assert len(found) <= MOST
    for finding in found:
        assert {statement.pair for statement in finding.said} <= {frozenset(p) for p in given_}


def test_where_only_a_longer_circle_contradicts_no_three_are_named():
    around = {("a", "b"): 8, ("b", "c"): 8, ("c", "d"): 8, ("a", "d"): -8}

    assert contradictions_of_judgements(FOUR, around) == ()


def test_a_slip_in_either_of_two_judgements_that_hang_together_singles_out_neither():
    """d is compared with a and b alone: nothing tells which of the two is off."""
    given_ = consistent()
    del given_["c", "d"]
    found = contradictions_of_judgements(FOUR, {**given_, ("b", "d"): -8})

    assert [finding.suggested for finding in found] == [None]


def test_always_the_same_is_said_to_tell_nothing():
    assert says_nothing(THREE, dict.fromkeys(combinations(THREE, 2), 0))
    assert not says_nothing(THREE, {**dict.fromkeys(combinations(THREE, 2), 0), ("a", "b"): 1})
    assert not says_nothing(("a", "b"), {("a", "b"): 0})

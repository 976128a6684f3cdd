"""Draws of a panel's consensus."""

import numpy as np
import pytest

import aggregation

NAN = float("nan")
TREE = {"goal": ("a", "b"), "a": ("a1", "a2", "a3"), "b": ("b1",)}


def panel(experts=9):
    rng = np.random.default_rng(1)
    priorities = {"goal": rng.dirichlet([4, 4], experts), "a": rng.dirichlet([4, 4, 4], experts)}
    priorities["a"][0] = NAN
    return priorities


def draws(count, seed=7, **kwargs):
    return aggregation.bootstrap_weights(TREE, panel(**kwargs), count, np.random.default_rng(seed))


def test_every_draw_sums_to_one():
    np.testing.assert_allclose(draws(3000).sum(axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("chunk", [1, 7, 1000, 1024, 5000])
def test_the_draws_are_the_same_however_they_are_split(chunk):
    chunks = list(
        aggregation.bootstrap_chunks(TREE, panel(), 2500, np.random.default_rng(7), chunk)
    )

    np.testing.assert_array_equal(np.concatenate(chunks), draws(2500))
    assert {len(part) for part in chunks[:-1]} <= {chunk}


def test_fewer_draws_are_the_first_of_more():
    np.testing.assert_array_equal(draws(1500), draws(4000)[:1500])


def test_another_generator_draws_others_and_no_global_state_is_touched():
    state = np.random.get_state()[1].copy()

    assert not np.array_equal(draws(10, seed=1), draws(10, seed=2))
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_the_draws_spread_around_the_consensus_as_experts_do():
    """Dirichlet(1, …, 1): the log moves by Σ g_k z_k K, of variance Σ (K z)²/(K(K + 1))."""
    rows = np.random.default_rng(2).dirichlet([20, 20], 12)
    found = aggregation.bootstrap_weights(
        {"goal": ("a", "b")}, {"goal": rows}, 40_000, np.random.default_rng(3)
    )
    u = np.log(rows[:, 0] / rows[:, 1])

    log_ratio = np.log(found[:, 0] / found[:, 1])

    assert log_ratio.mean() == pytest.approx(u.mean(), abs=4 * log_ratio.std() / 200)
    assert log_ratio.var() == pytest.approx(u.var() / 13, rel=0.03)


def test_a_large_panel_is_drawn_in_smaller_blocks():
    rows = np.random.default_rng(4).dirichlet([3, 3], 5000)
    found = aggregation.bootstrap_weights(
        {"goal": ("a", "b")}, {"goal": rows}, 300, np.random.default_rng(5)
    )

    assert found.shape == (300, 2)
    assert found[:, 0].std() < 0.01


def test_no_draws_are_none():
    assert draws(0).shape == (0, 4)


@pytest.mark.parametrize(("count", "chunk"), [(-1, 5), (5, 0)])
def test_a_count_of_draws_is_a_count(count, chunk):
    chunks = aggregation.bootstrap_chunks(TREE, panel(), count, np.random.default_rng(1), chunk)

    with pytest.raises(ValueError, match="chunks of"):
        next(chunks)

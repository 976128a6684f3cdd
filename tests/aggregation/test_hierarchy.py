"""Local weights down the tree."""

import numpy as np
import pytest

import aggregation


def test_a_global_weight_is_the_product_down_the_tree_in_any_order_of_nodes():
    local = [0.5, 0.3, 0.2, 0.9, 0.8]
    parents = [1, 3, -1, -1, 0]

    np.testing.assert_allclose(
        aggregation.synthesise(local, parents), [0.9 * 0.3 * 0.5, 0.27, 0.2, 0.9, 0.8 * 0.135]
    )


def test_draws_are_synthesised_at_once_and_not_changed():
    local = np.array([[0.6, 0.4, 0.5], [0.2, 0.8, 0.5]])
    before = local.copy()

    np.testing.assert_allclose(
        aggregation.synthesise(local, [-1, -1, 1]), [[0.6, 0.4, 0.2], [0.2, 0.8, 0.4]]
    )
    np.testing.assert_array_equal(local, before)


@pytest.mark.parametrize(
    ("parents", "nodes"), [([-1, 2, 1], (1, 2)), ([-1, 7, -1], (1,)), ([0, -1, -1], (0,))]
)
def test_nodes_that_hang_from_nothing_are_named(parents, nodes):
    with pytest.raises(aggregation.NotATree) as refusal:
        aggregation.synthesise([1, 1, 1], parents)

    assert refusal.value.nodes == nodes


def test_every_node_has_a_parent():
    with pytest.raises(ValueError, match="2 parents"):
        aggregation.synthesise([1, 1, 1], [-1, -1])


@pytest.mark.parametrize("wrong", [-0.1, np.nan, np.inf])
def test_a_weight_that_is_none_is_named_with_its_node(wrong):
    with pytest.raises(aggregation.NotTreeWeights) as refusal:
        aggregation.synthesise([[0.5, 0.5], [0.5, wrong]], [-1, 0])

    assert (refusal.value.nodes, refusal.value.at) == ((1,), (1,))
    assert str(refusal.value) == "the weights of the nodes 1 are not finite and at least 0 at [1]"


def test_parents_may_be_read_as_floats_but_not_be_between_two_nodes():
    np.testing.assert_array_equal(aggregation.synthesise([0.5, 0.5], [-1.0, 0.0]), [0.5, 0.25])
    with pytest.raises(aggregation.NotATree) as refusal:
        aggregation.synthesise([0.5, 0.5], [-1, 0.5])
    assert refusal.value.nodes == (1,)

"""Exceptions for invalid input, one per fault, with the place of the fault.

``at`` is the place in the leading batch dimensions, ``()`` when there are none;
items, experts and pairs are counted from 0.
"""

Place = tuple[int, ...]
Pair = tuple[int, int]


def _where(at: Place) -> str:
    return f" at {list(at)}" if at else ""


class NotSquare(ValueError):
    """Comparison matrix that is not square, or is empty."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        super().__init__(f"a comparison matrix is square, not of shape {shape}")


class _FaultyPairs(ValueError):
    """Pairs of one matrix with the same fault; all of them are named."""

    says = "pairs {pairs} are wrong"

    def __init__(self, pairs: tuple[Pair, ...], at: Place = ()) -> None:
        self.pairs = pairs
        self.pair = pairs[0]
        self.at = at
        super().__init__(self.says.format(pairs=", ".join(map(str, pairs))) + _where(at))


class NotPositive(_FaultyPairs):
    """Judgements that are not positive and finite."""

    says = "the judgements {pairs} are not positive and finite"


class NotReciprocal(_FaultyPairs):
    """Pairs with ``a[j, i] != 1 / a[i, j]``, a side missing, or no 1 on the diagonal."""

    says = "the judgements {pairs} are not the reciprocals of their opposites"


class Incomplete(_FaultyPairs):
    """Pairs without a judgement, for a method that needs every pair."""

    says = "the judgements {pairs} are missing, and this method needs them all"


class DisconnectedGraph(ValueError):
    """Comparison graph with parts that were never compared with one another."""

    def __init__(self, parts: tuple[tuple[int, ...], ...], at: Place = ()) -> None:
        self.parts = parts
        self.at = at
        named = " | ".join(", ".join(map(str, part)) for part in parts)
        super().__init__(f"no judgement connects the parts {named}{_where(at)}")


class NotPriorities(ValueError):
    """Row that is neither positive priorities with sum 1 nor NaN only (an abstention)."""

    def __init__(self, at: Place = ()) -> None:
        self.at = at
        super().__init__(f"priorities are positive and sum to 1{_where(at)}")


class NotTreeWeights(ValueError):
    """Weights in a tree that are not finite or are below 0; their nodes are named."""

    def __init__(self, nodes: tuple[int, ...], at: Place = ()) -> None:
        self.nodes = nodes
        self.at = at
        named = ", ".join(map(str, nodes))
        super().__init__(
            f"the weights of the nodes {named} are not finite and at least 0{_where(at)}"
        )


class NotPoints(ValueError):
    """Row that is neither finite points, none below 0 and not all 0, nor NaN only."""

    def __init__(self, at: Place = ()) -> None:
        self.at = at
        super().__init__(f"points are finite, none below 0 and not all 0{_where(at)}")


class ZeroPoints(ValueError):
    """Zero, which has no logarithm; `replace_zeros` replaces it by a small share."""

    def __init__(self, at: Place = ()) -> None:
        self.at = at
        super().__init__(f"a share of 0 has no logarithm{_where(at)}")


class NotExpertWeights(ValueError):
    """Expert weights that are not finite, below 0, all 0, or not one for each expert."""

    def __init__(self, weights: object) -> None:
        self.weights = weights
        super().__init__(f"these are not weights of the experts: {weights}")


class NobodyJudged(ValueError):
    """Panel without an answer from which a consensus could be computed."""

    def __init__(self, parent: str | None = None, at: Place = ()) -> None:
        self.parent = parent
        self.at = at
        named = f" under {parent!r}" if parent is not None else ""
        super().__init__(f"nobody judged{named}{_where(at)}")


class OffScale(ValueError):
    """Answer outside its scale."""

    def __init__(self, value: float, scale: str, at: Place = ()) -> None:
        self.value = value
        self.scale = scale
        self.at = at
        super().__init__(f"{value} is not on the scale {scale}{_where(at)}")


class BestWorstMismatch(ValueError):
    """Two different answers about the best over the worst."""

    def __init__(self, best_to_worst: float, worst_from_best: float, at: Place = ()) -> None:
        self.best_to_worst = best_to_worst
        self.worst_from_best = worst_from_best
        self.at = at
        super().__init__(
            f"the best outweighs the worst {best_to_worst} times in one answer "
            f"and {worst_from_best} times in the other{_where(at)}"
        )


class AmbiguousExtremes(ValueError):
    """Several items that can be the best or the worst, if ``extremes`` is not given.

    ``bests`` and ``worsts`` are the possible items.
    """

    def __init__(self, bests: tuple[int, ...], worsts: tuple[int, ...], at: Place = ()) -> None:
        self.bests = bests
        self.worsts = worsts
        self.at = at
        named = [
            f"the items {', '.join(map(str, items))} can each be the {which}"
            for which, items in (("best", bests), ("worst", worsts))
            if len(items) > 1
        ]
        super().__init__(
            f"{' and '.join(named)}{_where(at)}: name the two of the expert as extremes"
        )


class NotRanks(ValueError):
    """Ranks of n items that are missing or not between 1 and n."""

    def __init__(self, at: Place = ()) -> None:
        self.at = at
        super().__init__(f"ranks lie between 1 and the number of items{_where(at)}")


class NoThreshold(ValueError):
    """Answers for which the table of thresholds has no value."""

    def __init__(self, span: float, n: int) -> None:
        self.span = span
        self.n = n
        super().__init__(f"no threshold for a best over worst of {span} among {n} items")


class NoRandomIndex(ValueError):
    """Order of a matrix for which the table of random indices has no value."""

    def __init__(self, n: int, table: str) -> None:
        self.n = n
        self.table = table
        super().__init__(f"the random index {table!r} has no value for n = {n}")


class NotATree(ValueError):
    """Nodes that are not connected to one root by their parents."""

    def __init__(self, nodes: tuple[object, ...]) -> None:
        self.nodes = nodes
        super().__init__(f"these nodes do not hang from one root: {', '.join(map(str, nodes))}")


class UnknownName(ValueError):
    """Name of a method, scale, table or mean that does not exist."""

    def __init__(self, name: object, offered: tuple[str, ...]) -> None:
        self.name = name
        self.offered = offered
        super().__init__(f"{name!r} is none of {', '.join(offered)}")

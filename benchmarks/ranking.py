"""How fast `ranking` is beside the floors, and beside a package that does the same.

    python -m benchmarks.ranking [--cpu]

pyDecision is timed too where it is installed; it is none of our dependencies, so
put it into an environment of its own, with numpy and scipy, and run this file there.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

import aggregation
import ranking
from benchmarks.floors.core import panel_draws, rank_counts
from benchmarks.timing import mebibytes, medians, milliseconds

STUDY = Path(__file__).parents[1] / "examples" / "arab-league-2024"
#: The study's tree: three groups with three, six and two indicators.
GROUPS = {"goal": ("d", "t", "i"), "d": "abc", "t": "efghjk", "i": "mn"}
FLAT = {"goal": tuple(range(11))}
EXPERTS = 18


def main() -> None:
    levels = np.loadtxt(STUDY / "levels.csv", delimiter=",", skiprows=1, usecols=range(1, 12))
    rng = np.random.default_rng(2024)
    acceptability(levels, ranking.simplex_draws(11, 100_000, rng))
    pipeline(levels, rng)
    without_draws(levels, rng)
    growth(levels)


def acceptability(levels: np.ndarray, draws: np.ndarray) -> None:
    print("Rank acceptability, 62 units, 11 indicators, 100,000 draws, exact ties")
    ours, floor = medians(
        lambda: ranking.rank_acceptability(levels, draws), lambda: rank_counts(levels, draws)
    )
    show("rank_acceptability", ours, "of rank_counts (no ties, no checks)", floor, most=2)
    loop = pydecision_loop(levels + 1, draws[:1000])
    if loop is None:
        print("  pyDecision is not installed here")
        return
    (theirs,) = medians(loop, rounds=5)
    # A loop's time is in proportion to its draws: a thousand are timed, not a hundred thousand.
    show("pyDecision's saw_method, 100 × 1,000 draws", 100 * theirs, "of ours", ours, least=30)


def pydecision_loop(levels: np.ndarray, draws: np.ndarray) -> Callable[[], object] | None:
    try:
        from pyDecision.algorithm import saw_method
    except ImportError:
        return None
    units = len(levels)

    def loop() -> np.ndarray:
        counts = np.zeros((units, units))
        for weights in draws:
            flow = saw_method(levels, ["max"] * 11, weights, graph=False, verbose=False)
            counts[np.argsort(-flow[:, 1]), np.arange(units)] += 1
        return counts

    return loop


def pipeline(levels: np.ndarray, rng: np.random.Generator) -> None:
    print("10,000 panel draws → weights → ranks → band probabilities")
    flat, grouped = panel(FLAT, rng), panel(GROUPS, rng)
    logs = np.log(flat["goal"])
    logs -= logs.mean(axis=1, keepdims=True)
    of_eleven, of_groups, floor = medians(
        lambda: probabilities(levels, FLAT, flat, 10_000),
        lambda: probabilities(levels, GROUPS, grouped, 10_000),
        lambda: panel_draws(logs, levels, 10_000, np.random.default_rng(1)),
        rounds=15,
    )
    show("eleven indicators at once", of_eleven, "of panel_draws", floor, most=1.5)
    show("the study's three groups", of_groups, "of panel_draws", floor, most=1.5)


def without_draws(levels: np.ndarray, rng: np.random.Generator) -> None:
    print("Without draws, beside 500 draws of the same")
    experts = panel(GROUPS, rng)
    weights = np.array(list(aggregation.consensus_weights(GROUPS, experts).global_weights.values()))

    def without_each() -> object:
        others = aggregation.leave_one_expert_out_weights(GROUPS, experts)
        return ranking.weight_effects(levels, weights, others)

    leave_out, critical, radius, draws = medians(
        without_each,
        lambda: ranking.critical_changes(levels, weights),
        lambda: ranking.stability_radius(levels, weights),
        lambda: probabilities(levels, GROUPS, experts, 500),
        rounds=101,
    )
    show("each of 18 experts left out, all bands", leave_out, "of 500 draws", draws, most=1)
    show("critical changes, 1,891 × 11", critical, "of 500 draws", draws, most=1)
    show("stability radius, 1,891 pairs", radius, "of 500 draws", draws)


def growth(levels: np.ndarray) -> None:
    print("Growth: draws that arrive in chunks of 4,096, ranks and bands")
    counts = (10_000, 100_000, 1_000_000)

    def ranks(count: int) -> object:
        rng = np.random.default_rng(3)
        return ranking.rank_acceptability(levels, ranking.simplex_chunks(11, count, rng, 4096))

    times = medians(*(partial(ranks, count) for count in counts), rounds=5)
    per_draw = {count: seconds / count for count, seconds in zip(counts, times, strict=True)}
    for count in counts:
        print(
            f"  {count:>9,} draws: {per_draw[count] * 1e6:.2f} µs per draw, "
            f"at most {mebibytes(partial(ranks, count)):.1f} MiB"
        )
    for count in (100_000, 1_000_000):
        show(f"{count:,}", per_draw[count], "of 10,000, per draw", per_draw[10_000], most=1.5)


def panel(tree: dict, rng: np.random.Generator) -> dict:
    return {
        parent: rng.dirichlet(np.full(len(children), 5.0), EXPERTS)
        for parent, children in tree.items()
    }


def probabilities(levels: np.ndarray, tree: dict, experts: dict, count: int) -> np.ndarray:
    weights = aggregation.bootstrap_weights(tree, experts, count, np.random.default_rng(1))
    return ranking.band_probabilities(levels, weights)


def show(
    what: str,
    seconds: float,
    beside: str,
    other: float,
    *,
    most: float | None = None,
    least: float | None = None,
) -> None:
    ratio = seconds / other
    aim = f" (at most {most:g})" if most else f" (at least {least:g})" if least else ""
    print(f"  {what}: {milliseconds(seconds)}, {ratio:.2f} × {beside}{aim}")


if __name__ == "__main__":
    main()

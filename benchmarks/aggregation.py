"""How fast `aggregation` is beside the floors, and beside packages that do the same.

    python -m benchmarks.aggregation [--cpu]

pyDecision and AHPy are timed too where they are installed; they are none of our
dependencies, so put them into an environment of their own, with numpy and scipy,
and run this file there. Every figure is the median of seven rounds or more.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import combinations, pairwise

import numpy as np

import aggregation
from benchmarks.floors.core import (
    laplacian_solve,
    log_least_squares,
    panel_draws,
    power_iteration,
)
from benchmarks.timing import mebibytes, medians, milliseconds

SAATY = np.array([*range(1, 10), *(1 / x for x in range(2, 10))])
#: A peer's loop takes time in proportion: so many matrices are timed, not all.
LOOPED = 500

Peer = Callable[[np.ndarray], object]


def main() -> None:
    rng = np.random.default_rng(2024)
    complete(rng)
    peers_of_complete(rng)
    incomplete(rng)
    completion(rng)
    dissent(rng)
    growth(rng)
    importing()


def complete(rng: np.random.Generator) -> None:
    print("Complete matrices, all checks included, two calls against one floor")
    for n in (3, 6, 11):
        for count in (18, 1_000, 10_000):
            m = random_matrices(rng, count, n)
            most = 2.5 if count > 18 else None
            for what, calls, floor in (
                ("priorities + GCI", means, log_least_squares),
                ("eigenvector + CR", vectors, power_iteration),
            ):
                ours, bare = medians(partial(calls, m), partial(floor, m))
                show(f"n = {n:2}, {count:6,}: {what}", ours, "its floor", bare, most=most)


def means(matrices: np.ndarray) -> object:
    return aggregation.priorities(matrices), aggregation.geometric_consistency_index(matrices)


def vectors(matrices: np.ndarray) -> object:
    return (
        aggregation.priorities(matrices, "eigenvector"),
        aggregation.consistency_ratio(matrices),
    )


def peers_of_complete(rng: np.random.Generator) -> None:
    """One call gives their weights and CR; two of ours are set against it."""
    print("10,000 matrices of order 11, like for like")
    matrices = random_matrices(rng, 10_000, 11)
    for peer, calls, bare, what, timed in (
        (pydecision("geometric"), means, log_least_squares, "pyDecision's geometric mean", LOOPED),
        (pydecision("max_eigen"), vectors, power_iteration, "pyDecision's eigenvector", LOOPED),
        (ahpy(), vectors, power_iteration, "AHPy's eigenvector", LOOPED // 25),
    ):
        if peer is None:
            print(f"  {what}: not installed here")
            continue
        ours, theirs, floor = medians(
            partial(calls, matrices),
            partial(each, peer, matrices[:timed]),
            partial(bare, matrices),
        )
        theirs *= len(matrices) / timed
        show(f"{what} + CR", theirs, "ours", ours, least=40)
        show(f"{what} + CR", theirs, "the floor", floor)


def pydecision(weights: str) -> Peer | None:
    try:
        from pyDecision.algorithm import ahp_method
    except ImportError:
        return None
    return partial(ahp_method, wd=weights)


def ahpy() -> Peer | None:
    try:
        from ahpy import Compare
    except ImportError:
        return None
    return lambda matrix: Compare("x", pair_judgements(matrix), precision=9)


def each(peer: Peer, matrices: np.ndarray) -> None:
    for matrix in matrices:
        peer(matrix)


def incomplete(rng: np.random.Generator) -> None:
    print("Order 11 with 27 of 55 judgements missing")
    for count in (1_000, 10_000):
        matrices = with_gaps(rng, random_matrices(rng, count, 11), 27)
        given = ~np.isnan(matrices) & ~np.eye(11, dtype=bool)
        ours, floor = medians(
            partial(aggregation.priorities, matrices), partial(bare_solve, matrices, given)
        )
        show(f"{count:6,}: priorities", ours, "the batched Laplacian solve", floor, most=2)


def bare_solve(matrices: np.ndarray, given: np.ndarray) -> np.ndarray:
    return laplacian_solve(np.log(matrices), given)


def completion(rng: np.random.Generator) -> None:
    print("Optimal completion, eigenvector and CR: a thousand matrices, and one")
    peer = ahpy()
    for n, missing in ((4, 1), (4, 2), (7, 6), (11, 27)):
        matrices = with_gaps(rng, random_matrices(rng, 1_000, n), missing)
        what = f"n = {n:2}, {missing:2} missing"
        if peer is None:
            batch, one = medians(
                partial(completed, matrices), partial(completed, matrices[0]), rounds=5
            )
            print(f"  {what}: {milliseconds(batch)}, {milliseconds(one)}, without AHPy")
            continue
        looped = 3 if n > 7 else 20
        batch, one, theirs = medians(
            partial(completed, matrices),
            partial(completed_each, matrices[:looped]),
            partial(each, peer, matrices[:looped]),
            rounds=5,
        )
        show(f"AHPy, {what}", theirs / looped, "ours in the batch", batch / 1_000, least=20)
        show(f"AHPy, {what}", theirs / looped, "ours alone", one / looped)


def completed_each(matrices: np.ndarray) -> None:
    each(completed, matrices)


def completed(matrix: np.ndarray) -> object:
    return vectors(aggregation.optimal_completion(matrix))


def dissent(rng: np.random.Generator) -> None:
    print("The exact test of dissent, 48,620 splits of 9 + 9 experts on 11 items")
    logs = rng.normal(0, 0.5, (18, 11))
    rows = np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
    levels = rng.integers(0, 4, (62, 11)).astype(float)
    first = np.arange(18) < 9
    ours, floor = medians(
        lambda: aggregation.dissent(rows, first),
        lambda: panel_draws(logs, levels, 10_000, np.random.default_rng(1)),
    )
    show("dissent", ours, "10,000 panel_draws", floor, most=3)


def growth(rng: np.random.Generator) -> None:
    print("Order 6: time per respondent, and memory beside the matrices")
    batches = [random_matrices(rng, count, 6) for count in (10_000, 100_000, 1_000_000)]
    for what, job in (
        ("priorities + GCI", means),
        ("eigenvector + CR", vectors),
        ("consensus of priorities", consensus),
    ):
        times = medians(*(partial(job, batch) for batch in batches), rounds=5)
        for batch, seconds in zip(batches, times, strict=True):
            each, first = seconds / len(batch), times[0] / len(batches[0])
            show(f"{len(batch):9,}: {what}", each, "that at 10,000", first, most=1.5)
        result = len(batches[-1]) * 7 * 8 / 2**20
        held = mebibytes(partial(job, batches[-1]))
        print(f"  {what}: {held:,.0f} MiB beside a million matrices, the results {result:.0f}")


def consensus(matrices: np.ndarray) -> object:
    return aggregation.aggregate_priorities(aggregation.priorities(matrices))


def importing() -> None:
    print("Import, with the bytecode that an installed package has")
    with tempfile.TemporaryDirectory() as compiled:
        cached = {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}

        def load(module: str) -> None:
            command = [sys.executable, "-c", f"import {module}"]
            subprocess.run(command, check=True, env=os.environ | cached)

        ours, floor = medians(partial(load, "aggregation"), partial(load, "numpy"), rounds=21)
    show("import aggregation", ours, "import numpy", floor, most=1.3)


def random_matrices(rng: np.random.Generator, count: int, n: int) -> np.ndarray:
    i, j = np.triu_indices(n, 1)
    matrices = np.ones((count, n, n))
    ratios = rng.choice(SAATY, (count, i.size))
    matrices[:, i, j], matrices[:, j, i] = ratios, 1 / ratios
    return matrices


def with_gaps(rng: np.random.Generator, matrices: np.ndarray, missing: int) -> np.ndarray:
    """Take out judgements at random, but none of a random chain through all items."""
    n = matrices.shape[-1]
    for matrix in matrices:
        chain = rng.permutation(n)
        kept = {frozenset(pair) for pair in pairwise(chain)}
        free = [pair for pair in combinations(range(n), 2) if frozenset(pair) not in kept]
        for place in rng.choice(len(free), missing, replace=False):
            i, j = free[place]
            matrix[i, j] = matrix[j, i] = np.nan
    return matrices


def pair_judgements(matrix: np.ndarray) -> dict[tuple[str, str], float]:
    """The judgements of one matrix as AHPy takes them."""
    return {
        (f"i{i}", f"i{j}"): float(matrix[i, j])
        for i, j in combinations(range(len(matrix)), 2)
        if not np.isnan(matrix[i, j])
    }


def show(
    what: str,
    ours: float,
    than: str,
    other: float,
    most: float | None = None,
    least: float | None = None,
) -> None:
    ratio = ours / other
    wanted = f" (at most {most:g})" if most else f" (at least {least:g})" if least else ""
    missed = (most and ratio > most) or (least and ratio < least)
    print(
        f"  {what}: {milliseconds(ours)}, {ratio:.3g} × {than}{wanted}{' MISSED' if missed else ''}"
    )


if __name__ == "__main__":
    main()

"""Coverage of the interval of a consensus weight, in simulation.

    python -m benchmarks.coverage [PANELS]

Experts' logarithms are drawn around known ones: normal, with the same spread
for every item. With abstentions, each expert leaves out each of the three
groups with the stated probability; a panel in which fewer than two experts
judged a group is drawn again.
"""

import sys
from collections.abc import Iterator

import numpy as np

import aggregation

TREE = {
    "goal": ("a", "b", "c"),
    "a": ("a1", "a2", "a3", "a4"),
    "b": ("b1", "b2", "b3"),
    "c": ("c1", "c2", "c3"),
}
#: Relative weights; they sum to 1 under each parent after division.
TRUTH = {"goal": (5, 3, 2), "a": (4, 3, 2, 1), "b": (6, 3, 1), "c": (1, 1, 1)}
SPREAD = 0.6


def main(panels: int) -> None:
    print(f"{panels:,} panels; share of 95 % intervals that hold the true weight, mean width")
    for experts, abstain in ((6, 0.3), (6, 0.0), (18, 0.3), (18, 0.0)):
        for intervals in ("log-odds", "log"):
            rng = np.random.default_rng(2026)
            local, whole, width = coverage(rng, panels, experts, abstain, intervals)
            print(
                f"  K = {experts:2}, {abstain:.0%} abstain, {intervals:8}: "
                f"local {local:.3f}, global {whole:.3f}, width {width:.3f}"
            )


def coverage(
    rng: np.random.Generator, panels: int, experts: int, abstain: float, intervals: str
) -> tuple[float, float, float]:
    """The coverage of local and of global intervals, and the mean width of the global ones."""
    truth = {parent: np.array(shares) / sum(shares) for parent, shares in TRUTH.items()}
    local, whole, widths = [], [], []
    for panel in drawn(rng, panels, experts, abstain):
        found = aggregation.consensus_weights(TREE, panel, intervals=intervals)
        for parent, children in TREE.items():
            for child, true in zip(children, truth[parent].tolist(), strict=True):
                local.append(holds(found.local_intervals[parent][child], true))
                if parent != "goal":
                    ends = found.global_intervals[child]
                    whole.append(holds(ends, true * truth["goal"]["abc".index(parent)]))
                    widths.append(ends[1] - ends[0] if ends else np.nan)
    return float(np.mean(local)), float(np.mean(whole)), float(np.mean(widths))


def drawn(
    rng: np.random.Generator, panels: int, experts: int, abstain: float
) -> Iterator[dict[str, np.ndarray]]:
    while panels:
        panel = {parent: opinions(rng, experts, shares) for parent, shares in TRUTH.items()}
        for parent in "abc":
            panel[parent][rng.random(experts) < abstain] = np.nan
        if all(np.isfinite(rows[:, 0]).sum() > 1 for rows in panel.values()):
            panels -= 1
            yield panel


def opinions(rng: np.random.Generator, experts: int, shares: tuple[int, ...]) -> np.ndarray:
    rows = np.array(shares) * np.exp(rng.normal(0, SPREAD, (experts, len(shares))))
    return rows / rows.sum(axis=1, keepdims=True)


def holds(ends: tuple[float, float] | None, true: float) -> bool:
    return ends is not None and ends[0] <= true <= ends[1]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000)

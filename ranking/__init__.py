"""Scores, ranks and bands from weights and levels: pure functions of numbers.

Every function takes array-likes with any leading batch dimensions, reads NaN as a
blank, never changes its input and never rounds (except by the rule of
`ranking.ties`). Invalid input raises a subclass of ValueError that names the fault
(`ranking.faults`). No function uses files, the clock or global randomness.
"""

from ranking.acceptability import (
    band_probabilities,
    central_weights,
    expected_ranks,
    pairwise_winning,
    rank_acceptability,
    rank_ranges,
)
from ranking.bands import Bands, bands
from ranking.draws import (
    level_chunks,
    level_draws,
    noise_chunks,
    noise_draws,
    simplex_chunks,
    simplex_draws,
)
from ranking.editions import EditionChange, Move, compare_editions
from ranking.exact import ExactAcceptability, exact_acceptability, win_probability
from ranking.faults import (
    NoDraws,
    NotAligned,
    NotAProbability,
    NotFinite,
    NotShares,
    NotSummingToOne,
    NotWeights,
    OffLadder,
    UnknownRule,
    Unrated,
)
from ranking.importance import effective_importance
from ranking.ladders import rungs, share_of_ladder, table_levels
from ranking.mixtures import necessary_preference
from ranking.reweighting import WeightEffects, weight_effects
from ranking.scores import geometric_scores, scores, subscores
from ranking.sensitivity import critical_changes, rank_bounds, stability_radius
from ranking.ties import ranks

__all__ = [
    "Bands",
    "EditionChange",
    "ExactAcceptability",
    "Move",
    "NoDraws",
    "NotAProbability",
    "NotAligned",
    "NotFinite",
    "NotShares",
    "NotSummingToOne",
    "NotWeights",
    "OffLadder",
    "UnknownRule",
    "Unrated",
    "WeightEffects",
    "band_probabilities",
    "bands",
    "central_weights",
    "compare_editions",
    "critical_changes",
    "effective_importance",
    "exact_acceptability",
    "expected_ranks",
    "geometric_scores",
    "level_chunks",
    "level_draws",
    "necessary_preference",
    "noise_chunks",
    "noise_draws",
    "pairwise_winning",
    "rank_acceptability",
    "rank_bounds",
    "rank_ranges",
    "ranks",
    "rungs",
    "scores",
    "share_of_ladder",
    "simplex_chunks",
    "simplex_draws",
    "stability_radius",
    "subscores",
    "table_levels",
    "weight_effects",
    "win_probability",
]

"""Weights × levels → scores, ranks, bands: pure numbers, no people, files, clock or chance.

Every function takes array-likes with any leading batch dimensions, reads NaN
as a blank, never changes or rounds (but for the one rule of `ranking.ties`),
and refuses what cannot be right with a subclass of ValueError that names the
fault (`ranking.faults`).
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
from ranking.faults import (
    NoDraws,
    NotAligned,
    NotAProbability,
    NotFinite,
    NotShares,
    NotSummingToOne,
    NotWeights,
    OffLadder,
    UnknownName,
    Unrated,
)
from ranking.importance import effective_importance
from ranking.ladders import rungs, share_of_ladder, table_levels
from ranking.scores import geometric_scores, scores, subscores
from ranking.ties import ranks

__all__ = [
    "Bands",
    "NoDraws",
    "NotAProbability",
    "NotAligned",
    "NotFinite",
    "NotShares",
    "NotSummingToOne",
    "NotWeights",
    "OffLadder",
    "UnknownName",
    "Unrated",
    "band_probabilities",
    "bands",
    "central_weights",
    "effective_importance",
    "expected_ranks",
    "geometric_scores",
    "level_chunks",
    "level_draws",
    "noise_chunks",
    "noise_draws",
    "pairwise_winning",
    "rank_acceptability",
    "rank_ranges",
    "ranks",
    "rungs",
    "scores",
    "share_of_ladder",
    "simplex_chunks",
    "simplex_draws",
    "subscores",
    "table_levels",
]

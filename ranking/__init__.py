"""Weights × levels → scores, ranks, bands: pure numbers, no people, files, clock or chance.

Every function takes array-likes with any leading batch dimensions, reads NaN
as a blank, never changes or rounds (but for the one rule of `ranking.ties`),
and refuses what cannot be right with a subclass of ValueError that names the
fault (`ranking.faults`).
"""

from ranking.bands import Bands, bands
from ranking.faults import (
    NotAligned,
    NotFinite,
    NotShares,
    NotSummingToOne,
    NotWeights,
    OffLadder,
    UnknownName,
)
from ranking.scores import scores
from ranking.ties import ranks

__all__ = [
    "Bands",
    "NotAligned",
    "NotFinite",
    "NotShares",
    "NotSummingToOne",
    "NotWeights",
    "OffLadder",
    "UnknownName",
    "bands",
    "ranks",
    "scores",
]

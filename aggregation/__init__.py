"""Judgements → priorities → consensus: pure numbers, no people, files, clock or chance.

Every function takes array-likes with any leading batch dimensions, reads NaN
as a missing judgement, never changes or rounds, and refuses what cannot be
right with a subclass of ValueError that names the fault (`aggregation.faults`).
"""

from aggregation.consistency import (
    RANDOM_GCI,
    consistency_ratio,
    gci_threshold,
    geometric_consistency_index,
    lambda_max,
)
from aggregation.faults import (
    DisconnectedGraph,
    Incomplete,
    NobodyJudged,
    NoRandomIndex,
    NotATree,
    NotExpertWeights,
    NotPoints,
    NotPositive,
    NotPriorities,
    NotReciprocal,
    NotSquare,
    OffScale,
    UnknownName,
    ZeroPoints,
)
from aggregation.group import aggregate_judgements, aggregate_priorities
from aggregation.hierarchy import synthesise
from aggregation.panel import ConsensusWeights, consensus_weights
from aggregation.points import normalise_points, replace_zeros
from aggregation.priorities import priorities
from aggregation.random_indices import random_index
from aggregation.scales import SCALES, ratio_from_steps, scale_ratio

__all__ = [
    "RANDOM_GCI",
    "SCALES",
    "ConsensusWeights",
    "DisconnectedGraph",
    "Incomplete",
    "NoRandomIndex",
    "NobodyJudged",
    "NotATree",
    "NotExpertWeights",
    "NotPoints",
    "NotPositive",
    "NotPriorities",
    "NotReciprocal",
    "NotSquare",
    "OffScale",
    "UnknownName",
    "ZeroPoints",
    "aggregate_judgements",
    "aggregate_priorities",
    "consensus_weights",
    "consistency_ratio",
    "gci_threshold",
    "geometric_consistency_index",
    "lambda_max",
    "normalise_points",
    "priorities",
    "random_index",
    "ratio_from_steps",
    "replace_zeros",
    "scale_ratio",
    "synthesise",
]

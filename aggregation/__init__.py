"""Priorities and consensus computed from judgements: pure functions of numbers.

Every function takes array-likes with any leading batch dimensions, reads NaN as a
missing judgement, never changes its input and never rounds. Invalid input raises a
subclass of ValueError that names the fault (`aggregation.faults`). No function uses
files, the clock or global randomness.
"""

from aggregation.agreement import (
    Interval,
    aitchison_kappa,
    aitchison_kappa_interval,
    consensus,
    consensus_word,
    intraclass_correlation,
    kendall_w,
)
from aggregation.best_worst import (
    BestWorst,
    BestWorstIntervals,
    best_worst,
    best_worst_consistency_index,
    best_worst_judgements,
    input_based_ratio,
    input_based_threshold,
)
from aggregation.bootstrap import bootstrap_chunks, bootstrap_weights
from aggregation.calibration import calibration
from aggregation.chance import AgainstChance, against_chance
from aggregation.completion import optimal_completion
from aggregation.consistency import (
    RANDOM_GCI,
    consistency_ratio,
    gci_threshold,
    geometric_consistency_index,
    lambda_max,
)
from aggregation.contradictions import (
    ContradictoryTriad,
    all_equal,
    contradictions,
    harmonic_share,
    predicted_judgements,
    studentised_residuals,
    suggested_steps,
    triad_shares,
)
from aggregation.dissent import Dissent, clusters, dissent, expert_distances
from aggregation.estimate import Estimate, estimate, pooled_estimate
from aggregation.faults import (
    AmbiguousExtremes,
    BestWorstMismatch,
    DisconnectedGraph,
    Incomplete,
    NobodyJudged,
    NoRandomIndex,
    NotATree,
    NotExpertWeights,
    NoThreshold,
    NotPoints,
    NotPositive,
    NotPriorities,
    NotRanks,
    NotReciprocal,
    NotSquare,
    NotTreeWeights,
    OffScale,
    UnknownName,
    ZeroPoints,
)
from aggregation.group import aggregate_judgements, aggregate_priorities
from aggregation.hierarchy import synthesise
from aggregation.influence import (
    leave_one_expert_out,
    leave_one_expert_out_weights,
    leave_one_judgement_out,
)
from aggregation.ordinal import rank_weights, swara
from aggregation.panel import ConsensusWeights, consensus_weights
from aggregation.points import normalise_points, points_as_judgements, replace_zeros
from aggregation.priorities import priorities
from aggregation.random_effects import RandomEffects, random_effects
from aggregation.random_indices import random_index
from aggregation.scales import SCALES, ratio_from_steps, scale_ratio
from aggregation.short_forms import informative_pairs, total_resistance
from aggregation.triads import circular_triads, kendall_zeta, koczkodaj_index, pelaez_lamata_index

__all__ = [
    "RANDOM_GCI",
    "SCALES",
    "AgainstChance",
    "AmbiguousExtremes",
    "BestWorst",
    "BestWorstIntervals",
    "BestWorstMismatch",
    "ConsensusWeights",
    "ContradictoryTriad",
    "DisconnectedGraph",
    "Dissent",
    "Estimate",
    "Incomplete",
    "Interval",
    "NoRandomIndex",
    "NoThreshold",
    "NobodyJudged",
    "NotATree",
    "NotExpertWeights",
    "NotPoints",
    "NotPositive",
    "NotPriorities",
    "NotRanks",
    "NotReciprocal",
    "NotSquare",
    "NotTreeWeights",
    "OffScale",
    "RandomEffects",
    "UnknownName",
    "ZeroPoints",
    "against_chance",
    "aggregate_judgements",
    "aggregate_priorities",
    "aitchison_kappa",
    "aitchison_kappa_interval",
    "all_equal",
    "best_worst",
    "best_worst_consistency_index",
    "best_worst_judgements",
    "bootstrap_chunks",
    "bootstrap_weights",
    "calibration",
    "circular_triads",
    "clusters",
    "consensus",
    "consensus_weights",
    "consensus_word",
    "consistency_ratio",
    "contradictions",
    "dissent",
    "estimate",
    "expert_distances",
    "gci_threshold",
    "geometric_consistency_index",
    "harmonic_share",
    "informative_pairs",
    "input_based_ratio",
    "input_based_threshold",
    "intraclass_correlation",
    "kendall_w",
    "kendall_zeta",
    "koczkodaj_index",
    "lambda_max",
    "leave_one_expert_out",
    "leave_one_expert_out_weights",
    "leave_one_judgement_out",
    "normalise_points",
    "optimal_completion",
    "pelaez_lamata_index",
    "points_as_judgements",
    "pooled_estimate",
    "predicted_judgements",
    "priorities",
    "random_effects",
    "random_index",
    "rank_weights",
    "ratio_from_steps",
    "replace_zeros",
    "scale_ratio",
    "studentised_residuals",
    "suggested_steps",
    "swara",
    "synthesise",
    "total_resistance",
    "triad_shares",
]

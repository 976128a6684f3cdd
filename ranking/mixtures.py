"""Necessary preference: units ahead under every mixture of the experts' weights."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ranking.arrays import Array
from ranking.faults import NotAligned, NotWeights, UnknownRule
from ranking.scores import aligned, weighted_sums
from ranking.sensitivity import as_units
from ranking.ties import grid_keys

MIXTURES = ("arithmetic", "geometric")

#: Tolerance of a lead in logarithms, for rounding.
ROUNDING = 1e-9
#: The most steps of the search for a mixture that reverses the order.
MOST_STEPS = 400


def necessary_preference(
    levels: ArrayLike, expert_weights: ArrayLike, mixtures: str = "arithmetic"
) -> NDArray[np.bool_]:
    """Find the units that are ahead of others under every mixture of weights.

    The default is for arithmetic mixtures, Σ_k t_k w_k, and does not bound a
    geometric consensus: a study's weights are geometric means, which are near these
    mixtures but not among them. ``geometric`` is for the renormalised geometric means
    Π_k w_k^t_k of whole sets of weights.

    Parameters
    ----------
    levels : array_like, shape (N, n)
        Without blanks.
    expert_weights : array_like, shape (K, n)
        Each expert's own weights, not below 0, each row summing to 1; positive for
        geometric mixtures.
    mixtures : str
        ``arithmetic``: a score is linear in the weights, so an order that holds for
        each expert holds for every mixture [1]_. ``geometric``: the lead is
        Σ_P d_c w_c - Σ_N \\|d_c\\| w_c over the indicators for and against; both sums
        are convex in the logarithms, so the second is at most its geometric
        interpolation between the experts, and minimising the remaining lead is a
        convex problem [2]_. It is exact if the unit leads on only one indicator or is
        behind on only one; otherwise it may miss a preference, but never reports a
        wrong one.

    Returns
    -------
    ndarray of bool, shape (N, N)
        Entry (i, j): i is strictly ahead of j under every mixture.

    Raises
    ------
    NotWeights, NotSummingToOne, Unrated, NotFinite, NotAligned, UnknownRule

    Notes
    -----
    Down a tree, a study renormalises the geometric mean under each parent. That is not
    a geometric mixture of the experts' global weights: neither bound holds for the
    total score there, and ``geometric`` holds only inside each group.

    References
    ----------
    .. [1] Greco, S., Mousseau, V. and Słowiński, R. (2008). Ordinal regression
       revisited: multiple criteria ranking using a set of additive value functions.
       Eur. J. Oper. Res. 191(2), 416-436.
    .. [2] Boyd, S. and Vandenberghe, L. (2004). Convex Optimization. Cambridge
       University Press. Section 4.5, geometric programming.

    Examples
    --------
    >>> necessary_preference([[2, 1], [1, 1], [0, 3]], [[0.9, 0.1], [0.4, 0.6]])
    array([[False,  True, False],
           [False, False, False],
           [False, False, False]])

    Two experts who both put the first unit ahead, and their geometric mean, which
    does not:

    >>> levels = [[1, 1, 0], [0, 0, 1.8]]
    >>> experts = [[0.6, 0.05, 0.35], [0.05, 0.6, 0.35]]
    >>> bool(necessary_preference(levels, experts)[0, 1])
    True
    >>> bool(necessary_preference(levels, experts, "geometric")[0, 1])
    False
    """
    if mixtures not in MIXTURES:
        raise UnknownRule(mixtures, MIXTURES)
    x, w = aligned(as_units(levels), expert_weights)
    if w.ndim != 2 or not len(w):
        raise NotAligned(expert_weights=w.shape)
    keys = grid_keys(weighted_sums(x, w))
    ahead: NDArray[np.bool_] = np.all(keys[:, :, None] > keys[:, None, :], axis=0)
    if mixtures == "arithmetic":
        return ahead
    if (w == 0).any():
        at, faulty = np.argwhere(w == 0)[0]
        raise NotWeights((int(faulty),), (int(at),))
    logs = np.log(w)
    for i, j in np.argwhere(ahead):
        ahead[i, j] = _leads_everywhere(x[i] - x[j], logs)
    return ahead


def _leads_everywhere(apart: Array, logs: Array) -> bool:
    """Whether Σ d_c exp(Σ_k t_k l_kc) > 0 for all t, certified; d > 0 somewhere.

    log P(t) - Σ_k t_k log N_k is convex in t and bounds the lead from below. By
    weighted means, any shares α of P bound its least value from below: if some α
    gives a lead for every expert, the order holds; if the bound is not above 0 at
    some t, it is not certified.
    """
    gains, losses = apart > 0, apart < 0
    if not losses.any():
        return True
    for_it = logs[:, gains] + np.log(apart[gains])
    against = _log_sums(logs[:, losses] + np.log(-apart[losses]))
    mixture = np.full(len(logs), 1 / len(logs))
    for step in range(MOST_STEPS):
        mixed = mixture @ for_it
        level = float(_log_sums(mixed[None])[0])
        if level - mixture @ against <= ROUNDING:
            return False
        shares = np.exp(mixed - level)
        entropy = level - shares @ mixed
        leads = for_it @ shares + entropy - against
        if leads.min() > ROUNDING:
            return True
        # A step towards the experts under whom the lead is smallest.
        steps = (leads.min() - leads) / max(float(np.ptp(leads)), ROUNDING) / np.sqrt(1 + step / 8)
        mixture = mixture * np.exp(steps)
        mixture /= mixture.sum()
    return False


def _log_sums(rows: Array) -> Array:
    """Compute log Σ exp of each row."""
    top = rows.max(axis=1, keepdims=True)
    sums: Array = top[:, 0] + np.log(np.exp(rows - top).sum(axis=1))
    return sums

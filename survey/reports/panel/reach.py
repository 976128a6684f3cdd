"""Effect of one expert's next step on the bands of the units."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

import aggregation
import ranking
from survey.reports.panel.consensus import LEAVE_OUT_DISCONNECTED, consensus_report
from survey.reports.ranking.report import SHARES, levels_of
from survey.reports.refusals import Refused
from survey.values import GOAL, Study

Array = NDArray[np.float64]


class Reach:
    """Bands of a study under its consensus, and the effect of an expert's change.

    The panel's weights are geometric means: if one of K experts changes from u to v,
    they change by the factor (v/u) to the power 1/K.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._weights = self._consensus()
        self._levels = levels_of(study)
        self._bands = self._placed(self._global({}, 1)) if self._weights else None

    def moved(self, parent: str, own: ArrayLike, others: ArrayLike) -> NDArray[np.int64]:
        """Return how many units change their band for each of ``others``, (m, n) → (m,).

        ``others`` are an expert's possible priorities under ``parent``, ``own`` the
        current ones, (n,) or for each (m, n). All zeros if there is no ranking.
        """
        others = np.asarray(others, np.float64)
        if self._weights is None or self._bands is None:
            return np.zeros(len(others), np.int64)
        local = np.array(list(self._weights.local[parent].values()))
        count = self._weights.counts[parent]
        shifted = local * (others / np.asarray(own, np.float64)) ** (1 / count)
        shifted /= shifted.sum(axis=-1, keepdims=True)
        placed = self._placed(self._global({parent: shifted}, len(others)))
        changed = (placed != self._bands).any(axis=0)
        return np.asarray(np.count_nonzero(changed, axis=-1))

    def _consensus(self) -> aggregation.ConsensusWeights | None:
        if not (self._study.units and self._study.tables):
            return None
        try:
            return consensus_report(self._study, disconnected=LEAVE_OUT_DISCONNECTED).weights
        except Refused:
            return None

    def _global(self, changed: dict[str, Array], count: int) -> Array:
        """Return the weights of all indicators, (count, indicators)."""
        assert self._weights is not None
        local = {
            parent: np.broadcast_to(
                changed.get(parent, np.array(list(shares.values()))), (count, len(shares))
            )
            for parent, shares in self._weights.local.items()
        }
        framework = self._study.framework
        groups, places = (
            framework.children(GOAL),
            {group.code: framework.children(group.code) for group in framework.groups},
        )
        columns = [
            local[GOAL][:, groups.index(i.group)] * local[i.group][:, places[i.group].index(i.code)]
            for i in framework.indicators
        ]
        return np.stack(columns, axis=-1)

    def _placed(self, weights: Array) -> NDArray[np.int64]:
        """Return the band of each unit in each table, (tables, m, units)."""
        indicators = self._study.framework.indicators
        placed = []
        for table in self._study.tables:
            summed = [place for place, i in enumerate(indicators) if i.group in table.groups]
            scores = ranking.scores(self._levels, weights, indicators=summed)
            placed.append(ranking.bands(scores, SHARES).numbers)
        return np.stack(placed)

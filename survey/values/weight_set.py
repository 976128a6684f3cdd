"""Weight set that a study adopts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.values.framework import Framework
from survey.values.panel import PanelCounts
from survey.values.texts import Texts

#: The ends of a confidence interval; None if a single opinion has no spread.
Interval = tuple[float, float] | None
Parameter = str | float


@dataclass(frozen=True, slots=True)
class WeightSet:
    """Weights of a study, with the data needed to recompute them; no expert's answers.

    Local weights are by parent, then child, and sum to 1 under each parent;
    global weights are by indicator. ``framework`` has no rungs.
    """

    study: str
    titles: Texts
    framework: Framework
    global_weights: Mapping[str, float]
    local_weights: Mapping[str, Mapping[str, float]]
    global_intervals: Mapping[str, Interval]
    local_intervals: Mapping[str, Mapping[str, Interval]]
    #: Method that derives priorities from one expert's pairs.
    method: str
    #: Every other choice that the weights depend on, or that is reported beside them.
    parameters: Mapping[str, Parameter]
    panel: PanelCounts
    #: SHA-256 of the answers, hexadecimal: binds the weights to them without showing them.
    answers_digest: str
    software: str
    #: The number of the format that it was read in; all are written in the newest.
    format: int = 2
    #: Notice about the answers, shown wherever the weights are; empty for real answers.
    notices: Texts = field(default_factory=dict)

    @property
    def withholds_intervals(self) -> bool:
        """Whether its file was published without the section of intervals."""
        return not self.global_intervals

"""Reasons why a report cannot be made, as data and as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from survey.values.wording import N_, worded


@dataclass(frozen=True, slots=True)
class Reason:
    """Reason why there is no report; ``code`` is a key of :data:`SENTENCES`."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """There is no correct report of this study; ``reasons`` has all reasons."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return "\n".join(map(sentence, self.reasons))


SENTENCES = {
    # No consensus.
    "empty-panel": N_("The panel is empty, so there is no consensus."),
    "nobody-judged": N_("No expert judged the group “%(parent)s”, so it has no weights."),
    "disconnected": N_(
        "Expert %(expert)s never compared across %(parts)s in the group “%(parent)s”: how these "
        "parts count against one another is unknown."
    ),
    "incomplete": N_(
        "Expert %(expert)s judged %(given)s of %(asked)s pairs in the group “%(parent)s”: "
        "the eigenvector needs them all."
    ),
    "no-random-index": N_(
        "The random index %(random_index)s has no value for the %(n)s items of “%(parent)s”."
    ),
    # No ranking.
    "weight-missing": N_(
        "The weights are of another framework: they have none for the indicator “%(code)s”."
    ),
    "weight-unknown": N_(
        "The weights are of another framework: they contain “%(code)s”, which is no indicator of "
        "this study."
    ),
    "group-differs": N_(
        "The weights are of another framework: there the indicator “%(code)s” is in “%(theirs)s”, "
        "here in “%(ours)s”."
    ),
    "height-differs": N_(
        "The weights are of another framework: there the ladder of “%(code)s” "
        "has %(theirs)s rungs, here %(ours)s."
    ),
    "group-unknown": N_(
        "The weights are of another framework: it has the group “%(code)s”, this study has not."
    ),
    "group-missing": N_(
        "The weights are of another framework: it lacks the group “%(code)s” of this study."
    ),
    "no-tables": N_("The study names no table to rank."),
    # No match.
    "names-differ": N_("The names of “%(code)s” are not those of the weight set."),
    "answers-differ": N_("The answers are not those that the weight set was computed from."),
    "local-differs": N_(
        "The local weight of “%(code)s” is recorded as %(recorded)s, "
        "and recomputes to %(recomputed)s."
    ),
    "global-differs": N_(
        "The global weight of “%(code)s” is recorded as %(recorded)s, "
        "and recomputes to %(recomputed)s."
    ),
    "interval-differs": N_("The interval of “%(code)s” does not recompute."),
    "panel-differs": N_("The panel’s counts do not recompute."),
    "not-a-parameter": N_("The weight set’s “%(name)s” is “%(value)s”, which is not known here."),
    "rows-differ": N_("The weights or the checksum saved with the weight set do not match it."),
    "parameters-differ": N_("The recorded parameters are not those this version computes by."),
}


def sentence(reason: Reason, translate: Callable[[str], str] = str) -> str:
    """Return a reason as one sentence, in the language of ``translate``."""
    return worded(SENTENCES[reason.code], reason.data, translate)

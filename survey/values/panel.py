"""Experts of a panel, and what may be told of how many they are."""

from collections.abc import Mapping
from dataclasses import dataclass

#: Who reads an expert's name beside an answer. The author always does; the other experts
#: never do (``experts``), or beside reasons (``named``).
ANONYMITIES = EXPERTS, NAMED = "experts", "named"

#: Whether each expert is asked in an order of their own, and which pairs are asked.
ORDERS = RANDOM, FIXED = "random", "fixed"
FORMS = FULL, SHORT = "full", "short"

#: With fewer experts, a panel's figures would tell what one of them said.
FEWEST_EXPERTS = 3

#: With fewer experts, an interval of a group tells what each of them answered: it and its middle
#: give the mean and the spread, and three whole-number answers that have both can be tried out.
FEWEST_FOR_INTERVALS = 4


@dataclass(frozen=True, slots=True)
class Expert:
    """A member of the panel; ``method``, one of :data:`KINDS`, is how the expert answers."""

    code: str
    direction: str
    language: str
    method: str
    name: str = ""
    #: What the order of questions and sides is drawn from; None where it is not known.
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class PanelCounts:
    """Who stands behind a weight set, without what they said.

    ``size`` experts have an answer that counts, of ``invited``; ``judged`` says
    how many under each parent. ``directions``, ``languages`` and ``methods`` hold
    what may be told of them (:func:`tellable`): the others are ``size`` less these.
    """

    invited: int
    size: int
    judged: Mapping[str, int]
    directions: Mapping[str, int]
    languages: Mapping[str, int]
    methods: Mapping[str, int]
    #: Zeros among points, made small before the logarithm.
    zeros: int

    @property
    def thin(self) -> tuple[str, ...]:
        """The parents that fewer than :data:`FEWEST_EXPERTS` experts judged."""
        return self.judged_by_fewer(FEWEST_EXPERTS)

    def judged_by_fewer(self, least: int) -> tuple[str, ...]:
        """Return the parents that fewer than ``least`` experts judged."""
        return tuple(p for p, count in self.judged.items() if count < least)


#: The counts of a panel that a file keeps back: they would describe fewer than three experts.
WITHHELD = PanelCounts(0, 0, {}, {}, {}, {}, 0)


def tellable(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts that do not describe one or two experts, by name in order.

    Each is :data:`FEWEST_EXPERTS` or more, and so are the experts in no count that is
    returned, taken together, unless there are none: else a difference would tell.
    """
    told = {name: count for name, count in sorted(counts.items()) if count >= FEWEST_EXPERTS}
    if told and 0 < sum(counts.values()) - sum(told.values()) < FEWEST_EXPERTS:
        del told[min(told, key=lambda name: (told[name], name))]
    return told

"""Experts of a panel, and counts of them that may be told."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.values.few import thin_groups

#: Who reads an expert's name beside an answer. The author always does; the other experts
#: never do (``experts``), or beside reasons (``named``).
ANONYMITIES = EXPERTS, NAMED = "experts", "named"

#: Whether each expert is asked in an order of their own, and which pairs are asked.
ORDERS = RANDOM, FIXED = "random", "fixed"
FORMS = FULL, SHORT = "full", "short"


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
    what may be told of them (:func:`survey.values.tellable`): the others are ``size`` less these.
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
        """The parents that fewer than three experts judged."""
        return thin_groups(self.judged)


#: The counts of a panel that a file keeps back: they would describe fewer than three experts.
WITHHELD = PanelCounts(0, 0, {}, {}, {}, {}, 0)

"""Experts of a panel, and counts of them that may be published."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.values.few import thin_groups

#: The readers of an expert's name beside an answer. The author always reads it; the other
#: experts never do (``experts``), or beside reasons (``named``).
ANONYMITIES = EXPERTS, NAMED = "experts", "named"

#: Whether each expert is asked in an order of their own, and which pairs are asked.
ORDERS = RANDOM, FIXED = "random", "fixed"
FORMS = FULL, SHORT = "full", "short"


@dataclass(frozen=True, slots=True)
class Expert:
    """Member of the panel; ``kind``, one of :data:`KINDS`, is their way of answering."""

    code: str
    direction: str
    language: str
    kind: str
    name: str = ""
    #: Seed of the order of questions and sides; None if it is not known.
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class PanelCounts:
    """Counts of the experts whose answers a weight set uses, without the answers.

    ``size`` experts of ``invited`` have an answer that counts; ``judged`` says
    how many under each parent. ``directions``, ``languages`` and ``kinds`` have
    the counts that may be published (:func:`survey.values.tellable`): the rest is
    ``size`` less these.
    """

    invited: int
    size: int
    judged: Mapping[str, int]
    directions: Mapping[str, int]
    languages: Mapping[str, int]
    kinds: Mapping[str, int]
    #: Number of zeros among points, replaced by small values before the logarithm;
    #: None if one or two experts gave them.
    zeros: int | None

    @property
    def thin(self) -> tuple[str, ...]:
        """The parents that fewer than three experts judged."""
        return thin_groups(self.judged)


#: Counts of a panel that a file withholds: they would describe fewer than three experts.
WITHHELD = PanelCounts(0, 0, {}, {}, {}, {}, 0)

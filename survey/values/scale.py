"""Scale of comparisons, and a study's own words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Ratios of a comparison: Saaty's 3, 5, 7, 9, and those between.
RATIOS = range(2, 10)


@dataclass(frozen=True, slots=True)
class ScaleWords:
    """Own words of a study for the scale in one language, by ratio (:data:`RATIOS`).

    Words are never changed: new words get the next version. Version 0 are the
    words of the pages, which belong to no study.
    """

    language: str
    version: int
    words: Mapping[int, str]
    #: Back translations, as far as the author gave them.
    back: Mapping[int, str] = field(default_factory=dict)

    def says_as(self, other: "ScaleWords") -> bool:
        """Whether these are the same words, in any version."""
        return (self.words, self.back) == (other.words, other.back)

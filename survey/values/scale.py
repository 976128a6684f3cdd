"""The scale of comparisons, and a study's own words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: How many times as much one side of a comparison can count: Saaty's 3, 5, 7, 9, and between.
RATIOS = range(2, 10)


@dataclass(frozen=True, slots=True)
class ScaleWords:
    """A study's own words of the scale in one language, by ratio (:data:`RATIOS`).

    Words are never changed: others get the next version. Version 0 are the
    words of the pages themselves, which belong to no study.
    """

    language: str
    version: int
    words: Mapping[int, str]
    #: What they say when they are translated back, where somebody did.
    back: Mapping[int, str] = field(default_factory=dict)

    def says_as(self, other: "ScaleWords") -> bool:
        """Whether these are the same words, in whatever version."""
        return (self.words, self.back) == (other.words, other.back)

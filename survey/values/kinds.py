"""Ways of answering, and when an answer is complete."""

from collections.abc import Iterable
from math import fsum

PAIRWISE = "pairwise"
DIRECT = "direct"
BEST_WORST = "best-worst"
RATING = "rating"
#: Ways in which an expert can answer: by comparing every pair, with 100 points per group, by
#: comparing all with the best and the worst, or with a number from 0 to 10 per item.
KINDS = (PAIRWISE, DIRECT, BEST_WORST, RATING)

#: The end of the scale of ratings.
HIGHEST_RATING = 10

#: Buckets into which a list longer than ``LONGEST_UNSORTED`` is sorted before its points.
BUCKETS = ("high", "middle", "low")
LONGEST_UNSORTED = 5

#: Points that one press of + or − adds or subtracts, of 100.
PRESS = 5

#: Largest distance from 100 of a sum of points: the error of rounding.
POINTS_TOLERANCE = 1e-6

#: Estimated time of an answer in seconds, until a study has measured it: of one comparison,
#: of one line of a list of points.
SECONDS_PER_QUESTION = 25
SECONDS_PER_LINE = 10


def is_whole(kind: str, given: Iterable[float]) -> bool:
    """Whether numbers of all items of a group are an answer: sum 100, or any ratings."""
    total = fsum(given)
    return total > 0 if kind == RATING else abs(total - 100) <= POINTS_TOLERANCE

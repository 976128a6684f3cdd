"""Kinds of answering: what an expert gives, and how much of it is a whole answer."""

from collections.abc import Iterable
from math import fsum

PAIRWISE = "pairwise"
DIRECT = "direct"
BEST_WORST = "best-worst"
RATING = "rating"
#: How an expert can answer: by comparing every pair, with 100 points per group, by
#: comparing all with the best and the worst, or with a number from 0 to 10 per item.
KINDS = (PAIRWISE, DIRECT, BEST_WORST, RATING)

#: The end of the scale of ratings.
HIGHEST_RATING = 10

#: Into what a list of points that is longer than this is sorted first.
BUCKETS = ("high", "middle", "low")
LONGEST_UNSORTED = 5

#: What one press of + or − adds or takes, of 100 points.
PRESS = 5

#: How far from 100 the points of a group may sum: what rounding leaves.
POINTS_TOLERANCE = 1e-6

#: About how long answers take, in seconds, until a study has measured it: one
#: comparison, one line of a list of points.
SECONDS_PER_QUESTION = 25
SECONDS_PER_LINE = 10


def is_whole(method: str, given: Iterable[float]) -> bool:
    """Whether what was given to all items of a group is an answer: a 100 points, or any rating."""
    total = fsum(given)
    return total > 0 if method == RATING else abs(total - 100) <= POINTS_TOLERANCE

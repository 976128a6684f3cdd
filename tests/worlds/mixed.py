"""A panel that answers in all four ways: the small study with two more experts."""

from survey import values
from tests.worlds import cast

WIL = values.Expert("WIL", "digital", "en", values.BEST_WORST)
KIM = values.Expert("KIM", "civic", "en", values.RATING)


def mixed():
    """Return the small study with a best-worst and a rating expert beside Ann and Bo."""
    answers = cast.answers()
    judged = [
        values.Judgement("ANN", "digital", "wireless", "ai", 1),
        values.Judgement("ANN", "civic", "water", "health", 4),
        values.Judgement("WIL", "digital", "wired", "wireless", -3, "why"),
        values.Judgement("WIL", "digital", "wired", "ai", 1),
        values.Judgement("WIL", "digital", "wireless", "ai", 7),
        values.Judgement("WIL", "civic", "water", "health", -2),
        values.Judgement("WIL", "goal", "digital", "civic", 0),
    ]
    ratings = {"digital": (9, 3.5, 0), "civic": (6, 10), "goal": (8, 8)}
    allocated = [
        values.Allocation("KIM", parent, item, float(number))
        for parent, given in ratings.items()
        for item, number in zip(cast.FRAMEWORK.children(parent), given, strict=True)
    ]
    order = {code: place for place, code in enumerate(("ANN", "WIL"))}
    judgements = sorted(
        (*answers["judgements"], *judged),
        key=lambda j: (order[j.expert], cast.FRAMEWORK.parents.index(j.parent)),
    )
    return cast.study(
        panel=(cast.ANN, cast.BO, cast.CY, WIL, KIM),
        judgements=tuple(judgements),
        allocations=(*answers["allocations"], *allocated),
        extremes=(values.Extremes("WIL", "digital", "wireless", "ai"),),
    )

"""reviews.csv: read in any order, refused if it names a missing item."""

import pytest

from survey.files.study_folder import read_folder
from survey.values import Contradiction

REVIEWS = "expert,parent,verdict,kinds,before,after\n"


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("E1,air,perhaps,,,", "verdict", "not-a-verdict"),
        ("E1,air,,quarrel:dust/ozone/soot,,", "kinds", "not-a-contradiction"),
        ("E1,air,,circle:dust/ozone,,", "kinds", "not-a-contradiction"),
        ("E1,air,,circle:dust/ozone/lead,,", "kinds", "not-a-contradiction"),
        ("E1,air,,,dust/ozone=10,", "before", "not-judged"),
        ("E1,air,,,dust/lead=2,", "before", "not-judged"),
        ("E1,air,,,,dust/dust=2", "after", "not-judged"),
        ("E1,air,,,,dust/ozone=2 ozone/dust=1/2", "after", "not-judged"),
        ("E1,air,,,,\nE1,air,off,,,", "parent", "reviewed-twice"),
    ],
)
def test_a_review_that_cannot_be_is_named(faults, line, column, code):
    [fault] = faults(reviews=REVIEWS + line + "\n")

    assert (fault.file, fault.column, fault.code) == ("reviews.csv", column, code)


def test_the_content_of_a_review_may_be_in_any_order(small):
    line = "E1,air,off,strength:soot/dust/ozone,ozone/soot=2 ozone/dust=1/3,\n"
    [review] = read_folder(small(reviews=REVIEWS + line)).study.reviews

    assert review.shown == (Contradiction("strength", ("dust", "ozone", "soot")),)
    assert review.before == (("dust", "ozone", 2), ("ozone", "soot", 1))
    assert review.after is None

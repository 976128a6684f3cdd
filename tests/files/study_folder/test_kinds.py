"""Best-worst answers and ratings in a folder: those read, and those refused."""

import pytest

from survey.files.study_folder import read_folder, sentence, study_files, write_folder
from survey.values import Extremes
from tests.worlds.small_study import FILES

PANEL = FILES["panel.csv"] + "B1,air,en,best-worst\nR1,air,en,rating\n"
EXTREMES = "expert,parent,best,worst\nB1,air,ozone,soot\n"
STAR = ("B1,air,dust,ozone,1/3", "B1,air,ozone,soot,7", "B1,air,dust,soot,2")
RATED = ("R1,air,dust,10", "R1,air,ozone,7.5", "R1,air,soot,0")


def folder(extremes: str = EXTREMES, star=STAR, rated=RATED, **others: str) -> dict[str, str]:
    return {
        "panel": PANEL,
        "extremes": extremes,
        "comparisons": FILES["comparisons.csv"] + "".join(f"{line}\n" for line in star),
        "points": FILES["points.csv"] + "".join(f"{line}\n" for line in rated),
        **others,
    }


def test_a_star_and_ratings_are_read(small):
    study = read_folder(small(**folder())).study

    assert study.extremes == (Extremes("B1", "air", "ozone", "soot"),)
    assert [j.steps for j in study.judgements if j.expert == "B1"] == [-2, 6, 1]
    assert [a.points for a in study.allocations if a.expert == "R1"] == [10, 7.5, 0]


def test_the_pair_of_a_group_of_two_needs_no_best_and_worst(small):
    study = read_folder(small(**folder(star=(*STAR, "B1,goal,water,air,3")))).study

    assert [j.steps for j in study.judgements if j.parent == "goal" and j.expert == "B1"] == [-2]


def test_a_written_folder_keeps_no_best_and_worst_of_the_study_before(small, tmp_path):
    newer, older = read_folder(small()).study, read_folder(small(**folder())).study
    write_folder(older, tmp_path / "out")
    write_folder(newer, tmp_path / "out")

    assert "extremes.csv" in study_files(older)
    assert read_folder(tmp_path / "out").study.extremes == ()


AGAINST = (
    "comparisons.csv, line 9, column judgement: this says the opposite of extremes.csv, "
    "where the best is “ozone” and the worst “soot”."
)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            folder(extremes="expert,parent,best,worst\n", star=STAR[:1]),
            (
                "comparisons.csv, line 9, column parent: “B1” answers best-worst, but has no best "
                "and worst under “air” in extremes.csv."
            ),
        ),
        (folder(star=("B1,air,dust,ozone,3",)), AGAINST),
        (folder(star=("B1,air,soot,dust,2",)), AGAINST),
        (
            folder(extremes=EXTREMES + "B1,air,dust,soot\n"),
            (
                "extremes.csv, line 3, column parent: “B1” has a best and a worst here in line 2 "
                "already; expected once."
            ),
        ),
        (
            folder(extremes=EXTREMES + "B1,goal,air,water\n"),
            (
                "extremes.csv, line 3, column parent: “goal” has fewer than three items; expected "
                "one comparison instead of a best and a worst."
            ),
        ),
        (
            folder(extremes=EXTREMES + "E1,air,dust,soot\n"),
            (
                "extremes.csv, line 3, column expert: “E1” does not answer best-worst (panel.csv), "
                "but has a best and a worst here."
            ),
        ),
        (
            folder(extremes="expert,parent,best,worst\nB1,air,soot,soot\n", star=()),
            (
                "extremes.csv, line 2, column worst: “soot” is the best and the worst under “air”; "
                "expected two."
            ),
        ),
        (
            folder(extremes="expert,parent,best,worst\nB1,air,lead,soot\n", star=()),
            (
                "extremes.csv, line 2, column best: “lead” is not in “air”; expected one of dust, "
                "ozone, soot."
            ),
        ),
        (
            folder(abstentions="expert,parent,a,b\nB1,air,,\n", star=()),
            (
                "abstentions.csv, line 2, column expert: “B1” abstains here, but answered in "
                "extremes.csv, line 2; expected one of them."
            ),
        ),
        (
            folder(abstentions="expert,parent,a,b\nB1,air,dust,soot\n", star=()),
            (
                "abstentions.csv, line 2, column a: “B1” answers best-worst (panel.csv), and of "
                "three items or more can only abstain from all."
            ),
        ),
        (
            folder(abstentions="expert,parent,a,b\nR1,goal,air,water\n"),
            (
                "abstentions.csv, line 2, column a: “R1” answers with ratings (panel.csv), and can "
                "only abstain from a whole group."
            ),
        ),
        (
            folder(rated=("B1,air,dust,50", "B1,air,ozone,20", "B1,air,soot,30")),
            (
                "points.csv, line 7, column expert: “B1” answers best-worst (panel.csv), but has "
                "points, the first of them here."
            ),
        ),
        (
            folder(star=("R1,air,dust,ozone,3",)),
            (
                "comparisons.csv, line 9, column expert: “R1” answers with ratings (panel.csv), "
                "but has comparisons, the first of them here."
            ),
        ),
        (
            folder(rated=("R1,air,dust,10.5", "R1,air,ozone,1", "R1,air,soot,2")),
            (
                "points.csv, line 7, column points: “10.5” is not a rating; "
                "expected a number from 0 to 10."
            ),
        ),
        (
            folder(rated=("R1,air,dust,0", "R1,air,ozone,0", "R1,air,soot,0")),
            (
                "points.csv, line 7, column points: every rating of “R1” under “air” is 0; "
                "expected one above 0 at least."
            ),
        ),
        (
            folder(panel=PANEL.replace("rating", "ranking"), rated=()),
            (
                "panel.csv, line 6, column method: “ranking” is not a way to answer; expected "
                "pairwise, direct, best-worst or rating."
            ),
        ),
    ],
)
def test_what_does_not_fit_together_is_said_with_its_place(faults, changed, said):
    assert [sentence(fault) for fault in faults(**changed)] == [said]


def test_a_pair_outside_the_star_is_not_asked(faults):
    """Of four items one pair has neither the best nor the worst."""
    panel = "expert,direction,language,method\nB1,air,en,best-worst\n"
    [fault] = faults(
        indicators=FILES["indicators.csv"] + "smog,air,Smog,Smog,1\n",
        levels="city,dust,ozone,soot,lead,smog\n",
        panel=panel,
        extremes=EXTREMES,
        comparisons="expert,parent,a,b,judgement\nB1,air,dust,smog,3\n",
        points="expert,parent,item,points\n",
    )

    assert sentence(fault) == (
        "comparisons.csv, line 2, column a: this pair is not asked: the best is “ozone” and the "
        "worst “soot” (extremes.csv); expected a pair with one of them."
    )

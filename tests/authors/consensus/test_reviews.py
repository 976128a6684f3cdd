"""Experts' reviews of their own weights, which only the author sees."""

import io
import zipfile

from survey import values
from survey.models import Review
from survey.store.reviews import columns_of
from survey.store.rounds import open_round
from survey.values import By
from tests.authors.consensus.conftest import CONSENSUS, answered
from tests.authors.consensus.test_consensus import rows
from tests.worlds import cast

CIRCLE = (("wired", "wireless", 8), ("wired", "ai", -8), ("wireless", "ai", 8))
FITS = (("wired", "wireless", 1), ("wired", "ai", 3), ("wireless", "ai", 1))
SHOWN = (values.Contradiction("circle", ("wired", "wireless", "ai")),)
REVIEWS = (
    values.Review("E1", "digital", "off", "my own reason", SHOWN, CIRCLE, CIRCLE),
    values.Review("E2", "digital", "", "", SHOWN, CIRCLE, FITS),
    values.Review("E3", "digital", "looks-right", "", (), FITS, FITS),
    values.Review("E4", "digital", "", "", SHOWN, CIRCLE, None),
)


def test_the_author_sees_what_was_shown_what_came_of_it_and_why(author, load):
    load(answered("E1", "E2", "E3", "E4", reviews=REVIEWS))

    page = author.page(CONSENSUS)

    said = [row for row in rows(page) if len(row) == 7 and row[0] in ("E1", "E2", "E3", "E4")]
    # (3 ln 9)²/3 over 2.629: a circle of nines is worse than chance.
    worst = "5.51"
    assert said == [
        [
            "E1",
            "Digital",
            "circular",
            "Kept the answers; something is wrong",
            "my own reason",
            worst,
            worst,
        ],
        ["E2", "Digital", "circular", "Changed answers", "–", worst, "0.00"],
        ["E4", "Digital", "circular", "Did not continue", "–", worst, "–"],
    ]


def test_if_no_expert_was_shown_anything_the_page_says_nothing_of_it(author, load):
    load(answered("E1", "E2", "E3", reviews=REVIEWS[2:3]))

    assert "own weights" not in author.page(CONSENSUS).text


def test_what_was_said_leaves_with_the_folder_of_a_closed_round_only(author, store, load):
    load(answered("E1", "E2", "E3", "E4", reviews=REVIEWS))
    assert "my own reason" in files(author)["reviews.csv"]

    with store.writing() as session:
        round_ = cast.load(session, cast.study("under-way")).rounds[0]
        open_round(session, round_, By("author author", cast.NOON))
        invitation, parent = (
            cast.invitation(session, "ANN", "under-way"),
            cast.comparison(session, study_code="under-way").parent_id,
        )
        session.add(
            Review(
                round_id=round_.id,
                expert_id=invitation.expert_id,
                parent_id=parent,
                version=1,
                key="k" * 16,
                saved_at=cast.NOON,
                **columns_of(REVIEWS[0]),
            )
        )
    assert "reviews.csv" not in files(author, "under-way")


def files(author, code="pilot"):
    content = author.get(f"/author/studies/{code}/study.zip").get_data()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.rpartition("/")[2]: archive.read(name).decode("utf-8-sig")
            for name in archive.namelist()
        }

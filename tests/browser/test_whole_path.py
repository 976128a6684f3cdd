"""The author's half of the main job: closing, freezing, ranking, publishing.

The panel of the first edition has answered; readers then see the publication of
2024, in Chinese, but for the erratum that its README names.
"""

import csv
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from survey.commands.demonstration import EXAMPLE
from survey.files.study_folder import read_folder
from survey.models import Expert, Publication, Round, WeightSet
from survey.store.answers import store_answers
from survey.store.authors import issue_author_link
from survey.store.frameworks import load_criteria
from survey.store.rounds import open_round
from survey.values import By
from survey.web.current import now
from tests.browser.steps import follow
from tests.worlds import cast

pytestmark = pytest.mark.slow

#: Printed before 奥兰 (aolan) in the last band of this table, in 2024.
ERRATUM = ("traditional", "4", "阿治曼")


@pytest.fixture
def sign_in(database):
    """The first edition with all its answers in, its round still open; the author's way in."""
    content = read_folder(EXAMPLE).study
    with database.writing() as session:
        study = cast.load(session, replace(content, judgements=(), allocations=()))
        round_ = study.rounds[0]
        open_round(session, round_, By("author author", now()))
        experts = {row.code: row for row in session.scalars(select(Expert))}
        criteria = load_criteria(session, study.framework_id)
        store_answers(session, content, round_, criteria, experts, now())
        return f"/sign-in/{issue_author_link(session, study.author, now())}"


def published(table):
    """Return (band, label, names) of one table as printed in 2024, its erratum corrected."""
    bands = {}
    with (EXAMPLE / "published-bands.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["table"] == table:
                bands.setdefault((row["band"], row["label"]), []).append(row["name_zh"])
    for (band, _), names in bands.items():
        if (table, band, "阿治曼") == ERRATUM:
            names.remove("阿治曼")
            names.insert(names.index("奥兰") + 1, "阿治曼")
    return {label: names for (_, label), names in bands.items()}


def test_the_author_closes_freezes_ranks_and_publishes(database, visit, sign_in):
    study = f"/author/studies/{EXAMPLE.name}"
    page = visit(sign_in, width=1280)
    follow(page, page.get_by_role("button").first)

    page.goto(f"{study}/rounds/1")
    page.get_by_role("link", name="Close round 1").click()
    page.get_by_role("button", name="Close round 1 for good").click()
    expect(page.get_by_role("link", name="See the consensus")).to_be_visible()
    with database.reading() as session:
        assert session.scalars(select(Round.state)).one() == "closed"

    page.get_by_role("link", name="See the consensus").click()
    page.get_by_label("Name of the set").fill("Arab League 2024")
    page.get_by_label("Why you stop after this round").fill("One round, as planned.")
    page.get_by_role("button", name="Freeze the weight set").click()
    expect(page.get_by_role("link", name="Download as JSON")).to_be_visible()
    with database.reading() as session:
        frozen = session.scalars(select(WeightSet)).one()
        assert frozen.locked_at is not None
        assert frozen.name == "Arab League 2024"

    page.goto(f"{study}/ranking")
    page.get_by_role("link", name="Prepare publication").click()
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_role("link", name="Read the public page")).to_be_visible()
    with database.reading() as session:
        assert session.scalars(select(Publication)).one().weight_set_id == frozen.id

    reader = visit(f"/rankings/{EXAMPLE.name}", language="zh")
    for table in ("total", "traditional", "digital-institutional"):
        reader.goto(f"/rankings/{EXAMPLE.name}?table={table}")
        shown = {
            band.locator(".label").inner_text(): band.locator(".name").all_inner_texts()
            for band in reader.locator("table.public tbody tr").all()
        }
        assert shown == published(table)

"""The file of another round, which asks the questions of that round only."""

import pytest

from tests.clients import arrivals, further_at_work
from tests.desk.files import HERS, download, filled, upload
from tests.files.questionnaire.files import opened, sheet

app, arrive, world = further_at_work.app, further_at_work.arrive, further_at_work.world

ASKED = {"ANN": {("digital", "wired", "ai"): "far"}, "BO": {("civic",): "far"}}


@pytest.fixture
def asked():
    return ASKED


def test_the_file_of_a_targeted_round_has_the_pair_that_is_asked_again(arrive, database):
    ann = arrive("ANN")
    content = download(ann)
    before = arrivals.judgements(database)

    sheets = opened(content)
    pairs = [row[:2] for row in sheet(sheets, "Digital") if "Wired network" in row[:2]]
    response = upload(
        ann, filled(content, ("Digital", pairs[0], ["Wired network", "overwhelmingly more"]))
    )

    assert [name for name, _ in sheets] == ["Instructions", "1 Digital", "Ladders"]
    assert list(map(set, pairs)) == [{"Wired network", "Artificial intelligence"}]
    assert response.status_code == 303
    assert [said for said in arrivals.judgements(database) if said not in before] == [
        ("wired", "ai", 8, "")
    ]


def test_who_is_asked_nothing_again_is_told_so_and_offered_no_file(arrive):
    cy = arrive("CY")

    page = cy.page(HERS)

    assert "You have no new questions: all your answers still count." in page.text
    assert page.all("input", type="file") == []
    assert page.all("a", href=f"{HERS}.xlsx") == []
    assert cy.get(f"{HERS}.xlsx").status_code == 302
    assert cy.page("/answer/").all("a", href=HERS) == []

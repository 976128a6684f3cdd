"""Codes on an author's pages keep their order in both directions of a page."""

import re
from dataclasses import replace

import pytest

from survey import values
from tests.clients import console
from tests.worlds import further

#: Codes that begin with a figure: among Arabic letters their parts would change places.
EXPERT, UNIT = "3-a", "7-b"
#: Before another round begins, and while it is open.
CLOSED = (
    "panel",
    f"experts/{EXPERT}",
    "rounds",
    "rounds/1",
    "rounds/1/reasons/ar",
    "rounds/1/consensus",
    "cities",
)
OPEN = ("rounds/2", "rounds/2/close", f"experts/{EXPERT}/questionnaire")
#: What is isolated in every browser, by our style sheet, or by its marks.
ISOLATED = re.compile(r"<(bdi|code|title)\b.*?</\1>|\u2068[^\u2069]*\u2069", re.DOTALL)


def coded() -> values.Study:
    """Return the study of :mod:`tests.worlds.further`, where these codes name Ann and a city."""
    study = further.study()
    return replace(
        study,
        panel=(replace(study.panel[0], code=EXPERT), *study.panel[1:]),
        judgements=tuple(
            replace(one, expert=EXPERT) if one.expert == "ANN" else one for one in study.judgements
        ),
        units=(values.Unit(UNIT, {}, {"wired": 2, "ai": 1}),),
    )


@pytest.mark.parametrize("path", [*CLOSED, *OPEN])
def test_a_code_is_isolated_on_an_arabic_page(app, store, path):
    with store.writing() as session:
        study = further.load(session, coded())
        if path in OPEN:
            further.ask_again(session, study)

    html = console.signed_in(app, language="ar").page(f"/author/studies/pilot/{path}").html
    among_letters = re.sub(r"<[^>]*>", "", ISOLATED.sub("", html))

    assert re.search(f">({EXPERT}|{UNIT})<", html)
    assert re.findall(f".*(?:{EXPERT}|{UNIT}).*", among_letters) == []

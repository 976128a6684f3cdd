"""Questionnaires as files, for tests: written, opened, changed, and read back."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import strategies as st

from survey import values
from survey.asking.questionnaire import Question, QuestionGroup, Questionnaire
from survey.files.questionnaire import cells, faults
from survey.files.questionnaire.answers import Key, Line
from survey.files.questionnaire.faults import FaultyFile
from survey.files.questionnaire.reading import read_questionnaire
from survey.files.questionnaire.tongues import tongue, tongues
from survey.files.questionnaire.unpacking import Sheets, sheets_of
from survey.files.questionnaire.wording import Glossary
from survey.files.questionnaire.writing import Cover, write_questionnaire
from tests.worlds import cast
from tests.worlds.studies import answers_under, frameworks, reasons

OWNER = "pilot/ANN/1"


def pairs_of(
    framework: values.Framework = cast.FRAMEWORK,
    said: Mapping[tuple[str, str], tuple[int | None, str, str | None]] | None = None,
    left: Mapping[str, str] | None = None,
) -> Questionnaire:
    """Draw every pair of a framework, with answers to some of them."""
    said, left = said or {}, left or {}
    asked = [
        Question(number, parent, first, second, *said.get((first, second), (None, "", None)))
        for number, (parent, first, second) in enumerate(
            (parent, *pair) for parent in framework.parents for pair in framework.pairs(parent)
        )
    ]
    return Questionnaire(
        framework,
        tuple(
            QuestionGroup(
                code,
                framework.children(code),
                tuple(q for q in asked if q.parent == code),
                cannot=left.get(code),
            )
            for code in framework.parents
            if len(framework.children(code)) > 1
        ),
    )


def lists_of(
    framework: values.Framework = cast.FRAMEWORK,
    points: Mapping[str, float] | None = None,
    left: Mapping[str, str] | None = None,
    kind: str = values.DIRECT,
) -> Questionnaire:
    """Draw every list of a framework, with some points given."""
    points, left = points or {}, left or {}
    return Questionnaire(
        framework,
        tuple(
            QuestionGroup(
                code,
                items := framework.children(code),
                points={item: points[item] for item in items if item in points},
                cannot=left.get(code),
                kind=kind,
            )
            for code in framework.parents
            if len(framework.children(code)) > 1
        ),
    )


def write(
    questionnaire: Questionnaire,
    language: str = "en",
    versions: Mapping[Key, int] | None = None,
    owner: str = OWNER,
    paragraphs: Sequence[str] = ("Please fill in.",),
) -> bytes:
    own = tongue(language)
    labels = Glossary(questionnaire, tongues(language)).labels[language]
    about = Cover("Pilot", paragraphs, owner)
    return write_questionnaire(questionnaire, versions or {}, about, own, labels)


def opened(content: bytes) -> Sheets:
    """Return the cells of a file, as the child process returns them."""
    return sheets_of({"sheets": cells.cells_of(content)})


def read(sheets: Sheets, questionnaire: Questionnaire, language: str = "en") -> dict[Key, Line]:
    return read_questionnaire(sheets, Glossary(questionnaire, tongues(language)), OWNER)


def refused(sheets: Sheets, questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """Return place and code of every fault."""
    with pytest.raises(FaultyFile) as error:
        read(sheets, questionnaire)
    return [(faults.place(f), faults.sentence(f)) for f in error.value.faults]


def sheet(sheets: Sheets, name: str) -> list[list[Any]]:
    """Return the rows of the sheet whose name ends so, to be changed."""
    return next(rows for known, rows in sheets if known.endswith(name))


def find(rows: list[list[Any]], *texts: str) -> tuple[int, int]:
    """Return the cell with the last of these texts, in the first row that has them all."""
    for number, row in enumerate(rows):
        if all(text in row for text in texts):
            return number, row.index(texts[-1])
    raise LookupError(texts)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Draw questionnaires of any study with pairs, points or ratings, and answers."""
    asks = st.builds(pairs_of, frameworks()).filter(lambda questionnaire: questionnaire.groups)
    framework = draw(asks).framework
    kind = draw(st.sampled_from((values.PAIRWISE, values.DIRECT, values.RATING)))
    expert = values.Expert("E", "", "en", kind)
    left = {parent: draw(reasons) for parent in framework.parents if draw(st.integers(0, 4)) == 0}
    answers = [
        answer
        for parent in framework.parents
        for answer in draw(answers_under(framework, expert, parent))
    ]
    if kind != values.PAIRWISE:
        given = {a.item: a.points for a in answers if isinstance(a, values.Allocation)}
        return lists_of(framework, given, left, kind)
    said: dict[tuple[str, str], tuple[int | None, str, str | None]] = {}
    for answer in answers:
        if isinstance(answer, values.Judgement):
            said[answer.first, answer.second] = (answer.steps, answer.reason, None)
        elif isinstance(answer, values.Abstention) and answer.first:
            said[answer.first, answer.second] = (None, "", answer.reason)
    return pairs_of(framework, said, left)

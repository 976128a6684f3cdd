"""extremes.csv: the items that count most and least, from best-worst experts."""

from __future__ import annotations

from collections.abc import Iterator

from survey.files.study_folder.questions import AnswerPlaces, Questions
from survey.files.study_folder.sheet import Row, Sheet
from survey.values import BEST_WORST, Expert, Extremes


def read_extremes(sheet: Sheet, questions: Questions, answered: AnswerPlaces) -> Iterator[Extremes]:
    """Yield the extremes in the file's order; add their places to ``answered``."""
    lines: dict[tuple[str, str], int] = {}
    for row in sheet:
        expert = questions.expert(row)
        parent = questions.parent(row)
        best = questions.item(row, "best", parent)
        worst = questions.item(row, "worst", parent)
        if expert is None or parent is None or best is None or worst is None:
            continue
        if not _is_asked(row, questions, expert, parent):
            continue
        key = expert.code, parent
        if best == worst:
            row.fault("worst", "best-is-worst", found=best, parent=parent)
        elif key in lines:
            row.fault("parent", "extremes-twice", expert=expert.code, other=lines[key])
        else:
            lines[key] = row.line
            answered.first.setdefault(key, (sheet.file, row.line))
            yield Extremes(expert.code, parent, best, worst)


def _is_asked(row: Row, questions: Questions, expert: Expert, parent: str) -> bool:
    if expert.kind != BEST_WORST:
        row.fault("expert", "extremes-of-another", expert=expert.code)
        return False
    if len(questions.children[parent]) < 3:
        row.fault("parent", "extremes-of-two", parent=parent)
        return False
    return True

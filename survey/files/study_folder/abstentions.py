"""abstentions.csv: pairs an expert cannot judge; empty a and b mean the group."""

from __future__ import annotations

from collections.abc import Iterator

from survey.files.study_folder.questions import AnswerPlaces, Questions
from survey.files.study_folder.sheet import Row, Sheet
from survey.values import BEST_WORST, DIRECT, RATING, Abstention, Expert

#: Reasons that name a side; they are exchanged when the pair is reversed.
_OTHER_SIDE = {"first-unknown": "second-unknown", "second-unknown": "first-unknown"}

#: Ways of answering without single pairs, and the code of the fault.
_WITHOUT = {
    DIRECT: "pair-of-direct",
    RATING: "pair-of-rating",
    BEST_WORST: "pair-of-best-worst",
}


def read_abstentions(
    sheet: Sheet, questions: Questions, answered: AnswerPlaces
) -> Iterator[Abstention]:
    """Yield the abstentions, each pair in the framework's order."""
    lines: dict[tuple[str, str, str, str], int] = {}
    for row in sheet:
        expert = questions.expert(row)
        asked = _asked(row, questions)
        if expert is None or asked is None:
            continue
        abstention = _abstention(row, expert, *asked)
        key = abstention.expert, abstention.parent, abstention.first, abstention.second
        if abstention.first and not questions.framework.asks_every_pair(
            abstention.parent, expert.kind
        ):
            row.fault("a", _WITHOUT[expert.kind], expert=expert.code)
        elif key in lines:
            row.fault("expert", "abstained-twice", expert=expert.code, other=lines[key])
        elif place := answered.find(*key):
            file, line = place
            row.fault("expert", "judged-and-abstained", expert=expert.code, where=file, other=line)
        else:
            lines[key] = row.line
            yield abstention


def _asked(row: Row, questions: Questions) -> tuple[str, str, str, bool] | None:
    """Return the parent and pair of this row, and whether the row reverses the pair."""
    blanks = [not row.label(column) for column in ("a", "b")]
    if all(blanks):
        parent = questions.parent(row)
        return (parent, "", "", False) if parent else None
    if any(blanks):
        row.fault("a" if blanks[0] else "b", "half-a-pair")
        return None
    pair = questions.pair(row)
    return (pair.parent, pair.first, pair.second, pair.reversed) if pair else None


def _abstention(
    row: Row, expert: Expert, parent: str, first: str, second: str, reversed_: bool
) -> Abstention:
    reason = row.text("reason")
    if reversed_:
        reason = _OTHER_SIDE.get(reason, reason)
    return Abstention(expert.code, parent, first, second, reason)

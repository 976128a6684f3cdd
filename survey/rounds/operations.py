"""Asking the panel again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Expert, Round, Study
from survey.store import journal
from survey.store.loading import load_criteria
from survey.store.rounds import PanelEmpty, last_round
from survey.store.storing import add_round
from survey.store.targeting import Question, ask_again


@dataclass(eq=False)
class RoundUnderWay(Exception):
    """A further round waits until this one is closed."""

    number: int


def start_round(
    session: Session,
    study: Study,
    experts: Sequence[Expert],
    actor: str,
    at: datetime,
    targets: Mapping[str, Iterable[Question]] | None = None,
    planned: int | None = None,
) -> Round:
    """A further round, a draft, to which these experts are invited.

    With ``targets``, by the expert's code, it is a targeted one: it asks each
    these questions only, and everything of whoever stands not among them.
    ``planned`` is how many rounds the study plans in all: told to the experts.

    Raises
    ------
    RoundUnderWay
        If the last round is not closed.
    PanelEmpty
        If nobody is to be invited.
    """
    # The lock makes two authors' browsers queue, so that no number is given twice.
    session.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    last = last_round(session, study)
    if last.state != "closed":
        raise RoundUnderWay(last.number)
    if not experts:
        raise PanelEmpty
    study.planned_rounds = planned
    round_ = add_round(session, study, load_criteria(session, study.framework_id), experts)
    detail: dict[str, str | int | None] = {"round": round_.number}
    if targets is not None:
        round_.targeted = True
        asked = {expert: targets.get(expert.code) for expert in experts}
        detail["targeted"] = ask_again(session, round_, asked)
    journal.record(session, round_.study_id, actor, "round added", detail, at)
    return round_

"""Asking the panel again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Expert, Round, Study
from survey.store import journal
from survey.store.loading import load_criteria
from survey.store.rounds import PanelEmpty, last_round
from survey.store.storing import add_round


@dataclass(eq=False)
class RoundUnderWay(Exception):
    """A further round waits until this one is closed."""

    number: int


def start_round(
    session: Session, study: Study, experts: Sequence[Expert], actor: str, at: datetime
) -> Round:
    """A further round, a draft, to which these experts are invited.

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
    round_ = add_round(session, study, load_criteria(session, study.framework_id), experts)
    journal.record(session, round_.study_id, actor, "round added", {"round": round_.number}, at)
    return round_

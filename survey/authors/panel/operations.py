"""Operations to add experts to a panel and to sign out their devices."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.models import Expert, SignIn, Study
from survey.store import journal
from survey.store.invitations import end_device
from survey.store.locks import hold_study
from survey.values import By


@dataclass(eq=False)
class ExpertExists(Exception):
    """The panel has an expert of this code already; nothing was stored."""

    code: str


def add_expert(session: Session, study: Study, expert: values.Expert, by: By) -> Expert:
    """Add an expert to the panel, without an invitation.

    Raises
    ------
    ExpertExists
        If the panel has an expert of this code.
    """
    hold_study(session, study.id)
    taken = select(Expert.id).where(Expert.study_id == study.id, Expert.code == expert.code)
    if session.scalar(taken) is not None:
        raise ExpertExists(expert.code)
    row = Expert(
        study_id=study.id,
        code=expert.code,
        name=expert.name,
        direction=expert.direction,
        language=expert.language,
        kind=expert.kind,
    )
    session.add(row)
    session.flush()
    journal.record(session, study.id, by.actor, "expert added", {"expert": row.code}, by.at)
    return row


def close_device(session: Session, expert: Expert, sign_in: SignIn, by: By) -> None:
    """End the session of one browser of an expert; their link still works."""
    hold_study(session, expert.study_id)
    end_device(session, expert, sign_in, by)

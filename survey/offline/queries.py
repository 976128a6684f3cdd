"""How the answers of a questionnaire stand, and what was last read from a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.asking.loading import load_questionnaire, load_versions
from survey.asking.questionnaire import Questionnaire
from survey.models import Invitation, JournalEntry, Study
from survey.spreadsheet.answers import Answer, Key, stored_answers
from survey.spreadsheet.instructions import Occasion
from survey.store.panel import find_member

#: The journal's words for a file that was read.
READ = "questionnaire read"


@dataclass(frozen=True, slots=True)
class State:
    """What is asked, what is stored, and each answer's version."""

    questionnaire: Questionnaire
    stored: Mapping[Key, Answer]
    versions: Mapping[Key, int]


def load_state(session: Session, invitation: Invitation) -> State:
    questionnaire = load_questionnaire(session, invitation)
    versions = {key: found.number for key, found in load_versions(session, invitation).items()}
    return State(questionnaire, stored_answers(questionnaire), versions)


def occasion_of(invitation: Invitation) -> Occasion:
    """Who asks her, in which round, and until when."""
    expert, round_ = invitation.expert, invitation.round
    study = expert.study
    return Occasion(
        study=study.code,
        titles=study.titles,
        notices=study.notices,
        contact=study.contact,
        anonymity=study.anonymity,
        expert=expert.code,
        name=expert.name,
        round=round_.number,
        closes_at=round_.closes_at,
    )


def find_last_invitation(session: Session, study: Study, code: str) -> Invitation | None:
    """The invitation of an expert of this study that is her latest."""
    member = find_member(session, study, code)
    return member.invitations[-1] if member and member.invitations else None


@dataclass(frozen=True, slots=True)
class LastRead:
    """When a file was last read for a questionnaire, and how many answers were stored from it."""

    at: datetime
    answers: int


def find_last_read(session: Session, invitation: Invitation) -> LastRead | None:
    """What the journal says of the last file that was read for this invitation."""
    rows = session.execute(
        select(JournalEntry.at, JournalEntry.detail)
        .where(JournalEntry.study_id == invitation.expert.study_id, JournalEntry.action == READ)
        .order_by(JournalEntry.number.desc())
    )
    for at, detail in rows:
        said: dict[str, Any] = json.loads(detail)
        if (said["expert"], said["round"]) == (invitation.expert.code, invitation.round_id):
            return LastRead(at, said["answers"])
    return None

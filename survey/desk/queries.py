"""Queries for the answers of a questionnaire and for the last uploaded file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.asking.questionnaire import Questionnaire
from survey.asking.questions import load_questionnaire
from survey.asking.saves import load_versions
from survey.files.questionnaire.answers import Answer, GroupAnswer, Key, stored_answers
from survey.files.questionnaire.instructions import Occasion
from survey.models import Invitation, JournalEntry

#: The journal's action for a file that was read.
READ = "questionnaire read"


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    """Questions, stored answers, and the version of each answer.

    Blind, it has only what an author may know of an open round: which questions have
    an answer, by their versions, but not the answers.
    """

    questionnaire: Questionnaire
    stored: Mapping[Key, Answer]
    versions: Mapping[Key, int]
    #: The versions that may be shown.
    shown: Mapping[Key, int]


def load_state(session: Session, invitation: Invitation, *, blind: bool) -> StoredAnswers:
    questionnaire = load_questionnaire(session, invitation, blank=blind)
    versions = {key: found.number for key, found in load_versions(session, invitation).items()}
    if not blind:
        return StoredAnswers(questionnaire, stored_answers(questionnaire), versions, versions)
    # No stored answer is compared, so all answers of a file are stored; empty ones are not.
    nothing: dict[Key, Answer] = {group.code: GroupAnswer() for group in questionnaire.asking}
    return StoredAnswers(
        questionnaire, nothing, versions, versions | _of_groups(questionnaire, versions)
    )


def _of_groups(questionnaire: Questionnaire, versions: Mapping[Key, int]) -> dict[Key, int]:
    """Return saves by group, of all its questions: its own would reveal an abstention."""
    return {
        group.code: versions.get(group.code, 0)
        + sum(versions.get(question.id, 0) for question in (*group.questions, *group.carried))
        for group in questionnaire.asking
    }


def occasion_of(invitation: Invitation) -> Occasion:
    """Name the study that asks the expert, the round and its deadline."""
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


@dataclass(frozen=True, slots=True)
class LastRead:
    """Time of the last uploaded file, and the number of answers stored from it."""

    at: datetime
    answers: int


def find_last_read(session: Session, invitation: Invitation) -> LastRead | None:
    """Return the journal's entry for the last file read for this invitation."""
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

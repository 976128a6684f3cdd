"""Queries for the study's figures on the first page of a personal link."""

import math
import statistics
from dataclasses import dataclass

from sqlalchemy import and_, case, extract, func, select
from sqlalchemy.orm import Session

from survey.asking.questionnaire import Questionnaire
from survey.asking.questions import load_questionnaire
from survey.experts.links import count_rows, has_begun
from survey.models import (
    AnswerRevision,
    Edition,
    Expert,
    Invitation,
    Unit,
)

#: With at least so many experts, their measured time replaces the estimate.
ENOUGH_TIMED = 5

#: A longer pause between two saves counts as this, in seconds: it was a break.
LONGEST_THOUGHT = 120


@dataclass(frozen=True, slots=True)
class Errand:
    """Figures of an invitation: experts, indicators, units, questions, minutes."""

    experts: int
    indicators: int
    #: Number of units that the weights are for; 0 while they are not known.
    units: int
    questionnaire: Questionnaire
    #: Number of comparisons, or of groups that are answered on one page each.
    questions: int
    minutes: int
    begun: bool
    #: Number of questions if every pair were asked.
    in_full: int


def load_errand(session: Session, invitation: Invitation) -> Errand:
    """Return the figures for the first page of a personal link."""
    study = invitation.expert.study
    questionnaire = load_questionnaire(session, invitation)
    questions = questionnaire.count
    pace = find_pace(session, invitation)
    seconds = questionnaire.usual_seconds if pace is None else pace * questions
    return Errand(
        experts=count_rows(session, Invitation.id, Invitation.round_id == invitation.round_id),
        indicators=len(questionnaire.framework.indicators),
        units=count_rows(
            session,
            Unit.id,
            Unit.edition_id == Edition.id,
            Edition.study_id == study.id,
            Edition.aside_since.is_(None),
        ),
        questionnaire=questionnaire,
        questions=questions,
        minutes=max(1, math.ceil(seconds / 60)),
        begun=has_begun(session, invitation),
        in_full=questionnaire.in_full,
    )


def find_pace(session: Session, invitation: Invitation) -> float | None:
    """Return the median seconds per question of the experts who finished.

    Experts who answer in another way are not counted. None until
    ``ENOUGH_TIMED`` experts have finished.
    """
    saved = extract("epoch", AnswerRevision.saved_at)
    since = saved - func.lag(saved).over(
        partition_by=(AnswerRevision.expert_id, AnswerRevision.round_id),
        order_by=(AnswerRevision.saved_at, AnswerRevision.id),
    )
    saves = (
        select(
            Invitation.id,
            since.label("pause"),
            func.coalesce(AnswerRevision.comparison_id, -AnswerRevision.parent_id).label("asked"),
        )
        .join(
            Invitation,
            and_(
                Invitation.expert_id == AnswerRevision.expert_id,
                Invitation.round_id == AnswerRevision.round_id,
            ),
        )
        .join(Expert, Expert.id == Invitation.expert_id)
        .where(
            Expert.study_id == invitation.expert.study_id,
            Invitation.kind == invitation.kind,
            Invitation.finished_at.is_not(None),
        )
        .subquery()
    )
    thought = case((saves.c.pause > LONGEST_THOUGHT, LONGEST_THOUGHT), else_=saves.c.pause)
    # Answers stored all at once (from a file, kept from before) took no time here.
    one_by_one = case((func.coalesce(saves.c.pause, 1) > 0, saves.c.asked))
    questions = func.count(one_by_one.distinct())
    rows = session.execute(
        select(func.sum(thought), questions).group_by(saves.c.id).having(questions > 1)
    ).all()
    paces = [float(seconds) / count for seconds, count in rows]
    return statistics.median(paces) if len(paces) >= ENOUGH_TIMED else None

"""How the answers of a whole group stand."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.asking.loading import Version
from survey.asking.questionnaire import Group
from survey.asking.saves import of_invitation
from survey.models import AnswerRevision, Invitation


def load_versions(session: Session, invitation: Invitation, group: Group) -> dict[int, Version]:
    """The version of the answer to each question of a group, without what it said."""
    rows = session.execute(
        select(AnswerRevision.comparison_id, AnswerRevision.version, AnswerRevision.saved_at)
        .where(
            *of_invitation(AnswerRevision, invitation),
            AnswerRevision.comparison_id.in_([question.id for question in group.questions]),
        )
        .order_by(AnswerRevision.version)
    )
    versions = {row.comparison_id: Version(row.version, row.saved_at) for row in rows}
    return {question.id: versions.get(question.id, Version()) for question in group.questions}

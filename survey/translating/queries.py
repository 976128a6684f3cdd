"""The reasons of a closed round, with what the author made of them in one language."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from survey.models import (
    Comparison,
    Criterion,
    Expert,
    Judgement,
    Reconsideration,
    Round,
    Translation,
)

#: Where a reason was given: with a judgement, or with a weight that was kept.
JUDGEMENT, KEPT = "judgement", "kept"


@dataclass(frozen=True, slots=True)
class GivenReason:
    """A reason as its writer put it, and its translation into one language, or nothing."""

    where: str
    id: int
    expert: str
    #: The language that its writer is asked in.
    language: str
    #: Codes of what it is about.
    about: tuple[str, ...]
    text: str
    translation: str

    @property
    def key(self) -> str:
        """What its field is called."""
        return f"{self.where}-{self.id}"

    @property
    def version(self) -> str:
        return version_of(self.translation)


def version_of(translation: str) -> str:
    """Which text a page showed: a later one must not be overwritten from it."""
    return sha256(translation.encode()).hexdigest()[:16]


def load_reasons(session: Session, round_: Round, language: str) -> list[GivenReason]:
    """Every reason of a round, with its translation into a language."""
    return [*_of_judgements(session, round_, language), *_of_kept(session, round_, language)]


def _of_judgements(session: Session, round_: Round, language: str) -> Iterator[GivenReason]:
    rows = session.execute(
        select(Judgement, Comparison, Expert.code, Expert.language, Translation.text)
        .join(Comparison, Comparison.id == Judgement.comparison_id)
        .join(Expert, Expert.id == Judgement.expert_id)
        .outerjoin(
            Translation,
            and_(Translation.judgement_id == Judgement.id, Translation.language == language),
        )
        .where(Judgement.round_id == round_.id, Judgement.reason != "")
        .order_by(Comparison.position, Judgement.expert_id)
    )
    for judgement, comparison, expert, written, text in rows:
        about = (comparison.first.code, comparison.second.code)
        yield GivenReason(
            JUDGEMENT, judgement.id, expert, written, about, judgement.reason, text or ""
        )


def _of_kept(session: Session, round_: Round, language: str) -> Iterator[GivenReason]:
    rows = session.execute(
        select(Reconsideration, Criterion.code, Expert.code, Expert.language, Translation.text)
        .join(Criterion, Criterion.id == Reconsideration.criterion_id)
        .join(Expert, Expert.id == Reconsideration.expert_id)
        .outerjoin(
            Translation,
            and_(
                Translation.reconsideration_id == Reconsideration.id,
                Translation.language == language,
            ),
        )
        .where(Reconsideration.round_id == round_.id, Reconsideration.reason != "")
        .order_by(Criterion.position, Reconsideration.expert_id)
    )
    for kept, code, expert, written, text in rows:
        yield GivenReason(KEPT, kept.id, expert, written, (code,), kept.reason, text or "")

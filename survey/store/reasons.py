"""Reasons of a round: of judgements that count in it, and of weights kept in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from survey import values
from survey.models import (
    Comparison,
    Criterion,
    Expert,
    Invitation,
    Judgement,
    Reconsideration,
    Round,
    Translation,
)

#: Kinds of reasons: given with a judgement, or with a weight that was kept.
JUDGEMENT, KEPT = "judgement", "kept"


@dataclass(frozen=True, slots=True)
class GivenReason:
    """A reason in its writer's words, with its translation into one language, if any."""

    where: str
    id: int
    #: Its writer's code and name.
    expert: str
    name: str
    #: The language that its writer is asked in; the one they wrote in is not known.
    language: str
    #: Codes of what it is about: the two of a comparison, or the one whose weight was kept.
    about: tuple[str, ...]
    text: str
    translation: str

    @property
    def key(self) -> str:
        """Return the key that identifies it."""
        return f"{self.where}-{self.id}"


def load_reasons(
    session: Session, round_: Round, counted: Iterable[values.Judgement], language: str
) -> list[GivenReason]:
    """Load the reasons of a round with their translations into a language.

    ``counted`` are the judgements that count in it: no other reasons are shown,
    and none of an expert who withdrew. The reason of a judgement that carried over
    is a row of the round it was given in. Empty while the round is not closed.
    """
    if not round_.is_closed:
        return []
    return [
        *_of_judgements(session, round_, counted, language),
        *_of_kept_weights(session, round_, language),
    ]


def load_translations(session: Session, study_id: int) -> dict[str, dict[str, str]]:
    """Load a study's translations of reasons, by the reason's key, then language."""
    found: dict[str, dict[str, str]] = {}
    for where, reason_id, model in (
        (JUDGEMENT, Translation.judgement_id, Judgement),
        (KEPT, Translation.reconsideration_id, Reconsideration),
    ):
        rows = session.execute(
            select(reason_id, Translation.language, Translation.text)
            .join(model, model.id == reason_id)
            .join(Round, Round.id == model.round_id)
            .where(Round.study_id == study_id)
            .order_by(Translation.language)
        )
        for id_, language, text in rows:
            found.setdefault(f"{where}-{id_}", {})[language] = text
    return found


def _of_judgements(
    session: Session, round_: Round, counted: Iterable[values.Judgement], language: str
) -> Iterator[GivenReason]:
    wanted = {
        (j.expert, j.parent, j.first, j.second, j.steps, j.reason) for j in counted if j.reason
    }
    for id_, *what, name, written, translation in _judged(session, round_, language):
        said = tuple(what)
        if said in wanted:
            wanted.discard(said)
            expert, _parent, *about, _steps, text = said
            yield GivenReason(
                JUDGEMENT, id_, expert, name, written, tuple(about), text, translation or ""
            )


def _judged(session: Session, round_: Round, language: str) -> Iterable[Any]:
    """Load the reasons of judgements up to a round; of two for one, the later first."""
    parent, first, second = aliased(Criterion), aliased(Criterion), aliased(Criterion)
    return session.execute(
        select(
            Judgement.id,
            Expert.code,
            parent.code,
            first.code,
            second.code,
            Judgement.step,
            Judgement.reason,
            Expert.name,
            Expert.language,
            Translation.text,
        )
        .join(Round, Round.id == Judgement.round_id)
        .join(Comparison, Comparison.id == Judgement.comparison_id)
        .join(parent, parent.id == Comparison.parent_id)
        .join(first, first.id == Comparison.first_id)
        .join(second, second.id == Comparison.second_id)
        .join(Expert, Expert.id == Judgement.expert_id)
        .outerjoin(
            Translation,
            and_(Translation.judgement_id == Judgement.id, Translation.language == language),
        )
        .where(
            Round.study_id == round_.study_id,
            Round.number <= round_.number,
            Judgement.reason != "",
            ~_took_back(Judgement.expert_id, Round.number),
        )
        .order_by(Round.number.desc(), Comparison.position, Judgement.expert_id)
    )


def _of_kept_weights(session: Session, round_: Round, language: str) -> Iterator[GivenReason]:
    rows = session.execute(
        select(
            Reconsideration.id,
            Expert.code,
            Expert.name,
            Expert.language,
            Criterion.code,
            Reconsideration.reason,
            Translation.text,
        )
        .join(Criterion, Criterion.id == Reconsideration.criterion_id)
        .join(Expert, Expert.id == Reconsideration.expert_id)
        .outerjoin(
            Translation,
            and_(
                Translation.reconsideration_id == Reconsideration.id,
                Translation.language == language,
            ),
        )
        .where(
            Reconsideration.round_id == round_.id,
            Reconsideration.reason != "",
            ~_took_back(Reconsideration.expert_id, round_.number),
        )
        .order_by(Criterion.position, Reconsideration.expert_id)
    )
    for id_, expert, name, written, code, text, translation in rows:
        yield GivenReason(KEPT, id_, expert, name, written, (code,), text, translation or "")


def _took_back(
    expert_id: InstrumentedAttribute[int], number: int | InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Return the condition that an expert withdrew from this round or a later one."""
    left = aliased(Round)
    return exists().where(
        Invitation.expert_id == expert_id,
        Invitation.withdrew_at.is_not(None),
        left.id == Invitation.round_id,
        left.number >= number,
    )

"""What readers see: the latest publication of each study."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey import published
from survey.folder.publication import read_publication
from survey.models import Edition, JournalEntry, Publication, Study, WeightSet


@dataclass(frozen=True, slots=True)
class Published:
    """A publication with what it rests on."""

    content: published.Publication
    #: The publication itself, byte for byte.
    document: str
    digest: str
    at: datetime
    #: The weight set it applies, byte for byte.
    weight_set: str
    #: The head of the study's journal once it was published.
    head: str


def load_published(session: Session) -> list[Published]:
    """The latest publication of every study, the newest first."""
    rows = session.execute(_latest().order_by(Publication.id.desc()))
    return [_published(session, *row) for row in rows]


def find_published(session: Session, study: str) -> Published | None:
    """The latest publication of a study, by its code."""
    row = session.execute(_latest().where(Study.code == study)).one_or_none()
    return None if row is None else _published(session, *row)


def _latest() -> Select[Publication, int, str]:
    newest = (
        select(func.max(Publication.id)).join(Edition).group_by(Edition.study_id).scalar_subquery()
    )
    return (
        select(Publication, Study.id, WeightSet.document)
        .join(Edition, Edition.id == Publication.edition_id)
        .join(Study, Study.id == Edition.study_id)
        .join(WeightSet, WeightSet.id == Publication.weight_set_id)
        .where(Publication.id.in_(newest))
    )


def _published(session: Session, row: Publication, study_id: int, weight_set: str) -> Published:
    head = session.scalars(
        select(JournalEntry.digest)
        .where(
            JournalEntry.study_id == study_id,
            JournalEntry.action == "ranking published",
            JournalEntry.detail.contains(row.digest),
        )
        .order_by(JournalEntry.number.desc())
        .limit(1)
    ).one()
    return Published(
        content=read_publication(row.document),
        document=row.document,
        digest=row.digest,
        at=row.published_at,
        weight_set=weight_set,
        head=head,
    )

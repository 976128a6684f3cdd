"""Replacing the units of an edition; publishing its ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey import values
from survey.editions.queries import as_value, find_publication
from survey.folder.publication import publication_digest, publication_text
from survey.models import Criterion, Edition, Publication, Rating, Study, Unit, WeightSet
from survey.reports.changes import Changes, changes, units_digest
from survey.reports.publications import publication
from survey.store import journal
from survey.store.loading import find_edition, load_criteria, load_ranked
from survey.version import VERSION


class UnitsChanged(Exception):
    """The units are no longer those that the author was shown; nothing was stored."""


class PublicationChanged(Exception):
    """What would be published is no longer what the author was shown; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a weight set becomes bands; ``languages`` are published beside the study's own."""

    shares: tuple[float, ...]
    ties: str
    languages: tuple[str, ...]


def replace_units(
    session: Session,
    study: Study,
    units: Sequence[values.Unit],
    shown: str,
    actor: str,
    at: datetime,
) -> Changes:
    """Make these the units of the study's edition, with these levels and no others.

    Parameters
    ----------
    shown : str
        The digest of the units that the author was shown when she agreed.

    Raises
    ------
    UnitsChanged
        If they have changed since.
    """
    edition = _hold_edition(session, study)
    before = load_ranked(session, study)
    if units_digest(before.units) != shown:
        raise UnitsChanged
    made = changes(before.units, units, before.framework)
    if edition is None:
        edition = Edition(study_id=study.id, code=study.code)
        session.add(edition)
        session.flush()
    _store_units(session, edition, units, load_criteria(session, study.framework_id))
    detail: journal.Detail = {
        "edition": edition.code,
        "levels": len(made.levels),
        "units": made.units,
        "added": len(made.added),
        "removed": len(made.removed),
        "digest": units_digest(units),
    }
    journal.record(session, study.id, actor, "levels replaced", detail, at)
    return made


def _hold_edition(session: Session, study: Study) -> Edition | None:
    """The study's edition; its other writers wait until this transaction ends."""
    session.execute(select(Edition.id).where(Edition.study_id == study.id).with_for_update()).all()
    return find_edition(session, study)


def _store_units(
    session: Session,
    edition: Edition,
    units: Sequence[values.Unit],
    criteria: dict[str, Criterion],
) -> None:
    stored = select(Unit).where(Unit.edition_id == edition.id).options(selectinload(Unit.ratings))
    rows = {row.code: row for row in session.scalars(stored)}
    for code in rows.keys() - {unit.code for unit in units}:
        session.delete(rows[code])
    for position, unit in enumerate(units, 1):
        row = rows.get(unit.code) or Unit(edition_id=edition.id, code=unit.code)
        session.add(row)
        row.position = position
        row.names = dict(unit.names)
        row.country = unit.country
        row.capital = unit.capital
        row.latitude, row.longitude = unit.latitude, unit.longitude
        _store_levels(row, unit.levels, criteria)
    session.flush()


def _store_levels(row: Unit, levels: Mapping[str, int], criteria: dict[str, Criterion]) -> None:
    known = {criteria[code].id: (criteria[code].top, level) for code, level in levels.items()}
    for rating in list(row.ratings):
        if rating.criterion_id not in known:
            row.ratings.remove(rating)
        else:
            _, rating.level = known.pop(rating.criterion_id)
    row.ratings += [
        Rating(criterion_id=criterion_id, top=top, level=level)
        for criterion_id, (top, level) in known.items()
    ]


def prepare(
    session: Session, study: Study, weight_set: WeightSet, settings: Settings
) -> values.Publication:
    """What readers would see of the study as it stands.

    Raises
    ------
    survey.reports.refusals.Refused
        If it cannot be ranked under this weight set.
    """
    content = load_ranked(session, study)
    languages = dict.fromkeys([*content.languages, *content.titles, *settings.languages])
    return publication(
        content,
        as_value(weight_set),
        weight_set.digest,
        settings.shares,
        settings.ties,
        tuple(languages),
        f"steelyard {VERSION}",
    )


def publish(
    session: Session,
    study: Study,
    weight_set: WeightSet,
    settings: Settings,
    shown: str,
    actor: str,
    at: datetime,
) -> Publication:
    """Publish what the author was shown; what is public already is not published twice.

    Raises
    ------
    PublicationChanged
        If ``shown``, the digest of what she was shown, is not that of what would be published.
    survey.reports.refusals.Refused
        If the study cannot be ranked under this weight set.
    """
    edition = _hold_edition(session, study)
    text = publication_text(prepare(session, study, weight_set, settings))
    digest = publication_digest(text)
    if digest != shown or edition is None:
        raise PublicationChanged
    latest = find_publication(session, study)
    if latest is not None and latest.digest == digest:
        return latest
    row = Publication(
        edition_id=edition.id,
        weight_set_id=weight_set.id,
        published_at=at,
        document=text,
        digest=digest,
    )
    session.add(row)
    session.flush()
    detail: journal.Detail = {
        "publication": row.id,
        "digest": digest,
        "weights": weight_set.digest,
    }
    journal.record(session, study.id, actor, "ranking published", detail, at)
    return row

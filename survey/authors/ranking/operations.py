"""Operations to publish a ranking exactly as previewed."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey import values
from survey.authors.ranking.queries import as_value, find_publication
from survey.files.publication import publication_digest, publication_text
from survey.models import Publication, Study, WeightSet
from survey.reports.ranking.publications import publication, whose_weights
from survey.store import journal
from survey.store.editions import find_edition, hold_edition
from survey.store.studies import load_outline, load_ranked
from survey.values import By, published
from survey.version import VERSION


class PublicationChanged(Exception):
    """The ranking changed after the author's preview; nothing was stored."""


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """Rule for bands, and the languages to publish in beside the study's own."""

    shares: tuple[float, ...]
    ties: str
    languages: tuple[str, ...]


def prepare(
    session: Session, study: Study, weight_set: WeightSet, settings: RankingSettings
) -> published.Publication:
    """Return the publication that readers would see of the current study.

    Raises
    ------
    survey.reports.refusals.Refused
        If it cannot be ranked under this weight set.
    """
    content = load_ranked(session, study)
    adopted = as_value(weight_set)
    source = session.get_one(Study, weight_set.study_id)
    languages = dict.fromkeys([*content.languages, *content.titles, *settings.languages])
    return publication(
        content,
        adopted,
        weight_set.digest,
        settings.shares,
        settings.ties,
        tuple(languages),
        f"steelyard {VERSION}",
        whose_weights(adopted, weight_set.round.number, source.notices),
    )


#: The study without its units, the id of its edition, and the notices of the weights.
RestsOn = tuple[values.Study, int | None, values.Texts]


@dataclass(frozen=True, slots=True)
class Draft:
    """Publication to store, computed before the write, because saves wait for that.

    Weights and the units of an edition do not change. Everything else it ``rests_on``
    is compared with the study when it is published.
    """

    rests_on: RestsOn
    document: str
    digest: str


def draw_up(
    session: Session, study: Study, weight_set: WeightSet, settings: RankingSettings
) -> Draft:
    """Compute what :func:`publish` stores.

    Raises
    ------
    survey.reports.refusals.Refused
        If the study cannot be ranked under this weight set.
    """
    rests_on = _rests_on(session, study, weight_set)
    document = publication_text(prepare(session, study, weight_set, settings))
    return Draft(rests_on, document, publication_digest(document))


def _rests_on(session: Session, study: Study, weight_set: WeightSet) -> RestsOn:
    edition = find_edition(session, study)
    source = session.get_one(Study, weight_set.study_id)
    return load_outline(session, study), edition.id if edition else None, source.notices


def publish(
    session: Session,
    study: Study,
    weight_set: WeightSet,
    settings: RankingSettings,
    shown: str,
    by: By,
    draft: Draft | None = None,
) -> Publication:
    """Publish the previewed ranking; one already public is not published twice.

    ``draft`` was computed before the write. It is computed here if it is None, or if
    the study has changed since.

    Raises
    ------
    PublicationChanged
        If ``shown``, the digest of the preview, is not that of the current draft.
    survey.reports.refusals.Refused
        If the study cannot be ranked under this weight set.
    """
    edition = hold_edition(session, study)
    if draft is None or draft.rests_on != _rests_on(session, study, weight_set):
        draft = draw_up(session, study, weight_set, settings)
    if draft.digest != shown or edition is None:
        raise PublicationChanged
    latest = find_publication(session, study)
    if latest is not None and latest.digest == draft.digest:
        return latest
    row = Publication(
        edition_id=edition.id,
        weight_set_id=weight_set.id,
        published_at=by.at,
        document=draft.document,
        digest=draft.digest,
    )
    session.add(row)
    session.flush()
    detail: journal.Detail = {
        "publication": row.id,
        "digest": draft.digest,
        "weights": weight_set.digest,
    }
    journal.record(session, study.id, by.actor, "ranking published", detail, by.at)
    return row

"""Queries for the latest publication of each study, checked before it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey import values
from survey.files.publication import publication_digest, read_publication
from survey.files.weight_set import FaultyWeightSet, digest_of, read_weight_set
from survey.models import Edition, Publication, Study, WeightSet
from survey.reports.panel.weight_sets import LEAST_FOR_INTERVALS, is_salted
from survey.store import journal
from survey.values import FEWEST_WITHOUT_SALT, Parameter, Texts, published


@dataclass(eq=False)
class NotAsPublished(Exception):
    """A stored publication differs from the published one; nothing of it is shown."""

    study: str
    #: The fault found, for the operator.
    what: str


@dataclass(frozen=True, slots=True)
class Published:
    """Publication with its document, weight set and journal head."""

    content: published.Publication
    #: The publication itself, byte for byte.
    document: str
    digest: str
    at: datetime
    #: The weight set it applies, byte for byte.
    weight_set: str
    #: The head of the study's journal once it was published.
    head: str

    @property
    def thin_groups(self) -> Mapping[str, Texts]:
        """The names, by code, of the groups that fewer than three experts judged."""
        return _thin_groups(self.weight_set)

    @property
    def offers_weight_set(self) -> bool:
        """Whether the file of the weight set is public.

        Without a salt, the checksum of the answers lets readers try out which answers of a
        small panel give the weights.
        """
        content = _content(self.weight_set)
        return is_salted(content) or content.panel.size >= FEWEST_WITHOUT_SALT

    @property
    def least_for_intervals(self) -> Parameter | None:
        """The least number of judges of an interval, where that withholds some; else None."""
        return _content(self.weight_set).parameters.get(LEAST_FOR_INTERVALS)

    @property
    def heard(self) -> Mapping[str, Parameter]:
        """Parameters of the weight set about the response to its round; empty if none."""
        return _heard(self.weight_set)


#: Number of checked documents that are cached, keyed by their full texts, so that a changed
#: document is never taken for a checked one.
_KEPT = 64


@lru_cache(maxsize=_KEPT)
def _content(weight_set: str) -> values.WeightSet:
    return read_weight_set(weight_set.encode())


def _thin_groups(weight_set: str) -> Mapping[str, Texts]:
    content = _content(weight_set)
    names = {group.code: group.names for group in content.framework.groups}
    return {code: names.get(code, {}) for code in content.panel.thin}


#: Counts of experts who did not answer but whose earlier answers count, and of all others who
#: did not answer, as named in a weight set.
_COUNT_AS_BEFORE = "kept_by_silence", "kept_declining", "not_asked"
_OTHERS = *_COUNT_AS_BEFORE, "left_out", "declined", "withdrew", "without_answers"


def _heard(weight_set: str) -> Mapping[str, Parameter]:
    told = _content(weight_set).parameters
    if "response_answered" not in told:
        return {}
    heard = {name: told[f"response_{name}"] for name in ("round", "answered")}
    others = {name: int(told.get(f"response_{name}", 0)) for name in _OTHERS}
    # Otherwise some counts are withheld, perhaps those of experts who count as before.
    if int(heard["answered"]) + sum(others.values()) == told["response_invited"]:
        heard["before"] = sum(others[name] for name in _COUNT_AS_BEFORE)
    return heard


def load_published(session: Session) -> tuple[list[Published], list[NotAsPublished]]:
    """Return the latest publication of every study, newest first, and the faulty ones."""
    shown, refused = [], []
    for row in session.execute(_latest().order_by(Publication.id.desc())):
        try:
            shown.append(_checked(session, *row))
        except NotAsPublished as error:
            refused.append(error)
    return shown, refused


def find_published(session: Session, study: str) -> Published | None:
    """Return the latest publication of a study, by its code, or None.

    Raises
    ------
    NotAsPublished
        If it is faulty. An earlier one is not shown instead: a reader would take it
        for the current one.
    """
    row = session.execute(_latest().where(Study.code == study)).one_or_none()
    return None if row is None else _checked(session, *row)


def _latest() -> Select[Publication, Study, WeightSet]:
    newest = (
        select(func.max(Publication.id)).join(Edition).group_by(Edition.study_id).scalar_subquery()
    )
    return (
        select(Publication, Study, WeightSet)
        .join(Edition, Edition.id == Publication.edition_id)
        .join(Study, Study.id == Edition.study_id)
        .join(WeightSet, WeightSet.id == Publication.weight_set_id)
        .where(Publication.id.in_(newest))
    )


def _checked(session: Session, row: Publication, study: Study, weight_set: WeightSet) -> Published:
    content, fault = _read(row.document, row.digest, weight_set.document, weight_set.digest)
    if content is None:
        raise NotAsPublished(study.code, fault)
    if content.study != study.code:
        raise NotAsPublished(study.code, f"its document is of the study {content.study!r}")
    if weight_set.locked_at is None:
        raise NotAsPublished(study.code, "its weight set is not frozen")
    return Published(
        content=content,
        document=row.document,
        digest=row.digest,
        at=row.published_at,
        weight_set=weight_set.document,
        head=_head(session, row, study, weight_set),
    )


@lru_cache(maxsize=_KEPT)
def _read(
    document: str, digest: str, weight_set: str, weights_digest: str
) -> tuple[published.Publication | None, str]:
    """Return a publication whose digests are correct; or None, and the fault."""
    if publication_digest(document) != digest:
        return None, "its document does not have its digest"
    try:
        content = read_publication(document)
        read_weight_set(weight_set.encode())
    except FaultyWeightSet:
        return None, "its weight set is damaged"
    except (ValueError, KeyError, TypeError):
        return None, "its document is no publication"
    if not content.weights_digest == weights_digest == digest_of(weight_set):
        return None, "its weight set is another"
    return content, ""


#: Cache of the numbers of journal entries, by study, publication and digest.
_places: dict[tuple[int, int, str], int] = {}


def _head(session: Session, row: Publication, study: Study, weight_set: WeightSet) -> str:
    """Return the journal's head at publication, from its intact entry."""
    detail: journal.Detail = {
        "publication": row.id,
        "digest": row.digest,
        "weights": weight_set.digest,
    }
    key = (study.id, row.id, row.digest)
    found = None
    for place in dict.fromkeys((_places.get(key), None)):
        found = found or journal.find_recorded(
            session, study.id, "ranking published", detail, place
        )
    if found is None or found[0].at != row.published_at:
        raise NotAsPublished(study.code, "the journal does not say that it was published")
    if len(_places) >= _KEPT:
        _places.clear()
    _places[key] = found[0].number
    return found[1]

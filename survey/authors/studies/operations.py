"""Operations to change a study's description and the anonymity of its experts."""

from sqlalchemy.orm import Session

from survey.authors.studies.queries import has_answers
from survey.models import Study
from survey.store import journal
from survey.store.locks import hold_study
from survey.store.rounds import hold_alone
from survey.values import By, Texts


class AnonymityPromised(Exception):
    """An expert has answered under the promised anonymity; nothing was stored."""


def describe_study(
    session: Session,
    study: Study,
    titles: Texts,
    contact: str,
    notices: Texts,
    purposes: Texts,
    by: By,
) -> None:
    """Change a study's description; answers and frozen weight sets do not change."""
    hold_study(session, study.id)
    said = (dict(titles), contact, dict(notices), dict(purposes))
    if said == (study.titles, study.contact, study.notices, study.purposes):
        return
    study.titles, study.contact, study.notices, study.purposes = said
    session.flush()
    detail: journal.Detail = {
        "titles": " ".join(titles),
        "notices": " ".join(notices),
        "purposes": " ".join(purposes),
    }
    journal.record(session, study.id, by.actor, "study described", detail, by.at)


def choose_anonymity(session: Session, study: Study, anonymity: str, by: By) -> None:
    """Set the readers of names beside reasons: one of ``values.ANONYMITIES``.

    Raises
    ------
    AnonymityPromised
        If an expert has answered; nothing was stored.
    """
    if anonymity == study.anonymity:
        return
    hold_study(session, study.id)
    for round_ in sorted(study.rounds, key=lambda round_: round_.id):
        hold_alone(session, round_)  # an answer that is being saved is waited for, and counts
    if has_answers(session, study):
        raise AnonymityPromised
    study.anonymity = anonymity
    session.flush()
    journal.record(session, study.id, by.actor, "anonymity chosen", {"anonymity": anonymity}, by.at)

"""Operation to change the noun for ranked units."""

from hashlib import sha256

from sqlalchemy.orm import Session

from survey.canonical import compact
from survey.models import Study
from survey.plurals import as_plain
from survey.store import journal
from survey.store.rounds import WrongState, hold_alone, last_round
from survey.values import By, UnitWords


class UnitNamedElsewhere(Exception):
    """The words changed after the page was shown. Nothing is stored."""


def digest_of(unit: UnitWords) -> str:
    """Return the SHA-256 of the words, hexadecimal."""
    return sha256(compact(as_plain(unit)).encode()).hexdigest()


def name_unit(session: Session, study: Study, unit: UnitWords, shown: str, by: By) -> None:
    """Store the noun for ranked units; ``shown`` is the digest of the page's words.

    Raises
    ------
    WrongState
        If a round is open: experts read the same words while they answer. Nothing is
        stored.
    UnitNamedElsewhere
        If the stored words are now neither those shown nor these. Nothing is stored.
    """
    round_ = last_round(session, study)
    hold_alone(session, round_)
    session.refresh(study, ["unit"])
    if as_plain(unit) == study.unit:
        return
    if round_.state == "open":
        raise WrongState(round_.state)
    if digest_of(study.unit) != shown:
        raise UnitNamedElsewhere
    study.unit = as_plain(unit)
    session.flush()
    journal.record(session, study.id, by.actor, "unit named", {"languages": " ".join(unit)}, by.at)

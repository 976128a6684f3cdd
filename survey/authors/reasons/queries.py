"""Queries for the reasons of a closed round, with the author's translations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from survey.models import Round
from survey.store import reasons
from survey.store.reasons import GivenReason
from survey.store.studies import load_answered

#: Number of reasons on one page: a form can hold far more, even of the longest texts.
ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a round's reasons, in their order."""

    number: int
    #: Numbers of the first and the last reason, counted from 1, and the total count.
    first: int
    last: int
    count: int
    reasons: Sequence[GivenReason]

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.first > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.last < self.count else None


def cut(given: Sequence[GivenReason], number: int, sent: Collection[str] = ()) -> Page:
    """Return the page of this number, or the nearest, with the reasons sent from it.

    ``sent`` are the keys of the reasons sent. Reasons may have been added or removed
    since.
    """
    pages = max(1, -(-len(given) // ON_A_PAGE))
    number = min(max(number, 1), pages)
    first = (number - 1) * ON_A_PAGE
    last = min(first + ON_A_PAGE, len(given))
    shown = [r for place, r in enumerate(given) if first <= place < last or r.key in sent]
    return Page(number, first + 1, last, len(given), shown)


def load_reasons(session: Session, round_: Round, language: str) -> list[GivenReason]:
    """Return every counting reason of a round, with its translation into a language.

    Reasons of experts who are asked in this language come last: they may still have
    been written in another.
    """
    counted = load_answered(session, round_.study, round_).judgements
    found = reasons.load_reasons(session, round_, counted, language)
    return sorted(found, key=lambda reason: reason.language == language)


def version_of(translation: str) -> str:
    """Return the version of a text, so that a page does not overwrite a later one."""
    return sha256(translation.encode()).hexdigest()[:16]

"""The reasons of a closed round, with what the author made of them in one language."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from survey.models import Round
from survey.store import reasons
from survey.store.loading import load_answered
from survey.store.reasons import GivenReason

#: How many stand on one page: even of the longest texts a form carries as many by far.
ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a round's reasons, in their order."""

    number: int
    #: Of the first and the last of them, counted from 1; of how many.
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
    """The page of this number, or else the nearest; with those whose keys were sent from it.

    Reasons may have come and gone since.
    """
    pages = max(1, -(-len(given) // ON_A_PAGE))
    number = min(max(number, 1), pages)
    first = (number - 1) * ON_A_PAGE
    last = min(first + ON_A_PAGE, len(given))
    shown = [r for place, r in enumerate(given) if first <= place < last or r.key in sent]
    return Page(number, first + 1, last, len(given), shown)


def load_reasons(session: Session, round_: Round, language: str) -> list[GivenReason]:
    """Every reason that is read of a round, with its translation into a language.

    Those of writers who are asked in this language stand last: they may still
    have been written in another.
    """
    counted = load_answered(session, round_.study, round_).judgements
    found = reasons.load_reasons(session, round_, counted, language)
    return sorted(found, key=lambda reason: reason.language == language)


def version_of(translation: str) -> str:
    """Which text a page showed: a later one must not be overwritten from it."""
    return sha256(translation.encode()).hexdigest()[:16]

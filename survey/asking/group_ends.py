"""Ends of groups: the contradictions an expert is shown there, and their review."""

import hashlib
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey.asking.questionnaire import QuestionGroup
from survey.asking.questions import find_parent
from survey.models import Invitation
from survey.reports.panel.contradictions import Finding, contradictions_of_judgements, says_nothing
from survey.store.reviews import find_review, review_of
from survey.values import Contradiction, Judged, Review


@dataclass(frozen=True, slots=True)
class GroupEnd:
    """The contradictions in the present answers to one group, and their last review."""

    judged: Judged
    findings: tuple[Finding, ...]
    #: Whether every answer is "the same".
    says_nothing: bool
    #: As it was saved last; before any save, without verdict and with nothing shown.
    review: Review
    version: int = 0

    @property
    def decided(self) -> bool:
        """Whether the expert has continued from here."""
        return self.review.after is not None

    @property
    def changed_since(self) -> bool:
        return self.decided and self.review.after != self.judged

    @property
    def seen(self) -> str:
        """Return a digest of the answers on the page: an outdated page sends another."""
        return hashlib.sha256(repr(self.judged).encode()).hexdigest()[:16]

    def next_review(self, verdict: str, reason: str, *, goes_on: bool) -> Review:
        """Return the review to store with this verdict; what was first shown stays in it."""
        shown = [Contradiction(finding.kind, finding.items) for finding in self.findings]
        known = {contradiction.items for contradiction in self.review.shown}
        return replace(
            self.review,
            verdict=verdict,
            reason=reason,
            shown=(*self.review.shown, *(c for c in shown if c.items not in known)),
            before=self.review.before if self.review.shown else self.judged,
            after=self.judged if goes_on else None,
        )


def load_group_end(session: Session, invitation: Invitation, group: QuestionGroup) -> GroupEnd:
    """Load the end of one group; a begun review shows no new contradictions."""
    parent = find_parent(session, invitation, group.code)
    row = find_review(session, invitation, parent) if parent else None
    expert = invitation.expert.code
    review = review_of(row, expert, group.code) if row else Review(expert, group.code)
    findings: tuple[Finding, ...] = ()
    if group.done and group.cannot is None:
        findings = contradictions_of_judgements(group.items, group.steps)
    if review.shown and review.after is None:
        begun_with = {contradiction.items for contradiction in review.shown}
        findings = tuple(finding for finding in findings if finding.items in begun_with)
    return GroupEnd(
        judged=group.judged,
        findings=findings,
        says_nothing=says_nothing(group.items, group.steps),
        review=review,
        version=row.version if row else 0,
    )

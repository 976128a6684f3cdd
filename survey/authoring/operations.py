"""What an author does to a study: links, rounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.models import (
    Author,
    AuthorLink,
    Expert,
    Invitation,
    PersonalLink,
    Round,
    SignIn,
    Study,
)
from survey.store import journal
from survey.store.rounds import hold_alone
from survey.tokens import digest, new_token
from survey.values import Texts

#: How long an author's sign-in link waits to be used.
AUTHOR_LINK_LASTS = timedelta(hours=24)

#: The author of what is loaded without naming one.
DEFAULT_AUTHOR = "author"


@dataclass(eq=False)
class WrongState(Exception):
    """The round is not in the state that this needs."""

    state: str


class PanelEmpty(Exception):
    """A round without an invited expert cannot be opened."""


def ensure_author(session: Session, code: str, at: datetime) -> Author:
    """The author of this code, created when new."""
    author = session.scalar(select(Author).where(Author.code == code))
    if author is None:
        author = Author(code=code, created_at=at)
        session.add(author)
        session.flush()
    return author


def issue_author_link(session: Session, author: Author, at: datetime) -> str:
    """The token of a new one-time sign-in link."""
    token = new_token()
    session.add(
        AuthorLink(
            author_id=author.id,
            digest=digest(token),
            issued_at=at,
            expires_at=at + AUTHOR_LINK_LASTS,
        )
    )
    return token


def describe_study(
    session: Session,
    study: Study,
    titles: Texts,
    contact: str,
    notices: Texts,
    actor: str,
    at: datetime,
) -> None:
    """Change what a study says of itself; the answers and what was frozen stay as they are."""
    study.titles, study.contact, study.notices = dict(titles), contact, dict(notices)
    session.flush()
    detail: journal.Detail = {"titles": " ".join(titles), "notices": " ".join(notices)}
    journal.record(session, study.id, actor, "study described", detail, at)


def issue_personal_link(session: Session, invitation: Invitation, actor: str, at: datetime) -> str:
    """The token of a new personal link; links issued before go on working.

    A token is shown once and stored only as a digest, so that a link that was
    lost is replaced, never looked up.
    """
    token = new_token()
    session.add(PersonalLink(invitation_id=invitation.id, digest=digest(token), issued_at=at))
    _note(session, invitation, actor, "link issued", at)
    return token


def reissue_personal_link(
    session: Session, invitation: Invitation, actor: str, at: datetime
) -> str:
    """The token of a new personal link in place of all before it."""
    revoke_personal_links(session, invitation, actor, at)
    return issue_personal_link(session, invitation, actor, at)


def revoke_personal_links(
    session: Session, invitation: Invitation, actor: str, at: datetime
) -> None:
    """End every link of an invitation and every session that came through one."""
    links = session.scalars(
        update(PersonalLink)
        .where(PersonalLink.invitation_id == invitation.id, PersonalLink.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(PersonalLink.id)
    ).all()
    session.execute(
        update(SignIn)
        .where(SignIn.personal_link_id.in_(links), SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    if links:
        _note(session, invitation, actor, "links revoked", at)


def open_round(session: Session, round_: Round, actor: str, at: datetime) -> None:
    """Let the invited experts answer.

    Raises
    ------
    WrongState
        Unless the round is a draft.
    PanelEmpty
        If nobody is invited.
    """
    _lock(session, round_, "draft")
    if session.scalar(select(Invitation.id).where(Invitation.round_id == round_.id)) is None:
        raise PanelEmpty
    round_.state, round_.opened_at = "open", at
    session.flush()
    _note_round(session, round_, actor, "round opened", at)


def close_round(session: Session, round_: Round, actor: str, at: datetime) -> None:
    """End a round for good: answers on their way are waited for, later ones refused.

    Raises
    ------
    WrongState
        Unless the round is open.
    """
    _lock(session, round_, "open")
    round_.state, round_.closed_at = "closed", at
    session.flush()
    _note_round(session, round_, actor, "round closed", at)


def _lock(session: Session, round_: Round, needed: str) -> None:
    hold_alone(session, round_)
    if round_.state != needed:
        raise WrongState(round_.state)


def _note(session: Session, invitation: Invitation, actor: str, action: str, at: datetime) -> None:
    expert = session.get_one(Expert, invitation.expert_id)
    detail: journal.Detail = {"expert": expert.code, "round": invitation.round_id}
    journal.record(session, expert.study_id, actor, action, detail, at)


def _note_round(session: Session, round_: Round, actor: str, action: str, at: datetime) -> None:
    journal.record(session, round_.study_id, actor, action, {"round": round_.number}, at)

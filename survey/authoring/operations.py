"""What an author does to a study: its words, panel, links and rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey import values
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
from survey.store.loading import load_criteria
from survey.store.rounds import hold_alone, hold_state
from survey.store.storing import add_round
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
    """A round needs an invited expert."""


@dataclass(eq=False)
class ExpertExists(Exception):
    """The panel has an expert of this code already; nothing was stored."""

    code: str


@dataclass(eq=False)
class RoundUnderWay(Exception):
    """A further round waits until this one is closed."""

    number: int


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


def add_expert(
    session: Session, study: Study, expert: values.Expert, actor: str, at: datetime
) -> Expert:
    """A new member of the panel, invited to no round yet.

    Raises
    ------
    ExpertExists
        If the panel has an expert of this code.
    """
    taken = select(Expert.id).where(Expert.study_id == study.id, Expert.code == expert.code)
    if session.scalar(taken) is not None:
        raise ExpertExists(expert.code)
    row = Expert(
        study_id=study.id,
        code=expert.code,
        name=expert.name,
        direction=expert.direction,
        language=expert.language,
        method=expert.method,
    )
    session.add(row)
    session.flush()
    journal.record(session, study.id, actor, "expert added", {"expert": row.code}, at)
    return row


def invite(session: Session, expert: Expert, round_: Round, actor: str, at: datetime) -> Invitation:
    """The invitation of an expert to a round, made when there is none yet.

    Raises
    ------
    WrongState
        If the round is closed.
    """
    _refuse_closed(session, round_)
    asked = select(Invitation).where(
        Invitation.expert_id == expert.id, Invitation.round_id == round_.id
    )
    invitation = session.scalar(asked)
    if invitation is None:
        invitation = Invitation(expert_id=expert.id, round_id=round_.id)
        session.add(invitation)
        session.flush()
        _note(session, invitation, actor, "expert invited", at)
    return invitation


def issue_links(
    session: Session,
    round_: Round,
    invitations: Sequence[Invitation],
    actor: str,
    at: datetime,
    *,
    replacing: bool = False,
) -> list[tuple[Expert, str]]:
    """The tokens of new personal links to a round, beside or instead of those before them.

    Raises
    ------
    WrongState
        If the round is closed: nobody can answer there any more.
    """
    _refuse_closed(session, round_)
    issue = reissue_personal_link if replacing else issue_personal_link
    return [
        (invitation.expert, issue(session, invitation, actor, at)) for invitation in invitations
    ]


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


def close_device(
    session: Session, expert: Expert, sign_in: SignIn, actor: str, at: datetime
) -> None:
    """End the session of one browser of an expert; her link goes on working."""
    if sign_in.ended_at is None:
        sign_in.ended_at = at
        session.flush()
        detail: journal.Detail = {"expert": expert.code, "device": sign_in.device}
        journal.record(session, expert.study_id, actor, "device closed", detail, at)


def start_round(
    session: Session, study: Study, experts: Sequence[Expert], actor: str, at: datetime
) -> Round:
    """A further round, a draft, to which these experts are invited.

    Raises
    ------
    RoundUnderWay
        If the last round is not closed.
    PanelEmpty
        If nobody is to be invited.
    """
    # The lock makes two authors' browsers queue, so that no number is given twice.
    session.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    last = session.scalars(
        select(Round).where(Round.study_id == study.id).order_by(Round.number.desc())
    ).first()
    if last is not None and last.state != "closed":
        raise RoundUnderWay(last.number)
    if not experts:
        raise PanelEmpty
    round_ = add_round(session, study, load_criteria(session, study.framework_id), experts)
    _note_round(session, round_, actor, "round added", at)
    return round_


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


def _refuse_closed(session: Session, round_: Round) -> None:
    state = hold_state(session, round_.id)
    if state == "closed":
        raise WrongState(state)


def _lock(session: Session, round_: Round, needed: str) -> None:
    hold_alone(session, round_)
    if round_.state != needed:
        raise WrongState(round_.state)


def _note(session: Session, invitation: Invitation, actor: str, action: str, at: datetime) -> None:
    expert = session.get_one(Expert, invitation.expert_id)
    round_ = session.get_one(Round, invitation.round_id)
    detail: journal.Detail = {"expert": expert.code, "round": round_.number}
    journal.record(session, expert.study_id, actor, action, detail, at)


def _note_round(session: Session, round_: Round, actor: str, action: str, at: datetime) -> None:
    journal.record(session, round_.study_id, actor, action, {"round": round_.number}, at)

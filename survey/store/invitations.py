"""Inviting experts to a round, and the personal links by which they come in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from survey.models import Expert, Invitation, PersonalLink, Round, SignIn
from survey.store import journal
from survey.store.locks import hold_members, hold_study
from survey.store.rounds import refuse_closed
from survey.store.targeting import ask_again
from survey.tokens import digest, new_token
from survey.values import BEST_WORST, PAIRWISE, SHORT


def load_invitations(
    session: Session, round_: Round, expert: Expert | None = None
) -> list[Invitation]:
    """The invitations to a round, of all experts or of one."""
    invitations = (
        select(Invitation)
        .where(Invitation.round_id == round_.id)
        .order_by(Invitation.expert_id)
        .options(joinedload(Invitation.expert))
    )
    if expert is not None:
        invitations = invitations.where(Invitation.expert_id == expert.id)
    return list(session.scalars(invitations))


def method_in(round_: Round, method: str) -> str:
    """How an expert is asked in a round: a short form has not the pairs of a best-worst star."""
    return PAIRWISE if round_.form == SHORT and method == BEST_WORST else method


def invite(session: Session, expert: Expert, round_: Round, actor: str, at: datetime) -> Invitation:
    """The invitation of an expert to a round, made when there is none yet.

    Who comes late to a targeted round is asked everything.

    Raises
    ------
    WrongState
        If the round is closed.
    """
    hold_study(session, round_.study_id)
    refuse_closed(session, round_)
    asked = select(Invitation).where(
        Invitation.expert_id == expert.id, Invitation.round_id == round_.id
    )
    invitation = session.scalar(asked)
    if invitation is None:
        invitation = Invitation(
            expert_id=expert.id, round_id=round_.id, method=method_in(round_, expert.method)
        )
        session.add(invitation)
        session.flush()
        if round_.targeted:
            ask_again(session, round_, {invitation: None})
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
    hold_study(session, round_.study_id)
    hold_members(session, invitations)
    refuse_closed(session, round_)
    issue = reissue_personal_link if replacing else issue_personal_link
    return [
        (invitation.expert, issue(session, invitation, actor, at)) for invitation in invitations
    ]


def issue_personal_link(session: Session, invitation: Invitation, actor: str, at: datetime) -> str:
    """The token of a new personal link; links issued before go on working.

    A token is shown once and stored only as a digest, so that a link that was
    lost is replaced, never looked up.
    """
    hold_members(session, [invitation])
    token = new_token()
    session.add(PersonalLink(invitation_id=invitation.id, digest=digest(token), issued_at=at))
    invitation.link_asked_at = None
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
    hold_members(session, [invitation])
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


def end_device(session: Session, expert: Expert, sign_in: SignIn, actor: str, at: datetime) -> None:
    """Sign one browser of an expert out; its link goes on working."""
    if sign_in.ended_at is None:
        sign_in.ended_at = at
        session.flush()
        detail: journal.Detail = {"expert": expert.code, "device": sign_in.device}
        journal.record(session, expert.study_id, actor, "device closed", detail, at)


def _note(session: Session, invitation: Invitation, actor: str, action: str, at: datetime) -> None:
    expert = session.get_one(Expert, invitation.expert_id)
    round_ = session.get_one(Round, invitation.round_id)
    detail: journal.Detail = {"expert": expert.code, "round": round_.number}
    journal.record(session, expert.study_id, actor, action, detail, at)

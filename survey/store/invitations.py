"""Invitations to a round, and the personal links of experts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, joinedload

from survey.db import Base
from survey.models import Expert, Invitation, PersonalLink, Round, SignIn
from survey.store import journal
from survey.store.locks import hold_members, hold_study
from survey.store.rounds import refuse_closed
from survey.store.slices import ROWS, sliced
from survey.store.targets import store_targets
from survey.tokens import digest, new_token
from survey.values import BEST_WORST, PAIRWISE, SHORT, By


def load_invitations(
    session: Session, round_: Round, expert: Expert | None = None
) -> list[Invitation]:
    """Load the invitations to a round, of all experts or of one."""
    invitations = (
        select(Invitation)
        .where(Invitation.round_id == round_.id)
        .order_by(Invitation.expert_id)
        .options(joinedload(Invitation.expert))
    )
    if expert is not None:
        invitations = invitations.where(Invitation.expert_id == expert.id)
    return list(session.scalars(invitations))


def kind_in(round_: Round, kind: str) -> str:
    """Return an expert's kind in a round; a short questionnaire has no best-worst."""
    return PAIRWISE if round_.form == SHORT and kind == BEST_WORST else kind


def invite(session: Session, expert: Expert, round_: Round, by: By) -> Invitation:
    """Return the invitation of an expert to a round, made when there is none yet.

    An expert who is invited late to a targeted round is asked everything.

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
            expert_id=expert.id, round_id=round_.id, kind=kind_in(round_, expert.kind)
        )
        session.add(invitation)
        session.flush()
        if round_.targeted:
            store_targets(session, round_, {invitation: None})
        _note(session, invitation, "expert invited", by)
    return invitation


def issue_links(
    session: Session,
    round_: Round,
    invitations: Sequence[Invitation],
    by: By,
    *,
    replacing: bool = False,
) -> list[tuple[Expert, str]]:
    """Issue links to a round, beside or instead of earlier ones; return their tokens.

    Raises
    ------
    WrongState
        If the round is closed: it takes no answers.
    """
    hold_study(session, round_.study_id)
    hold_members(session, invitations)
    refuse_closed(session, round_)
    if replacing:
        end_links(session, invitations, by)
    tokens = new_links(session, invitations, by)
    return [(i.expert, token) for i, token in zip(invitations, tokens, strict=True)]


def issue_everybodys_links(
    session: Session, round_: Round, by: By, *, replacing: bool = False
) -> list[tuple[Expert, str]]:
    """Issue personal links to every expert of a round, as :func:`issue_links` does.

    An expert who withdrew gets none: they come back only if they ask for a link.
    """
    hold_study(session, round_.study_id)
    invited = load_invitations(session, round_)
    hold_members(session, invited)
    given = [invitation for invitation in invited if invitation.withdrew_at is None]
    return issue_links(session, round_, given, by, replacing=replacing)


def new_links(session: Session, invitations: Sequence[Invitation], by: By) -> list[str]:
    """Issue new personal links; return their tokens. Earlier links continue to work.

    A token is shown once and stored only as a digest, so that a link that was
    lost is replaced, never looked up.
    """
    hold_members(session, invitations)
    issued = [(invitation, new_token()) for invitation in invitations]
    for some in sliced(issued, ROWS):
        rows = [
            {"invitation_id": invitation.id, "digest": digest(token), "issued_at": by.at}
            for invitation, token in some
        ]
        session.execute(insert(Base.metadata.tables["personal_link"]), rows)
    for invitation in invitations:
        invitation.link_asked_at = None
    action = "link issued" if len(invitations) == 1 else "links issued"
    _note_all(session, invitations, action, by)
    return [token for _, token in issued]


def end_links(session: Session, invitations: Sequence[Invitation], by: By) -> None:
    """End every link of these invitations and every session that came through one."""
    hold_members(session, invitations)
    ended: set[int] = set()
    for some in sliced(invitations, ROWS):
        ended |= _end_links_of(session, [invitation.id for invitation in some], by.at)
    _note_all(session, [i for i in invitations if i.id in ended], "links revoked", by)


def _end_links_of(session: Session, invitations: Sequence[int], at: datetime) -> set[int]:
    """Return those of these invitations, by id, that had a working link."""
    links = session.execute(
        update(PersonalLink)
        .where(PersonalLink.invitation_id.in_(invitations), PersonalLink.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(PersonalLink.id, PersonalLink.invitation_id)
    ).all()
    for some in sliced([link.id for link in links], ROWS):
        session.execute(
            update(SignIn)
            .where(SignIn.personal_link_id.in_(some), SignIn.ended_at.is_(None))
            .values(ended_at=at)
        )
    return {link.invitation_id for link in links}


def issue_personal_link(session: Session, invitation: Invitation, by: By) -> str:
    """Issue one personal link, as :func:`new_links` does; return its token."""
    return new_links(session, [invitation], by)[0]


def reissue_personal_link(session: Session, invitation: Invitation, by: By) -> str:
    """Issue a personal link in place of all before it; return its token."""
    end_links(session, [invitation], by)
    return issue_personal_link(session, invitation, by)


def revoke_personal_links(session: Session, invitation: Invitation, by: By) -> None:
    """End every link of an invitation, as :func:`end_links` does."""
    end_links(session, [invitation], by)


def end_device(session: Session, expert: Expert, sign_in: SignIn, by: By) -> None:
    """Sign one browser of an expert out; its link continues to work."""
    if sign_in.ended_at is None:
        sign_in.ended_at = by.at
        session.flush()
        detail: journal.Detail = {"expert": expert.code, "device": sign_in.device}
        journal.record(session, expert.study_id, by.actor, "device closed", detail, by.at)


def _note_all(session: Session, invitations: Sequence[Invitation], action: str, by: By) -> None:
    """Record one act on the links of these experts, in one entry that names them."""
    if not invitations:
        return
    round_ = session.get_one(Round, invitations[0].round_id)
    codes = " ".join(invitation.expert.code for invitation in invitations)
    named = "expert" if len(invitations) == 1 else "experts"
    detail: journal.Detail = {named: codes, "round": round_.number}
    journal.record(session, round_.study_id, by.actor, action, detail, by.at)


def _note(session: Session, invitation: Invitation, action: str, by: By) -> None:
    expert = session.get_one(Expert, invitation.expert_id)
    round_ = session.get_one(Round, invitation.round_id)
    detail: journal.Detail = {"expert": expert.code, "round": round_.number}
    journal.record(session, expert.study_id, by.actor, action, detail, by.at)

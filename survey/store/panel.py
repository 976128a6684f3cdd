"""The experts of a study with their invitations, links and devices."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from survey.models import Expert, Invitation, PersonalLink, Round, SignIn, Study

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class LinkState:
    """A personal link and the browsers that signed in by it, the latest first."""

    link: PersonalLink
    round: Round
    devices: tuple[SignIn, ...]

    @property
    def ended_by_expert(self) -> bool:
        """Whether it ended as the expert withdrew, not by the author."""
        at = self.link.revoked_at
        return at is not None and at == self.link.invitation.withdrew_at

    @property
    def last_used_at(self) -> datetime | None:
        return max((device.started_at for device in self.devices), default=None)


@dataclass(frozen=True, slots=True)
class Member:
    """An expert of the panel with their invitations and links, the earliest first."""

    expert: Expert
    invitations: tuple[Invitation, ...]
    links: tuple[LinkState, ...]

    @property
    def withdrew_from(self) -> Round | None:
        """Return the round the expert withdrew from, if they were invited to none since."""
        last = self.invitations[-1] if self.invitations else None
        return last.round if last and last.withdrew_at else None

    def is_invited(self, round_: Round) -> bool:
        return self.invitation_to(round_) is not None

    def invitation_to(self, round_: Round) -> Invitation | None:
        return next((i for i in self.invitations if i.round_id == round_.id), None)

    @property
    def working(self) -> tuple[LinkState, ...]:
        return tuple(state for state in self.links if state.link.revoked_at is None)

    @property
    def devices(self) -> tuple[SignIn, ...]:
        """Return the browsers that are signed in, or have been idle for too long."""
        return tuple(
            device for state in self.links for device in state.devices if device.ended_at is None
        )

    @property
    def last_seen_at(self) -> datetime | None:
        seen = [device.seen_at for state in self.links for device in state.devices]
        return max(seen, default=None)


def load_panel(session: Session, study: Study) -> list[Member]:
    """Load the experts of a study, in the order they were added."""
    experts = session.scalars(
        select(Expert).where(Expert.study_id == study.id).order_by(Expert.id)
    ).all()
    return _members(session, experts)


def load_experts_of(session: Session, study: Study, codes: Collection[str]) -> list[Expert]:
    """Load the experts of a study who have these codes, in the order they were added."""
    experts = session.scalars(
        select(Expert).where(Expert.study_id == study.id).order_by(Expert.id)
    ).all()
    return [expert for expert in experts if expert.code in codes]


def find_member(session: Session, study: Study, code: str) -> Member | None:
    expert = session.scalar(select(Expert).where(Expert.study_id == study.id, Expert.code == code))
    return _members(session, [expert])[0] if expert else None


def _members(session: Session, experts: Sequence[Expert]) -> list[Member]:
    invitations = _grouped(
        session.scalars(
            select(Invitation)
            .where(Invitation.expert_id.in_([expert.id for expert in experts]))
            .order_by(Invitation.id)
            .options(joinedload(Invitation.round), selectinload(Invitation.links))
        ),
        "expert_id",
    )
    links = [
        link for own in invitations.values() for invitation in own for link in invitation.links
    ]
    devices = _grouped(
        session.scalars(
            select(SignIn)
            .where(SignIn.personal_link_id.in_([link.id for link in links]))
            .order_by(SignIn.id.desc())
        ),
        "personal_link_id",
    )
    return [
        Member(
            expert,
            tuple(invitations[expert.id]),
            tuple(
                LinkState(link, invitation.round, tuple(devices[link.id]))
                for invitation in invitations[expert.id]
                for link in invitation.links
            ),
        )
        for expert in experts
    ]


def _grouped(rows: Iterable[Row], column: str) -> defaultdict[int, list[Row]]:
    by_column: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_column[getattr(row, column)].append(row)
    return by_column

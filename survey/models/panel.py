"""Authors, experts, invitations, links and sessions."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.db import Base, UTCDateTime

_KNOWN_METHOD = "method IN ('pairwise', 'direct', 'best-worst', 'rating')"

if TYPE_CHECKING:
    from survey.models.study import Round, Study


class Author(Base):
    """Author of studies."""

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AuthorLink(Base):
    """Sign-in link of an author, which works once, within a day."""

    __tablename__ = "author_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    #: SHA-256 of the token, hexadecimal; the token itself is not stored.
    digest: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[Author] = relationship()


class Expert(Base):
    """Member of a study's panel."""

    __tablename__ = "expert"
    __table_args__ = (
        UniqueConstraint("study_id", "code"),
        CheckConstraint(_KNOWN_METHOD, name="known_method"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str]
    name: Mapped[str]
    #: The expert's field, usually the code of a group.
    direction: Mapped[str]
    language: Mapped[str]
    #: The way of answering when they are invited to a round.
    kind: Mapped[str] = mapped_column("method")

    study: Mapped["Study"] = relationship()


#: One more than the largest seed, which is the largest integer of both databases.
SEEDS = 2**31


def new_seed() -> int:
    return secrets.randbelow(SEEDS)


class Invitation(Base):
    """Invitation of an expert to answer in one round."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("expert_id", "round_id"),
        CheckConstraint(_KNOWN_METHOD, name="known_method"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    #: The expert's way of answering in this round; only answers given in it count.
    kind: Mapped[str] = mapped_column("method")
    #: The time at which the expert finished; they may change answers until the round closes.
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Seed of the order of questions and sides: the same on every visit.
    seed: Mapped[int] = mapped_column(default=new_seed)
    #: When the expert withdrew and their answers of this round were deleted; None again if they
    #: begin again by a newer link.
    withdrew_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The time at which the expert declined; None again if they begin after all.
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decline_reason: Mapped[str] = mapped_column(default="")
    #: Another expert to ask instead, and how to reach them, as free text.
    suggestion: Mapped[str] = mapped_column(default="")
    #: The time at which the expert asked for a new link in place of a revoked one.
    link_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    expert: Mapped[Expert] = relationship()
    round: Mapped["Round"] = relationship()
    links: Mapped[list["PersonalLink"]] = relationship(
        order_by="PersonalLink.id", back_populates="invitation"
    )


class PersonalLink(Base):
    """Personal link of one invited expert, which works until it is revoked."""

    __tablename__ = "personal_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"))
    #: SHA-256 of the token, hexadecimal; the token itself is not stored.
    digest: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    invitation: Mapped[Invitation] = relationship(back_populates="links")


class SignIn(Base):
    """Session of a browser that is signed in by a personal link or as an author."""

    __tablename__ = "sign_in"
    __table_args__ = (
        CheckConstraint(
            "(personal_link_id IS NULL) <> (author_id IS NULL)", name="expert_or_author"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the session's token, hexadecimal.
    digest: Mapped[str] = mapped_column(unique=True)
    personal_link_id: Mapped[int | None] = mapped_column(ForeignKey("personal_link.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Renewed by writes, at most every few minutes.
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The shortened User-Agent, so that the expert can recognise a stranger's browser.
    device: Mapped[str]

    personal_link: Mapped[PersonalLink | None] = relationship()
    author: Mapped[Author | None] = relationship()

"""Who takes part, and how they get in."""

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
    """Who runs studies."""

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AuthorLink(Base):
    """A sign-in link: works once, within a day."""

    __tablename__ = "author_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    #: SHA-256 of the token, hexadecimal; the token itself is nowhere.
    digest: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[Author] = relationship()


class Expert(Base):
    """A member of a study's panel."""

    __tablename__ = "expert"
    __table_args__ = (
        UniqueConstraint("study_id", "code"),
        CheckConstraint(_KNOWN_METHOD, name="known_method"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str]
    name: Mapped[str]
    #: Her field: usually the code of a group.
    direction: Mapped[str]
    language: Mapped[str]
    #: How she is asked when she is invited to a round.
    method: Mapped[str]

    study: Mapped["Study"] = relationship()


#: One more than the largest seed: any database's integer holds it.
SEEDS = 2**31


def new_seed() -> int:
    return secrets.randbelow(SEEDS)


class Invitation(Base):
    """An expert asked to answer in one round."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("expert_id", "round_id"),
        CheckConstraint(_KNOWN_METHOD, name="known_method"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    #: How she answers in this round: what decides which of her answers count.
    method: Mapped[str]
    #: When she said that she was done; she may come back until the round closes.
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What her order of questions and sides is drawn from: the same whenever she comes back.
    seed: Mapped[int] = mapped_column(default=new_seed)
    #: When she took back what she had said in this round, and had it deleted; None again once
    #: she begins anew by a link issued since.
    withdrew_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When she said that she takes no part; None again once she begins after all.
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decline_reason: Mapped[str] = mapped_column(default="")
    #: Whom she would ask instead, and how to reach her, in her own words.
    suggestion: Mapped[str] = mapped_column(default="")
    #: When she asked for a new link in place of a revoked one.
    link_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    expert: Mapped[Expert] = relationship()
    round: Mapped["Round"] = relationship()
    links: Mapped[list["PersonalLink"]] = relationship(
        order_by="PersonalLink.id", back_populates="invitation"
    )


class PersonalLink(Base):
    """The way in for one invited expert: works until it is revoked."""

    __tablename__ = "personal_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"))
    #: SHA-256 of the token, hexadecimal; the token itself is nowhere.
    digest: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    invitation: Mapped[Invitation] = relationship(back_populates="links")


class SignIn(Base):
    """A browser that is signed in, through a personal link or as an author."""

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
    #: What the browser calls itself, shortened, so that a stranger's can be told apart.
    device: Mapped[str]

    personal_link: Mapped[PersonalLink | None] = relationship()
    author: Mapped[Author | None] = relationship()

"""A study and its rounds: what is asked, by whom, when."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.db import Base, UTCDateTime
from survey.models.framework import Framework
from survey.models.panel import Author


class Study(Base):
    """One weighting of one framework, owned by one author."""

    __tablename__ = "study"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    #: Language code -> title.
    titles: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Whom the experts may write to; shown to them.
    contact: Mapped[str]
    #: Language code -> what must be said of the data wherever it is shown.
    notices: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: How many rounds are planned; None while nothing is said of it.
    planned_rounds: Mapped[int | None]

    author: Mapped[Author] = relationship()
    framework: Mapped[Framework] = relationship()
    rounds: Mapped[list["Round"]] = relationship(order_by="Round.number", back_populates="study")


class Round(Base):
    """One asking of the panel: draft, then open, then closed for good."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("study_id", "number"),
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="known_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    state: Mapped[str]
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Whether each expert is asked only some questions again: her others carry over.
    targeted: Mapped[bool] = mapped_column(default=False, server_default=false())

    study: Mapped[Study] = relationship(back_populates="rounds")

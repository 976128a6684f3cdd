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
    __table_args__ = (CheckConstraint("anonymity IN ('experts', 'named')", name="known_anonymity"),)

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
    #: Language code -> why the experts are asked; shown to them.
    purposes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    #: Language code -> plural category of CLDR -> the noun for what is ranked; empty: city.
    unit: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict, server_default="{}")
    #: Who reads an expert's name beside her reasons: one of ``values.ANONYMITIES``. A trigger
    #: keeps it from the first answer on.
    anonymity: Mapped[str] = mapped_column(default="experts")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When it was last loaded into and not in force yet: no page and no command shows it.
    aside_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
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
        CheckConstraint("\"order\" IN ('random', 'fixed')", name="known_order"),
        CheckConstraint("form IN ('full', 'short')", name="known_form"),
        CheckConstraint("silence IN ('keep', 'leave-out')", name="known_silence"),
        CheckConstraint("least_response >= 0", name="counted_response"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    state: Mapped[str]
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When the author means to close it: told to the experts, closes nothing.
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: ``random``: by each invitation's seed; ``fixed``: the framework's order, for everybody.
    order: Mapped[str] = mapped_column(default="random")
    #: ``full``: every pair of a group; ``short``: some that connect it, and a few more.
    form: Mapped[str] = mapped_column(default="full")
    #: The ways of answering among which an expert may choose; empty: each as the panel says.
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)

    #: Language code -> version of the study's own words of the scale, from when it opened;
    #: a language that is not here was asked in the words of the pages.
    scale: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    #: Whether each expert is asked only some questions again: her others carry over.
    targeted: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Whether the former answers of an expert who is silent count (``keep``) or nothing of her
    #: (``leave-out``). None: opened before there was a rule; what it asked again and nobody
    #: answered does not count. A trigger keeps both this and the next from the opening on.
    silence: Mapped[str | None] = mapped_column(default="keep")
    #: How many experts should answer before its consensus is frozen; 0: nothing is said of it.
    least_response: Mapped[int] = mapped_column(default=3, server_default="0")

    study: Mapped[Study] = relationship(back_populates="rounds")

    @property
    def is_closed(self) -> bool:
        """Whether its answers may be read by anyone but the expert who gave them."""
        return self.state == "closed"


class ScaleWords(Base):
    """A study's own words of the scale in one language; a row stays, a change adds the next.

    A trigger lets none in while a round of the study is open.
    """

    __tablename__ = "scale_words"
    __table_args__ = (
        UniqueConstraint("study_id", "language", "version"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    language: Mapped[str]
    version: Mapped[int]
    #: Ratio -> word: of each of ``values.RATIOS``.
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Ratio -> what the word says when it is translated back; may be empty.
    back: Mapped[dict[str, str]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

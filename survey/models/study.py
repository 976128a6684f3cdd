"""Studies and their rounds."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.db import Base, UTCDateTime
from survey.models.framework import Framework
from survey.models.panel import Author


class Study(Base):
    """Study: one weighting of one framework, owned by one author."""

    __tablename__ = "study"
    __table_args__ = (CheckConstraint("anonymity IN ('experts', 'named')", name="known_anonymity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    #: Language code -> title.
    titles: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Contact address, shown to the experts.
    contact: Mapped[str]
    #: Language code -> notice about the data, shown wherever the data are.
    notices: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Language code -> purpose of the study, shown to the experts.
    purposes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    #: Language code -> plural category of CLDR -> the noun for ranked units; empty: city.
    unit: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict, server_default="{}")
    #: The readers of an expert's name beside reasons: one of ``values.ANONYMITIES``. A trigger
    #: refuses changes from the first answer on.
    anonymity: Mapped[str] = mapped_column(default="experts")
    #: The beginning of the checksum of the answers in a weight set: 64 hexadecimal digits, never
    #: public; empty before the first weight set. A trigger refuses changes from then on.
    salt: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: If not in force yet: when it was last loaded into. No page and no command shows it then.
    aside_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Number of planned rounds; None if the author did not say.
    planned_rounds: Mapped[int | None]

    author: Mapped[Author] = relationship()
    framework: Mapped[Framework] = relationship()
    rounds: Mapped[list["Round"]] = relationship(order_by="Round.number", back_populates="study")

    @property
    def last_closed_round(self) -> "Round | None":
        """The newest round that is closed, if there is one."""
        return next((round_ for round_ in reversed(self.rounds) if round_.is_closed), None)


class Round(Base):
    """Round of questions to the panel: draft, then open, then closed for good."""

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
    #: The time at which the author plans to close it: shown to the experts, has no other effect.
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: ``random``: by each invitation's seed; ``fixed``: the framework's order, for all experts.
    order: Mapped[str] = mapped_column(default="random")
    #: ``full``: every pair of a group; ``short``: pairs that connect it, and a few more.
    form: Mapped[str] = mapped_column(default="full")
    #: The ways of answering among which an expert may choose; empty: the panel's.
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)

    #: Language code -> version of the study's own words for the scale when it opened; other
    #: languages have the words of the pages.
    scale: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    #: Whether each expert is asked only some questions again; their other answers carry over.
    targeted: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Whether the earlier answers of an expert who is silent count (``keep``) or none of theirs
    #: (``leave-out``). None: opened before this rule; questions that it asked again and that were
    #: not answered do not count. A trigger refuses changes of this and the next once it is open.
    silence: Mapped[str | None] = mapped_column(default="keep")
    #: Minimum response: the number of experts who should answer before a freeze; 0: none.
    least_response: Mapped[int] = mapped_column(default=3, server_default="0")

    study: Mapped[Study] = relationship(back_populates="rounds")

    @property
    def is_closed(self) -> bool:
        """Whether others than the expert who gave them may read its answers."""
        return self.state == "closed"


class ScaleWords(Base):
    """Own words of a study for the scale in one language; a change adds a new row.

    A trigger refuses new rows while a round of the study is open.
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
    #: Ratio -> word, for each of ``values.RATIOS``.
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Ratio -> back translation of the word; may be empty.
    back: Mapped[dict[str, str]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

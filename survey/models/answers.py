"""Comparisons, the questions of targeted rounds, and the experts' answers.

An answer belongs to an invitation (an expert in a round): the composite
foreign keys refuse an answer to another round's comparison. Triggers refuse
every change of an answer unless its round is open.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.db import Base, UTCDateTime
from survey.models.framework import Criterion


def _of_an_invitation() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["expert_id", "round_id"], ["invitation.expert_id", "invitation.round_id"]
    )


def _of_a_comparison() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["comparison_id", "round_id"], ["comparison.id", "comparison.round_id"]
    )


def _unique_where(name: str, condition: str, *columns: str) -> Index:
    return Index(
        name,
        *columns,
        unique=True,
        sqlite_where=text(condition),
        postgresql_where=text(condition),
    )


class Comparison(Base):
    """Question of a round: two criteria under one parent, in the order asked."""

    __tablename__ = "comparison"
    __table_args__ = (
        UniqueConstraint("round_id", "first_id", "second_id"),
        UniqueConstraint("id", "round_id"),
        CheckConstraint("first_id <> second_id", name="two_criteria"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    position: Mapped[int]

    parent: Mapped[Criterion] = relationship(foreign_keys=parent_id)
    first: Mapped[Criterion] = relationship(foreign_keys=first_id)
    second: Mapped[Criterion] = relationship(foreign_keys=second_id)


class Judgement(Base):
    """Answer of one expert to one comparison; a later answer replaces it."""

    __tablename__ = "judgement"
    __table_args__ = (
        UniqueConstraint("expert_id", "comparison_id"),
        _of_an_invitation(),
        _of_a_comparison(),
        CheckConstraint("step BETWEEN -8 AND 8", name="step_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    expert_id: Mapped[int]
    comparison_id: Mapped[int]
    #: Steps from equal (0) toward the first (+8) or the second (-8) criterion.
    step: Mapped[int]
    #: In any language; other experts may read it without the expert's name.
    reason: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Extremes(Base):
    """Criteria under a parent that count most and least for one expert."""

    __tablename__ = "extremes"
    __table_args__ = (
        UniqueConstraint("expert_id", "round_id", "parent_id"),
        _of_an_invitation(),
        CheckConstraint("best_id <> worst_id", name="two_criteria"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    expert_id: Mapped[int]
    parent_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    best_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    worst_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Allocation(Base):
    """Points of 100 under its parent, or rating, that one expert gives a criterion."""

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("expert_id", "round_id", "criterion_id", "method"),
        _of_an_invitation(),
        CheckConstraint("points BETWEEN 0 AND 100", name="of_a_hundred"),
        CheckConstraint(
            "method = 'direct' OR (method = 'rating' AND points <= 10)", name="known_method"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    expert_id: Mapped[int]
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    #: ``direct`` or ``rating``: an expert who changes to the other keeps both.
    kind: Mapped[str] = mapped_column("method")
    points: Mapped[float]
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Abstention(Base):
    """Statement that an expert cannot judge a comparison or, without one, a group."""

    __tablename__ = "abstention"
    __table_args__ = (
        _of_an_invitation(),
        _of_a_comparison(),
        _unique_where(
            "uq_abstention_comparison",
            "comparison_id IS NOT NULL",
            "expert_id",
            "comparison_id",
        ),
        _unique_where(
            "uq_abstention_group",
            "comparison_id IS NULL",
            "expert_id",
            "round_id",
            "parent_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    expert_id: Mapped[int]
    parent_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    comparison_id: Mapped[int | None]
    #: One of ``values.CANNOT_JUDGE``, or the expert's own words, or empty.
    reason: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AnswerRevision(Base):
    """Save of an answer, kept unchanged to detect repeated saves and outdated pages.

    Its question is the comparison or, for points and whole groups, the parent.
    """

    __tablename__ = "answer_revision"
    __table_args__ = (
        _of_an_invitation(),
        _of_a_comparison(),
        UniqueConstraint("expert_id", "key"),
        _unique_where(
            "uq_answer_revision_comparison",
            "comparison_id IS NOT NULL",
            "expert_id",
            "comparison_id",
            "version",
        ),
        _unique_where(
            "uq_answer_revision_group",
            "comparison_id IS NULL",
            "expert_id",
            "round_id",
            "parent_id",
            "version",
        ),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    expert_id: Mapped[int]
    parent_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    comparison_id: Mapped[int | None]
    version: Mapped[int]
    #: Sent by the page with the answer; the same key sent twice counts once.
    key: Mapped[str]
    #: Canonical JSON of the saved answer.
    content: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Review(Base):
    """Review by an expert of a group's weights; one row per save, the last counts."""

    __tablename__ = "review"
    __table_args__ = (
        _of_an_invitation(),
        UniqueConstraint("expert_id", "key"),
        UniqueConstraint("expert_id", "round_id", "parent_id", "version"),
        CheckConstraint("verdict IN ('', 'looks-right', 'off')", name="verdict_known"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    expert_id: Mapped[int]
    parent_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    version: Mapped[int]
    key: Mapped[str]
    #: Whether the weights look right to the expert; empty if they did not say.
    verdict: Mapped[str]
    #: Why the expert keeps contradictory answers; only the author reads it.
    reason: Mapped[str]
    #: Canonical JSON: the contradictions shown to the expert, each with kind, items and steps.
    shown: Mapped[str]
    #: Canonical JSON: the expert's steps by pair when these were first shown.
    before: Mapped[str]
    #: The same when the expert continued; None if they went to reconsider an answer.
    after: Mapped[str | None]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Target(Base):
    """Question that a targeted round asks of one expert, with its reason.

    It is the comparison or, for an expert who answers in lists, the group under a parent.
    """

    __tablename__ = "asked"
    __table_args__ = (
        _of_an_invitation(),
        _of_a_comparison(),
        _unique_where(
            "uq_asked_comparison", "comparison_id IS NOT NULL", "expert_id", "comparison_id"
        ),
        _unique_where(
            "uq_asked_group", "comparison_id IS NULL", "expert_id", "round_id", "parent_id"
        ),
        CheckConstraint("why IN ('unanswered', 'contradictory', 'far', 'band')", name="known_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    expert_id: Mapped[int]
    parent_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    comparison_id: Mapped[int | None]
    #: One of ``values.WHY_ASKED``.
    why: Mapped[str]


class Reconsideration(Base):
    """Decision of an expert about an earlier weight of theirs, given the panel's."""

    __tablename__ = "reconsideration"
    __table_args__ = (
        UniqueConstraint("expert_id", "round_id", "criterion_id"),
        _of_an_invitation(),
        CheckConstraint("decision IN ('keep', 'reconsider')", name="known_decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    expert_id: Mapped[int]
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    decision: Mapped[str]
    #: Why the expert keeps a weight outside the panel's middle 50 %; other experts may read it.
    reason: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)


#: A row with an answer of an expert in a round.
Answer = Judgement | Allocation | Extremes | Abstention | AnswerRevision | Reconsideration | Review

#: Every table of answers. Their rows change only while their round is open, are read only
#: once it is closed (except by their expert), and are deleted when their expert withdraws.
ANSWERS: tuple[type[Answer], ...] = (
    Judgement,
    Allocation,
    Extremes,
    Abstention,
    AnswerRevision,
    Reconsideration,
    Review,
)


class Translation(Base):
    """Translation of an expert's reason into another language, by the author."""

    __tablename__ = "translation"
    __table_args__ = (
        CheckConstraint(
            "(judgement_id IS NULL) <> (reconsideration_id IS NULL)", name="of_one_reason"
        ),
        UniqueConstraint("judgement_id", "language"),
        UniqueConstraint("reconsideration_id", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    judgement_id: Mapped[int | None] = mapped_column(ForeignKey("judgement.id"))
    reconsideration_id: Mapped[int | None] = mapped_column(ForeignKey("reconsideration.id"))
    language: Mapped[str]
    text: Mapped[str]
    translated_at: Mapped[datetime] = mapped_column(UTCDateTime)

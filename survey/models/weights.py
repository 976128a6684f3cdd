"""Weight sets that a study adopts. Once locked, triggers refuse every change."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.db import Base, UTCDateTime
from survey.models.study import Round


class WeightSet(Base):
    """Frozen consensus, with the document that anyone can verify."""

    __tablename__ = "weight_set"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    name: Mapped[str]
    #: Why the author stopped after this round.
    stopping_reason: Mapped[str]
    #: The weight set file, byte for byte (canonical JSON).
    document: Mapped[str]
    #: SHA-256 over the document's sections, as stated in the document itself.
    digest: Mapped[str]
    #: Set last, after the weights are stored; then nothing can change any more.
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    round: Mapped[Round] = relationship()
    weights: Mapped[list["Weight"]] = relationship(
        order_by="Weight.id", back_populates="weight_set"
    )


class Weight(Base):
    """Weight of one criterion in a weight set."""

    __tablename__ = "weight"
    __table_args__ = (
        UniqueConstraint("weight_set_id", "criterion_id"),
        CheckConstraint("local_weight BETWEEN 0 AND 1", name="local_is_a_share"),
        CheckConstraint("global_weight BETWEEN 0 AND 1", name="global_is_a_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    weight_set_id: Mapped[int] = mapped_column(ForeignKey("weight_set.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    #: Its share under its parent.
    local_weight: Mapped[float]
    #: Its overall share.
    global_weight: Mapped[float]

    weight_set: Mapped[WeightSet] = relationship(back_populates="weights")

"""Tree of criteria and its ladders, with their texts by language."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.db import Base


class Framework(Base):
    """Framework of a study; it does not change once a study uses it."""

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)

    criteria: Mapped[list["Criterion"]] = relationship(
        order_by="Criterion.position", back_populates="framework"
    )


class Criterion(Base):
    """Node of the tree: the goal, a group, or an indicator with its ladder."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("framework_id", "code"),
        # A rating repeats the top of its ladder, so that its level can be checked against it.
        UniqueConstraint("id", "top"),
        CheckConstraint("top >= 1", name="top_is_a_rung"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    #: None for the goal, the root of the tree.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("criterion.id"))
    code: Mapped[str]
    position: Mapped[int]
    #: Language code -> name.
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    #: The highest level of an indicator's ladder; None for a criterion with children.
    top: Mapped[int | None]

    framework: Mapped[Framework] = relationship(back_populates="criteria")
    rungs: Mapped[list["Rung"]] = relationship(order_by="Rung.level")


class Rung(Base):
    """Described state of a city on an indicator's ladder."""

    __tablename__ = "rung"
    __table_args__ = (
        UniqueConstraint("criterion_id", "level"),
        CheckConstraint("level >= 1", name="above_the_ground"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    level: Mapped[int]
    #: Language code -> description.
    texts: Mapped[dict[str, str]] = mapped_column(JSON)

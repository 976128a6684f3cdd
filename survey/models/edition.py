"""Editions: units with their levels, and their publications."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.db import Base, UTCDateTime
from survey.models.study import Study


class Edition(Base):
    """Edition: the units of one ranking and the tables it publishes."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("study_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str]
    #: If not in force: when it was last loaded into, or was replaced.
    aside_since: Mapped[datetime | None] = mapped_column(UTCDateTime)

    study: Mapped[Study] = relationship()
    tables: Mapped[list["EditionTable"]] = relationship(order_by="EditionTable.position")
    units: Mapped[list["Unit"]] = relationship(order_by="Unit.position")
    publications: Mapped[list["Publication"]] = relationship(
        order_by="Publication.id", back_populates="edition"
    )


class EditionTable(Base):
    """Table of the ranking: the groups whose weighted levels it sums."""

    __tablename__ = "edition_table"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str]
    position: Mapped[int]
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Codes of the groups.
    groups: Mapped[list[str]] = mapped_column(JSON)


class Unit(Base):
    """Unit that is ranked: a city."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str]
    position: Mapped[int]
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    #: ISO 3166-1 alpha-2, or empty.
    country: Mapped[str]
    capital: Mapped[bool | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    ratings: Mapped[list["Rating"]] = relationship(
        back_populates="unit", cascade="all, delete-orphan"
    )


class Rating(Base):
    """Level of a unit on an indicator; an unknown level has no row."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("unit_id", "criterion_id"),
        ForeignKeyConstraint(["criterion_id", "top"], ["criterion.id", "criterion.top"]),
        CheckConstraint("level BETWEEN 0 AND top", name="level_on_ladder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    criterion_id: Mapped[int]
    #: The highest level of the criterion's ladder, kept equal to it by the foreign key.
    top: Mapped[int]
    level: Mapped[int]

    unit: Mapped[Unit] = relationship(back_populates="ratings")


class Publication(Base):
    """Publication: the tables as they were when the author published them."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    weight_set_id: Mapped[int] = mapped_column(ForeignKey("weight_set.id"))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Canonical JSON of the published tables and their settings.
    document: Mapped[str]
    #: SHA-256 of the document, hexadecimal.
    digest: Mapped[str]

    edition: Mapped[Edition] = relationship(back_populates="publications")

"""The append-only, hash-chained record of who changed what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.db import Base, UTCDateTime


class Journal(Base):
    """The head of one study's chain; its row is what writers queue for."""

    __tablename__ = "journal"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    #: How many entries the chain has.
    length: Mapped[int]
    #: Digest of the last entry.
    head: Mapped[str]


class JournalEntry(Base):
    """Who did what: each entry's digest covers the one before."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("study_id", "number"),
        # The public page, the receipt and the editions ask for the last entry of an action.
        Index("ix_journal_entry_study_id_action_number", "study_id", "action", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    #: 1, 2, 3 ... within the study: the order. The time is for information.
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: ``author CODE``, ``expert CODE`` or ``command``.
    actor: Mapped[str]
    #: What was done, as a verb phrase in codes: ``judgement recorded``.
    action: Mapped[str]
    #: Canonical JSON: what it was done to, never what was answered.
    detail: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]


class JournalCheckpoint(Base):
    """A place of a chain, sealed with a key that is not in the database; rows are only added."""

    __tablename__ = "journal_checkpoint"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    #: The entry it is about, and that entry's digest.
    number: Mapped[int]
    digest: Mapped[str]
    #: HMAC-SHA-256 of study, number and digest, hexadecimal.
    seal: Mapped[str]

"""Journal: the append-only, hash-chained record of all changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.db import Base, UTCDateTime


class Journal(Base):
    """Head of one study's chain; writers lock its row in turn."""

    __tablename__ = "journal"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    #: Number of entries of the chain.
    length: Mapped[int]
    #: Digest of the last entry.
    head: Mapped[str]


class JournalEntry(Base):
    """Entry of a journal: actor and action; its digest covers the entry before."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("study_id", "number"),
        # The public page, the receipt and the editions query the last entry of an action.
        Index("ix_journal_entry_study_id_action_number", "study_id", "action", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    #: 1, 2, 3 ... within the study; it gives the order. The time is only information.
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: ``author CODE``, ``expert CODE`` or ``command``.
    actor: Mapped[str]
    #: The action, as a fixed phrase: ``judgement recorded``.
    action: Mapped[str]
    #: Canonical JSON: the object of the action, never an answer.
    detail: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]


class JournalCheckpoint(Base):
    """Sealed place of a chain; the key is not in the database. Rows are only added."""

    __tablename__ = "journal_checkpoint"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    #: The number of its entry, and that entry's digest.
    number: Mapped[int]
    digest: Mapped[str]
    #: HMAC-SHA-256 of study, number and digest, hexadecimal.
    seal: Mapped[str]

"""The journal: an append-only chain of digests per study.

Each entry's digest covers its content and the entry before, so that a change,
a gap or a cut shows. The head, sealed with a key that is not in the database,
is printed on receipts and publications: a chain that was
rewritten as a whole no longer leads to the printed head.

Entries are appended as the last step of their transaction: the head is the one
row that every writer of a study needs, and no writer that holds it waits for a lock.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Integer, String, bindparam, event, exists, insert, select, update
from sqlalchemy.orm import Session

from survey.canonical import compact
from survey.db import Base
from survey.models import Journal, JournalEntry
from survey.store.locks import Lock, take

#: The digest before the first entry of every chain.
START = "0" * 64

#: The actor of a command: a person who may open the database.
COMMAND = "command"

#: The action of an expert who takes back all answers of a round.
WITHDREW = "expert withdrew"

#: The action of a restore, which names the head that it left and the one it has again.
RESTORED = "restored"

#: The number of entries between two checkpoints, about.
EVERY = 1000

#: Stretches longer than this, from before there were checkpoints, only a full walk reads.
LONGEST = 5000

#: The place in a session's info of the key that checkpoints are sealed with.
KEY = "journal key"

_PENDING = "journal"
_RECORDED = "recorded"

Detail = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first place where a chain is broken."""

    number: int
    what: str


class Place(NamedTuple):
    """An entry of a chain by its number and digest; 0 is before the first."""

    number: int
    digest: str


class Noted(NamedTuple):
    """An entry that has no place in its chain yet."""

    study_id: int
    at: datetime
    actor: str
    action: str
    detail: str


class Entry(NamedTuple):
    """The content of one entry that its digest covers."""

    study_id: int
    number: int
    at: datetime
    actor: str
    action: str
    detail: str
    previous: str

    def digest(self) -> str:
        """Return the SHA-256 of the content and of the entry before, hexadecimal."""
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        content = [moment if part is self.at else part for part in self]
        text = compact(content)
        return hashlib.sha256(text.encode()).hexdigest()


def open_journal(session: Session, study_id: int) -> None:
    """Begin the chain of a new study."""
    session.add(Journal(study_id=study_id, length=0, head=START))
    session.flush()


def record(
    session: Session,
    study_id: int,
    actor: str,
    action: str,
    detail: Detail,
    at: datetime,
) -> None:
    """Append an entry when the running transaction ends: with its changes, or never.

    ``detail`` names the act and its object, never an answer: the journal
    outlives an expert's withdrawal.
    """
    text = _written(detail)
    pending: list[Noted] = session.info.setdefault(_PENDING, [])
    pending.append(Noted(study_id, at, actor, action, text))
    session.info[_RECORDED] = True


@event.listens_for(Session, "before_commit")
def _append_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        append(session)


def append(session: Session) -> None:
    """Append the recorded entries in order; after this the transaction takes no lock."""
    pending: list[Noted] = session.info.get(_PENDING, [])
    if not pending:
        return
    session.flush()
    connection = session.connection()
    for study_id in sorted({noted.study_id for noted in pending}):
        take(session, Lock.JOURNAL, study_id)
        # The lock makes the writers of one study queue here on PostgreSQL.
        length, head = connection.execute(_LOCKED_HEAD, {"study": study_id}).one()
        own = (noted for noted in pending if noted.study_id == study_id)
        for number, noted in enumerate(own, length + 1):
            entry = Entry(study_id, number, *noted[1:], head)
            head = entry.digest()
            connection.execute(_APPEND, {**entry._asdict(), "digest": head})
            connection.execute(
                _MOVE_HEAD, {"study": study_id, "to_length": number, "to_head": head}
            )
        if number // EVERY > length // EVERY:
            _keep_checkpoint(session, study_id, Place(number, head))
    pending.clear()


def _keep_checkpoint(session: Session, study_id: int, place: Place) -> None:
    """Store a checkpoint of the chain, if this process has the key to seal it."""
    key: bytes | None = session.info.get(KEY)
    if key is not None:
        seal_ = _seal_of(study_id, place, key)
        row = {"study": study_id, **place._asdict(), "seal": seal_}
        session.connection().execute(_KEEP, row)


def _seal_of(study_id: int, place: Place, key: bytes) -> str:
    content = f"checkpoint {study_id} {place.number} {place.digest}"
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def has_recorded(session: Session) -> bool:
    """Whether this session changed anything: every change has its entry."""
    return _RECORDED in session.info


# Every save is journalled: statements made once are looked up, not built and compiled, each time.
_HEAD = Base.metadata.tables["journal"]
_LOCKED_HEAD = (
    select(_HEAD.c.length, _HEAD.c.head)
    .where(_HEAD.c.study_id == bindparam("study"))
    .with_for_update()
)
_COLUMNS = (*(getattr(JournalEntry, name) for name in Entry._fields), JournalEntry.digest)
_APPEND = insert(Base.metadata.tables["journal_entry"])
_MOVE_HEAD = (
    update(_HEAD)
    .where(_HEAD.c.study_id == bindparam("study"))
    .values(length=bindparam("to_length"), head=bindparam("to_head"))
)

_CHECKPOINT = Base.metadata.tables["journal_checkpoint"]
_ENTRY = Base.metadata.tables["journal_entry"]
#: A forged row in this place must not stop the saves: without a seal it is not trusted.
_KEEP = insert(_CHECKPOINT).from_select(
    ["study_id", "number", "digest", "seal"],
    select(
        bindparam("study", type_=Integer),
        bindparam("number", type_=Integer),
        bindparam("digest", type_=String),
        bindparam("seal", type_=String),
    ).where(
        ~exists().where(
            _CHECKPOINT.c.study_id == bindparam("study"),
            _CHECKPOINT.c.number == bindparam("number"),
        )
    ),
)
_CHECKPOINTS = (
    select(_CHECKPOINT.c.number, _CHECKPOINT.c.digest, _CHECKPOINT.c.seal, _ENTRY.c.digest)
    .outerjoin(
        _ENTRY,
        (_ENTRY.c.study_id == _CHECKPOINT.c.study_id) & (_ENTRY.c.number == _CHECKPOINT.c.number),
    )
    .where(_CHECKPOINT.c.study_id == bindparam("study"))
    .order_by(_CHECKPOINT.c.number)
)


def find_recorded(
    session: Session, study_id: int, action: str, detail: Detail, place: int | None = None
) -> tuple[Entry, str] | None:
    """Find the last entry with this content, and its digest; None unless intact.

    Intact: its digest is that of its content, and the entries before and after, or the
    head, are joined to it. ``place`` is its number, if that is known.
    """
    if place is None:
        place = session.scalar(
            select(JournalEntry.number)
            .where(
                JournalEntry.study_id == study_id,
                JournalEntry.action == action,
                JournalEntry.detail == _written(detail),
            )
            .order_by(JournalEntry.number.desc())
            .limit(1)
        )
    if place is None:
        return None
    rows = session.execute(
        select(*_COLUMNS).where(
            JournalEntry.study_id == study_id,
            JournalEntry.number.between(place - 1, place + 1),
        )
    )
    near = {number: (Entry(study, number, *rest), digest) for study, number, *rest, digest in rows}
    if place not in near:
        return None
    entry, digest = near[place]
    before = near[place - 1][1] if place - 1 in near else START
    after = near[place + 1][0].previous if place + 1 in near else load_head(session, study_id)
    says = (entry.action, entry.detail) == (action, _written(detail))
    joined = (entry.digest(), entry.previous, after) == (digest, before, digest)
    return (entry, digest) if says and joined else None


def _written(detail: Detail) -> str:
    return compact(detail)


def seal(head: str, key: bytes) -> str:
    """Return the head under a key from outside the database, short enough to print."""
    return hmac.new(key, head.encode(), hashlib.sha256).hexdigest()[:16]


def load_head(session: Session, study_id: int) -> str:
    return session.execute(select(Journal.head).where(Journal.study_id == study_id)).scalar_one()


def find_fault(session: Session, study_id: int) -> ChainFault | None:
    """Return the first fault of a study's whole chain; None if there is none."""
    return _walk(session, study_id, Place(0, START))


def find_recent_fault(session: Session, study_id: int, key: bytes, turn: int) -> ChainFault | None:
    """Return the first fault of a bounded part of a study's chain, or None.

    The part is what follows the last checkpoint, and one stretch between two
    earlier ones, chosen by ``turn``; every checkpoint is compared with its
    entry. A checkpoint that is not sealed with ``key`` is not trusted: the
    walk then begins before it.
    """
    places = [Place(0, START)]
    for number, digest, sealed, found in session.execute(_CHECKPOINTS, {"study": study_id}):
        place = Place(number, digest)
        if not hmac.compare_digest(sealed, _seal_of(study_id, place, key)):
            continue
        if found != digest:
            return ChainFault(number, "missing" if found is None else "changed")
        places.append(place)
    fault = _walk(session, study_id, places[-1])
    earlier = [
        (start, end) for start, end in pairwise(places) if end.number - start.number <= LONGEST
    ]
    if fault is None and earlier:
        fault = _walk(session, study_id, *earlier[turn % len(earlier)])
    return fault


def _end(session: Session, study_id: int) -> Place:
    row = session.execute(
        select(Journal.length, Journal.head).where(Journal.study_id == study_id)
    ).one()
    return Place(*row)


def _walk(
    session: Session, study_id: int, start: Place, end: Place | None = None
) -> ChainFault | None:
    """Return a chain's first fault after a place, up to another or its recorded head."""
    entries = select(*_COLUMNS).where(
        JournalEntry.study_id == study_id, JournalEntry.number > start.number
    )
    if end is not None:
        entries = entries.where(JournalEntry.number <= end.number)
    number, last = start
    with session.execute(
        entries.order_by(JournalEntry.number), execution_options={"yield_per": 1000}
    ) as rows:
        try:
            for *content, digest in rows:
                entry = Entry(*content)
                number += 1
                if entry.number != number:
                    return ChainFault(number, "missing")
                if entry.previous != last:
                    return ChainFault(number, "does not follow the entry before")
                if entry.digest() != digest:
                    return ChainFault(number, "changed")
                last = digest
        except ValueError:  # SQLite holds any text in the place of a moment
            return ChainFault(number + 1, "it, or one soon after it, cannot be read")
    if (number, last) != (end or _end(session, study_id)):
        return ChainFault(number + 1, "the end is not the recorded head")
    return None

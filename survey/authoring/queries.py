"""What an author sees of her studies: overview, panel, progress."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from survey import values
from survey.models import (
    Abstention,
    Allocation,
    Author,
    Comparison,
    Criterion,
    Expert,
    Invitation,
    JournalEntry,
    Judgement,
    PersonalLink,
    Round,
    SignIn,
    Study,
    WeightSet,
)
from survey.store import journal
from survey.store.loading import as_framework, load_criteria

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class RoundState:
    """A round with how many were invited and how many said that they were done."""

    round: Round
    invited: int
    finished: int


@dataclass(frozen=True, slots=True)
class JournalState:
    """How long a study's journal is, when it grew last, and whether it holds."""

    length: int
    last_at: datetime
    head: str
    fault: journal.Fault | None


def load_studies(session: Session, author: Author) -> list[tuple[Study, RoundState]]:
    """An author's studies, the newest first, each with its last round."""
    studies = session.scalars(
        select(Study)
        .where(Study.author_id == author.id)
        .order_by(Study.id.desc())
        .options(selectinload(Study.rounds))
    ).all()
    last = {study.id: study.rounds[-1] for study in studies}
    states = _states(session, list(last.values()))
    return [(study, states[last[study.id].id]) for study in studies]


def load_rounds(session: Session, study: Study) -> list[RoundState]:
    states = _states(session, study.rounds)
    return [states[round_.id] for round_ in study.rounds]


def load_weight_sets(session: Session, study: Study) -> list[WeightSet]:
    """A study's frozen weight sets, the one in force first."""
    return list(
        session.scalars(
            select(WeightSet)
            .where(WeightSet.study_id == study.id, WeightSet.locked_at.is_not(None))
            .order_by(WeightSet.number.desc())
        )
    )


def _states(session: Session, rounds: list[Round]) -> dict[int, RoundState]:
    counts = {
        round_id: (invited, finished)
        for round_id, invited, finished in session.execute(
            select(
                Invitation.round_id, func.count(Invitation.id), func.count(Invitation.finished_at)
            )
            .where(Invitation.round_id.in_([round_.id for round_ in rounds]))
            .group_by(Invitation.round_id)
        )
    }
    return {round_.id: RoundState(round_, *counts.get(round_.id, (0, 0))) for round_ in rounds}


def load_journal(session: Session, study: Study) -> JournalState:
    """The state of a study's journal, after a walk through the whole of it."""
    length, last_at = session.execute(
        select(func.count(JournalEntry.id), func.max(JournalEntry.at)).where(
            JournalEntry.study_id == study.id
        )
    ).one()
    return JournalState(
        length, last_at, journal.load_head(session, study.id), journal.find_fault(session, study.id)
    )


# ---------------------------------------------------------------- the panel


@dataclass(frozen=True, slots=True)
class LinkState:
    """A personal link and the browsers that came in by it, the latest first."""

    link: PersonalLink
    round: Round
    devices: tuple[SignIn, ...]

    @property
    def last_used_at(self) -> datetime | None:
        return max((device.started_at for device in self.devices), default=None)


@dataclass(frozen=True, slots=True)
class Member:
    """An expert of the panel with her invitations and links, the earliest first."""

    expert: Expert
    invitations: tuple[Invitation, ...]
    links: tuple[LinkState, ...]

    def is_invited(self, round_: Round) -> bool:
        return any(invitation.round_id == round_.id for invitation in self.invitations)

    @property
    def working(self) -> tuple[LinkState, ...]:
        return tuple(state for state in self.links if state.link.revoked_at is None)

    @property
    def devices(self) -> tuple[SignIn, ...]:
        """The browsers that are signed in, or would be if they came back in time."""
        return tuple(
            device for state in self.links for device in state.devices if device.ended_at is None
        )

    @property
    def last_seen_at(self) -> datetime | None:
        seen = [device.seen_at for state in self.links for device in state.devices]
        return max(seen, default=None)


def load_panel(session: Session, study: Study) -> list[Member]:
    """The experts of a study, in the order they were added."""
    experts = session.scalars(
        select(Expert).where(Expert.study_id == study.id).order_by(Expert.id)
    ).all()
    return _members(session, experts)


def find_member(session: Session, study: Study, code: str) -> Member | None:
    expert = session.scalar(select(Expert).where(Expert.study_id == study.id, Expert.code == code))
    return _members(session, [expert])[0] if expert else None


def find_device(session: Session, expert: Expert, sign_in_id: int) -> SignIn | None:
    """A browser that came in by one of this expert's links."""
    return session.scalar(
        select(SignIn)
        .join(SignIn.personal_link)
        .join(PersonalLink.invitation)
        .where(SignIn.id == sign_in_id, Invitation.expert_id == expert.id)
    )


def find_round(session: Session, study: Study, number: int) -> Round | None:
    return session.scalar(select(Round).where(Round.study_id == study.id, Round.number == number))


def last_round(session: Session, study: Study) -> Round:
    """The round that links and invitations are about now; every study is stored with one."""
    return session.scalars(
        select(Round).where(Round.study_id == study.id).order_by(Round.number.desc()).limit(1)
    ).one()


def load_invitations(
    session: Session, round_: Round, expert: Expert | None = None
) -> list[Invitation]:
    """The invitations to a round, of all experts or of one."""
    invitations = (
        select(Invitation)
        .where(Invitation.round_id == round_.id)
        .order_by(Invitation.expert_id)
        .options(joinedload(Invitation.expert))
    )
    if expert is not None:
        invitations = invitations.where(Invitation.expert_id == expert.id)
    return list(session.scalars(invitations))


def _members(session: Session, experts: Sequence[Expert]) -> list[Member]:
    invitations = _grouped(
        session.scalars(
            select(Invitation)
            .where(Invitation.expert_id.in_([expert.id for expert in experts]))
            .order_by(Invitation.id)
            .options(joinedload(Invitation.round), selectinload(Invitation.links))
        ),
        "expert_id",
    )
    links = [
        link for own in invitations.values() for invitation in own for link in invitation.links
    ]
    devices = _grouped(
        session.scalars(
            select(SignIn)
            .where(SignIn.personal_link_id.in_([link.id for link in links]))
            .order_by(SignIn.id.desc())
        ),
        "personal_link_id",
    )
    return [
        Member(
            expert,
            tuple(invitations[expert.id]),
            tuple(
                LinkState(link, invitation.round, tuple(devices[link.id]))
                for invitation in invitations[expert.id]
                for link in invitation.links
            ),
        )
        for expert in experts
    ]


def _grouped(rows: Iterable[Row], column: str) -> defaultdict[int, list[Row]]:
    by_column: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_column[getattr(row, column)].append(row)
    return by_column


# ---------------------------------------------------------------- progress


@dataclass(frozen=True, slots=True)
class Cell:
    """What one expert has answered of one group: pairs, or points of 100."""

    method: str
    given: float
    asked: int
    cannot_judge: bool

    @property
    def is_whole(self) -> bool:
        return self.cannot_judge or abs(self.given - self.asked) <= values.POINTS_TOLERANCE


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one invited expert has come, group by group."""

    member: Member
    finished_at: datetime | None
    cells: tuple[Cell, ...]

    @property
    def has_answered(self) -> bool:
        return any(cell.given or cell.cannot_judge for cell in self.cells)


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """A round's experts by the direction they were invited for."""

    round: Round
    parents: tuple[str, ...]
    #: (direction, its experts), in the framework's order.
    directions: tuple[tuple[str, tuple[Progress, ...]], ...]

    @property
    def experts(self) -> tuple[Progress, ...]:
        return tuple(progress for _direction, seats in self.directions for progress in seats)


def load_progress(session: Session, study: Study, round_: Round) -> RoundProgress:
    """Who has answered how much; never what."""
    criteria = load_criteria(session, study.framework_id)
    framework = as_framework(criteria.values())
    parents = tuple(p for p in framework.parents if len(framework.children(p)) > 1)
    given = _Given(session, round_, {row.id: row.code for row in criteria.values()})
    finished = {i.expert_id: i.finished_at for i in load_invitations(session, round_)}
    by_direction: dict[str, list[Progress]] = {group.code: [] for group in framework.groups}
    for member in load_panel(session, study):
        if member.expert.id in finished:
            cells = tuple(given.cell(member.expert, parent) for parent in parents)
            seat = Progress(member, finished[member.expert.id], cells)
            by_direction.setdefault(member.expert.direction, []).append(seat)
    return RoundProgress(
        round_,
        parents,
        tuple((direction, tuple(seats)) for direction, seats in by_direction.items() if seats),
    )


class _Given:
    """How many answers each expert gave under each parent, in three queries."""

    def __init__(self, session: Session, round_: Round, codes: dict[int, str]) -> None:
        asked = session.execute(
            select(Comparison.parent_id, func.count())
            .where(Comparison.round_id == round_.id)
            .group_by(Comparison.parent_id)
        )
        self._asked = {codes[parent]: count for parent, count in asked}
        self._pairs: Counter[tuple[int, str]] = Counter()
        judged = session.execute(
            select(Judgement.expert_id, Comparison.parent_id, func.count())
            .join(Comparison, Comparison.id == Judgement.comparison_id)
            .where(Judgement.round_id == round_.id)
            .group_by(Judgement.expert_id, Comparison.parent_id)
        )
        for expert, parent, count in judged:
            self._pairs[expert, codes[parent]] += count
        self._groups: set[tuple[int, str]] = set()
        for row in session.scalars(select(Abstention).where(Abstention.round_id == round_.id)):
            if row.comparison_id is None:
                self._groups.add((row.expert_id, codes[row.parent_id]))
            else:
                self._pairs[row.expert_id, codes[row.parent_id]] += 1
        handed_out = session.execute(
            select(Allocation.expert_id, Criterion.parent_id, func.sum(Allocation.points))
            .join(Criterion, Criterion.id == Allocation.criterion_id)
            .where(Allocation.round_id == round_.id)
            .group_by(Allocation.expert_id, Criterion.parent_id)
        )
        self._points = {
            (expert, codes[parent]): points
            for expert, parent, points in handed_out
            if parent is not None
        }

    def cell(self, expert: Expert, parent: str) -> Cell:
        cannot_judge = (expert.id, parent) in self._groups
        if expert.method == values.DIRECT:
            points = self._points.get((expert.id, parent), 0.0)
            return Cell(expert.method, points, 100, cannot_judge)
        return Cell(
            expert.method, self._pairs[expert.id, parent], self._asked[parent], cannot_judge
        )

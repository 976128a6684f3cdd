"""Queries for the progress of a round: how much each expert has answered."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from survey import values
from survey.models import (
    Abstention,
    Allocation,
    Comparison,
    Criterion,
    Extremes,
    Invitation,
    Judgement,
    Round,
    Study,
)
from survey.reports.panel.targets import targets_of
from survey.store.answers import load_experts
from survey.store.frameworks import as_framework, load_criteria
from survey.store.invitations import load_invitations
from survey.store.panel import Member, load_panel
from survey.store.rounds import telling_round
from survey.store.studies import load_study
from survey.store.targets import count_targets, load_targets
from survey.values import Target


@dataclass(frozen=True, slots=True)
class Cell:
    """Count of one expert's answers in one group: questions, or lines of a list.

    For a closed round also figures that only the expert sees while it is open: that
    they cannot judge the group, and the sum of their points, out of 100.
    """

    kind: str
    given: float
    asked: int
    cannot_judge: bool = False
    #: Whether every line has points and they are not 100 in sum: no answer yet.
    is_short: bool = False

    @property
    def is_whole(self) -> bool:
        done = abs(self.given - self.asked) <= values.POINTS_TOLERANCE
        return self.cannot_judge or (done and not self.is_short)


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of one invited expert, group by group."""

    member: Member
    invitation: Invitation
    cells: tuple[Cell, ...]

    @property
    def finished_at(self) -> datetime | None:
        return self.invitation.finished_at

    @property
    def has_answered(self) -> bool:
        return any(cell.given or cell.cannot_judge for cell in self.cells)

    @property
    def state(self) -> str:
        """The expert's state: one of withdrew, finished, under-way, declined, not-begun."""
        if self.invitation.withdrew_at:
            return "withdrew"
        if self.finished_at:
            return "finished"
        if self.has_answered:
            return "under-way"
        return "declined" if self.invitation.declined_at else "not-begun"

    @property
    def has_word(self) -> bool:
        """Whether the expert told the author something besides their answers."""
        invitation = self.invitation
        return bool(invitation.declined_at or invitation.suggestion or invitation.link_asked_at)


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """Progress of a round's experts, by the direction they were invited for."""

    round: Round
    parents: tuple[str, ...]
    #: (direction, its experts), in the framework's order.
    directions: tuple[tuple[str, tuple[Progress, ...]], ...]

    @property
    def experts(self) -> tuple[Progress, ...]:
        return tuple(progress for _direction, seats in self.directions for progress in seats)

    @property
    def telling(self) -> tuple[Progress, ...]:
        """The experts who told the author something besides their answers."""
        return tuple(progress for progress in self.experts if progress.has_word)

    @property
    def unfinished(self) -> tuple[Progress, ...]:
        """The experts who have neither finished nor withdrawn."""
        return tuple(
            progress
            for progress in self.experts
            if not progress.finished_at and not progress.invitation.withdrew_at
        )

    @property
    def withdrew(self) -> tuple[Progress, ...]:
        return tuple(progress for progress in self.experts if progress.invitation.withdrew_at)

    @property
    def counts(self) -> Counter[str]:
        """Number of experts in each state; each expert is in one."""
        return Counter(progress.state for progress in self.experts)


def load_progress(session: Session, study: Study, round_: Round) -> RoundProgress:
    """Load how much each expert has answered; for an open round, never their answers."""
    criteria = load_criteria(session, study.framework_id)
    framework = as_framework(criteria.values())
    parents = framework.asked_parents
    given = _Given(session, round_, framework, {row.id: row.code for row in criteria.values()})
    invitations = {i.expert_id: i for i in load_invitations(session, round_)}
    by_direction: dict[str, list[Progress]] = {group.code: [] for group in framework.groups}
    for member in load_panel(session, study):
        if (invitation := invitations.get(member.expert.id)) is not None:
            cells = tuple(given.cell(invitation, parent) for parent in parents)
            seat = Progress(member, invitation, cells)
            by_direction.setdefault(member.expert.direction, []).append(seat)
    return RoundProgress(
        round_,
        parents,
        tuple((direction, tuple(seats)) for direction, seats in by_direction.items() if seats),
    )


@dataclass(frozen=True, slots=True)
class Effort:
    """Numbers of questions and experts of a targeted round, compared with a full one."""

    #: Number of experts who are asked something, and of those who are asked nothing.
    experts: int
    spared: int
    #: Number of experts who are asked everything, because they have no answer to carry over.
    unheard: int
    questions: int
    #: Number of questions that a round which asks everything would ask all of them.
    in_full: int


def choose_targets(session: Session, study: Study) -> dict[str, tuple[Target, ...]]:
    """Return the questions of a targeted round after the last closed one, by expert."""
    last = telling_round(session, study)
    codes = {row.id: row.code for row in load_criteria(session, study.framework_id).values()}
    compared = {
        parent: [(pair.first, pair.second) for pair in pairs]
        for parent, pairs in _compared(session, last, codes).items()
    }
    return targets_of(load_study(session, study, last), compared)


def find_effort(session: Session, round_: Round) -> Effort | None:
    """Return what a targeted round saves its experts; None if it asks everything."""
    if not round_.targeted:
        return None
    asked = count_targets(session, round_)
    criteria = load_criteria(session, round_.study.framework_id).values()
    framework = as_framework(criteria)
    compared = _compared(session, round_, {row.id: row.code for row in criteria})
    in_full = {
        invitation.expert_id: sum(
            len(compared[parent]) if framework.asks_every_pair(parent, invitation.kind) else 1
            for parent in framework.asked_parents
        )
        for invitation in load_invitations(session, round_)
    }
    unanswered = count_targets(session, round_, values.UNANSWERED)
    return Effort(
        experts=len(asked),
        spared=len(in_full) - len(asked),
        unheard=sum(unanswered.get(expert) == full for expert, full in in_full.items()),
        questions=sum(asked.values()),
        in_full=sum(in_full.values()),
    )


class _Pair(NamedTuple):
    """Comparison, by the codes of its items."""

    id: int
    first: str
    second: str


def _compared(session: Session, round_: Round, codes: Mapping[int, str]) -> dict[str, list[_Pair]]:
    """Return a round's comparisons by the parent's code, in the order of asking."""
    rows = session.scalars(
        select(Comparison).where(Comparison.round_id == round_.id).order_by(Comparison.position)
    )
    pairs: dict[str, list[_Pair]] = defaultdict(list)
    for row in rows:
        pair = _Pair(row.id, codes[row.first_id], codes[row.second_id])
        pairs[codes[row.parent_id]].append(pair)
    return pairs


class _Given:
    """Counts of each expert's answers under each parent, in a few queries."""

    def __init__(
        self,
        session: Session,
        round_: Round,
        framework: values.Framework,
        codes: dict[int, str],
    ) -> None:
        self._framework = framework
        self._closed = round_.is_closed
        self._compared = _compared(session, round_, codes)
        self._targets = (
            load_targets(session, round_, codes, load_experts(session, round_), framework)
            if round_.targeted
            else None
        )
        self._pairs = _judged_pairs(session, round_, codes)
        self._groups: set[tuple[int, str]] = set()
        for row in session.scalars(select(Abstention).where(Abstention.round_id == round_.id)):
            if row.comparison_id is None:
                self._groups.add((row.expert_id, codes[row.parent_id]))
            else:
                self._pairs[row.expert_id, codes[row.parent_id]].add(row.comparison_id)
        self._lists = _sum_lists(session, round_, codes)
        self._stars = _count_stars(session, round_, codes)

    def cell(self, invitation: Invitation, parent: str) -> Cell:
        kind, expert = invitation.kind, invitation.expert_id
        size = len(self._framework.children(parent))
        given: float
        short = False
        pairs = self._framework.asks_every_pair(parent, kind)
        if pairs:
            answered = self._pairs[expert, parent]
            given, asked = len(answered), len(self._pairs_asked(invitation, parent) | answered)
        elif kind == values.BEST_WORST:
            given, asked = self._stars[expert, parent], 2 * size - 2
        else:
            total, count = self._lists.get((expert, parent, kind), (0.0, 0))
            given, asked = (count, size)
            if kind == values.DIRECT and self._closed:
                given, asked = (total, 100)
            elif kind == values.DIRECT:
                # One line's points would be their sum: an open round counts lines.
                short = count == size and abs(total - 100) > values.POINTS_TOLERANCE
        if not (given or pairs or self._asks_list(invitation, parent)):
            asked = 0
        if (expert, parent) not in self._groups:
            return Cell(kind, given, asked, is_short=short)
        if self._closed:
            return Cell(kind, given, asked, cannot_judge=True)
        # In an open round an abstention is shown like any other answer.
        asked = asked or size
        return Cell(kind, asked, asked)

    def _pairs_asked(self, invitation: Invitation, parent: str) -> set[int]:
        targets, expert = self._targets, invitation.expert.code
        return {
            pair.id
            for pair in self._compared[parent]
            if targets is None or targets.asks_pair(expert, parent, pair.first, pair.second)
        }

    def _asks_list(self, invitation: Invitation, parent: str) -> bool:
        items = self._framework.children(parent)
        targets = self._targets
        return targets is None or targets.asks_list(invitation.expert.code, parent, items)


def _judged_pairs(
    session: Session, round_: Round, codes: dict[int, str]
) -> dict[tuple[int, str], set[int]]:
    """Return the comparisons that each expert has judged, by the parent's code."""
    rows = session.execute(
        select(Judgement.expert_id, Comparison.parent_id, Comparison.id)
        .join(Comparison, Comparison.id == Judgement.comparison_id)
        .where(Judgement.round_id == round_.id)
    )
    judged: dict[tuple[int, str], set[int]] = defaultdict(set)
    for expert, parent, comparison in rows:
        judged[expert, codes[parent]].add(comparison)
    return judged


def _sum_lists(
    session: Session, round_: Round, codes: dict[int, str]
) -> dict[tuple[int, str, str], tuple[float, int]]:
    """Return the sum and number of filled lines of each list, by way of answering."""
    rows = session.execute(
        select(
            Allocation.expert_id,
            Criterion.parent_id,
            Allocation.kind,
            func.sum(Allocation.points),
            func.count(),
        )
        .join(Criterion, Criterion.id == Allocation.criterion_id)
        .where(Allocation.round_id == round_.id)
        .group_by(Allocation.expert_id, Criterion.parent_id, Allocation.kind)
    )
    return {
        (expert, codes[parent], kind): (total, count)
        for expert, parent, kind, total, count in rows
        if parent is not None
    }


def _count_stars(
    session: Session, round_: Round, codes: dict[int, str]
) -> Counter[tuple[int, str]]:
    """Count the answers of each star: its ends are one answer, each judgement another."""
    rows = session.execute(
        select(Extremes, Comparison.first_id, Comparison.second_id, Judgement.step)
        .outerjoin(Comparison, Comparison.parent_id == Extremes.parent_id)
        .outerjoin(
            Judgement,
            and_(
                Judgement.comparison_id == Comparison.id,
                Judgement.expert_id == Extremes.expert_id,
            ),
        )
        .where(Extremes.round_id == round_.id, Comparison.round_id == round_.id)
    )
    counts: Counter[tuple[int, str]] = Counter()
    for row, first, second, step in rows:
        key = row.expert_id, codes[row.parent_id]
        star = values.Extremes("", key[1], codes[row.best_id], codes[row.worst_id])
        counts[key] = counts[key] or 1
        counts[key] += step is not None and star.admit(codes[first], codes[second], step)
    return counts


def count_pairs(session: Session, round_: Round) -> int:
    """Return how many comparisons a round asks an expert who answers pairwise."""
    counted = select(func.count(Comparison.id)).where(Comparison.round_id == round_.id)
    return session.scalar(counted) or 0

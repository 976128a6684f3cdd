"""Queries for the consensus of a closed round and the weight sets frozen from it."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.files.study_folder.faults import FolderFault
from survey.files.weight_set import FaultyWeightSet, digest_of, read_weight_set
from survey.models import Criterion, Round, Study, Weight, WeightSet
from survey.reports.panel.answers import GroupAnswers, State
from survey.reports.panel.consensus import REFUSE, ConsensusReport, consensus_report
from survey.reports.panel.own_weights import by_weight
from survey.reports.panel.reviews import Reviewed, telling_reviews
from survey.reports.panel.stability import Stability, few_moved, stability
from survey.reports.panel.verification import verification
from survey.reports.refusals import Reason, Refused
from survey.store.responses import load_response, load_round_standing, response_of
from survey.store.reviews import load_reviews
from survey.store.rounds import find_former_round
from survey.store.standing import Standing
from survey.store.studies import load_answered
from survey.store.weight_sets import load_weight_sets
from survey.values import FEWEST_EXPERTS, FEWEST_FOR_INTERVALS, thin_groups
from survey.values.response import Response


class NotClosed(Exception):
    """The round is not closed: answers can still change the consensus."""


@dataclass(eq=False)
class TooFewExperts(Exception):
    """Too few experts for a consensus: it would reveal each expert's answers."""

    count: int


@dataclass(frozen=True, slots=True)
class FewMoved:
    """Frozen weight set, and the groups in which one or two experts changed since."""

    number: int
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Consensus:
    """Consensus of a closed round's panel, with the answers it comes from."""

    study: values.Study
    report: ConsensusReport
    response: Response
    #: Changes of the experts who answered both rounds; None in a first round or for too few.
    stability: Stability | None = None
    #: Frozen sets that reveal single answers if published beside one of this consensus.
    few_moved: tuple[FewMoved, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Number of experts whose answers the weights of each group use."""
        counts = self.report.weights.counts
        return {parent: counts[parent] for parent in self.study.framework.asked_parents}

    @cached_property
    def marks(self) -> dict[str, list[tuple[float, str]]]:
        """By indicator, its overall weight by each expert, and their way of answering.

        An expert who did not judge every group has no overall weights.
        """
        marks: dict[str, list[tuple[float, str]]] = {
            indicator.code: [] for indicator in self.study.framework.indicators
        }
        for expert in self.study.panel:
            for code, share in (self.report.global_priorities(expert.code) or {}).items():
                marks[code].append((share, expert.kind))
        return marks

    def marks_under(self, parent: str) -> dict[str, list[tuple[float, str]]]:
        """Return the marks by child under one parent, of all experts who judged it."""
        return {
            child: [
                (answers.priorities[child], answers.kind)
                for answers in self.report.under(parent, State.JUDGED)
                if answers.priorities
            ]
            for child in self.study.framework.children(parent)
        }

    @property
    def highest(self) -> float:
        """The largest share among these marks, the panel's weights and their intervals.

        At most 1, which the intervals of an earlier rule may pass.
        """
        weights = self.report.weights
        highest = max(
            *(share for marks in self.marks.values() for share, _method in marks),
            *(ends[1] for ends in weights.global_intervals.values() if ends),
            *weights.global_weights.values(),
        )
        return min(highest, 1.0)

    @property
    def drawn(self) -> dict[str, int]:
        """Count the experts with a mark among the global weights, by how they answered."""
        return dict(Counter(kind for _share, kind in next(iter(self.marks.values()), [])))

    @property
    def drawn_inside(self) -> dict[str, int]:
        """Count the experts with a mark in some group, by how they answered."""
        judged = {
            answers.expert: answers.kind
            for answers in self.report.answers
            if answers.state == State.JUDGED and answers.priorities
        }
        return dict(Counter(judged.values()))

    @property
    def kinds(self) -> Set[str]:
        """The ways in which the panel answers."""
        return {expert.kind for expert in self.study.panel}

    @property
    def comparing(self) -> tuple[values.Expert, ...]:
        """The experts whose answers can contradict one another."""
        ways = (values.PAIRWISE, values.BEST_WORST)
        return tuple(expert for expert in self.study.panel if expert.kind in ways)

    @property
    def heaviest(self) -> str:
        """The indicator with the largest weight; of equal ones the first in the framework."""
        return by_weight(self.report.weights.global_weights)[0]

    @cached_property
    def missing(self) -> tuple[GroupAnswers, ...]:
        """Every expert under every parent where an answer they were asked for is missing."""
        return tuple(
            answers
            for answers in self.report.answers
            if answers.state != State.JUDGED or answers.given < answers.asked
        )

    @property
    def parents_that_can_contradict(self) -> tuple[str, ...]:
        """The parents of three children or more: answers on two are always consistent."""
        framework = self.study.framework
        return tuple(p for p in framework.asked_parents if len(framework.children(p)) > 2)

    @cached_property
    def reviews(self) -> tuple[Reviewed, ...]:
        """The experts' reviews of their own weights."""
        return telling_reviews(self.study)

    @property
    def thin_groups(self) -> tuple[str, ...]:
        """The groups judged by so few experts that their figures reveal single answers."""
        return thin_groups(self.counts)

    @property
    def withholds_intervals(self) -> bool:
        """Whether some group was judged by too few experts for intervals in a weight set."""
        return bool(thin_groups(self.counts, FEWEST_FOR_INTERVALS))

    @property
    def tells_single_answers(self) -> bool:
        """Whether its weight set reveals single answers, alone or with one frozen before."""
        return bool(self.thin_groups or self.few_moved)

    @property
    def single_voices(self) -> tuple[str, ...]:
        """The groups judged by one expert only: their weights would be that one's answers."""
        return tuple(parent for parent, count in self.counts.items() if count == 1)


def load_consensus(
    session: Session, study: Study, round_: Round, disconnected: str = REFUSE
) -> Consensus:
    """Return a round's consensus; ``disconnected`` as in :func:`consensus_report`.

    Raises
    ------
    NotClosed
        While the round is not closed.
    TooFewExperts
        If fewer than :data:`survey.values.FEWEST_EXPERTS` have answers that count.
    Refused
        If these answers give no consensus, with every reason.
    """
    if round_.state != "closed":
        raise NotClosed
    content = load_answered(session, study, round_)
    answered = {j.expert for j in content.judgements} | {a.expert for a in content.allocations}
    _refuse_too_few(len(answered))
    report = consensus_report(content, disconnected=disconnected)
    _refuse_too_few(len({a.expert for a in report.answers if a.state == State.JUDGED}))
    standing = load_round_standing(session, round_)
    return Consensus(
        replace(content, reviews=load_reviews(session, round_)),
        report,
        response_of(session, round_, standing),
        _stability(session, study, round_, content, standing, disconnected),
        tuple(_few_moved(session, study, report)),
    )


def _few_moved(session: Session, study: Study, report: ConsensusReport) -> Iterator[FewMoved]:
    """Yield the frozen sets since which one or two experts changed, one set per round."""
    by_round = {row.round_id: row for row in reversed(load_weight_sets(session, study))}
    for row in by_round.values():
        if parents := few_moved(load_answered(session, study, row.round), report):
            yield FewMoved(row.number, parents)


def _stability(
    session: Session,
    study: Study,
    round_: Round,
    content: values.Study,
    standing: Standing,
    disconnected: str,
) -> Stability | None:
    """Return the changes since the round before, of the experts who answered both."""
    former = find_former_round(session, round_)
    if former is None or standing.before is None:
        return None
    both = standing.took_part & standing.before.took_part
    codes = {standing.experts[id_].code for id_ in both}
    return stability(load_answered(session, study, former), content, codes, disconnected)


def _refuse_too_few(count: int) -> None:
    if count < FEWEST_EXPERTS:
        raise TooFewExperts(count)


# ---------------------------------------------------------------- weight sets


@dataclass(eq=False)
class NotVerified(Exception):
    """A stored weight set differs from the frozen one, or from what the answers give."""

    faults: tuple[FolderFault, ...] = ()
    reasons: tuple[Reason, ...] = ()


def find_weight_set(session: Session, study: Study, number: int) -> WeightSet | None:
    return session.scalar(
        select(WeightSet).where(
            WeightSet.study_id == study.id,
            WeightSet.number == number,
            WeightSet.locked_at.is_not(None),
        )
    )


def load_verified(
    session: Session, study: Study, row: WeightSet, response: Response | None = None
) -> values.WeightSet:
    """Load a frozen weight set, after computing it again from the stored answers.

    ``response`` is that of its round, loaded here if it is None.

    Raises
    ------
    NotVerified
        With the differences.
    """
    try:
        recorded = read_weight_set(row.document.encode(), row.name)
    except FaultyWeightSet as error:
        raise NotVerified(faults=error.faults) from error
    try:
        response = response or load_response(session, row.round)
        reasons = verification(recorded, load_answered(session, study, row.round), response)
    except Refused as error:
        reasons = error.reasons
    if row.digest != digest_of(row.document) or not _has_weights(session, row, recorded):
        reasons = (*reasons, Reason("rows-differ"))
    if reasons:
        raise NotVerified(reasons=reasons)
    return recorded


def _has_weights(session: Session, row: WeightSet, recorded: values.WeightSet) -> bool:
    """Whether the rows of a weight set equal its document to the last bit."""
    stored = session.execute(
        select(Criterion.code, Weight.local_weight, Weight.global_weight)
        .join(Criterion, Criterion.id == Weight.criterion_id)
        .where(Weight.weight_set_id == row.id)
    )
    return {tuple(found) for found in stored} == set(weights_of(recorded))


def weights_of(content: values.WeightSet) -> Iterator[tuple[str, float, float]]:
    """Yield (code, local, global) of every group and indicator."""
    groups = content.local_weights[values.GOAL]
    for group in content.framework.groups:
        yield group.code, groups[group.code], groups[group.code]
    for indicator in content.framework.indicators:
        yield (
            indicator.code,
            content.local_weights[indicator.group][indicator.code],
            content.global_weights[indicator.code],
        )

"""Earlier answers in a later round: those an expert reconsiders, those they keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.asking.best_worst import record_extremes, record_star
from survey.asking.former import Former
from survey.asking.pairs import record_cannot_judge, record_group_abstention, record_judgement
from survey.asking.points import record_allocation
from survey.asking.questionnaire import Question, QuestionGroup, Questionnaire
from survey.asking.questions import find_asked, find_parent, load_comparisons, load_item_ids
from survey.asking.saves import Save, Version, load_versions
from survey.models import Criterion, Invitation, Round
from survey.reports.panel.feedback import moving_pairs
from survey.store.seats import Seat
from survey.store.targets import load_reconsidered
from survey.values import PAIRWISE, UNANSWERED


@dataclass(frozen=True, slots=True)
class LookAgain:
    """An indicator that is reconsidered: comparisons that move it most, or its list."""

    indicator: str
    group: QuestionGroup
    questions: tuple[Question, ...]
    #: Those answered since the expert decided to look at them again, by id.
    seen: frozenset[int]
    #: Whether its list was answered since.
    list_seen: bool

    @property
    def next(self) -> Question | None:
        """Return the first question that the expert has not looked at yet."""
        return next((q for q in self.questions if q.id not in self.seen), None)

    @property
    def open(self) -> bool:
        return self.next is not None if self.group.kind == PAIRWISE else not self.list_seen


@dataclass(frozen=True, slots=True)
class Rest:
    """Open questions answered before, which one button answers alike."""

    former: Former
    questions: tuple[Question, ...]
    lists: tuple[QuestionGroup, ...]
    #: Groups that they could not judge before.
    left: tuple[QuestionGroup, ...]

    @property
    def count(self) -> int:
        """Count the questions, and the lines of the lists that were answered."""
        lines = sum(map(self.former.lines, self.lists)) + sum(len(g.marks) for g in self.left)
        return len(self.questions) + lines

    @property
    def named(self) -> str:
        """Return the names of its questions and groups, for a page to send back."""
        groups = (group.code for group in (*self.lists, *self.left))
        return " ".join([*(f"#{question.id}" for question in self.questions), *groups])

    def among(self, named: str) -> "Rest":
        """Return the part of it that a page named: never more than its button counted."""
        seen = set(named.split())
        return Rest(
            self.former,
            tuple(question for question in self.questions if f"#{question.id}" in seen),
            tuple(group for group in self.lists if group.code in seen),
            tuple(group for group in self.left if group.code in seen),
        )


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Questions of a later round that were answered before: to reconsider, or keep."""

    looks: tuple[LookAgain, ...]
    rest: Rest

    @property
    def open(self) -> bool:
        """Whether an indicator that the expert reconsiders is open."""
        return any(look.open for look in self.looks)

    @property
    def next(self) -> Question | None:
        """Return the next comparison that the expert reconsiders."""
        return next((look.next for look in self.looks if look.next), None)


def load_second_look(
    session: Session, invitation: Invitation, questionnaire: Questionnaire
) -> SecondLook:
    """Load the indicators that an expert reconsiders in a later round, and the rest."""
    expert, framework = invitation.expert_id, questionnaire.framework
    found = load_reconsidered(session, invitation.round, (expert,), framework)
    decided = found.get(expert, {})
    saved = load_versions(session, invitation)
    looks = tuple(
        _look_again(questionnaire, group, indicator, decided[indicator], saved)
        for group in questionnaire.groups
        for indicator in group.items
        if indicator in decided
    )
    return SecondLook(looks, rest_of(questionnaire, frozenset(decided), invitation.round))


def _look_again(
    questionnaire: Questionnaire,
    group: QuestionGroup,
    indicator: str,
    decided_at: datetime,
    saved: Mapping[int | str, Version],
) -> LookAgain:
    former = questionnaire.former
    assert former is not None
    said: dict[tuple[str, str], int] = {}
    for question in (*group.questions, *group.carried):
        before = former.judgement(question)
        if question.steps is not None:
            said[question.first, question.second] = question.steps
        elif before is not None:
            said[question.first, question.second] = before.steps
    order = moving_pairs(group.items, said, indicator)
    asked = {(q.first, q.second): q for q in group.questions}
    questions = tuple(asked[pair] for pair in order if pair in asked)
    since = {
        question
        for question, version in saved.items()
        if version.saved_at is not None and version.saved_at >= decided_at
    }
    seen = frozenset(q.id for q in questions if q.id in since)
    return LookAgain(indicator, group, questions, seen, group.code in since)


def rest_of(questionnaire: Questionnaire, reconsidered: frozenset[str], round_: Round) -> Rest:
    """Return the open questions that are not reconsidered.

    Of a targeted round they are only those of an expert who is asked everything
    again: each other question of it is asked for a reason.
    """
    former = questionnaire.former
    assert former is not None
    questions: list[Question] = []
    lists: list[QuestionGroup] = []
    left: list[QuestionGroup] = []
    for group in questionnaire.asking:
        if group.done or group.cannot is not None:
            continue
        targeted = round_.targeted and group.why != UNANSWERED
        untouched = not reconsidered & set(group.items)
        if former.left(group.code) is not None and untouched and not group.begun:
            left.append(group)
        elif group.kind != PAIRWISE:
            if former.has_list(group) and untouched and not (group.begun or targeted):
                lists.append(group)
        else:
            questions += [
                question
                for question in group.questions
                if not question.answered
                and former.has(question)
                and (question.why == UNANSWERED or not round_.targeted)
                and not reconsidered & {question.first, question.second}
            ]
    return Rest(former, tuple(questions), tuple(lists), tuple(left))


def judge_again(
    session: Session,
    invitation: Invitation,
    former: Former,
    question: Question,
    save: Save,
    reason: str = "",
) -> None:
    """Store the earlier judgement or abstention of a comparison as this round's.

    A reason that is given now replaces the earlier one.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    asked = find_asked(session, Seat.of(invitation), question.id)
    assert asked is not None
    said, cannot = former.judgement(question), former.abstention(question)
    if said is not None:
        record_judgement(session, invitation, asked, said.steps, reason or said.reason, save)
    elif cannot is not None:
        record_cannot_judge(session, invitation, asked, reason or cannot.reason, save)


def list_again(
    session: Session, invitation: Invitation, former: Former, group: QuestionGroup, save: Save
) -> None:
    """Store the earlier points, ratings or star of a group as this round's.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    parent = _parent(session, invitation, group)
    ids = load_item_ids(session, parent)
    star = former.star(group.code)
    if star is None:
        points = {ids[item]: given for item, given in former.points(group.code).items()}
        record_allocation(session, invitation, parent, points, save)
        return
    ends = record_extremes(session, invitation, parent, ids[star.best], ids[star.worst], save)
    asked = load_comparisons(session, invitation, parent)
    said = {asked[ids[j.first], ids[j.second]]: j for j in former.under(group.code)}
    if said:
        steps = {comparison: judgement.steps for comparison, judgement in said.items()}
        reasons = {comparison: judgement.reason for comparison, judgement in said.items()}
        lines = Save(f"{save.key}-star", ends.version, save.at)
        record_star(session, invitation, parent, steps, lines, reasons)


def leave_again(
    session: Session, invitation: Invitation, former: Former, group: QuestionGroup, save: Save
) -> None:
    """Store again that the expert cannot judge a group.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    left = former.left(group.code)
    assert left is not None
    parent = _parent(session, invitation, group)
    record_group_abstention(session, invitation, parent, left.reason, save)


def _parent(session: Session, invitation: Invitation, group: QuestionGroup) -> Criterion:
    parent = find_parent(session, invitation, group.code)
    assert parent is not None
    return parent

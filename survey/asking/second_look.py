"""Former answers in a later round: those an expert reconsiders, and those they keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.asking.best_worst import record_extremes, record_star
from survey.asking.former import Former
from survey.asking.pairs import record_cannot_judge, record_group_abstention, record_judgement
from survey.asking.points import record_allocation
from survey.asking.questionnaire import Group, Question, Questionnaire
from survey.asking.questions import find_asked, find_parent, load_comparisons, load_item_ids
from survey.asking.saves import Save, Version, load_versions
from survey.models import Criterion, Invitation, Round
from survey.reports.panel.feedback import moving_pairs
from survey.store.seats import Seat
from survey.store.targets import load_reconsidered
from survey.values import PAIRWISE, UNANSWERED


@dataclass(frozen=True, slots=True)
class LookAgain:
    """What she reconsiders: the comparisons that move it most first, or its list."""

    indicator: str
    group: Group
    questions: tuple[Question, ...]
    #: Those that she has answered since she decided to look at them again, by id.
    seen: frozenset[int]
    #: Whether she has answered its list since.
    list_seen: bool

    @property
    def next(self) -> Question | None:
        """The first question that she has not looked at yet."""
        return next((q for q in self.questions if q.id not in self.seen), None)

    @property
    def open(self) -> bool:
        return self.next is not None if self.group.method == PAIRWISE else not self.list_seen


@dataclass(frozen=True, slots=True)
class Rest:
    """What she may say the same again to, in one press: open, and answered before."""

    former: Former
    questions: tuple[Question, ...]
    lists: tuple[Group, ...]
    #: Groups that she could not judge before.
    left: tuple[Group, ...]

    @property
    def count(self) -> int:
        """In questions, and in lines of lists that she answered."""
        lines = sum(map(self.former.lines, self.lists)) + sum(len(g.stars) for g in self.left)
        return len(self.questions) + lines

    @property
    def named(self) -> str:
        """What it is about, for a page to send back."""
        groups = (group.code for group in (*self.lists, *self.left))
        return " ".join([*(f"#{question.id}" for question in self.questions), *groups])

    def among(self, named: str) -> "Rest":
        """What is left of that which a page named: never more than its button said."""
        seen = set(named.split())
        return Rest(
            self.former,
            tuple(question for question in self.questions if f"#{question.id}" in seen),
            tuple(group for group in self.lists if group.code in seen),
            tuple(group for group in self.left if group.code in seen),
        )


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What is left to do besides the questions themselves, in a further round."""

    looks: tuple[LookAgain, ...]
    rest: Rest

    @property
    def open(self) -> bool:
        """Whether there is something that she wants to look at again, and has not yet."""
        return any(look.open for look in self.looks)

    @property
    def next(self) -> Question | None:
        """The next comparison that she looks at again."""
        return next((look.next for look in self.looks if look.next), None)


def load_second_look(
    session: Session, invitation: Invitation, questionnaire: Questionnaire
) -> SecondLook:
    """What an expert of a further round looks at again, and the rest."""
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
    group: Group,
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
    """What is left besides; in a targeted round only where she is asked everything again.

    Each other question of a targeted round is asked for a reason.
    """
    former = questionnaire.former
    assert former is not None
    questions: list[Question] = []
    lists: list[Group] = []
    left: list[Group] = []
    for group in questionnaire.asking:
        if group.done or group.cannot is not None:
            continue
        targeted = round_.targeted and group.why != UNANSWERED
        untouched = not reconsidered & set(group.items)
        if former.left(group.code) is not None and untouched and not group.begun:
            left.append(group)
        elif group.method != PAIRWISE:
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
    """Store the former answer to a comparison, judgement or abstention, as this round's.

    What she has written now stands in place of the former reason.

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
    session: Session, invitation: Invitation, former: Former, group: Group, save: Save
) -> None:
    """Store the former answer to a whole group as this round's: points, ratings, or a star.

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
    session: Session, invitation: Invitation, former: Former, group: Group, save: Save
) -> None:
    """Store once more that she cannot judge a group.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    left = former.left(group.code)
    assert left is not None
    parent = _parent(session, invitation, group)
    record_group_abstention(session, invitation, parent, left.reason, save)


def _parent(session: Session, invitation: Invitation, group: Group) -> Criterion:
    parent = find_parent(session, invitation, group.code)
    assert parent is not None
    return parent

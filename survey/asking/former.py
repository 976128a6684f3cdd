"""What an expert said in the round before: shown beside a question, never chosen for her.

And what she makes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey import values
from survey.asking.questionnaire import Group, Question
from survey.values import BEST_WORST, PAIRWISE, Answers, Targets


@dataclass(frozen=True, slots=True)
class Former:
    """Her answers of the last closed round before this one."""

    #: That round's number.
    number: int
    #: Whether she said anything then.
    spoke: bool
    #: Empty where she answered in another way than she does now.
    answers: Answers

    def judgement(self, question: Question) -> values.Judgement | None:
        return next((j for j in self.answers.judgements if _is_about(j, question)), None)

    def abstention(self, question: Question) -> values.Abstention | None:
        """That she could not judge this pair."""
        return next((a for a in self.answers.abstentions if _is_about(a, question)), None)

    def points(self, parent: str) -> Mapping[str, float]:
        """Her points of a group; empty unless they were a hundred."""
        return {a.item: a.points for a in self.answers.allocations if a.parent == parent}

    def star(self, parent: str) -> values.Extremes | None:
        """Which counted most and least for her, where she judged a star."""
        return next((star for star in self.answers.extremes if star.parent == parent), None)

    def under(self, parent: str) -> tuple[values.Judgement, ...]:
        """Her judgements of a group."""
        return tuple(j for j in self.answers.judgements if j.parent == parent)

    def left(self, parent: str) -> values.Abstention | None:
        """That she could not judge this whole group."""
        abstentions = self.answers.abstentions
        return next((a for a in abstentions if a.parent == parent and not a.first), None)

    def has(self, question: Question) -> bool:
        return bool(self.judgement(question) or self.abstention(question))

    def has_list(self, group: Group) -> bool:
        """Whether she answered a group that is one list then as it is asked now."""
        if group.points is not None:
            return set(self.points(group.code)) == set(group.items)
        return group.method == values.BEST_WORST and self.star(group.code) is not None

    def lines(self, group: Group) -> int:
        """How many lines of such a list she answered; the two ends of a star are one."""
        star = self.star(group.code)
        return 1 + len(self.under(group.code)) if star else len(self.points(group.code))


@dataclass(frozen=True, slots=True)
class Decision:
    """What an expert makes of one of her former weights, and the version of that."""

    #: ``values.KEEP``, ``values.RECONSIDER``, or nothing yet.
    decision: str | None = None
    reason: str = ""
    version: int = 0


def _is_about(answer: values.Judgement | values.Abstention, question: Question) -> bool:
    said = (answer.parent, answer.first, answer.second)
    return said == (question.parent, question.first, question.second)


def narrowed(
    groups: tuple[Group, ...], expert: str, targets: Targets, former: Former
) -> tuple[Group, ...]:
    """The groups of one expert with only the questions that this round asks of her.

    These are the ones she was asked again, those she has answered all the same,
    and those that move an indicator she wants to look at again. Her other
    answers are carried over.
    """
    return tuple(
        _pairs(group, expert, targets, former)
        if group.method == PAIRWISE
        else _list(group, expert, targets, former)
        for group in groups
    )


def with_what_counts(groups: tuple[Group, ...], former: Former) -> tuple[Group, ...]:
    """The groups with the former answers that count where this round's are still open.

    An unfinished list is no answer: until it is whole, the former one counts.
    """
    return tuple(_with_former(group, former) for group in groups)


def _with_former(group: Group, former: Former) -> Group:
    if group.done or not group.asks or group.cannot is not None:
        return group
    if former.left(group.code) is not None:
        return group
    if group.points is not None:
        return replace(group, kept_points=former.points(group.code))
    before = former.under(group.code)
    answered = {q.compared for q in group.questions if q.answered}
    return replace(
        group,
        kept={
            (j.first, j.second): j.steps
            for j in before
            if group.method == BEST_WORST or (j.parent, j.first, j.second) not in answered
        },
    )


def _pairs(group: Group, expert: str, targets: Targets, former: Former) -> Group:
    def is_asked(question: Question) -> bool:
        # Who said in this round that she cannot judge the group can take that back.
        answered = question.answered or group.cannot is not None
        return answered or targets.asks_pair(expert, *_pair(question))

    asked = tuple(
        replace(question, why=targets.pairs.get((expert, *_pair(question)), ""))
        for question in group.questions
        if is_asked(question)
    )
    return replace(
        group,
        questions=asked,
        carried=tuple(_as_before(q, former) for q in group.questions if not is_asked(q)),
        asks=bool(asked),
        cannot=group.cannot if asked else _left(group, former),
    )


def _list(group: Group, expert: str, targets: Targets, former: Former) -> Group:
    """A group that is answered as a whole: points, ratings, or a star."""
    if group.begun or targets.asks_list(expert, group.code, group.items):
        return replace(group, why=targets.lists.get((expert, group.code), ""))
    return replace(
        group,
        points=None if group.points is None else former.points(group.code),
        extremes=former.star(group.code),
        carried=tuple(
            Question(0, said.parent, said.first, said.second, said.steps, said.reason)
            for said in former.under(group.code)
        ),
        asks=False,
        cannot=_left(group, former),
    )


def _left(group: Group, former: Former) -> str | None:
    """Why she judges nothing in a group that is not asked about: as she said before."""
    left = former.left(group.code)
    return group.cannot if left is None else left.reason


def _as_before(question: Question, former: Former) -> Question:
    said, cannot = former.judgement(question), former.abstention(question)
    if said is not None:
        return replace(question, steps=said.steps, reason=said.reason)
    return replace(question, cannot=cannot.reason) if cannot else question


def _pair(question: Question) -> tuple[str, str, str]:
    return question.parent, question.first, question.second

"""Answers of the round before: shown at a question, never chosen for the expert.

In a targeted round, and if silence keeps answers, they take the place of open questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey import values
from survey.asking.questionnaire import Question, QuestionGroup
from survey.values import BEST_WORST, PAIRWISE, Answers, Targets


@dataclass(frozen=True, slots=True)
class Former:
    """An expert's answers of the last closed round before this one."""

    #: That round's number.
    number: int
    #: Whether they answered anything then.
    spoke: bool
    #: Empty if their kind of answering was another one than now.
    answers: Answers

    def judgement(self, question: Question) -> values.Judgement | None:
        return next((j for j in self.answers.judgements if _is_about(j, question)), None)

    def abstention(self, question: Question) -> values.Abstention | None:
        """Return the abstention from this pair, if there is one."""
        return next((a for a in self.answers.abstentions if _is_about(a, question)), None)

    def points(self, parent: str) -> Mapping[str, float]:
        """Return the points of a group; empty unless they were a hundred."""
        return {a.item: a.points for a in self.answers.allocations if a.parent == parent}

    def star(self, parent: str) -> values.Extremes | None:
        """Return the items that counted most and least, if a star was judged."""
        return next((star for star in self.answers.extremes if star.parent == parent), None)

    def under(self, parent: str) -> tuple[values.Judgement, ...]:
        """Return the judgements of a group."""
        return tuple(j for j in self.answers.judgements if j.parent == parent)

    def left(self, parent: str) -> values.Abstention | None:
        """Return the abstention from a whole group, if there is one."""
        abstentions = self.answers.abstentions
        return next((a for a in abstentions if a.parent == parent and not a.first), None)

    def has(self, question: Question) -> bool:
        return bool(self.judgement(question) or self.abstention(question))

    def has_list(self, group: QuestionGroup) -> bool:
        """Whether a group that is one list was answered then as it is asked now."""
        if group.points is not None:
            return set(self.points(group.code)) == set(group.items)
        return group.kind == values.BEST_WORST and self.star(group.code) is not None

    def lines(self, group: QuestionGroup) -> int:
        """Count the answered lines of such a list; the two ends of a star are one."""
        star = self.star(group.code)
        return 1 + len(self.under(group.code)) if star else len(self.points(group.code))


@dataclass(frozen=True, slots=True)
class Decision:
    """An expert's decision about one of their earlier weights, with its version."""

    #: ``values.KEEP``, ``values.RECONSIDER``, or nothing yet.
    decision: str | None = None
    reason: str = ""
    version: int = 0


def _is_about(answer: values.Judgement | values.Abstention, question: Question) -> bool:
    said = (answer.parent, answer.first, answer.second)
    return said == (question.parent, question.first, question.second)


def narrowed(
    groups: tuple[QuestionGroup, ...], expert: str, targets: Targets, former: Former
) -> tuple[QuestionGroup, ...]:
    """Return the groups with only the questions that this round asks the expert.

    These are the targets, those they have answered all the same, and those that
    move an indicator they reconsider. Their other answers are carried over.
    """
    return tuple(
        _pairs(group, expert, targets, former)
        if group.kind == PAIRWISE
        else _list(group, expert, targets, former)
        for group in groups
    )


def with_what_counts(
    groups: tuple[QuestionGroup, ...], former: Former
) -> tuple[QuestionGroup, ...]:
    """Return the groups with earlier answers that count while this round's are open.

    An unfinished list is no answer: until it is complete, the earlier one counts.
    """
    return tuple(_with_former(group, former) for group in groups)


def _with_former(group: QuestionGroup, former: Former) -> QuestionGroup:
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
            if group.kind == BEST_WORST or (j.parent, j.first, j.second) not in answered
        },
    )


def _pairs(group: QuestionGroup, expert: str, targets: Targets, former: Former) -> QuestionGroup:
    def is_asked(question: Question) -> bool:
        # An expert who left the group in this round can take that back.
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


def _list(group: QuestionGroup, expert: str, targets: Targets, former: Former) -> QuestionGroup:
    """Narrow a group that is answered as a whole: points, ratings, or a star."""
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


def _left(group: QuestionGroup, former: Former) -> str | None:
    """Return the expert's earlier reason for leaving a group that is not asked about."""
    left = former.left(group.code)
    return group.cannot if left is None else left.reason


def _as_before(question: Question, former: Former) -> Question:
    said, cannot = former.judgement(question), former.abstention(question)
    if said is not None:
        return replace(question, steps=said.steps, reason=said.reason)
    return replace(question, cannot=cannot.reason) if cannot else question


def _pair(question: Question) -> tuple[str, str, str]:
    return question.parent, question.first, question.second

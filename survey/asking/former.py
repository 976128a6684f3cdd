"""What an expert said in the round before: shown beside a question, never chosen for her.

And what she makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey import values
from survey.values import Answers

if TYPE_CHECKING:
    from survey.asking.questionnaire import Group, Question


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

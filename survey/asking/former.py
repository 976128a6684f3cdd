"""What an expert said in the round before: shown beside a question, never chosen for her."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey import values
from survey.store.carrying import Answers

if TYPE_CHECKING:
    from survey.asking.questionnaire import Group, Question


@dataclass(frozen=True, slots=True)
class Former:
    """Her answers of the last closed round before this one."""

    #: That round's number.
    number: int
    answers: Answers

    @property
    def spoke(self) -> bool:
        """Whether she said anything then."""
        said = self.answers
        return bool(said.judgements or said.allocations or said.abstentions)

    def judgement(self, question: Question) -> values.Judgement | None:
        return next((j for j in self.answers.judgements if _is_about(j, question)), None)

    def abstention(self, question: Question) -> values.Abstention | None:
        """That she could not judge this pair."""
        return next((a for a in self.answers.abstentions if _is_about(a, question)), None)

    def points(self, parent: str) -> Mapping[str, float]:
        """Her points of a group; empty unless they were a hundred."""
        return {a.item: a.points for a in self.answers.allocations if a.parent == parent}

    def left(self, parent: str) -> values.Abstention | None:
        """That she could not judge this whole group."""
        abstentions = self.answers.abstentions
        return next((a for a in abstentions if a.parent == parent and not a.first), None)

    def has(self, question: Question) -> bool:
        return bool(self.judgement(question) or self.abstention(question))

    def has_points(self, group: Group) -> bool:
        return group.points is not None and set(self.points(group.code)) == set(group.items)


def _is_about(answer: values.Judgement | values.Abstention, question: Question) -> bool:
    said = (answer.parent, answer.first, answer.second)
    return said == (question.parent, question.first, question.second)

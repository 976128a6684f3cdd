"""What is left to ask in a targeted round, and what stands as it was said before."""

from dataclasses import replace

from survey.asking.former import Former
from survey.asking.questionnaire import Group, Question
from survey.store.carrying import AskedAgain
from survey.values import PAIRWISE


def narrowed(
    groups: tuple[Group, ...], asked: AskedAgain, former: Former, reconsidered: frozenset[str]
) -> tuple[Group, ...]:
    """The groups of one expert with only the questions that this round asks of her.

    These are the ones she was asked again, those she has answered all the same,
    and those that move an indicator she wants to look at again. Her other
    answers are carried over.
    """
    why = {pair[1:]: reason for pair, reason in asked.pairs.items()}
    lists = {parent: reason for (_, parent), reason in asked.lists.items()}
    return tuple(
        _pairs(group, why, former, reconsidered)
        if group.method == PAIRWISE
        else _list(group, lists, former, reconsidered)
        for group in groups
    )


def _pairs(
    group: Group,
    why: dict[tuple[str, str, str], str],
    former: Former,
    reconsidered: frozenset[str],
) -> Group:
    def is_asked(question: Question) -> bool:
        return (
            _pair(question) in why
            or question.answered
            or bool(reconsidered & {question.first, question.second})
        )

    asked = tuple(
        replace(question, why=why.get(_pair(question), ""))
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


def _list(group: Group, why: dict[str, str], former: Former, reconsidered: frozenset[str]) -> Group:
    """A group that is answered as a whole: points, ratings, or a star."""
    if group.code in why or group.begun or reconsidered & set(group.items):
        return replace(group, why=why.get(group.code, ""))
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

"""What is left to ask in a targeted round, and what stands as it was said before."""

from dataclasses import replace

from survey.asking.former import Former
from survey.asking.questionnaire import Group, Question
from survey.store.carrying import AskedAgain
from survey.values import BEST_WORST, PAIRWISE


def narrowed(
    groups: tuple[Group, ...], expert: str, asked: AskedAgain, former: Former
) -> tuple[Group, ...]:
    """The groups of one expert with only the questions that this round asks of her.

    These are the ones she was asked again, those she has answered all the same,
    and those that move an indicator she wants to look at again. Her other
    answers are carried over.
    """
    return tuple(
        _pairs(group, expert, asked, former)
        if group.method == PAIRWISE
        else _list(group, expert, asked, former)
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


def _pairs(group: Group, expert: str, again: AskedAgain, former: Former) -> Group:
    def is_asked(question: Question) -> bool:
        # Who said in this round that she cannot judge the group can take that back.
        answered = question.answered or group.cannot is not None
        return answered or again.asks_pair(expert, *_pair(question))

    asked = tuple(
        replace(question, why=again.pairs.get((expert, *_pair(question)), ""))
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


def _list(group: Group, expert: str, again: AskedAgain, former: Former) -> Group:
    """A group that is answered as a whole: points, ratings, or a star."""
    if group.begun or again.asks_list(expert, group.code, group.items):
        return replace(group, why=again.lists.get((expert, group.code), ""))
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

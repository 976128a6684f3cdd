"""Which answers speak for a targeted round: its own, and the former ones that it did not ask again.

docs/decisions/0040-what-a-further-round-counts.md says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from survey.values import Abstention, Allocation, Answers, Extremes, Framework, Judgement

Answer = TypeVar("Answer", Judgement, Allocation, Abstention, Extremes)

#: An expert under a parent.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """What a targeted round asks of whom, each with the reason for it."""

    #: By expert, parent, first and second.
    pairs: Mapping[tuple[str, str, str, str], str]
    #: Groups answered as one list, by expert and parent.
    lists: Mapping[Place, str]
    #: By expert: items that she herself wants to look at again.
    reconsidered: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def asks_pair(self, expert: str, parent: str, first: str, second: str) -> bool:
        renewed = self.reconsidered.get(expert, frozenset())
        return (expert, parent, first, second) in self.pairs or bool(renewed & {first, second})

    def asks_list(self, expert: str, parent: str, items: Iterable[str]) -> bool:
        renewed = self.reconsidered.get(expert, frozenset())
        return (expert, parent) in self.lists or not renewed.isdisjoint(items)


def carry_over(
    before: Answers, own: Answers, asked: AskedAgain, framework: Framework, panel: Iterable[str]
) -> Answers:
    """The answers of a targeted round with those of the round before that it did not ask again.

    An answer of this round comes before a former one. What was asked again and
    not answered is not answered: nobody knows that she still says it. Ordered
    by ``panel``, then as asked.
    """
    left = {_place(a) for a in own.abstentions if not a.first}
    said = {_pair(a) for a in own.judgements} | {_pair(a) for a in own.abstentions}
    said_under = {(expert, parent) for expert, parent, *_ in said}
    said_under |= {_place(a) for a in own.allocations} | {_place(a) for a in own.extremes}
    # Of a star, one judgement says nothing without the others and the ends they belong to.
    stars = {_place(a) for a in (*own.extremes, *before.extremes)}

    def pair_stands(answer: Judgement | Abstention) -> bool:
        if _place(answer) in stars:
            return list_stands(answer)
        renewed = asked.asks_pair(*_pair(answer)) or _pair(answer) in said
        return not renewed and _place(answer) not in left

    def list_stands(answer: Judgement | Allocation | Abstention | Extremes) -> bool:
        expert, parent = _place(answer)
        renewed = asked.asks_list(expert, parent, framework.children(parent))
        return not renewed and (expert, parent) not in said_under

    order = _Order(framework, panel)
    return Answers(
        order.sorted((*own.judgements, *filter(pair_stands, before.judgements))),
        order.sorted((*own.allocations, *filter(list_stands, before.allocations))),
        order.sorted(
            (
                *own.abstentions,
                *(
                    former
                    for former in before.abstentions
                    if (pair_stands(former) if former.first else list_stands(former))
                ),
            )
        ),
        order.sorted((*own.extremes, *filter(list_stands, before.extremes))),
    )


def _place(answer: Judgement | Allocation | Abstention | Extremes) -> Place:
    return answer.expert, answer.parent


def _pair(answer: Judgement | Abstention) -> tuple[str, str, str, str]:
    return answer.expert, answer.parent, answer.first, answer.second


class _Order:
    """By expert, then as the framework asks."""

    def __init__(self, framework: Framework, panel: Iterable[str]) -> None:
        self._experts = {code: place for place, code in enumerate(panel)}
        codes = [
            (parent, *what)
            for parent in framework.parents
            for what in (
                ("", ""),
                *framework.pairs(parent),
                *((child, "") for child in framework.children(parent)),
            )
        ]
        self._asked = {code: place for place, code in enumerate(codes)}

    def sorted(self, answers: Iterable[Answer]) -> tuple[Answer, ...]:
        return tuple(sorted(answers, key=self._key))

    def _key(self, answer: Judgement | Allocation | Abstention | Extremes) -> tuple[int, int]:
        if isinstance(answer, Extremes):
            what = (answer.parent, "", "")
        elif isinstance(answer, Allocation):
            what = (answer.parent, answer.item, "")
        else:
            what = (answer.parent, answer.first, answer.second)
        return self._experts[answer.expert], self._asked[what]

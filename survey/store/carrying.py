"""Put answers of a round in place of former ones: never a part of a list.

docs/decisions/0041-silence-is-a-rule-of-the-round.md says why.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
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


#: What is asked again does not matter where silence has a rule.
NOTHING_ASKED = AskedAgain({}, {})


def is_replaced(
    former: Answers, own: Answers, asked: Mapping[str, Collection[tuple[str, str]]]
) -> bool:
    """Whether one expert's answers in another way say something whole of every group they did.

    ``asked`` are the pairs that are asked, by parent.
    """
    said: dict[str, set[tuple[str, str]]] = {}
    in_pairs: tuple[Judgement | Abstention, ...] = (*own.judgements, *own.abstentions)
    for answer in in_pairs:
        said.setdefault(answer.parent, set()).add((answer.first, answer.second))
    stars = {star.parent: star for star in own.extremes}
    whole = {a.parent for a in own.allocations} | {
        parent
        for parent, pairs in said.items()
        if ("", "") in pairs
        or pairs.issuperset(asked.get(parent, ()))
        or (parent in stars and len(pairs) == _lines(stars[parent], asked[parent]))
    }
    return {answer.parent for kind in former.kinds for answer in kind} <= whole


def _lines(star: Extremes, asked: Collection[tuple[str, str]]) -> int:
    """Count the pairs of a star among the items that are compared."""
    items = dict.fromkeys(item for pair in asked for item in pair)
    return len(list(star.pairs(tuple(items))))


def carry_over(
    before: Answers, own: Answers, asked: AskedAgain, framework: Framework, panel: Iterable[str]
) -> Answers:
    """The answers of a round with those of the round before, but for what was ``asked`` again.

    An answer of this round comes before a former one. A star begun without
    being asked replaces the former one once it is whole. Ordered by ``panel``,
    then as asked.
    """
    own = _without_begun_stars(before, own, asked, framework)
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


def _without_begun_stars(
    before: Answers, own: Answers, asked: AskedAgain, framework: Framework
) -> Answers:
    """An unfinished list is no answer yet: the former one stands, as with points."""
    lines = Counter(map(_place, own.judgements))
    begun = {
        _place(star)
        for star in own.extremes
        if not asked.asks_list(*_place(star), framework.children(star.parent))
        and lines[_place(star)] < len(list(star.pairs(framework.children(star.parent))))
    } & {_place(star) for star in before.extremes}
    return replace(
        own,
        judgements=tuple(j for j in own.judgements if _place(j) not in begun),
        extremes=tuple(star for star in own.extremes if _place(star) not in begun),
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

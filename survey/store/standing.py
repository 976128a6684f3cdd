"""Standing of a panel: answers that count in a round, its own and earlier ones.

The round's rule says whether the earlier answers of a silent expert count:
docs/decisions/0041-silence-is-a-rule-of-the-round.md has the reasons.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from survey import models, values
from survey.models import (
    Abstention,
    Allocation,
    Comparison,
    Criterion,
    Extremes,
    Invitation,
    Judgement,
    Reconsideration,
    Round,
)
from survey.store.answers import Experts, load_experts, load_own_answers
from survey.store.rounds import find_former_round
from survey.store.targets import load_targets
from survey.values import Answers, Framework, Targets
from survey.values.response import KEEP_ANSWERS


@dataclass(frozen=True, slots=True)
class Standing:
    """Answers of a panel at the end of a round, and the experts who count in it.

    Their kind is the one in which their answers count: it is that of a round
    before if they have answered nothing since, or not yet everything.
    """

    experts: Experts
    answers: Answers
    #: Their answers of this round itself, each of the kind in which they answer it.
    own: Answers
    #: By id: those whose answers count in this round.
    counting: frozenset[int]
    #: By id: those who saved an answer in this round.
    took_part: frozenset[int]
    #: The same, one round earlier; None in a first round.
    before: "Standing | None" = None

    @property
    def counted(self) -> Answers:
        """Return the answers that count."""
        return self.answers.of({self.experts[id_].code for id_ in self.counting})

    def of(self, expert: int) -> Answers:
        """Return the answers of one expert, by id."""
        return self.answers.of({self.experts[expert].code})


def load_standing(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    framework: Framework,
    experts: Experts,
) -> Standing:
    """Load the answers of these experts of a round that count at its end.

    An earlier answer counts until its expert replaces it or withdraws. The round's
    rule says whether an expert who is silent in this round counts in it.
    """
    own = load_own_answers(session, round_, criteria, framework, experts)
    took_part = load_took_part(session, round_, experts)
    former_round = find_former_round(session, round_)
    if former_round is None:
        return Standing(experts, own, own, frozenset(experts), took_part)
    stayed = experts.keys() - _withdrawn(session, round_)
    then = load_experts(session, former_round, stayed)
    before = load_standing(session, former_round, criteria, framework, then)
    if round_.silence is None:
        counted = _by_no_rule(session, round_, criteria, framework, experts, own, before)
        return Standing(experts, counted, own, frozenset(experts), took_part, before)

    experts, answers = _by_rule(session, round_, criteria, framework, experts, own, before)
    silent = stayed - took_part
    if round_.silence != KEEP_ANSWERS:
        silent &= load_spared(session, round_, silent)
    counting = (took_part & stayed) | (silent & before.counting)
    return Standing(experts, answers, own, counting, took_part, before)


def load_took_part(session: Session, round_: Round, experts: Collection[int]) -> frozenset[int]:
    """Find those of these experts, by id, who saved an answer, even the earlier one.

    To keep a weight saves its answers again. To mark one for reconsidering, or
    to open a page, does not.
    """
    tables = (Judgement, Allocation, Abstention, Extremes, Reconsideration)
    answered = union(
        *(
            select(table.expert_id).where(
                table.round_id == round_.id,
                table.expert_id.in_(experts),
                *([table.decision == values.KEEP] if table is Reconsideration else ()),
            )
            for table in tables
        )
    )
    return frozenset(session.scalars(answered))


def load_spared(session: Session, round_: Round, experts: Collection[int]) -> frozenset[int]:
    """Find those of some experts, by id, of whom a targeted round asks nothing."""
    if not round_.targeted:
        return frozenset()
    asked = select(models.Target.expert_id).where(models.Target.round_id == round_.id)
    return frozenset(experts) - set(session.scalars(asked.distinct()))


def _withdrawn(session: Session, round_: Round) -> set[int]:
    withdrew = select(Invitation.expert_id).where(
        Invitation.round_id == round_.id, Invitation.withdrew_at.is_not(None)
    )
    return set(session.scalars(withdrew))


def _by_no_rule(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    framework: Framework,
    experts: Experts,
    own: Answers,
    before: Standing,
) -> Answers:
    """Load the answers that count in a round from before there was a rule for silence.

    These are its own answers and, in a targeted one, the earlier ones that it did
    not ask again. Weight sets frozen from such rounds are computed again to the same figures.
    """
    if not round_.targeted:
        return own
    by_id = {criterion.id: criterion.code for criterion in criteria.values()}
    alike = {e.code for id_, e in before.experts.items() if e.kind == experts[id_].kind}
    return carry_over(
        before.counted.of(alike),
        own,
        load_targets(session, round_, by_id, experts, framework),
        framework,
        [expert.code for expert in experts.values()],
    )


def _by_rule(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    framework: Framework,
    experts: Experts,
    own: Answers,
    before: Standing,
) -> tuple[Experts, Answers]:
    """Return the experts, each of the kind that counts, and their answers that count."""
    kept = _keeping_their_method(session, round_, criteria, experts, own, before)
    experts = {id_: kept.get(id_, expert) for id_, expert in experts.items()}
    if kept:
        others = own.of({e.code for id_, e in experts.items() if id_ not in kept})
        own = others.joined(load_own_answers(session, round_, criteria, framework, kept))
    former = before.answers.of(
        {e.code for id_, e in before.experts.items() if e.kind == experts[id_].kind}
    )
    codes = [expert.code for expert in experts.values()]
    # If silence has a rule, a question counts alike whether it was asked again or not.
    return experts, carry_over(former, own, Targets(), framework, codes)


def _keeping_their_method(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    experts: Experts,
    own: Answers,
    before: Standing,
) -> dict[int, values.Expert]:
    """Find experts, by id, whose earlier answers still count, with their earlier kind.

    An expert answers by one kind. Answers of another kind replace the earlier
    ones once they are as complete: before that, a part would be dropped.
    """
    changed = {id_: then for id_, then in before.experts.items() if then.kind != experts[id_].kind}
    if not changed:
        return {}
    asked = _load_pairs(session, round_, {c.id: code for code, c in criteria.items()})
    return {
        id_: replace(experts[id_], kind=then.kind)
        for id_, then in changed.items()
        if not is_replaced(before.of(id_), own.of({then.code}), asked)
    }


def _load_pairs(
    session: Session, round_: Round, codes: Mapping[int, str]
) -> dict[str, set[tuple[str, str]]]:
    """Load the pairs that a round compares, by the parent's code."""
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in session.scalars(select(Comparison).where(Comparison.round_id == round_.id)):
        pairs[codes[row.parent_id]].add((codes[row.first_id], codes[row.second_id]))
    return pairs


Answer = TypeVar("Answer", values.Judgement, values.Allocation, values.Abstention, values.Extremes)

#: An expert under a parent.
Place = tuple[str, str]


def is_replaced(
    former: Answers, own: Answers, asked: Mapping[str, Collection[tuple[str, str]]]
) -> bool:
    """Whether answers of another kind are complete in every group that was answered.

    ``asked`` are the pairs that are asked, by parent.
    """
    said: dict[str, set[tuple[str, str]]] = {}
    in_pairs: tuple[values.Judgement | values.Abstention, ...] = (*own.judgements, *own.abstentions)
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


def _lines(star: values.Extremes, asked: Collection[tuple[str, str]]) -> int:
    """Count the pairs of a star among the items that are compared."""
    items = dict.fromkeys(item for pair in asked for item in pair)
    return len(list(star.pairs(tuple(items))))


def carry_over(
    before: Answers, own: Answers, targets: Targets, framework: Framework, panel: Iterable[str]
) -> Answers:
    """Return a round's answers with those of the round before, but for ``targets``.

    An answer of this round replaces an earlier one, a list as a whole. A star begun
    without being asked replaces the earlier one once it is complete. The order is that
    of ``panel``, then of asking.
    """
    own = _without_begun_stars(before, own, targets, framework)
    left = {_place(a) for a in own.abstentions if not a.first}
    said = {_pair(a) for a in own.judgements} | {_pair(a) for a in own.abstentions}
    said_under = {(expert, parent) for expert, parent, *_ in said}
    said_under |= {_place(a) for a in own.allocations} | {_place(a) for a in own.extremes}
    # One judgement of a star has no meaning without the others and its best and worst.
    stars = {_place(a) for a in (*own.extremes, *before.extremes)}

    def pair_stands(answer: values.Judgement | values.Abstention) -> bool:
        if _place(answer) in stars:
            return list_stands(answer)
        renewed = targets.asks_pair(*_pair(answer)) or _pair(answer) in said
        return not renewed and _place(answer) not in left

    def list_stands(
        answer: values.Judgement | values.Allocation | values.Abstention | values.Extremes,
    ) -> bool:
        expert, parent = _place(answer)
        renewed = targets.asks_list(expert, parent, framework.children(parent))
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
    before: Answers, own: Answers, targets: Targets, framework: Framework
) -> Answers:
    """Leave out stars that are only begun: the earlier ones count, as with points."""
    lines = Counter(map(_place, own.judgements))
    begun = {
        _place(star)
        for star in own.extremes
        if not targets.asks_list(*_place(star), framework.children(star.parent))
        and lines[_place(star)] < len(list(star.pairs(framework.children(star.parent))))
    } & {_place(star) for star in before.extremes}
    return replace(
        own,
        judgements=tuple(j for j in own.judgements if _place(j) not in begun),
        extremes=tuple(star for star in own.extremes if _place(star) not in begun),
    )


def _place(
    answer: values.Judgement | values.Allocation | values.Abstention | values.Extremes,
) -> Place:
    return answer.expert, answer.parent


def _pair(answer: values.Judgement | values.Abstention) -> tuple[str, str, str, str]:
    return answer.expert, answer.parent, answer.first, answer.second


class _Order:
    """Order of answers: by expert, then as the framework asks."""

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

    def _key(
        self, answer: values.Judgement | values.Allocation | values.Abstention | values.Extremes
    ) -> tuple[int, int]:
        if isinstance(answer, values.Extremes):
            what = (answer.parent, "", "")
        elif isinstance(answer, values.Allocation):
            what = (answer.parent, answer.item, "")
        else:
            what = (answer.parent, answer.first, answer.second)
        return self._experts[answer.expert], self._asked[what]

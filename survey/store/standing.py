"""Whose answers count in a round, and which: its own, and former ones by its rule for silence.

docs/decisions/0041-silence-is-a-rule-of-the-round.md says why.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

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
from survey.store.asked import load_asked
from survey.store.carrying import NOTHING_ASKED, carry_over, is_replaced
from survey.store.rounds import find_former_round
from survey.values import Answers, Framework
from survey.values.response import KEEP_ANSWERS


@dataclass(frozen=True, slots=True)
class Standing:
    """Answers of a panel at the end of a round, and the experts who count in it.

    Their method is the one in which their answers count: it is that of a round
    before where they have said nothing since, or not yet everything.
    """

    experts: Experts
    answers: Answers
    #: What they said in this round itself, each in the way in which they answer it.
    own: Answers
    #: By id: those whose answers count in this round.
    counting: frozenset[int]
    #: By id: those who saved an answer in this round.
    took_part: frozenset[int]
    #: The same, one round earlier; None in a first round.
    before: "Standing | None" = None

    @property
    def counted(self) -> Answers:
        """The answers that count."""
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
    """Load what these experts of a round have said by its end.

    A former answer stands until its expert replaces it or withdraws. Whether
    an expert who is silent in this round counts in it, says the round's rule.
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
    """Find those of some experts, by id, who saved an answer, were it the former one again.

    To keep a weight says its answers again. To mark one for another look, or
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
    asked = select(models.AskedAgain.expert_id).where(models.AskedAgain.round_id == round_.id)
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

    Its own answers; in a targeted one also the former ones that it did not ask
    again. Weight sets frozen from such rounds are computed again to the same figures.
    """
    if not round_.targeted:
        return own
    by_id = {criterion.id: criterion.code for criterion in criteria.values()}
    alike = {e.code for id_, e in before.experts.items() if e.method == experts[id_].method}
    return carry_over(
        before.counted.of(alike),
        own,
        load_asked(session, round_, by_id, experts, framework),
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
    """Return the experts, each in the way in which their answers count, and these answers."""
    kept = _keeping_their_method(session, round_, criteria, experts, own, before)
    experts = {id_: kept.get(id_, expert) for id_, expert in experts.items()}
    if kept:
        others = own.of({e.code for id_, e in experts.items() if id_ not in kept})
        own = others.joined(load_own_answers(session, round_, criteria, framework, kept))
    former = before.answers.of(
        {e.code for id_, e in before.experts.items() if e.method == experts[id_].method}
    )
    codes = [expert.code for expert in experts.values()]
    return experts, carry_over(former, own, NOTHING_ASKED, framework, codes)


def _keeping_their_method(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    experts: Experts,
    own: Answers,
    before: Standing,
) -> dict[int, values.Expert]:
    """The experts, by id, whose former answers still count in the way in which they were given.

    An expert answers in one way. Answers in another way replace the former
    ones once they are as whole as these were: before, they would drop a part.
    """
    changed = {
        id_: then for id_, then in before.experts.items() if then.method != experts[id_].method
    }
    if not changed:
        return {}
    asked = _load_pairs(session, round_, {c.id: code for code, c in criteria.items()})
    return {
        id_: replace(experts[id_], method=then.method)
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

"""What the panel said in the round before, as far as one of its experts may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.asking.former import Decision, Former
from survey.asking.questionnaire import Group, Question, Questionnaire
from survey.asking.saves import of_invitation
from survey.models import (
    AnswerRevision,
    Criterion,
    Expert,
    Invitation,
    Reconsideration,
    Round,
)
from survey.reports.feedback import (
    Feedback,
    feedback,
    moving_pairs,
    panel_weights,
)
from survey.reports.own_weights import LocalWeights, weights_of_indicators
from survey.store.loading import load_answered
from survey.store.reasons import load_reasons
from survey.store.rounds import find_former_round
from survey.values import NAMED, PAIRWISE, UNANSWERED, Judgement


@dataclass(frozen=True, slots=True)
class Reason:
    """What somebody gave as a reason; who it was is told only where the study promised to."""

    #: The criteria it is about: the two of a comparison, or the one whose weight was kept.
    about: tuple[str, ...]
    text: str
    #: The language its writer is addressed in.
    language: str
    #: The author's, in the page's language.
    translation: str | None
    #: What she is called, where the study promised names beside reasons; else nobody.
    writer: str = ""


@dataclass(frozen=True, slots=True)
class PanelSaid:
    """The round before, for one expert.

    ``feedback`` is None while her own answers are not in (``hidden``), and
    where too few answered; then there are no reasons either.
    """

    number: int
    hidden: bool
    #: Her weights are those of this round: in the one before she gave none.
    of_this_round: bool = False
    feedback: Feedback | None = None
    reasons: tuple[Reason, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    def reasons_of(self, code: str) -> list[Reason]:
        return [reason for reason in self.reasons if code in reason.about]

    @property
    def reasons_of_groups(self) -> list[Reason]:
        """What was said of whole groups: no card is about these."""
        indicators = {card.indicator for card in self.feedback.cards} if self.feedback else ()
        return [reason for reason in self.reasons if reason.about[0] not in indicators]

    @property
    def own_indicators(self) -> list[str]:
        """Those of which the page shows a weight of hers."""
        cards = self.feedback.cards if self.feedback else ()
        return [card.indicator for card in cards if card.own is not None]

    def decision(self, code: str) -> Decision:
        return self.decisions.get(code, Decision())


def load_panel_said(
    session: Session, invitation: Invitation, questionnaire: Questionnaire, language: str
) -> PanelSaid | None:
    """What the closed round before said; None in a study's first round.

    ``language`` is that of the page: translations are the author's into it.
    """
    before = find_former_round(session, invitation.round)
    if before is None:
        return None
    answered = load_answered(session, invitation.expert.study, before)
    panel = panel_weights(answered)
    expert = invitation.expert.code
    of_this_round = not panel.answered(expert)
    if of_this_round and not _everything_answered(questionnaire):
        return PanelSaid(before.number, hidden=True)
    own = _own_now(questionnaire) if of_this_round else panel.whole.get(expert)
    found = feedback(panel, own)
    if found is None:
        return PanelSaid(before.number, hidden=False)
    return PanelSaid(
        number=before.number,
        hidden=False,
        of_this_round=of_this_round,
        feedback=found,
        reasons=tuple(_reasons(session, before, answered.judgements, invitation.expert, language)),
        decisions=load_decisions(session, invitation),
    )


def _everything_answered(questionnaire: Questionnaire) -> bool:
    """Something is judged, and nothing is open: saying that she cannot judge is no answer yet."""
    judged = any(group.weights.weights is not None for group in questionnaire.groups)
    return judged and questionnaire.open_group is None


def _own_now(questionnaire: Questionnaire) -> LocalWeights | None:
    local = {group.code: group.weights.weights for group in questionnaire.groups}
    return weights_of_indicators(questionnaire.framework, local)


# ---------------------------------------------------------------- reasons


def _reasons(
    session: Session, before: Round, counted: Iterable[Judgement], reader: Expert, language: str
) -> list[Reason]:
    """The others' reasons, in an order that tells nothing of who wrote what."""
    named = reader.study.anonymity == NAMED
    found = [
        Reason(
            given.about,
            given.text,
            given.language,
            given.translation or None,
            (given.name or given.expert) if named else "",
        )
        for given in load_reasons(session, before, counted, language)
        if given.expert != reader.code
    ]
    return sorted(found, key=lambda reason: (reason.about, reason.text))


# ---------------------------------------------------------------- her decisions


def load_decisions(session: Session, invitation: Invitation) -> dict[str, Decision]:
    """What she has decided in this round, by indicator."""
    versions = (
        select(AnswerRevision.parent_id, func.max(AnswerRevision.version).label("version"))
        .where(*of_invitation(AnswerRevision, invitation), AnswerRevision.comparison_id.is_(None))
        .group_by(AnswerRevision.parent_id)
        .subquery()
    )
    rows = session.execute(
        select(Criterion.code, Reconsideration.decision, Reconsideration.reason, versions.c.version)
        .join(Criterion, Criterion.id == Reconsideration.criterion_id)
        .join(versions, versions.c.parent_id == Reconsideration.criterion_id)
        .where(*of_invitation(Reconsideration, invitation))
    )
    return {code: Decision(decision, reason, version) for code, decision, reason, version in rows}


# ---------------------------------------------------------------- what she looks at again


@dataclass(frozen=True, slots=True)
class LookAgain:
    """What she reconsiders: the comparisons that move it most first, or its list."""

    indicator: str
    group: Group
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """What she may say the same again to, in one press: open, and answered before."""

    former: Former
    questions: tuple[Question, ...]
    lists: tuple[Group, ...]
    #: Groups that she could not judge before.
    left: tuple[Group, ...]

    @property
    def count(self) -> int:
        """In questions, and in lines of lists that she answered."""
        lines = sum(map(self.former.lines, self.lists)) + sum(len(g.stars) for g in self.left)
        return len(self.questions) + lines

    @property
    def named(self) -> str:
        """What it is about, for a page to send back."""
        groups = (group.code for group in (*self.lists, *self.left))
        return " ".join([*(f"#{question.id}" for question in self.questions), *groups])

    def among(self, named: str) -> "Rest":
        """What is left of that which a page named: never more than its button said."""
        seen = set(named.split())
        return Rest(
            self.former,
            tuple(question for question in self.questions if f"#{question.id}" in seen),
            tuple(group for group in self.lists if group.code in seen),
            tuple(group for group in self.left if group.code in seen),
        )


def look_again(questionnaire: Questionnaire, reconsidered: frozenset[str]) -> list[LookAgain]:
    """What moves the indicators she reconsiders, in the order of asking."""
    return [
        _look_again(questionnaire, group, indicator)
        for group in questionnaire.groups
        for indicator in group.items
        if indicator in reconsidered
    ]


def _look_again(questionnaire: Questionnaire, group: Group, indicator: str) -> LookAgain:
    former = questionnaire.former
    assert former is not None
    said: dict[tuple[str, str], int] = {}
    for question in (*group.questions, *group.carried):
        before = former.judgement(question)
        if question.steps is not None:
            said[question.first, question.second] = question.steps
        elif before is not None:
            said[question.first, question.second] = before.steps
    order = moving_pairs(group.items, said, indicator)
    asked = {(q.first, q.second): q for q in group.questions}
    return LookAgain(indicator, group, tuple(asked[pair] for pair in order if pair in asked))


def rest_of(questionnaire: Questionnaire, reconsidered: frozenset[str], round_: Round) -> Rest:
    """What is left besides; in a targeted round only where she is asked everything again.

    Each other question of a targeted round is asked for a reason.
    """
    former = questionnaire.former
    assert former is not None
    questions: list[Question] = []
    lists: list[Group] = []
    left: list[Group] = []
    for group in questionnaire.asking:
        if group.done or group.cannot is not None:
            continue
        targeted = round_.targeted and group.why != UNANSWERED
        untouched = not reconsidered & set(group.items)
        if former.left(group.code) is not None and untouched and not group.begun:
            left.append(group)
        elif group.method != PAIRWISE:
            if former.has_list(group) and untouched and not (group.begun or targeted):
                lists.append(group)
        else:
            questions += [
                question
                for question in group.questions
                if not question.answered
                and former.has(question)
                and (question.why == UNANSWERED or not round_.targeted)
                and not reconsidered & {question.first, question.second}
            ]
    return Rest(former, tuple(questions), tuple(lists), tuple(left))

"""Queries for the round before, limited to what one expert may see."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.asking.former import Decision
from survey.asking.questionnaire import Questionnaire
from survey.asking.saves import of_invitation
from survey.models import (
    AnswerRevision,
    Criterion,
    Expert,
    Invitation,
    Reconsideration,
    Round,
)
from survey.reports.panel.feedback import Feedback, feedback, panel_weights
from survey.reports.panel.own_weights import LocalWeights, weights_of_indicators
from survey.store.reasons import GivenReason, load_reasons, load_translations
from survey.store.rounds import find_former_round
from survey.store.studies import load_answered
from survey.values import NAMED, Study, Texts, tellable


@dataclass(frozen=True, slots=True)
class ShownReason:
    """Reason given by another expert; named only if the study promised names."""

    #: The criteria that the reason is about: the two of a comparison, or the one kept.
    about: tuple[str, ...]
    #: The original text; empty if it is translated and would identify its writer.
    text: str
    #: The language its writer is asked in; empty if it would identify the writer.
    language: str
    #: The author's translation into the page's language; if the original would identify
    #: its writer, every translation, so that none of the page's languages shows it.
    translations: Texts
    #: The writer's name, if the study promised names beside reasons; else empty.
    writer: str = ""


@dataclass(frozen=True, slots=True)
class PanelSaid:
    """Results of the round before, as shown to one expert.

    ``feedback`` is None until the expert has answered (``hidden``), and if too
    few experts answered. Then there are no reasons either.
    """

    number: int
    hidden: bool
    #: The expert's weights are from this round: they gave none in the round before.
    of_this_round: bool = False
    feedback: Feedback | None = None
    reasons: tuple[ShownReason, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    def reasons_of(self, code: str) -> list[ShownReason]:
        return [reason for reason in self.reasons if code in reason.about]

    @property
    def reasons_of_groups(self) -> list[ShownReason]:
        """Reasons about whole groups, which have no card."""
        indicators = {card.indicator for card in self.feedback.cards} if self.feedback else ()
        return [reason for reason in self.reasons if reason.about[0] not in indicators]

    @property
    def own_indicators(self) -> list[str]:
        """Indicators for which the page shows a weight of the expert."""
        cards = self.feedback.cards if self.feedback else ()
        return [card.indicator for card in cards if card.own is not None]

    def decision(self, code: str) -> Decision:
        return self.decisions.get(code, Decision())


def load_panel_said(
    session: Session, invitation: Invitation, questionnaire: Questionnaire, language: str
) -> PanelSaid | None:
    """Return the results of the closed round before; None in a study's first round.

    ``language`` is that of the page; the author's translations are into it.
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
    found = feedback(panel, expert, own)
    if found is None:
        return PanelSaid(before.number, hidden=False)
    return PanelSaid(
        number=before.number,
        hidden=False,
        of_this_round=of_this_round,
        feedback=found,
        reasons=tuple(_reasons(session, before, answered, invitation.expert, language)),
        decisions=load_decisions(session, invitation),
    )


def _everything_answered(questionnaire: Questionnaire) -> bool:
    """Whether a group has weights and no question is open. Abstentions do not count."""
    judged = any(group.weights.weights is not None for group in questionnaire.groups)
    return judged and questionnaire.open_group is None


def _own_now(questionnaire: Questionnaire) -> LocalWeights | None:
    local = {group.code: group.weights.weights for group in questionnaire.groups}
    return weights_of_indicators(questionnaire.framework, local)


# ---------------------------------------------------------------- reasons


def _reasons(
    session: Session, before: Round, answered: Study, reader: Expert, language: str
) -> list[ShownReason]:
    """Return the others' reasons, in an order that does not identify their writers."""
    named = reader.study.anonymity == NAMED
    told = _told_languages(answered, reader.code)
    translations = load_translations(session, before.study_id)
    others = [
        given
        for given in load_reasons(session, before, answered.judgements, language)
        if given.expert != reader.code
    ]
    return [
        _told(given, language, named)
        if named or given.language in told
        else _untold(given, translations.get(given.key, {}))
        for given in sorted(others, key=lambda given: (given.about, given.text))
    ]


def _told(given: GivenReason, language: str, named: bool) -> ShownReason:
    """Return a reason whose language may be shown, beside its translation."""
    translations = {language: given.translation} if given.translation else {}
    writer = (given.name or given.expert) if named else ""
    return ShownReason(given.about, given.text, given.language, translations, writer)


def _untold(given: GivenReason, translations: Texts) -> ShownReason:
    """Return a reason without its language; if translated, also without its text."""
    return ShownReason(given.about, "" if translations else given.text, "", translations)


def _told_languages(answered: Study, reader: str) -> Collection[str]:
    """Return the languages that enough of the other experts who answered are asked in."""
    said = answered.answers
    spoke = {judgement.expert for judgement in said.judgements}
    spoke |= {allocation.expert for allocation in said.allocations}
    others = [e for e in answered.panel if e.code in spoke and e.code != reader]
    return tellable(Counter(expert.language for expert in others))


# ---------------------------------------------------------------- decisions


def load_decisions(session: Session, invitation: Invitation) -> dict[str, Decision]:
    """Return the expert's decisions in this round, by indicator."""
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

"""Example study in the states that the pictures show: its first round, and its second.

The panel is the example's, E01 to E18, and its answers are made up; the reasons
below are made up too, and are not those of real people.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.points import record_allocation
from survey.asking.saves import Save
from survey.authors.reasons.operations import record_translations
from survey.authors.reasons.queries import load_reasons, version_of
from survey.authors.rounds.operations import start_round
from survey.commands import demonstration
from survey.commands.reading import read_study
from survey.models import Comparison, Expert, Invitation, Round, Study
from survey.store import journal
from survey.store.authors import DEFAULT_AUTHOR, ensure_author
from survey.store.frameworks import load_criteria
from survey.store.invitations import issue_personal_link
from survey.store.rounds import last_round, open_round
from survey.store.studies import store_study
from survey.values import By

#: The time at which everything was answered, as the pictures show it.
THEN = datetime(2024, 9, 2, 14, 32, tzinfo=UTC)

#: The experts whose pages are pictured: the second answers in points, the third contradicts
#: themselves, the fourth is asked again.
IN_PAIRS, IN_POINTS, CONTRADICTING, ASKED_AGAIN = "E01", "E03", "E05", "E14"

#: The comparison in the pictures, the expert's last answered one, and the group of the points.
PICTURED = ("energy", "water")
GROUP = "traditional"
#: Items without points yet.
LEFT_OUT = "water"

#: By expert and pair, a reason, and what the author made of it in the other languages.
REASONS: dict[tuple[str, ...], dict[str, str]] = {
    ("E04", "government", "society"): {
        "tr": "Bir hizmeti kullanamayan sakin için o hizmet yoktur.",
        "en": "For a resident who cannot use it, a service does not exist.",
        "zh": "不会用的居民，等于没有这项服务。",
        "ar": "الخدمة التي لا يستطيع الساكن استعمالها غير موجودة بالنسبة إليه.",
    },
    ("E13", "government", "society"): {
        "zh": "没有专门部门牵头，后面几级就登不上去。",
        "en": "Without a department that leads it, the higher rungs cannot be reached.",
        "ar": "من دون إدارة تقودها لا يمكن بلوغ الدرجات العليا.",
    },
    ("E17", "energy", "health"): {
        "en": "Every other network stops when the energy network does.",
        "zh": "能源网一停，其他各网都跟着停。",
        "ar": "إذا توقفت شبكة الطاقة توقفت معها سائر الشبكات.",
    },
}


def prepare(session: Session) -> tuple[Study, Study]:
    """Store the example twice: with its first round open, and with its second just opened."""
    example = read_study(demonstration.EXAMPLE)
    author = ensure_author(session, DEFAULT_AUTHOR, THEN)
    first = store_study(session, _unanswered(example), author, THEN)
    _answer_some(session, first, example)
    second = store_study(session, _with_reasons(example), author, THEN)
    _translate(session, second)
    experts = session.scalars(
        select(Expert).where(Expert.study_id == second.id).order_by(Expert.id)
    ).all()
    round_ = start_round(session, second, experts, By(journal.COMMAND, THEN), planned=2)
    _open(session, round_)
    round_.closes_at = THEN + timedelta(days=7)
    session.flush()
    return first, second


def link(session: Session, study: Study, expert: str) -> str:
    """Return the token of an expert's personal link to the study's last round."""
    return issue_personal_link(
        session, _invitation(session, study, expert), By(journal.COMMAND, THEN)
    )


def pictured_comparison(session: Session, study: Study) -> int:
    """Return the id of the comparison in the pictures."""
    round_ = last_round(session, study)
    return next(
        one.id
        for one in session.scalars(select(Comparison).where(Comparison.round_id == round_.id))
        if (one.first.code, one.second.code) == PICTURED
    )


def _invitation(session: Session, study: Study, expert: str) -> Invitation:
    return session.scalars(
        select(Invitation)
        .join(Expert)
        .where(Expert.code == expert, Invitation.round_id == last_round(session, study).id)
    ).one()


def _open(session: Session, round_: Round) -> None:
    round_.order = values.FIXED
    session.flush()
    open_round(session, round_, By(journal.COMMAND, THEN))


def _unanswered(example: values.Study) -> values.Study:
    return replace(
        example, code="pictured-1", judgements=(), allocations=(), abstentions=(), tables=()
    )


def _with_reasons(example: values.Study) -> values.Study:
    languages = {expert.code: expert.language for expert in example.panel}

    def reason(said: values.Judgement) -> str:
        given = REASONS.get((said.expert, said.first, said.second), {})
        return given.get(languages[said.expert], "")

    judgements = tuple(replace(said, reason=reason(said)) for said in example.judgements)
    return replace(example, code="pictured-2", judgements=judgements)


def _answer_some(session: Session, study: Study, example: values.Study) -> None:
    """Store the answers of three experts: up to the pictured comparison, some points, all."""
    round_ = last_round(session, study)
    _open(session, round_)
    for code in (IN_PAIRS, CONTRADICTING):
        invitation = _invitation(session, study, code)
        asked = {
            (one.first.code, one.second.code): one
            for one in session.scalars(select(Comparison).where(Comparison.round_id == round_.id))
        }
        for said in example.judgements:
            if said.expert == code:
                pair = (said.first, said.second)
                save = Save(f"pictured {' '.join(pair)}", 0, THEN)
                record_judgement(session, invitation, asked[pair], said.steps, "", save)
                if (code, pair) == (IN_PAIRS, PICTURED):
                    break
    _hand_out(session, study, example)


def _hand_out(session: Session, study: Study, example: values.Study) -> None:
    criteria = load_criteria(session, study.framework_id)
    invitation = _invitation(session, study, IN_POINTS)
    given: dict[str, dict[int, float]] = {}
    for said in example.allocations:
        if said.expert == IN_POINTS and said.item != LEFT_OUT:
            given.setdefault(said.parent, {})[criteria[said.item].id] = said.points
    for parent, points in given.items():
        save = Save(f"pictured {parent}", 0, THEN)
        record_allocation(session, invitation, criteria[parent], points, save)


def _translate(session: Session, study: Study) -> None:
    round_ = last_round(session, study)
    for language in ("en", "zh", "ar"):
        foreign = [
            given for given in load_reasons(session, round_, language) if given.language != language
        ]
        texts = {given.key: REASONS[given.expert, *given.about][language] for given in foreign}
        shown = {given.key: version_of(given.translation) for given in foreign}
        record_translations(session, round_, language, texts, shown, By(journal.COMMAND, THEN))

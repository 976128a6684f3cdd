"""A panel that has answered once and is asked again: a closed round, and the next one open.

Three of its experts were invited for the digital field, and two who answered
for the civic one. Fay said nothing in the first round.
"""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.authors.rounds.operations import start_round
from survey.db import Database
from survey.models import Comparison, Expert, Invitation, Round, Study, Target
from survey.store.answers import store_answers
from survey.store.frameworks import load_criteria
from survey.store.invitations import issue_personal_link
from survey.store.rounds import close_round, open_round
from survey.values import By
from tests.clients import arrivals as experts
from tests.clients.pages import PageClient
from tests.worlds import cast

PANEL = (
    values.Expert("ANN", "digital", "zh", values.PAIRWISE, "Ann Example"),
    values.Expert("BO", "civic", "en", values.DIRECT, "Bo Example"),
    values.Expert("CY", "civic", "ar", values.PAIRWISE, "Cy Example"),
    values.Expert("DEE", "digital", "tr", values.PAIRWISE, "Dee Example"),
    values.Expert("EVE", "digital", "en", values.PAIRWISE, "Eve Example"),
    values.Expert("FAY", "civic", "en", values.PAIRWISE, "Fay Example"),
)

PAIRS = (
    ("digital", "wired", "wireless"),
    ("digital", "wired", "ai"),
    ("digital", "wireless", "ai"),
    ("civic", "water", "health"),
    ("goal", "digital", "civic"),
)

#: By expert, a step for each of PAIRS.
STEPS = {
    "ANN": (2, 4, 2, 0, 0),
    "CY": (0, 0, 0, 2, -2),
    "DEE": (-2, 0, 2, 0, 2),
    "EVE": (1, 3, 2, -1, 1),
}

#: By expert and place in PAIRS. "CANARY" is searched for on pages that must not show it.
REASONS = {
    ("ANN", 0): "CANARY of Ann",
    ("DEE", 1): "Bir hizmeti kullanamayan sakin için o hizmet yoktur.",
    ("EVE", 4): "A reason about the groups.",
}

#: By expert, why each pair (parent, first, second) or list (parent,) is asked.
Asked = dict[str, dict[tuple[str, ...], str]]

POINTS = {
    "digital": {"wired": 50.0, "wireless": 30.0, "ai": 20.0},
    "civic": {"water": 60.0, "health": 40.0},
    "goal": {"digital": 40.0, "civic": 60.0},
}


def study(code: str = "pilot", **changes: object) -> values.Study:
    """Return the pilot with its panel's answers in the first round."""
    said: dict[str, object] = {
        "panel": PANEL,
        "judgements": tuple(
            values.Judgement(expert, *pair, step, REASONS.get((expert, place), ""))
            for expert, steps in STEPS.items()
            for place, (pair, step) in enumerate(zip(PAIRS, steps, strict=True))
        ),
        "allocations": tuple(
            values.Allocation("BO", parent, item, points)
            for parent, given in POINTS.items()
            for item, points in given.items()
        ),
    }
    return cast.study(code, **(said | changes))


def load(session: Session, content: values.Study | None = None) -> Study:
    """Store the study with its first round closed."""
    return cast.load(session, content or study())


def ask_again(
    session: Session,
    study: Study,
    experts: tuple[str, ...] = (),
    silence: str = "keep",
    least_response: int = 3,
) -> Round:
    """Open another round for these experts, or for all."""
    invited = [
        expert
        for expert in session.scalars(
            select(Expert).where(Expert.study_id == study.id).order_by(Expert.id)
        )
        if not experts or expert.code in experts
    ]
    round_ = start_round(
        session,
        study,
        invited,
        By("author author", cast.NOON),
        silence=silence,
        least_response=least_response,
    )
    round_.order = values.FIXED
    session.flush()
    open_round(session, round_, By("author author", cast.NOON))
    return round_


def invitation(session: Session, expert: str, number: int = 2, study: str = "pilot") -> Invitation:
    return session.scalars(
        select(Invitation)
        .join(Expert, Expert.id == Invitation.expert_id)
        .join(Round, Round.id == Invitation.round_id)
        .join(Study, Study.id == Expert.study_id)
        .where(Expert.code == expert, Round.number == number, Study.code == study)
    ).one()


def link(session: Session, invitation: Invitation) -> str:
    """Return a personal link's token."""
    return issue_personal_link(session, invitation, By("author author", cast.NOON))


def arrive(app: Flask, database: Database, expert: str, language: str = "en") -> PageClient:
    """Return a browser in which an expert has opened their link to the second round."""
    with database.writing() as session:
        token = link(session, invitation(session, expert))
    return experts.arrive(app, token, language)


def ask_some_again(session: Session, study: Study, asked: Asked, silence: str = "keep") -> Round:
    """Open a targeted round that asks this."""
    experts = session.scalars(
        select(Expert).where(Expert.study_id == study.id).order_by(Expert.id)
    ).all()
    round_ = start_round(session, study, experts, By("author author", cast.NOON))
    round_.targeted, round_.order, round_.silence = True, values.FIXED, silence
    codes = {c.code: c.id for c in load_criteria(session, study.framework_id).values()}
    comparisons = {
        (c.first_id, c.second_id): c.id
        for c in session.scalars(select(Comparison).where(Comparison.round_id == round_.id))
    }
    session.add_all(
        Target(
            round_id=round_.id,
            expert_id=expert.id,
            parent_id=codes[parent],
            comparison_id=comparisons[codes[pair[0]], codes[pair[1]]] if pair else None,
            why=why,
        )
        for expert in experts
        for (parent, *pair), why in asked.get(expert.code, {}).items()
    )
    session.flush()
    open_round(session, round_, By("author author", cast.NOON))
    return round_


def answer(session: Session, round_: Round, content: values.Study) -> None:
    """Store the answers of a study as those of an open round."""
    criteria = load_criteria(session, round_.study.framework_id)
    experts = {
        e.code: e for e in session.scalars(select(Expert).where(Expert.study_id == round_.study_id))
    }
    store_answers(session, content, round_, criteria, experts, cast.NOON)


def answer_again(session: Session, round_: Round, content: values.Study) -> None:
    """Answer the second round, and close it."""
    answer(session, round_, content)
    close_round(session, round_, By("author author", cast.NOON))

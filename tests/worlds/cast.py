"""A small study and the people in it: made to be called, known to every test.

Two groups; the digital one has three indicators, so that its experts can
contradict themselves. Ann judges pairs, Bo divides points, Cy does neither
yet.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from survey import values
from survey.models import Comparison, Criterion, Expert, Invitation, Round, Study
from survey.store.authors import DEFAULT_AUTHOR, ensure_author
from survey.store.rounds import close_round, open_round
from survey.store.studies import load_study, store_study
from survey.values import By

#: The time of the tests.
NOON = datetime(2024, 8, 6, 12, 0, tzinfo=UTC)


def names(*texts: str) -> dict[str, str]:
    """Return a name in every language of the pages."""
    return dict(zip(("en", "zh", "ar", "ru", "tr", "fr"), texts, strict=True))


DIGITAL = names("Digital", "数字", "الرقمية", "Цифровые", "Dijital", "Numérique")
CIVIC = names("Civic", "公共", "المدنية", "Городские", "Kentsel", "Civique")
WIRED = names(
    "Wired network",
    "有线网",
    "الشبكة السلكية",
    "Проводная сеть",
    "Kablolu ağ",
    "Réseau filaire",
)
WIRELESS = names(
    "Wireless network",
    "无线网",
    "الشبكة اللاسلكية",
    "Беспроводная сеть",
    "Kablosuz ağ",
    "Réseau sans fil",
)
AI = names(
    "Artificial intelligence",
    "人工智能",
    "الذكاء الاصطناعي",
    "Искусственный интеллект",
    "Yapay zekâ",
    "Intelligence artificielle",
)
WATER = names("Water", "水", "المياه", "Вода", "Su", "Eau")
HEALTH = names("Health", "卫生", "الصحة", "Здоровье", "Sağlık", "Santé")
FIBRE = names("fibre", "光纤", "ألياف", "оптоволокно", "fiber", "fibre optique")
GIGABIT = names("gigabit", "千兆", "غيغابت", "гигабит", "gigabit", "un gigabit")

FRAMEWORK = values.Framework(
    groups=(
        values.Group("digital", DIGITAL),
        values.Group("civic", CIVIC),
    ),
    indicators=(
        values.Indicator(
            "wired", "digital", WIRED, 2, (values.Rung(1, FIBRE), values.Rung(2, GIGABIT))
        ),
        values.Indicator("wireless", "digital", WIRELESS, 3),
        values.Indicator("ai", "digital", AI, 4),
        values.Indicator("water", "civic", WATER, 2),
        values.Indicator("health", "civic", HEALTH, 1),
    ),
)

ANN = values.Expert("ANN", "digital", "zh", values.PAIRWISE)
BO = values.Expert("BO", "civic", "en", values.DIRECT)
CY = values.Expert("CY", "civic", "ar", values.PAIRWISE)


def study(code: str = "pilot", **changes: Any) -> values.Study:
    """Return the study without answers; when it is loaded, its first round is a draft."""
    parts: dict[str, Any] = {
        "framework": FRAMEWORK,
        "panel": (ANN, BO, CY),
        "units": (
            values.Unit("doha", {"en": "Doha", "zh": "多哈"}, {"wired": 2, "ai": 1}, "QA", True),
            values.Unit("tunis", {"en": "Tunis", "zh": "突尼斯"}, {}),
        ),
        "tables": (values.Table("total", {"en": "Total"}, ("digital", "civic")),),
        "titles": {"en": "Pilot", "zh": "试点"},
        "contact": "author@example.org",
    }
    return values.Study(code=code, **(parts | changes))


def scale(language: str, version: int, three: str) -> values.ScaleWords:
    """Return own words of a study; only the one for 3 times as much has a meaning."""
    words = {ratio: three if ratio == 3 else f"word {ratio}" for ratio in values.RATIOS}
    return values.ScaleWords(language, version, words)


def answers() -> dict[str, tuple[object, ...]]:
    """Return answers to :func:`study`, of every kind."""
    return {
        "judgements": (
            values.Judgement("ANN", "digital", "wired", "wireless", 2, "a reason, 理由"),
            values.Judgement("ANN", "digital", "wired", "ai", -8),
            values.Judgement("ANN", "goal", "digital", "civic", 0),
        ),
        "allocations": (
            values.Allocation("BO", "digital", "wired", 50.0),
            values.Allocation("BO", "digital", "wireless", 33.3),
            values.Allocation("BO", "digital", "ai", 16.7),
        ),
        "abstentions": (
            values.Abstention("ANN", "digital", "wireless", "ai", "both-unknown"),
            values.Abstention("ANN", "civic", reason="not-comparable"),
        ),
        "reviews": (
            values.Review(
                "ANN",
                "digital",
                "off",
                "a reason",
                (values.Contradiction("circle", ("wired", "wireless", "ai")),),
                (("wired", "wireless", 2), ("wired", "ai", -8), ("wireless", "ai", 8)),
                (("wired", "wireless", 2), ("wired", "ai", -8)),
            ),
        ),
    }


def load(
    session: Session, content: values.Study | None = None, author: str = DEFAULT_AUTHOR
) -> Study:
    """Store a study, with questions in the framework's order, so that tests know it."""
    row = store_study(session, content or study(), ensure_author(session, author, NOON), NOON)
    if row.rounds[0].state == "draft":
        row.rounds[0].order = values.FIXED
        session.flush()
    return row


def load_open(session: Session, code: str = "pilot", author: str = DEFAULT_AUTHOR) -> Round:
    """Store the study with its round open and without answers."""
    round_ = load(session, study(code), author).rounds[0]
    open_round(session, round_, By("author author", NOON))
    return round_


def load_as_if_closed(session: Session, round_: Round) -> values.Study:
    """Load a round as if it closed now; the database keeps it open."""
    set_committed_value(round_, "state", "closed")
    return load_study(session, round_.study, round_)


def load_closed(session: Session, code: str = "pilot") -> Round:
    round_ = load_open(session, code)
    close_round(session, round_, By("author author", NOON))
    return round_


def invitation(session: Session, expert: str = "ANN", study_code: str = "pilot") -> Invitation:
    return session.scalars(
        select(Invitation)
        .join(Expert)
        .join(Study, Study.id == Expert.study_id)
        .where(Expert.code == expert, Study.code == study_code)
    ).one()


def comparison(
    session: Session, first: str = "wired", second: str = "wireless", study_code: str = "pilot"
) -> Comparison:
    """Return the comparison of two criteria, in the order asked."""
    found = session.scalars(
        select(Comparison)
        .join(Round, Round.id == Comparison.round_id)
        .join(Study, Study.id == Round.study_id)
        .join(Criterion, Criterion.id == Comparison.first_id)
        .where(Study.code == study_code, Criterion.code == first)
    )
    return next(row for row in found if row.second.code == second)

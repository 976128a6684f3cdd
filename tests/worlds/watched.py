"""Open first and second rounds in versions that differ only in the experts' answers.

Experts of each kind saved answers, reasons, abstentions, reviews and decisions. All pages
and files of the author are the same in both versions.
"""

from dataclasses import dataclass
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.asking.best_worst import record_extremes, record_star
from survey.asking.former import Decision
from survey.asking.pairs import record_cannot_judge, record_group_abstention, record_judgement
from survey.asking.points import record_allocation
from survey.asking.questions import find_parent, load_item_ids
from survey.asking.saves import Save
from survey.db import Database
from survey.experts.feedback.operations import record_decisions
from survey.experts.finish.operations import finish
from survey.models import Comparison, Criterion, Invitation, Review
from survey.store import reviews
from survey.store.rounds import open_round
from survey.values import By
from tests.worlds import cast, further, rankable

CODE, FIRST = "watched", "first"
#: The round that is open, by study.
OPEN = {CODE: 2, FIRST: 1}
PAIRWISE, POINTS, RATING, BEST_WORST = EXPERTS = ("PAT", "POI", "RAT", "WOR")
PANEL = tuple(
    values.Expert(code, field, "en", method)
    for code, field, method in (
        (PAIRWISE, "digital", values.PAIRWISE),
        (POINTS, "civic", values.DIRECT),
        (RATING, "civic", values.RATING),
        (BEST_WORST, "digital", values.BEST_WORST),
    )
)
DIGITAL = (("wired", "wireless"), ("wired", "ai"), ("wireless", "ai"))
ITEMS = ("wired", "wireless", "ai")


@dataclass(frozen=True)
class Said:
    """The experts' answers; every number and every text is found nowhere else."""

    steps: tuple[int, int, int]
    points: tuple[float, float, float]
    ratings: tuple[float, float, float]
    #: The only line of its list: the sum would be the answer.
    water: float
    extremes: tuple[str, str]
    star: dict[tuple[str, str], int]
    canary: str
    verdict: str
    decision: str


ONE = Said(
    steps=(8, 5, -7),
    points=(61.37, 21.41, 17.22),
    ratings=(9.13, 3.71, 2.29),
    water=6.83,
    extremes=("wired", "ai"),
    star={("wired", "wireless"): 6, ("wired", "ai"): 7, ("wireless", "ai"): 3},
    canary="CANARY one",
    verdict="looks-right",
    decision="keep",
)
OTHER = Said(
    steps=(-6, 0, 4),
    points=(13.57, 42.83, 43.6),
    ratings=(1.67, 8.53, 7.91),
    water=4.37,
    extremes=("ai", "wired"),
    star={("wired", "wireless"): -5, ("wired", "ai"): -8, ("wireless", "ai"): -2},
    canary="CANARY other",
    verdict="off",
    decision="reconsider",
)


def study(code: str = CODE) -> values.Study:
    """Return a study with the answers to its first round, which may be read."""
    pairs = [("digital", *pair) for pair in DIGITAL]
    rest = [("civic", "water", "health"), ("goal", "digital", "civic")]
    return further.study(
        code,
        panel=PANEL,
        judgements=tuple(
            values.Judgement(expert, *pair, step)
            for expert in (PAIRWISE, BEST_WORST)
            for pair, step in zip([*pairs, *rest], (2, 4, 2, 1, 0), strict=True)
        ),
        allocations=tuple(
            values.Allocation(expert, parent, item, given / (1 if expert == POINTS else 10))
            for expert in (POINTS, RATING)
            for parent, points in further.POINTS.items()
            for item, given in points.items()
        ),
        extremes=(values.Extremes(BEST_WORST, "digital", "wired", "ai"),),
    )


def prepare(session: Session) -> None:
    """Store a study with its first round open, or with it frozen and the second open."""
    open_round(
        session,
        cast.load(session, cast.study(FIRST, panel=PANEL)).rounds[0],
        By("author author", cast.NOON),
    )
    row = cast.load(session, study())
    rankable.freeze(session, row, name="first")
    further.ask_again(session, row)


def invitation(session: Session, expert: str, study: str = CODE) -> Invitation:
    return further.invitation(session, expert, OPEN[study], study)


def answer(database: Database, said: Said) -> None:
    """Store answers to the digital group; one expert skips a pair, one the civic group."""
    for study, (expert, answers) in product(OPEN, ANSWERS.items()):
        with database.writing() as session:
            who = invitation(session, expert, study)
            digital = find_parent(session, who, "digital")
            assert digital is not None
            answers(session, who, digital, said)


def by_pairs(session: Session, who: Invitation, digital: Criterion, said: Said) -> None:
    asked = comparisons(session, who.round_id)
    for place, (pair, step) in enumerate(zip(DIGITAL, said.steps, strict=True)):
        record_judgement(session, who, asked[pair], step, said.canary, save(f"pair{place}"))
    record_cannot_judge(session, who, asked["water", "health"], said.canary, save("left"))
    review(session, who, digital, said)
    if who.round.number == 2:
        decided = {"wired": Decision(said.decision, said.canary)}
        record_decisions(session, who, decided, "decision-of-hers", cast.NOON)
    finish(session, who, (), cast.NOON)


def by_list(session: Session, who: Invitation, digital: Criterion, said: Said) -> None:
    given = said.points if who.expert.code == POINTS else said.ratings
    ids = load_item_ids(session, digital)
    listed = {ids[code]: number for code, number in zip(ITEMS, given, strict=True)}
    record_allocation(session, who, digital, listed, save("list"))
    civic = find_parent(session, who, "civic")
    assert civic is not None
    water = load_item_ids(session, civic)["water"]
    record_allocation(session, who, civic, {water: said.water}, save("line"))


def by_star(session: Session, who: Invitation, digital: Criterion, said: Said) -> None:
    civic = find_parent(session, who, "civic")
    assert civic is not None
    record_group_abstention(session, who, civic, said.canary, save("group"))
    ids, asked = load_item_ids(session, digital), comparisons(session, who.round_id)
    best, worst = said.extremes
    record_extremes(session, who, digital, ids[best], ids[worst], save("ends"))
    star = {asked[pair].id: step for pair, step in said.star.items()}
    reasons = dict.fromkeys(star, said.canary)
    record_star(session, who, digital, star, save("star", 1), reasons)


ANSWERS = {PAIRWISE: by_pairs, POINTS: by_list, RATING: by_list, BEST_WORST: by_star}


def review(session: Session, who: Invitation, parent: Criterion, said: Said) -> None:
    judged = tuple((*pair, step) for pair, step in zip(DIGITAL, said.steps, strict=True))
    value = values.Review(
        who.expert.code,
        parent.code,
        said.verdict,
        said.canary,
        (values.Contradiction("circle", ITEMS),),
        judged,
        judged,
    )
    session.add(
        Review(
            round_id=who.round_id,
            expert_id=who.expert_id,
            parent_id=parent.id,
            version=1,
            key="review".ljust(16),
            saved_at=cast.NOON,
            **reviews.columns_of(value),
        )
    )
    session.flush()


def comparisons(session: Session, round_id: int) -> dict[tuple[str, str], Comparison]:
    found = session.scalars(select(Comparison).where(Comparison.round_id == round_id))
    return {(row.first.code, row.second.code): row for row in found}


def save(key: str, base: int = 0) -> Save:
    return Save(key.ljust(16, "-"), base, cast.NOON)

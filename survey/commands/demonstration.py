"""Content of the demo: the first edition, published, and a round for a guest.

The panel's own round is closed, so that a guest's answers do not change its
consensus. The guest is not a real expert; half of the questions have made-up answers.
"""

from datetime import datetime
from itertools import cycle, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.asking.pairs import record_judgement
from survey.asking.questions import load_questionnaire
from survey.asking.saves import Save
from survey.authors.consensus.operations import freeze_weight_set
from survey.authors.ranking.operations import RankingSettings, publish
from survey.authors.ranking.operations import prepare as prepare_publication
from survey.commands.database import now
from survey.commands.reading import read_study
from survey.commands.words import say
from survey.db import Database
from survey.files.publication import publication_digest, publication_text
from survey.models import Comparison, Expert, Invitation, Round, Study
from survey.reports.panel.consensus import REFUSE
from survey.reports.ranking.report import SHARES
from survey.store import invitations, journal
from survey.store.authors import DEFAULT_AUTHOR, ensure_author, issue_author_link
from survey.store.drafts import add_round
from survey.store.frameworks import load_criteria
from survey.store.rounds import WrongState, open_round
from survey.store.studies import store_study
from survey.values import By
from survey.web.config import ROOT

EXAMPLE = ROOT / "examples" / "arab-league-2024"

GUEST = "GUEST"
#: Seed of the guest's order of questions: the same at every start.
SEED = 2024
#: Made-up judgements, in turn, in steps from equal.
STEPS = (2, 0, -2, 4, 1, -4)

#: The stopping reason in the weight set: why there was no second round.
REASON = "The panel of 2024 was asked once."

LINKS = """\

Author's console      {console}
An expert's questions {guest}
Published ranking     {ranking}

The first two links are new at every start. Ctrl-C stops."""


def prepare(database: Database) -> None:
    """Load the example and open the guest's round, unless they are there."""
    with database.reading() as session:
        study = _find_study(session)
        if study is not None and _find_guest(session, study) is not None:
            return
    say("Loading and ranking the Arab League 2024 study ...")
    with database.writing() as session:
        study = _find_study(session)
        if study is None:
            author = ensure_author(session, DEFAULT_AUTHOR, now())
            study = store_study(session, read_study(EXAMPLE), author, now())
            _publish(session, study, now())
        _open_guest_round(session, study, now())


def issue_links(database: Database, site_url: str, at: datetime) -> str:
    """Issue new links; return the text for the terminal."""
    with database.writing() as session:
        study = _find_study(session)
        assert study is not None
        guest = _find_guest(session, study)
        assert guest is not None
        return LINKS.format(
            console=f"{site_url}/sign-in/{issue_author_link(session, study.author, at)}",
            guest=_guest_link(session, guest, site_url, at),
            ranking=f"{site_url}/rankings/{study.code}",
        )


def _guest_link(session: Session, guest: Invitation, site_url: str, at: datetime) -> str:
    """Return a new link of the guest, or why there is none."""
    try:
        issued = invitations.issue_links(session, guest.round, [guest], By(journal.COMMAND, at))
    except WrongState:
        return f"none: round {guest.round.number} is closed; --fresh starts over"
    return "".join(f"{site_url}/invitation/{token}" for _, token in issued)


def _find_study(session: Session) -> Study | None:
    return session.scalar(select(Study).where(Study.code == EXAMPLE.name))


def _find_guest(session: Session, study: Study) -> Invitation | None:
    return session.scalar(
        select(Invitation)
        .join(Expert)
        .where(Expert.study_id == study.id, Expert.code == GUEST)
        .order_by(Invitation.id.desc())
    )


def _publish(session: Session, study: Study, at: datetime) -> None:
    """Freeze the panel's consensus and publish the ranking as in the report."""
    weights = freeze_weight_set(
        session, study, study.rounds[0], "2024", REASON, REFUSE, 0, By(journal.COMMAND, at)
    )
    settings = RankingSettings(SHARES, "down", languages=())
    shown = publication_digest(
        publication_text(prepare_publication(session, study, weights, settings))
    )
    publish(session, study, weights, settings, shown, By(journal.COMMAND, at))


def _open_guest_round(session: Session, study: Study, at: datetime) -> None:
    guest = Expert(
        study_id=study.id,
        code=GUEST,
        name="",
        direction="digital",
        language="en",
        kind="pairwise",
    )
    session.add(guest)
    session.flush()
    round_ = add_round(session, study, load_criteria(session, study.framework_id), [guest])
    open_round(session, round_, By(journal.COMMAND, at))
    _answer_half(session, round_, at)


def _answer_half(session: Session, round_: Round, at: datetime) -> None:
    invitation = session.scalars(select(Invitation).where(Invitation.round_id == round_.id)).one()
    invitation.seed = SEED
    session.flush()
    questions = load_questionnaire(session, invitation).questions
    half = islice(zip(questions, cycle(STEPS), strict=False), len(questions) // 2)
    for number, (question, step) in enumerate(half, 1):
        asked = session.get_one(Comparison, question.id)
        save = Save(key=f"demo {number}", base=0, at=at)
        record_judgement(session, invitation, asked, step, "", save)

"""Whole studies: rows ↔ values."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from survey import values
from survey.db import Base
from survey.models import Author, Criterion, Edition, Invitation, Round, Study
from survey.models.panel import new_seed
from survey.store import journal
from survey.store.answers import answer_steps, load_experts
from survey.store.drafts import ask_pairs, every_pair
from survey.store.editions import find_edition, load_tables, load_units, store_tables, unit_steps
from survey.store.frameworks import as_framework, load_criteria, store_framework
from survey.store.reviews import load_reviews
from survey.store.rounds import telling_round
from survey.store.scale import load_scale_of, note_versions, note_words, store_words
from survey.store.slices import Step, sliced
from survey.store.standing import load_standing
from survey.values import By

_EXPERT = Base.metadata.tables["expert"]
_INVITATION = Base.metadata.tables["invitation"]

#: The number of experts that one transaction stores.
PEOPLE = 250


@dataclass(eq=False)
class StudyExists(Exception):
    """A study has this code already; nothing was stored."""

    code: str


def store_study(
    session: Session,
    study: values.Study,
    author: Author,
    at: datetime,
    actor: str = journal.COMMAND,
) -> Study:
    """Store a study with its panel, its round and its edition, in one transaction.

    A study that brings answers gets them in a closed round; one without, in a
    draft that the author opens.

    Raises
    ------
    StudyExists
        If the code is taken.
    """
    loading = Loading(study, author.id, at, actor)
    for step in loading.steps():
        step(session)
    return session.get_one(Study, loading.study_id)


@dataclass
class Loading:
    """A study that is stored step by step; the last step puts it in force."""

    study: values.Study
    author_id: int
    at: datetime
    actor: str = journal.COMMAND
    study_id: int = 0
    round_id: int = 0
    edition_id: int = 0
    criteria: dict[str, Criterion] = field(default_factory=dict)
    #: Ids by code.
    experts: dict[str, int] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """Yield the steps, one transaction each."""
        yield self.begin
        for experts in sliced(self.study.panel, PEOPLE):
            yield partial(self.add_experts, experts)
        yield self.ask
        for experts in sliced(self.study.panel, PEOPLE):
            yield partial(self.invite, experts)
        if self.study.answers:
            yield self.open
            yield from answer_steps(self.study, self.at, self.round_id, self.experts, self.criteria)
        if self.study.units or self.study.tables:
            yield self.add_edition
            yield from unit_steps(self.edition_id, self.study.units, self.criteria)
        yield self.put_in_force

    def begin(self, session: Session) -> None:
        """Store the framework and texts of the study, under a code that no address has."""
        study = self.study
        _refuse_taken(session, study.code)
        framework, criteria = store_framework(session, study.framework)
        self.criteria.update(criteria)
        row = Study(
            code=aside_code(),
            author_id=self.author_id,
            framework_id=framework.id,
            titles=dict(study.titles),
            contact=study.contact,
            notices=dict(study.notices),
            purposes=dict(study.purposes),
            unit={language: dict(forms) for language, forms in study.unit.items()},
            anonymity=study.anonymity,
            salt=study.salt,
            created_at=self.at,
            aside_since=self.at,
        )
        session.add(row)
        session.flush()
        self.study_id = row.id
        for words in study.scale:
            store_words(session, row, words, self.at)

    def add_experts(self, experts: Sequence[values.Expert], session: Session) -> None:
        rows = [{"study_id": self.study_id, **_columns_of(expert)} for expert in experts]
        made = session.execute(insert(_EXPERT).returning(_EXPERT.c.code, _EXPERT.c.id), rows)
        self.experts.update({row.code: row.id for row in made})

    def ask(self, session: Session) -> None:
        """Add the round, a draft, with its questions."""
        round_ = Round(study_id=self.study_id, number=1, state="draft")
        session.add(round_)
        session.flush()
        self.round_id = round_.id
        ask_pairs(session, round_, self.criteria, every_pair(self.study.framework))

    def invite(self, experts: Sequence[values.Expert], session: Session) -> None:
        """Invite experts, each to be asked in the order of before, if that is known."""
        rows = [
            {
                "expert_id": self.experts[expert.code],
                "round_id": self.round_id,
                "method": expert.kind,
                "seed": new_seed() if expert.seed is None else expert.seed,
            }
            for expert in experts
        ]
        session.execute(insert(_INVITATION), rows)

    def open(self, session: Session) -> None:
        round_ = session.get_one(Round, self.round_id)
        if all(expert.seed is None for expert in self.study.panel):
            round_.order = values.FIXED  # in which order they were asked is not known
        note_versions(session, round_)
        round_.state, round_.opened_at = "open", self.at
        session.flush()

    def add_edition(self, session: Session) -> None:
        edition = Edition(study_id=self.study_id, code=self.study.code)
        session.add(edition)
        session.flush()
        self.edition_id = edition.id
        store_tables(session, edition, self.study.tables)

    def put_in_force(self, session: Session) -> None:
        """Close the round of the answers, give the study its code, and begin its journal."""
        _refuse_taken(session, self.study.code)
        row = session.get_one(Study, self.study_id)
        row.code, row.aside_since = self.study.code, None
        session.flush()
        journal.open_journal(session, row.id)
        detail: journal.Detail = {"study": row.code}
        journal.record(session, row.id, self.actor, "study created", detail, self.at)
        for words in self.study.scale:
            note_words(session, row.id, words, By(self.actor, self.at))
        if self.study.answers:
            self._close(session)
            journal.record(session, row.id, self.actor, "answers loaded", {"round": 1}, self.at)

    def _close(self, session: Session) -> None:
        invited = Invitation.round_id == self.round_id
        session.execute(update(Invitation).where(invited).values(finished_at=self.at))
        round_ = session.get_one(Round, self.round_id)
        round_.state, round_.closed_at = "closed", self.at
        session.flush()


def aside_code() -> str:
    """Draw a code that no address and no folder has, for rows that are not in force."""
    return f"aside {secrets.token_hex(8)}"


def _refuse_taken(session: Session, code: str) -> None:
    if session.scalar(select(Study.id).where(Study.code == code)) is not None:
        raise StudyExists(code)


def _columns_of(expert: values.Expert) -> dict[str, str]:
    names = ("code", "name", "direction", "language")
    return {**{name: getattr(expert, name) for name in names}, "method": expert.kind}


def load_study(session: Session, study: Study, round_: Round | None = None) -> values.Study:
    """Load a study with one of its rounds, by default its :func:`telling_round`."""
    criteria = load_criteria(session, study.framework_id)
    ranked = _ranked(session, study, criteria)
    asked = round_ or telling_round(session, study)
    return replace(
        _with_answers(session, ranked, asked, criteria),
        reviews=load_reviews(session, asked),
        scale=tuple(load_scale_of(session, asked).values()),
    )


def load_outline(session: Session, study: Study) -> values.Study:
    """Load a study's texts and framework: no panel, no answers, no units."""
    return _outline(study, load_criteria(session, study.framework_id))


def _outline(study: Study, criteria: Mapping[str, Criterion]) -> values.Study:
    return values.Study(
        code=study.code,
        framework=as_framework(criteria.values()),
        titles=study.titles,
        contact=study.contact,
        notices=study.notices,
        purposes=study.purposes,
        anonymity=study.anonymity,
        unit=study.unit,
        salt=study.salt,
    )


def load_answered(session: Session, study: Study, round_: Round) -> values.Study:
    """Load a study as far as the weights of its panel need it: without units."""
    criteria = load_criteria(session, study.framework_id)
    return _with_answers(session, _outline(study, criteria), round_, criteria)


def _with_answers(
    session: Session, study: values.Study, round_: Round, criteria: Mapping[str, Criterion]
) -> values.Study:
    framework, experts = study.framework, load_experts(session, round_)
    if not round_.is_closed:
        # Answers of an open round do not leave the store: only their expert reads them.
        return replace(study, panel=tuple(experts.values()))
    standing = load_standing(session, round_, criteria, framework, experts)
    told = replace(study, panel=tuple(standing.experts.values()))
    return told.with_answers(standing.counted)


def load_ranked(session: Session, study: Study) -> values.Study:
    """Load a study as far as a ranking needs it: without panel and answers."""
    return _ranked(session, study, load_criteria(session, study.framework_id))


def _ranked(session: Session, study: Study, criteria: dict[str, Criterion]) -> values.Study:
    edition = find_edition(session, study)
    by_id = {criterion.id: criterion.code for criterion in criteria.values()}
    return replace(
        _outline(study, criteria),
        units=tuple(load_units(session, edition, by_id)) if edition else (),
        tables=load_tables(edition) if edition else (),
    )

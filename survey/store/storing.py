"""Values → rows: a whole study stored in one transaction."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from survey import values
from survey.db import Base
from survey.models import (
    Author,
    Comparison,
    Criterion,
    Edition,
    EditionTable,
    Expert,
    Framework,
    Invitation,
    Round,
    Rung,
    Study,
)
from survey.models.panel import new_seed
from survey.store import journal
from survey.store.loading import as_framework
from survey.store.scale import note_versions, note_words, store_words
from survey.store.slices import Step, answer_steps, sliced, unit_steps

_EXPERT = Base.metadata.tables["expert"]
_INVITATION = Base.metadata.tables["invitation"]

#: How many experts one transaction stores.
PEOPLE = 250


@dataclass(eq=False)
class StudyExists(Exception):
    """A study of this code is there already; nothing was stored."""

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
    """A study on its way into the rows, step by step; the last puts it in force."""

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
        """Return the steps of the storing, one transaction each."""
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
        """Store the framework and what the study says of itself, under a code that is nowhere."""
        study = self.study
        _refuse_taken(session, study.code)
        framework, criteria = _store_framework(session, study.framework)
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
        ask_pairs(session, round_, self.criteria, _pairs_of(self.study.framework))

    def invite(self, experts: Sequence[values.Expert], session: Session) -> None:
        """Invite experts, each asked in the order they were asked in before, where it is known."""
        rows = [
            {
                "expert_id": self.experts[expert.code],
                "round_id": self.round_id,
                "method": expert.method,
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
            note_words(session, row.id, words, self.actor, self.at)
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
    """A code that no address and no folder has, for what is not in force."""
    return f"aside {secrets.token_hex(8)}"


def _refuse_taken(session: Session, code: str) -> None:
    if session.scalar(select(Study.id).where(Study.code == code)) is not None:
        raise StudyExists(code)


def _columns_of(expert: values.Expert) -> dict[str, str]:
    names = ("code", "name", "direction", "language", "method")
    return {name: getattr(expert, name) for name in names}


def _store_framework(
    session: Session, framework: values.Framework
) -> tuple[Framework, dict[str, Criterion]]:
    row = Framework()
    session.add(row)
    session.flush()
    goal = _criterion(row, None, values.GOAL, {}, None, 0)
    session.add(goal)
    session.flush()
    criteria = {values.GOAL: goal}
    for position, group in enumerate(framework.groups, 1):
        criteria[group.code] = _criterion(row, goal, group.code, group.names, None, position)
    session.add_all(criteria.values())
    session.flush()
    for position, indicator in enumerate(framework.indicators, len(criteria)):
        leaf = _criterion(
            row,
            criteria[indicator.group],
            indicator.code,
            indicator.names,
            indicator.top,
            position,
        )
        leaf.rungs = [Rung(level=rung.level, texts=dict(rung.texts)) for rung in indicator.rungs]
        criteria[indicator.code] = leaf
    session.add_all(criteria.values())
    session.flush()
    return row, criteria


def _criterion(
    framework: Framework,
    parent: Criterion | None,
    code: str,
    names: values.Texts,
    top: int | None,
    position: int,
) -> Criterion:
    return Criterion(
        framework_id=framework.id,
        parent_id=parent and parent.id,
        code=code,
        position=position,
        names=dict(names),
        top=top,
    )


def add_round(
    session: Session,
    study: Study,
    criteria: dict[str, Criterion],
    experts: Iterable[Expert] = (),
    pairs: Iterable[tuple[str, tuple[str, str]]] | None = None,
) -> Round:
    """Add the next round of a study, a draft that asks these pairs, or every pair of every group.

    Each pair stands with its parent. Experts are asked as the panel says.
    """
    last = session.scalar(
        select(Round.number).where(Round.study_id == study.id).order_by(Round.number.desc())
    )
    round_ = Round(study_id=study.id, number=(last or 0) + 1, state="draft")
    session.add(round_)
    session.flush()
    if pairs is None:
        pairs = _pairs_of(as_framework(criteria.values()))
    ask_pairs(session, round_, criteria, pairs)
    invite_all(session, round_, {expert.id: expert.method for expert in experts})
    return round_


def invite_all(session: Session, round_: Round, methods: Mapping[int, str]) -> None:
    """Invite experts, by id, each to answer in this way."""
    rows = [
        {"expert_id": expert, "round_id": round_.id, "method": method, "seed": new_seed()}
        for expert, method in methods.items()
    ]
    if rows:
        session.execute(insert(_INVITATION), rows)


def _pairs_of(framework: values.Framework) -> list[tuple[str, tuple[str, str]]]:
    return [(parent, pair) for parent in framework.parents for pair in framework.pairs(parent)]


def ask_pairs(
    session: Session,
    round_: Round,
    criteria: dict[str, Criterion],
    pairs: Iterable[tuple[str, tuple[str, str]]],
) -> None:
    """Ask these pairs, each with its parent, in a round that asks nothing yet."""
    _insert_questions(session, _questions(round_, criteria, pairs))


def _questions(
    round_: Round,
    criteria: dict[str, Criterion],
    pairs: Iterable[tuple[str, tuple[str, str]]],
) -> list[dict[str, int]]:
    return [
        {
            "round_id": round_.id,
            "parent_id": criteria[parent].id,
            "first_id": criteria[first].id,
            "second_id": criteria[second].id,
            "position": position,
        }
        for position, (parent, (first, second)) in enumerate(pairs, 1)
    ]


def _insert_questions(session: Session, rows: list[dict[str, int]]) -> None:
    if rows:
        session.execute(insert(Base.metadata.tables["comparison"]), rows)


def ask_instead(
    session: Session,
    round_: Round,
    criteria: dict[str, Criterion],
    pairs: Iterable[tuple[str, tuple[str, str]]],
) -> None:
    """Ask these pairs in a draft and no others.

    Those that it asks already stay: to remove a question takes long, for no answer
    to it is looked for among all answers.
    """
    wanted = {
        (row["first_id"], row["second_id"]): row for row in _questions(round_, criteria, pairs)
    }
    asked = session.scalars(select(Comparison).where(Comparison.round_id == round_.id)).all()
    for row in asked:
        kept = wanted.pop((row.first_id, row.second_id), None)
        if kept is None:
            session.delete(row)
        else:
            row.position = kept["position"]
    session.flush()
    _insert_questions(session, list(wanted.values()))


def store_answers(
    session: Session,
    study: values.Study,
    round_: Round,
    criteria: dict[str, Criterion],
    experts: dict[str, Expert],
    at: datetime,
) -> None:
    """Store a study's answers as those of an open round."""
    ids = {code: expert.id for code, expert in experts.items()}
    for step in answer_steps(study, at, round_.id, ids, criteria):
        step(session)


def store_tables(session: Session, edition: Edition, tables: Sequence[values.Table]) -> None:
    session.add_all(
        EditionTable(
            edition_id=edition.id,
            code=table.code,
            position=position,
            names=dict(table.names),
            groups=list(table.groups),
        )
        for position, table in enumerate(tables, 1)
    )
    session.flush()

"""A study that can be ranked: loaded, its weights frozen, its units replaced."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.authors.cities.operations import replace_units, replacing, stage_units
from survey.authors.consensus.operations import freeze_weight_set
from survey.db import Database
from survey.files.study_folder import read_folder
from survey.models import JournalEntry, Study, WeightSet
from survey.reports.panel.consensus import REFUSE
from survey.reports.ranking.changes import units_digest
from survey.store.authors import DEFAULT_AUTHOR, ensure_author
from survey.store.studies import load_ranked, store_study
from survey.values import By
from tests.worlds.cast import NOON
from tests.worlds.small_study import FILES

EXAMPLE = Path(__file__).parents[2] / "examples" / "arab-league-2024"


def unanswered(folder: Path) -> Path:
    """Store the first edition without answers: its round is a draft, with links to it."""
    study = Path(shutil.copytree(EXAMPLE, folder / "unanswered"))
    for file in (study / "comparisons.csv", study / "points.csv"):
        header, *_ = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text(header, "utf-8")
    return study


def small_study(folder: Path, code: str = "small") -> values.Study:
    """Return four cities in another field; Oslo lacks a level, Cairo and Lima are tied."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return replace(read_folder(folder).study, code=code)


def load(session: Session, study: values.Study, author: str = DEFAULT_AUTHOR) -> Study:
    return store_study(session, study, ensure_author(session, author, NOON), NOON)


def freeze(session: Session, study: Study, number: int = 1, name: str = "") -> WeightSet:
    """Freeze the study's consensus as its weight set of this number."""
    return freeze_weight_set(
        session,
        study,
        study.rounds[0],
        name,
        "enough",
        REFUSE,
        number - 1,
        By("author author", NOON),
        thin="Both agreed.",
    )


def units_of(database: Database, study: Study):
    with database.reading() as session:
        return load_ranked(session, study).units


def replaced(database: Database, study: Study, units, shown: str | None = None):
    shown = shown or units_digest(units_of(database, study))
    staged = stage_units(database, study.id, units, shown, lambda: NOON)
    with replacing(database, staged), database.writing() as session:
        row = session.get_one(Study, study.id)
        return replace_units(session, row, staged, By("author author", NOON))


def entries(database: Database, action: str) -> list[dict[str, object]]:
    with database.reading() as session:
        rows = session.scalars(
            select(JournalEntry.detail)
            .where(JournalEntry.action == action)
            .order_by(JournalEntry.number)
        )
        return [json.loads(detail) for detail in rows]

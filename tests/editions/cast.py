"""A study that can be ranked: loaded, its weights frozen."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.authoring.operations import DEFAULT_AUTHOR, ensure_author
from survey.folder import read_folder
from survey.folder.weight_set import digest_of, weight_set_text
from survey.models import Criterion, Study, Weight, WeightSet
from survey.reports.consensus import consensus_report
from survey.reports.weight_sets import weight_set
from survey.store.loading import load_study
from survey.store.storing import store_study
from tests.cast import NOON
from tests.small import FILES

EXAMPLE = Path(__file__).parents[2] / "examples" / "arab-league-2024"


def small_study(folder: Path, code: str = "small") -> values.Study:
    """Four cities in another field; Oslo lacks a level, Cairo and Lima stand alike."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return replace(read_folder(folder).study, code=code)


def load(session: Session, study: values.Study, author: str = DEFAULT_AUTHOR) -> Study:
    return store_study(session, study, ensure_author(session, author, NOON), NOON)


def freeze(session: Session, study: Study, number: int = 1) -> WeightSet:
    """The study's consensus as its frozen weight set."""
    content = load_study(session, study)
    adopted = weight_set(content, consensus_report(content), "steelyard test")
    text = weight_set_text(adopted)
    row = WeightSet(
        study_id=study.id,
        round_id=study.rounds[0].id,
        number=number,
        name="",
        stopping_reason="",
        document=text,
        digest=digest_of(text),
        locked_at=None,
    )
    session.add(row)
    session.flush()
    criteria = session.scalars(
        select(Criterion).where(Criterion.framework_id == study.framework_id)
    )
    ids = {criterion.code: criterion.id for criterion in criteria}
    local = {
        code: share for shares in adopted.local_weights.values() for code, share in shares.items()
    }
    session.add_all(
        Weight(
            weight_set_id=row.id,
            criterion_id=ids[code],
            local_weight=local[code],
            global_weight=share,
        )
        for code, share in adopted.global_weights.items()
    )
    session.flush()
    row.locked_at = NOON
    session.flush()
    return row

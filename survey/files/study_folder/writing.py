"""Writing of a study as a folder or .zip; the same study gives the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from survey.files.study_folder import package, reviews, scale
from survey.files.study_folder.properties import FILE as PACKAGE
from survey.files.study_folder.sheet import escaped
from survey.values import Extremes, Judgement, Study, Texts

Cell = str | int | float | None
Row = Mapping[str, Cell]

#: Written only if an expert answers best-worst.
EXTREMES = "extremes.csv"

#: Without it a spreadsheet reads the file in the local encoding.
MARK = "\ufeff"


def write_folder(study: Study, path: Path | str) -> None:
    """Write a study as a folder of files, replacing files with these names."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    files = study_files(study)
    for name, content in files.items():
        write_whole(folder / name, content)
    if EXTREMES not in files:
        # Extremes of an older study there would be read with this one's answers.
        (folder / EXTREMES).unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step, so that no reader sees half of it."""
    with put_in_place(path) as part:
        part.write_bytes(content)


@contextmanager
def put_in_place(path: Path) -> Iterator[Path]:
    """Yield the path of a part file, which replaces the file if the block succeeds.

    A symbolic link keeps its target. A path that is not a file, as a pipe or
    /dev/null, is written to directly.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    place = path.resolve()
    part = place.with_name(f".{place.name}.part")
    part.unlink(missing_ok=True)  # of a command that was killed: others may read it
    try:
        yield part
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def zipped(study: Study) -> bytes:
    """Return a study as one archive, with its files in a folder of the study's name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in study_files(study).items():
            # A fixed date: the same study gives the same bytes.
            info = zipfile.ZipInfo(f"{study.code}/{name}", (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return target.getvalue()


def study_files(study: Study) -> dict[str, bytes]:
    """Return the files of a study's folder, by name."""
    columns: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    for file, fixed, rows in _tables(study):
        kept = list(rows)
        columns[file] = _columns(fixed, kept)
        files[file] = csv_bytes(columns[file], kept)
    return {**files, PACKAGE: package.package(study, columns)}


def csv_bytes(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a table as UTF-8 CSV with a byte order mark; formulas are escaped."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return (MARK + target.getvalue()).encode()


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return escaped(value)
    return str(int(value)) if value == int(value) else repr(value)


def _columns(fixed: Sequence[str], rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the fixed columns, with those of the texts (``name_xx``) after the first."""
    texts = dict.fromkeys(column for row in rows for column in row if column not in fixed)
    return (fixed[0], *texts, *fixed[1:])


def _texts(stem: str, texts: Texts) -> dict[str, str]:
    return {f"{stem}_{language}": text for language, text in texts.items()}


def _tables(study: Study) -> Iterator[tuple[str, Sequence[str], Iterable[Row]]]:
    """Yield every table: its file, its fixed columns, its rows."""
    indicators = [indicator.code for indicator in study.framework.indicators]
    yield "groups.csv", ["code"], _groups(study)
    yield "indicators.csv", ["code", "group", "levels"], _indicators(study)
    yield "rungs.csv", ["indicator", "level"], _rungs(study)
    yield "panel.csv", _panel_columns(study), _panel(study)
    yield (
        "comparisons.csv",
        ["expert", "parent", "a", "b", "judgement", "reason"],
        map(_comparison, study.judgements),
    )
    yield "points.csv", ["expert", "parent", "item", "points"], _points(study)
    if study.extremes:
        yield EXTREMES, ["expert", "parent", "best", "worst"], map(_extremes, study.extremes)
    yield "abstentions.csv", ["expert", "parent", "a", "b", "reason"], _abstentions(study)
    if study.reviews:
        yield "reviews.csv", reviews.COLUMNS, map(reviews.written, study.reviews)
    if study.scale:
        yield "scale.csv", scale.COLUMNS, scale.written(study.scale)
    yield "cities.csv", ["city", "country", "capital", "latitude", "longitude"], _cities(study)
    yield "levels.csv", ["city", *indicators], _levels(study)
    yield "tables.csv", ["table", "groups"], _summed(study)


def _groups(study: Study) -> Iterator[Row]:
    for group in study.framework.groups:
        yield {"code": group.code, **_texts("name", group.names)}


def _indicators(study: Study) -> Iterator[Row]:
    for i in study.framework.indicators:
        yield {"code": i.code, "group": i.group, **_texts("name", i.names), "levels": i.top}


def _rungs(study: Study) -> Iterator[Row]:
    for indicator in study.framework.indicators:
        for rung in indicator.rungs:
            texts = _texts("text", rung.texts)
            yield {"indicator": indicator.code, "level": rung.level, **texts}


def _panel_columns(study: Study) -> list[str]:
    seeded = any(expert.seed is not None for expert in study.panel)
    return ["expert", "direction", "language", "method", "name", *(["seed"] if seeded else [])]


def _panel(study: Study) -> Iterator[Row]:
    for expert in study.panel:
        yield {
            "expert": expert.code,
            "direction": expert.direction,
            "language": expert.language,
            "method": expert.kind,
            "name": expert.name,
            **({} if expert.seed is None else {"seed": expert.seed}),
        }


def _comparison(judgement: Judgement) -> Row:
    strength = abs(judgement.steps) + 1
    return {
        "expert": judgement.expert,
        "parent": judgement.parent,
        "a": judgement.first,
        "b": judgement.second,
        "judgement": f"1/{strength}" if judgement.steps < 0 else strength,
        "reason": judgement.reason,
    }


def _extremes(extremes: Extremes) -> Row:
    return {
        "expert": extremes.expert,
        "parent": extremes.parent,
        "best": extremes.best,
        "worst": extremes.worst,
    }


def _points(study: Study) -> Iterator[Row]:
    for given in study.allocations:
        yield {
            "expert": given.expert,
            "parent": given.parent,
            "item": given.item,
            "points": given.points,
        }


def _abstentions(study: Study) -> Iterator[Row]:
    for abstention in study.abstentions:
        yield {
            "expert": abstention.expert,
            "parent": abstention.parent,
            "a": abstention.first,
            "b": abstention.second,
            "reason": abstention.reason,
        }


def _cities(study: Study) -> Iterator[Row]:
    for unit in study.units:
        yield {
            "city": unit.code,
            **_texts("name", unit.names),
            "country": unit.country,
            "capital": unit.capital,
            "latitude": unit.latitude,
            "longitude": unit.longitude,
        }


def _levels(study: Study) -> Iterator[Row]:
    for unit in study.units:
        if unit.levels:
            yield {"city": unit.code, **unit.levels}


def _summed(study: Study) -> Iterator[Row]:
    for table in study.tables:
        names = _texts("name", table.names)
        yield {"table": table.code, **names, "groups": " ".join(table.groups)}

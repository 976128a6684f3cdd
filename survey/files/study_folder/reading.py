"""Reading of a study folder or .zip: :class:`survey.values.Study`, or all faults."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from survey.files.limits import COMMAND, UPLOAD, Limits
from survey.files.study_folder import parts, writing
from survey.files.study_folder.abstentions import read_abstentions
from survey.files.study_folder.columns import folded
from survey.files.study_folder.comparisons import read_comparisons
from survey.files.study_folder.encodings import speaks_chinese
from survey.files.study_folder.extremes import read_extremes
from survey.files.study_folder.faults import FaultyFolder, FolderFault
from survey.files.study_folder.findings import Findings
from survey.files.study_folder.framework import read_framework
from survey.files.study_folder.package import FolderAbout, read_package
from survey.files.study_folder.panel import read_panel
from survey.files.study_folder.points import read_points
from survey.files.study_folder.properties import FILE as PACKAGE
from survey.files.study_folder.questions import COMPARISONS, AnswerPlaces, Questions
from survey.files.study_folder.reviews import COLUMNS, read_reviews
from survey.files.study_folder.scale import COLUMNS as SCALE_COLUMNS
from survey.files.study_folder.scale import read_scale
from survey.files.study_folder.sheet import Sheet, read_sheet
from survey.files.study_folder.short_chinese import languages_of
from survey.files.study_folder.tables import read_tables
from survey.files.study_folder.units import read_units
from survey.values import Answers, Framework, Study, Unit

CITIES = "cities.csv"
LEVELS = "levels.csv"
#: The tables that a folder must have.
FILES = (
    "groups.csv",
    "indicators.csv",
    "rungs.csv",
    "panel.csv",
    COMPARISONS,
    "points.csv",
    CITIES,
    LEVELS,
    "tables.csv",
)
ABSTENTIONS = "abstentions.csv"
EXTREMES = writing.EXTREMES
REVIEWS = "reviews.csv"
SCALE = "scale.csv"
#: Files of other versions that would change the result, without blanks.
NOT_READ = ("given.csv", "givens.csv")
#: Files from an earlier result, which only get a note.
RESULTS = ("weights.csv", "weight.csv")
#: Files that may be left out.
OPTIONAL = (ABSTENTIONS, EXTREMES, REVIEWS, SCALE)


@dataclass(frozen=True)
class EditionReading:
    """Units of an edition as read, with notes about oddities that are not faults."""

    units: tuple[Unit, ...]
    notes: tuple[FolderFault, ...]


@dataclass(frozen=True)
class Reading:
    """Study as read, with notes about oddities that are not faults."""

    study: Study
    notes: tuple[FolderFault, ...]


def read_folder(path: Path | str, limits: Limits = COMMAND) -> Reading:
    """Read a study folder, or a ``.zip`` of one; by default of any size.

    Raises
    ------
    FaultyFolder
        With all faults.
    """
    path = Path(path)
    try:
        if path.is_dir():
            return read_parts(parts.from_folder(path, limits), path.resolve().name, limits)
        if path.is_file():
            return read_zip(path.read_bytes(), path.name, limits)
    except OSError as error:
        why = error.strerror or str(error)
        raise FaultyFolder((FolderFault(str(path), 0, "", "unreadable", {"why": why}),)) from error
    raise FaultyFolder((FolderFault(str(path), 0, "", "no-such-folder"),))


def read_zip(content: bytes, name: str, limits: Limits = UPLOAD) -> Reading:
    """Read a study from the bytes of an archive; ``name`` is the archive's own name.

    Raises
    ------
    FaultyFolder
        With all faults.
    """
    files, folder = parts.from_zip(content, name, limits)
    return read_parts(files, folder or name.removesuffix(".zip"), limits)


def read_parts(files: parts.Parts, folder: str, limits: Limits = UPLOAD) -> Reading:
    """Read a study from its files; ``folder`` names it unless datapackage.json does.

    Raises
    ------
    FaultyFolder
        With all faults.
    """
    findings = Findings(limits, speaks_chinese(files.values()), languages_of(files))
    tables = _Tables(files, findings)
    about = read_package(files[PACKAGE], findings) if PACKAGE in files else FolderAbout()
    tables.note_what_is_ignored()

    framework = _framework(tables)
    panel = read_panel(
        tables.sheet("panel.csv", ["expert", "direction", "language", "method"], ["name", "seed"]),
        [group.code for group in framework.groups],
    )
    answers = _answers(tables, Questions(framework, panel))
    study = Study(
        code=about.name or as_code(folder),
        framework=framework,
        panel=panel,
        scale=tuple(read_scale(tables.sheet(SCALE, SCALE_COLUMNS[:4], SCALE_COLUMNS[4:]))),
        units=_units(tables, framework),
        tables=tuple(
            read_tables(tables.sheet("tables.csv", ["table", "groups"], stem="name"), framework)
        ),
        titles=about.titles,
        contact=about.contact,
        notices=about.notices,
        purposes=about.purposes,
        anonymity=about.anonymity,
        unit=about.unit,
        salt=about.salt,
    ).with_answers(answers)
    if findings.faults:
        raise FaultyFolder(tuple(findings.faults))
    return Reading(study, tuple(findings.notes))


def read_changed(study: Study, files: parts.Parts) -> EditionReading:
    """Read ``cities.csv``, ``levels.csv`` or both, to replace those of a study.

    A file that is not among ``files`` does not change, except that levels of removed
    cities are dropped.

    Raises
    ------
    FaultyFolder
        With all faults of these files.
    """
    now = writing.study_files(study)
    nobody = writing.study_files(replace(study, units=()))[LEVELS]
    cities, levels = files.get(CITIES, now[CITIES]), files.get(LEVELS, nobody)
    # The study's own columns were accepted before; new files are limited as uploads.
    columns = max(UPLOAD.columns, 1 + len(study.framework.indicators))
    findings = Findings(
        replace(UPLOAD, columns=columns), speaks_chinese(now.values()), languages_of(now)
    )
    units = _units(_Tables({CITIES: cities, LEVELS: levels}, findings), study.framework)
    if findings.faults:
        raise FaultyFolder(tuple(findings.faults))
    if LEVELS not in files:
        known = {unit.code: unit.levels for unit in study.units}
        units = tuple(replace(unit, levels=known.get(unit.code, {})) for unit in units)
    return EditionReading(units, tuple(findings.notes))


def _framework(tables: _Tables) -> Framework:
    return read_framework(
        tables.sheet("groups.csv", ["code"], stem="name"),
        tables.sheet("indicators.csv", ["code", "group", "levels"], stem="name"),
        tables.sheet("rungs.csv", ["indicator", "level"], stem="text"),
    )


def _answers(tables: _Tables, questions: Questions) -> Answers:
    """Read the panel's answers, stars first, because comparisons are checked by them.

    No variable holds a table, so that each is freed once it is read.
    """
    said = AnswerPlaces()

    def sheet(file: str, columns: Sequence[str], optional: Collection[str] = ()) -> Sheet:
        return tables.sheet(file, ["expert", "parent", *columns], optional)

    extremes = tuple(read_extremes(sheet(EXTREMES, ["best", "worst"]), questions, said))
    questions = replace(questions, extremes=extremes)
    comparing = ["a", "b", "judgement"]
    return Answers(
        judgements=tuple(
            read_comparisons(sheet(COMPARISONS, comparing, ["reason"]), questions, said)
        ),
        allocations=tuple(read_points(sheet("points.csv", ["item", "points"]), questions, said)),
        abstentions=tuple(
            read_abstentions(sheet(ABSTENTIONS, ["a", "b"], ["reason"]), questions, said)
        ),
        extremes=extremes,
        reviews=tuple(read_reviews(sheet(REVIEWS, [], COLUMNS[2:]), questions)),
    )


def _units(tables: _Tables, framework: Framework) -> tuple[Unit, ...]:
    indicators = [indicator.code for indicator in framework.indicators]
    return read_units(
        tables.sheet(
            CITIES, ["city"], ["country", "capital", "latitude", "longitude"], stem="name"
        ),
        tables.sheet(LEVELS, ["city", *indicators]),
        framework.indicators,
    )


def _is_not_read(file: str) -> bool:
    return folded(file).replace(" ", "") in NOT_READ


def as_code(name: str) -> str:
    """Return a code from a folder's name, with hyphens for forbidden characters."""
    code = re.sub(r"[^\w.-]+", "-", name).strip("._-")[:64]
    return code or "study"


@dataclass(frozen=True)
class _Tables:
    """Files of a folder, which are read one by one."""

    files: parts.Parts
    findings: Findings

    def sheet(
        self, file: str, required: Sequence[str], optional: Collection[str] = (), stem: str = ""
    ) -> Sheet:
        if file in self.files:
            return read_sheet(file, self.files[file], self.findings, required, optional, stem)
        if file not in OPTIONAL:
            nearest = self._nearest(file, self._unknown)
            code = "no-such-file-nearest" if nearest else "no-such-file"
            self.findings.fault(file, 0, "", code, nearest=nearest)
        return Sheet(file, self.findings)

    @property
    def _unknown(self) -> list[str]:
        known = {*FILES, *OPTIONAL, PACKAGE}
        return sorted(f for f in self.files if f not in known and not _is_not_read(f))

    def _nearest(self, file: str, others: Sequence[str]) -> str:
        """Return the file with the most similar stem; the ending .csv does not count."""
        stems = {PurePath(other).stem: other for other in others}
        return stems.get(self.findings.nearest(PurePath(file).stem, tuple(stems)), "")

    def note_what_is_ignored(self) -> None:
        """Report files that would change the result or are perhaps misnamed."""
        for file in self.files:
            if _is_not_read(file):
                self.findings.fault(file, 0, "", "file-not-read")
            elif file.casefold() in RESULTS:
                self.findings.note(file, 0, "", "file-not-read")
        missing = [file for file in (*OPTIONAL, PACKAGE) if file not in self.files]
        for file in self._unknown:
            if PACKAGE in missing and folded(file).replace(" ", "") == PACKAGE:
                self.findings.fault(PACKAGE, 0, "", "no-such-file-nearest", nearest=file)
            elif nearest := self._nearest(file, missing):
                self.findings.note(file, 0, "", "file-ignored", nearest=nearest)

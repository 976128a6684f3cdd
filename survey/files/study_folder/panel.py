"""panel.csv: the experts and their ways of answering."""

from __future__ import annotations

import re
from collections.abc import Collection

from survey.files.study_folder.columns import folded
from survey.files.study_folder.languages import as_language, is_language
from survey.files.study_folder.sheet import Row, Sheet
from survey.values import KINDS, PAIRWISE, Expert

_SEED = re.compile(r"([0-9]{1,10})(\.0+)?")
#: One more than the largest seed.
_SEEDS = 2**31


def read_panel(sheet: Sheet, groups: Collection[str]) -> tuple[Expert, ...]:
    """Return the experts in the file's order; a faulty method is read as pairwise.

    A direction that differs from one of the ``groups`` only by case or blanks is that
    group.
    """
    lines: dict[str, int] = {}
    spelled = {"", *groups}
    directions = {"": "", **{folded(group): group for group in groups}}
    panel = tuple(
        Expert(
            code=code,
            direction=_direction(row, spelled, directions),
            language=_language(row),
            kind=_kind(row),
            name=row.text("name"),
            seed=_seed(row),
        )
        for row in sheet
        if (code := row.new_code("expert", lines))
    )
    if sheet.columns and not sheet.has_rows:
        sheet.fault(0, "", "empty-panel")
    findings = sheet.findings
    findings.check_number(sheet.file, "directions", len({e.direction for e in panel}))
    findings.check_number(sheet.file, "languages", len({e.language for e in panel}))
    return panel


def _direction(row: Row, spelled: set[str], known: dict[str, str]) -> str:
    """Return the direction spelled like its group, else like the first expert's.

    ``spelled`` has the spellings that are kept, ``known`` each by its folded form.
    """
    direction = row.text("direction")
    if direction in spelled:
        return direction
    first = known.setdefault(folded(direction), direction)
    if first not in spelled:
        row.note_alike("direction", first, spelled)
    spelled.add(first)
    if first != direction:
        row.note("direction", "words-read-as", found=direction, name=first)
    return first


def _language(row: Row) -> str:
    language = row.value("language")
    if not is_language(language):
        row.fault("language", "not-a-language", found=language)
        return ""
    return as_language(language)


def _kind(row: Row) -> str:
    kind = row.label("method")
    if kind in KINDS:
        return kind
    meant = folded(kind)
    if meant not in KINDS:
        row.fault("method", "not-a-method", found=kind)
        return PAIRWISE
    row.note("method", "words-read-as", found=kind, name=meant)
    return meant


def _seed(row: Row) -> int | None:
    cell = row.number("seed")
    if not cell:
        return None
    match = _SEED.fullmatch(cell)
    if match is None or int(match[1]) >= _SEEDS:
        row.fault("seed", "not-a-seed", found=cell, top=_SEEDS - 1)
        return None
    return int(match[1])

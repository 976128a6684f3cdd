"""tables.csv: which groups each published table sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from survey.files.study_folder.sheet import Row, Sheet
from survey.values import Framework, Table


def read_tables(sheet: Sheet, framework: Framework) -> Iterator[Table]:
    """Yield the tables in the file's order; their codes become columns of scores.csv."""
    lines: dict[str, int] = {}
    codes = [row.label("table") for row in sheet]
    others = (f"{what}_{code}" for what in ("rank", "band") for code in codes)
    reserved = frozenset(("city", "name", "country", "notice", *others))
    known = dict.fromkeys(group.code for group in framework.groups)
    for row in sheet:
        code = row.new_code("table", lines, reserved=reserved)
        groups = tuple(_groups(row, known))
        if code:
            yield Table(code, row.texts("name"), groups)


def _groups(row: Row, known: Collection[str]) -> Iterator[str]:
    named = row.label("groups").split()
    if not named:
        row.fault("groups", "no-groups-summed")
    seen: set[str] = set()
    for group in named:
        if known and group not in known:
            row.unknown("groups", group, known, "groups.csv")
        elif group in seen:
            row.fault("groups", "group-twice", found=group)
        else:
            seen.add(group)
            yield group

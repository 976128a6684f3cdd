"""groups.csv, indicators.csv and rungs.csv: the tree of criteria and its ladders."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from survey.files.study_folder.sheet import Row, Sheet
from survey.values import GOAL, Framework, Group, Indicator, Rung

_HEIGHT = re.compile(r"[1-9][0-9]?(\.0+)?")

#: The other columns of levels.csv are named by indicator.
_CITY = "city"


def read_framework(groups: Sheet, indicators: Sheet, rungs: Sheet) -> Framework:
    """Return the framework; a ladder whose height is faulty gets height 0."""
    lines: dict[str, int] = {}
    read_groups = tuple(_groups(groups, lines))
    if groups.columns and not read_groups and not lines:
        groups.fault(0, "", "no-groups")
    codes = dict.fromkeys(group.code for group in read_groups)
    read_indicators = list(_indicators(indicators, codes, lines))
    ladders = _ladders(rungs, {i.code: i.top for i in read_indicators})
    framework = Framework(
        read_groups,
        tuple(
            Indicator(i.code, i.group, i.names, i.top, ladders.get(i.code, ()))
            for i in read_indicators
        ),
    )
    _check_groups_have_indicators(groups, indicators, framework)
    return framework


def _groups(sheet: Sheet, lines: dict[str, int]) -> Iterator[Group]:
    for row in sheet:
        if code := row.new_code("code", lines, reserved=(GOAL, _CITY)):
            yield Group(code, row.texts("name"))


def _indicators(
    sheet: Sheet, groups: Collection[str], lines: Mapping[str, int]
) -> Iterator[Indicator]:
    own_lines: dict[str, int] = {}
    reserved = frozenset((GOAL, _CITY, *lines))
    for row in sheet:
        code = row.new_code("code", own_lines, reserved)
        group = row.known("group", groups, "groups.csv") if groups else row.label("group")
        top = _height(row)
        if code:
            yield Indicator(code, group or "", row.texts("name"), top)


def _height(row: Row) -> int:
    height = row.number("levels")
    if not _HEIGHT.fullmatch(height):
        row.fault("levels", "not-a-height", found=height)
        return 0
    return int(float(height))


def _ladders(sheet: Sheet, tops: Mapping[str, int]) -> dict[str, tuple[Rung, ...]]:
    ladders: dict[str, dict[int, Rung]] = {}
    lines: dict[tuple[str, int], int] = {}
    for row in sheet:
        code = row.known("indicator", tops, "indicators.csv") if tops else None
        level = row.number("level")
        if code is None or tops[code] == 0:
            continue
        if not _HEIGHT.fullmatch(level) or int(float(level)) > tops[code]:
            row.fault("level", "not-a-rung", found=level, indicator=code, top=tops[code])
            continue
        rung = Rung(int(float(level)), row.texts("text"))
        if other := lines.get((code, rung.level)):
            row.fault("level", "rung-twice", found=rung.level, indicator=code, other=other)
            continue
        lines[code, rung.level] = row.line
        ladders.setdefault(code, {})[rung.level] = rung
    _check_no_rung_is_missing(sheet, ladders, tops)
    return {
        code: tuple(ladder[level] for level in sorted(ladder)) for code, ladder in ladders.items()
    }


def _check_no_rung_is_missing(
    sheet: Sheet, ladders: Mapping[str, Mapping[int, Rung]], tops: Mapping[str, int]
) -> None:
    for code, ladder in ladders.items():
        for level in range(1, tops[code] + 1):
            if level not in ladder:
                sheet.fault(0, "", "missing-rungs", indicator=code, top=tops[code], missing=level)


def _check_groups_have_indicators(groups: Sheet, indicators: Sheet, framework: Framework) -> None:
    if not indicators.columns:
        return
    filled = {indicator.group for indicator in framework.indicators}
    for row in groups:
        code = row.label("code")
        if code and code not in filled:
            row.fault("code", "childless-group", found=code)

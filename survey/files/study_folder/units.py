"""cities.csv and levels.csv: the ranked units and their levels on each ladder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from survey.files.study_folder.columns import folded
from survey.files.study_folder.sheet import Row, Sheet, percent
from survey.values import Indicator, Unit

_LEVEL = re.compile(r"([0-9]{1,9})(\.0+)?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?")
#: Texts that people write for a level that is not known or does not apply.
_STATES = frozenset(
    {
        *("n/a", "na", "n.a.", "n.a", "#n/a", "nan", "null", "none", "nil", "-", "--", "---", "–"),
        *(
            "—",
            "..",
            "...",
            "....",
            "…",
            "……",
            ".",
            "?",
            "??",
            "x",
            "xx",
            ":",
            "*",
            "**",
            "/",
            "//",
        ),
        *("不适用", "无", "——", "缺失", "未知", "لاينطبق", "غيرمعروف", "неприменимо", "н/п", "н/д"),
        *("uygulanamaz", "sansobjet", "s.o.", "nd", "n.d.", "k.a.", "unknown", "missing"),
        *("n/d", "s/o", "yok", "нетданных", "неизвестно", "нд", "н.д.", "غيرمتاح", "无数据"),
        *("#н/д", "#yok", "#nv", "#n/d", "bilinmiyor", "veriyok", "inconnu", "m.d.", "s.d."),
        *("notavailable", "notapplicable", "nodata", "n.k.", "n/k", "tbd", "unk", "na.", "n/av"),
    }
)
#: Truth values, also as spreadsheets write them in the languages of the pages and in German.
_YES = frozenset(
    {
        *("1", "true", "yes", "vrai", "oui", "wahr", "ja", "истина", "да", "doğru", "evet"),
        *("صحيح", "نعم", "是", "真"),
    }
)
_NO = frozenset(
    {
        *("0", "false", "no", "faux", "non", "falsch", "nein", "ложь", "нет", "yanliş", "hayir"),
        *("خطأ", "لا", "否", "假"),
    }
)


def read_units(cities: Sheet, levels: Sheet, indicators: tuple[Indicator, ...]) -> tuple[Unit, ...]:
    """Return the units in the file's order; a unit without a row of levels has none."""
    lines: dict[str, int] = {}
    units = [_unit(code, row) for row in cities if (code := row.new_code("city", lines))]
    by_city = _levels(levels, lines, indicators)
    return tuple(replace(unit, levels=by_city.get(unit.code, {})) for unit in units)


def _levels(
    sheet: Sheet, cities: Mapping[str, int], indicators: tuple[Indicator, ...]
) -> dict[str, dict[str, int]]:
    lines: dict[str, int] = {}
    by_city = {}
    for row in sheet:
        city = row.known("city", cities, "cities.csv")
        if city in lines:
            row.fault("city", "code-twice", found=city, other=lines[city])
        levels = {i.code: level for i in indicators if (level := _level(row, i)) is not None}
        if city and city not in lines:
            lines[city] = row.line
            by_city[city] = levels
    return by_city


def _level(row: Row, indicator: Indicator) -> int | None:
    """Return the level in the indicator's column; None if it is unknown or faulty."""
    cell = row.number(indicator.code)
    if not cell:
        return None
    match = _LEVEL.fullmatch(cell)
    if match is None:
        data = {"found": cell, "top": indicator.top, **_meant(cell)}
        row.fault(indicator.code, "not-a-level", **data)
        return None
    level = int(match[1])
    if indicator.top and level > indicator.top:
        row.fault(
            indicator.code,
            "above-the-top",
            found=level,
            indicator=indicator.code,
            top=indicator.top,
        )
        return None
    return level


def _meant(cell: str) -> dict[str, str]:
    """Return the hint for a cell that is not a level."""
    if cell.casefold().replace(" ", "") in _STATES:
        return {"hint": "state"}
    return {"hint": "whole"} if _NUMBER.fullmatch(cell) else percent(cell)


def _unit(code: str, row: Row) -> Unit:
    """Return a unit without its levels, which are in another file."""
    latitude, longitude = _degrees(row, "latitude", 90), _degrees(row, "longitude", 180)
    if bool(row.value("latitude")) != bool(row.value("longitude")):
        row.fault("latitude" if row.value("longitude") else "longitude", "half-a-place")
    return Unit(
        code=code,
        names=row.texts("name"),
        levels={},
        country=row.text("country"),
        capital=_capital(row),
        latitude=latitude,
        longitude=longitude,
    )


def _degrees(row: Row, column: str, most: int) -> float | None:
    cell = row.number(column)
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell) or abs(float(cell)) > most:
        row.fault(column, "not-in-range", found=cell, low=-most, high=most)
        return None
    return float(cell)


def _capital(row: Row) -> bool | None:
    cell = row.value("capital")
    meant = folded(cell)
    if meant in _YES | _NO:
        return meant in _YES
    if cell:
        row.fault("capital", "not-yes-or-no", found=cell)
    return None

"""Header of a table: its columns, their names, and columns that it must not have."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from survey.files.study_folder.findings import Findings
from survey.files.study_folder.languages import as_language, is_language

#: Columns that would change weights, scores or questions if this version read them. In any
#: case, with any blanks; also in the languages of the pages. Spelled as by :func:`folded`.
_CHANGING = frozenset(
    {
        *("weight", "weights", "weighting", "importance", "factor", "coefficient", "multiplier"),
        *("parent", "value", "values", "worth", "step", "steps", "measure", "measures", "from"),
        *("direction", "sign", "polarity", "orientation", "reverse", "reversed", "reversescored"),
        *("invert", "inverted", "inverse", "negative", "higherisbetter", "lowerisbetter"),
        *("include", "included", "influence", "power", "votes", "pesos", "重要性", "权数"),
        *("folded", "given", "confidence", "expertise", "competence", "costbenefit"),
        *("benefitcost", "exclude", "excluded", "wt"),
        *("权重", "方向", "父级", "步长", "вес", "веса", "направление", "родитель", "шаг"),
        *("poids", "pondération", "sens", "ağirlik", "yön", "وزن", "الوزن", "اتجاه", "الاتجاه"),
        *("gewicht", "gewichtung", "richtung", "peso", "wgt", "wgts", "wght"),
    }
)
#: Those that change the result also beside other words: “weight (%)”, 指标权重.
_ROOTS = frozenset(
    {
        *("weight", "weights", "weighting", "parent", "polarity", "gewicht", "peso"),
        *("poids", "вес", "ağirlik", "وزن", "الوزن"),
    }
)
#: Beginnings of such words, if a language changes their endings: ağırlığı, pondérations.
_STEMS = (
    *(
        "weight",
        "coef",
        "polarit",
        "revers",
        "invert",
        "invers",
        "gewicht",
        "ponder",
        "pondér",
        "ağirli",
        "multipli",
    ),
    *("katsay", "коэф", "весов", "направленн", "обратн", "أوزان", "الأوزان", "معامل", "عكسي"),
    *("множител", "çarpan", "полярн", "polarid", "polung", "важност", "компетентн"),
)
_CHINESE_ROOTS = ("权重", "权数", "方向", "系数", "正向", "负向", "反向", "逆向")
#: Phrases that say which end of a ladder is the good one.
_WHICH_END = re.compile(
    "(high|low|great|larg|small|bigg|less|more|fewer|few)(er)?(values?)?(is|are|means?)?(better|worse)"
)
#: Columns in descriptions of ladders that say which end is the good one, or how it is measured.
_CHANGING_LADDERS = frozenset(
    {
        *("unit", "units", "min", "max", "minimum", "maximum", "threshold", "better", "worse"),
        *("cost", "costs", "benefit", "benefits", "type", "types"),
        *("类型", "成本", "效益", "тип", "затраты", "выгода", "tür", "tip", "maliyet", "fayda"),
        *("coût", "coûts", "bénéfice", "bénéfices", "النوع", "نوع", "تكلفة", "منفعة"),
        *("kosten", "nutzen", "typ"),
    }
)
#: Those that say it also beside other words: “direction_en”, “sign of effect”, 指标类型.
_LADDER_ROOTS = frozenset(
    {
        *("direction", "directions", "sign", "signs", "signe", "sens", "richtung", "vorzeichen"),
        *("знак", "направление", "işaret", "işareti", "yön", "yönü", "اتجاه", "إشارة", "الإشارة"),
    }
)
_CHINESE_LADDER_ROOTS = ("正负", "性质", "指标类型", "指标性质", "符号")
_LADDERS = ("indicators.csv", "rungs.csv")
#: Other names of weights, in files with weights or answers.
_CHANGING_WEIGHTS = frozenset(
    {"w", "share", "shares", "比重", "占比", "доля", "payi", "anteil", "الحصة"}
)
#: w1, w_i; a percent sign; plus or minus.
_WEIGHT = re.compile("w[ _.-]?([a-z]|[0-9]{1,2})|%|percent|per cent")
_SIGN = re.compile(r"\+ ?/ ?[-−–]|±")
#: The place between two words of IndicatorWeight.
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
_WEIGHED = (*_LADDERS, "groups.csv", "panel.csv", "points.csv", "comparisons.csv")
#: Characters that are not seen (Default_Ignorable_Code_Point of Unicode), and hyphens.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_HYPHEN = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
#: A separator, but not between digits: 1.12 and 11.2 are two.
_SEPARATOR = re.compile(r"(?<![0-9])[ _.-]|[ _.-](?![0-9])")
#: Cyrillic and Greek letters that look like Latin ones.
_LATIN = str.maketrans("авекмнорстухіјѕαεικνορτυχ", "abekmhopctyxijsaeikvoptux")
#: The least similarity of a misspelled column, and its greatest length.
_ALIKE = 0.75
_LONGEST = 64
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Line with the names of a table's columns, and the columns that are expected."""

    file: str
    line: int
    required: Sequence[str]
    optional: Collection[str]
    stem: str

    def columns(self, names: Sequence[str], findings: Findings) -> list[str] | None:
        """Return the columns by the names of the format; None if there are too many."""
        columns = [name.strip() for name in names]
        while columns and not columns[-1]:
            columns.pop()
        if len(columns) > findings.limits.columns:
            data = {"found": len(columns), "limit": findings.limits.columns}
            findings.fault(self.file, self.line, "", "too-many-columns", **data)
            return None
        known: dict[str, list[str]] = {}
        for name in (*self.required, *self.optional):
            known.setdefault(folded(name), []).append(name)
        return [self._meant(column, columns, known, findings) for column in columns]

    def check(
        self,
        columns: Sequence[str],
        records: Iterable[tuple[int, Sequence[str]]],
        findings: Findings,
    ) -> bool:
        """Whether every required column is there; other faults and notes are reported."""
        seen: set[str] = set()
        ignored = []
        for place, column in enumerate(columns):
            name = column
            if self._is_text(column):
                language = column.removeprefix(f"{self.stem}_")
                if not is_language(language):
                    findings.fault(self.file, self.line, column, "not-a-language", found=language)
                name = f"{self.stem}_{as_language(language)}"
            elif column and column not in self.required and column not in self.optional:
                ignored.append((place, column))
            if column and name in seen:
                findings.fault(self.file, self.line, column, "column-twice")
            seen.add(name)
        missing = [column for column in self.required if column not in seen]
        self._miss(missing, [name for _, name in ignored], columns, findings)
        changing = {place for place, column in ignored if self._changes_the_result(column)}
        filled = _filled(changing, records)
        for place, column in ignored:
            if place in filled:
                findings.fault(self.file, self.line, column, "column-not-read")
            elif nearest := self._nearest(column, seen):
                data = {"nearest": nearest}
                findings.note(self.file, self.line, column, "column-ignored-nearest", **data)
            else:
                findings.note(self.file, self.line, column, "column-ignored")
        return not missing

    def _nearest(self, column: str, seen: Collection[str]) -> str:
        """Return the column that is left out and that this one may be meant for, or ""."""
        if len(column) > _LONGEST:
            return ""
        stem, language = _parts(folded(column))
        if self.stem and stem == self.stem and (is_language(language) or not language):
            meant = f"{self.stem}_{as_language(language or 'en')}"
            return "" if meant in seen else meant
        missing = [name for name in self.optional if name not in seen]
        near = difflib.get_close_matches(folded(column), missing, n=1, cutoff=_ALIKE)
        return near[0] if near else ""

    def _miss(
        self,
        missing: Sequence[str],
        ignored: Sequence[str],
        columns: Sequence[str],
        findings: Findings,
    ) -> None:
        """Report missing columns: each with a similar name here, the others together."""
        found = ", ".join(filter(None, columns))
        unlike = []
        for column in missing:
            if nearest := findings.nearest(column, ignored):
                data = {"expected": column, "nearest": nearest, "found": found}
                findings.fault(self.file, self.line, "", "no-column-nearest", **data)
            else:
                unlike.append(column)
        if unlike:
            code = "no-column" if len(unlike) == 1 else "no-columns"
            data = {"expected": ", ".join(unlike), "found": found}
            findings.fault(self.file, self.line, "", code, **data)

    def _meant(
        self,
        column: str,
        columns: Sequence[str],
        known: Mapping[str, Sequence[str]],
        findings: Findings,
    ) -> str:
        """Return a column's name in the format, if only case, blanks or width differ.

        ``known`` has the names of the format, by their folded form.
        """
        alike = known.get(folded(column), ())
        if not column or column in alike or self._is_text(column):
            return column
        same = [name for name in alike if name not in columns]
        prefix, _, language = unicodedata.normalize("NFKC", column).partition("_")
        if self.stem and folded(prefix) == self.stem and is_language(language.strip()):
            same.append(f"{self.stem}_{as_language(language.strip())}")
        if len(same) != 1:
            return column
        findings.note(self.file, self.line, column, "column-read-as", name=same[0])
        return same[0]

    def _is_text(self, column: str) -> bool:
        prefix, _, language = column.partition("_")
        texts = bool(self.stem) and prefix == self.stem and bool(language)
        return texts and column not in self.required

    def _changes_the_result(self, column: str) -> bool:
        words = _WORD.findall(folded(_HUMP.sub(" ", column)))
        name = "".join(words)
        if self.file in _LADDERS and _SIGN.fullmatch(column):
            return True
        if self.file in _WEIGHED and _WEIGHT.fullmatch(folded(column)):
            return True
        if name in _CHANGING or not _ROOTS.isdisjoint(words):
            return True
        if any(word.startswith(_STEMS) for word in words) or _WHICH_END.search(name):
            return True
        if any(root in name for root in _CHINESE_ROOTS):
            return True
        if self.file in _WEIGHED and name in _CHANGING_WEIGHTS:
            return True
        return self.file in _LADDERS and _changes_a_ladder(name, words)


def _filled(places: Set[int], records: Iterable[tuple[int, Sequence[str]]]) -> Set[int]:
    """Return which of these columns have a cell, in one pass over the records."""
    found: set[int] = set()
    for _, cells in records if places else ():
        found |= {place for place in places if place < len(cells) and cells[place].strip()}
        if found == places:
            break
    return found


def _parts(name: str) -> tuple[str, str]:
    """Return the stem and the language in a column of texts: “name en”, “name (en)”."""
    stem, *others = _WORD.findall(name)[:3] or [""]
    return stem, "-".join(others)


def _changes_a_ladder(name: str, words: Sequence[str]) -> bool:
    if name in _CHANGING_LADDERS or not _LADDER_ROOTS.isdisjoint(words):
        return True
    return any(root in name for root in _CHINESE_LADDER_ROOTS)


def skeleton(word: str) -> str:
    """Return the form that words have in common if people take them for one.

    >>> skeleton("C1") == skeleton("с1") == skeleton("c-1") == skeleton("c 1")
    True
    """
    return _SEPARATOR.sub("", folded(word).translate(_LATIN))


def folded(word: str) -> str:
    """Return a word without differences of case, blanks, hyphens and width of letters.

    İ, I, ı and i are one letter: Turkish pairs their cases differently from others.
    Characters that are not seen are left out: a soft hyphen, marks of direction.
    """
    if word.isascii():
        return " ".join(word.casefold().split())
    plain = unicodedata.normalize("NFKC", word.replace("İ", "i").replace("ı", "i"))
    seen = _UNSEEN.sub("", _HYPHEN.sub("-", plain))
    return " ".join(seen.casefold().split())

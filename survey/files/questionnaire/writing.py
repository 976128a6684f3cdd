"""Writing of a questionnaire as a workbook, which can be answered offline."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.asking.questionnaire import Question, QuestionGroup, Questionnaire
from survey.files.questionnaire import wording
from survey.files.questionnaire.answers import Key, fit_for_a_cell
from survey.files.questionnaire.styles import Styles, height
from survey.files.questionnaire.wording import Labels, Tongue
from survey.values import GOAL, HIGHEST_RATING, RATING, RATIOS, Indicator, text_in
from survey.values.wording import N_

INSTRUCTIONS, LADDERS = N_("Instructions"), N_("Ladders")

#: The longest name of a sheet.
LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

#: Row of a table's headings; the rows above have the question.
HEADER = 3

# Columns of a sheet of pairs, and of one of points; the columns after them are hidden.
PAIR_WIDTHS = {"first": 30, "second": 30, "more": 32, "much": 36, "reason": 44}
LIST_WIDTHS = {"item": 40, "points": 44}
HIDDEN = 8
INSTRUCTIONS_WIDTH = 100
LADDER_WIDTHS = (26, 36, 10, 80)


@dataclass(frozen=True, slots=True)
class Cover:
    """Text of the first sheet, in the language of the questionnaire."""

    title: str
    #: Paragraphs, in their order.
    paragraphs: Sequence[str]
    #: ``study/expert/round``, the file's owner, for a hidden cell.
    owner: str


def write_questionnaire(
    questionnaire: Questionnaire,
    versions: Mapping[Key, int],
    about: Cover,
    tongue: Tongue,
    labels: Labels,
) -> bytes:
    """Return the file with the stored answers; the same answers give the same bytes."""
    import xlsxwriter  # imported only for a download

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 - a file's own date
        book = _Book(workbook, questionnaire, versions, about, tongue, labels)
        book.write()
    return target.getvalue()


class _Book:
    """Workbook that is being written."""

    def __init__(
        self,
        workbook: Any,
        questionnaire: Questionnaire,
        versions: Mapping[Key, int],
        about: Cover,
        tongue: Tongue,
        labels: Labels,
    ) -> None:
        self.workbook = workbook
        self.questionnaire = questionnaire
        self.versions = versions
        self.about = about
        self.tongue = tongue
        self.labels = labels
        self.say = tongue.say
        self.style = Styles(workbook, tongue.direction)
        self._names: set[str] = set()

    def write(self) -> None:
        self._instructions()
        for number, group in enumerate(self.questionnaire.asking, 1):
            sheet = self._sheet(f"{number} {self._group_name(group.code)}")
            if group.points is None:
                _Pairs(self, sheet, group).write()
            else:
                _List(self, sheet, group).write()
        self._ladders()

    def _sheet(self, name: str) -> Any:
        sheet = self.workbook.add_worksheet(self._free_name(name))
        if self.tongue.direction == "rtl":
            sheet.right_to_left()
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        return sheet

    def _free_name(self, name: str) -> str:
        """Return a valid name for a sheet that no other sheet has."""
        base = _NOT_IN_SHEET_NAMES.sub(" ", name).strip(" '")[:LONGEST_SHEET_NAME].strip(" '")
        free, number = base, 1
        while free.casefold() in self._names:
            number += 1
            free = f"{base[: LONGEST_SHEET_NAME - 4]} {number}"
        self._names.add(free.casefold())
        return free

    def _group_name(self, code: str) -> str:
        if code == GOAL:
            return self.say(N_("The groups"))
        return wording.clean(text_in(self.questionnaire.names(code), self.tongue.code)) or code

    def _instructions(self) -> None:
        sheet = self._sheet(self.say(INSTRUCTIONS))
        sheet.set_column(0, 0, INSTRUCTIONS_WIDTH)
        sheet.write_string(0, 0, self.about.title, self.style.title)
        for row, paragraph in enumerate(self.about.paragraphs, 2):
            sheet.write_string(row, 0, paragraph, self.style.plain)
            sheet.set_row(row, height((paragraph, INSTRUCTIONS_WIDTH)))

    def _ladders(self) -> None:
        sheet = self._sheet(self.say(LADDERS))
        heads = (N_("Group"), N_("Indicator"), N_("Rung"), N_("What it says"))
        for column, (head, width) in enumerate(zip(heads, LADDER_WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, self.say(head), self.style.head)
        sheet.freeze_panes(1, 0)
        for row, cells in enumerate(self._rungs(), 1):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell, self.style.line)
            sheet.set_row(row, height(*zip(cells, LADDER_WIDTHS, strict=True)))

    def _rungs(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield the rungs of each ladder, highest first."""
        for indicator in self.questionnaire.framework.indicators:
            group, name = self._group_name(indicator.group), self._indicator_name(indicator)
            if not indicator.rungs:
                yield group, name, f"0 – {indicator.top}", ""
            for rung in sorted(indicator.rungs, key=lambda rung: -rung.level):
                said = fit_for_a_cell(text_in(rung.texts, self.tongue.code))
                yield group, name, str(rung.level), said
            if indicator.rungs:
                yield group, name, "0", self.say(N_("no rung yet"))

    def _indicator_name(self, indicator: Indicator) -> str:
        name = wording.clean(text_in(indicator.names, self.tongue.code)) or indicator.code
        return self.labels.shown.get(indicator.code, name)


class _Table:
    """Sheet that is being written: its question, and a table of cells for answers."""

    widths: Mapping[str, int]

    def __init__(self, book: _Book, sheet: Any, group: QuestionGroup) -> None:
        self.book = book
        self.sheet = sheet
        self.group = group
        self.say = book.say
        self.names = book.labels.shown
        self.columns = {name: number for number, name in enumerate(self.widths)}
        self.heights: dict[int, float] = {}
        #: The first hidden column, with a line's question; the next have its choices.
        self.key = len(self.widths)

    def begin(self, title: str, hint: str, heads: Mapping[str, str]) -> None:
        for name, width in self.widths.items():
            self.sheet.set_column(self.columns[name], self.columns[name], width)
        self.sheet.set_column(self.key, self.key + HIDDEN, None, None, {"hidden": True})
        self.sheet.write_string(0, 0, title, self.book.style.title)
        self.sheet.write_string(1, 0, hint, self.book.style.hint)
        for name, head in heads.items():
            self.text(HEADER, name, self.say(head), self.book.style.head)
        self.hide(HEADER, self.key, self.book.about.owner)
        self.sheet.freeze_panes(HEADER + 1, 0)
        self.sheet.repeat_rows(HEADER)

    def text(self, row: int, column: str, text: str, style: Any = None) -> None:
        style = style or self.book.style.line
        place = self.columns[column]
        self.heights[row] = max(self.heights.get(row, 0), height((text, self.widths[column])))
        self.sheet.set_row(row, self.heights[row])
        if text:
            self.sheet.write_string(row, place, text, style)
        else:
            self.sheet.write_blank(row, place, None, style)

    def mark(self, row: int, *what: object) -> None:
        """Write the question of a row, and its answer's version, into a hidden cell."""
        self.hide(row, self.key, "/".join(map(str, what)))

    def hide(self, row: int, place: int, text: str) -> None:
        self.sheet.write_string(row, place, text, self.book.style.hidden)

    def choices(self, row: int, column: str, words: Sequence[str]) -> None:
        """Limit a cell to these words, which are in hidden cells of its row."""
        first, last = self.key + 1, self.key + len(words)
        for place, word in enumerate(words, first):
            self.hide(row, place, word)
        self.allow(row, column, (row, first, row, last))

    def allow(self, row: int, column: str, source: tuple[int, int, int, int]) -> None:
        from xlsxwriter.utility import xl_range_abs

        self.sheet.data_validation(
            row,
            self.columns[column],
            row,
            self.columns[column],
            {
                "validate": "list",
                "source": "=" + xl_range_abs(*source),
                "error_title": self.say(N_("Please choose"))[:32],
                "error_message": self.say(N_("Choose one of the answers of the list."))[:255],
            },
        )

    def leave(self, row: int, column: str) -> None:
        """Write the line in which the expert can abstain in the whole group."""
        cannot = self.group.cannot
        names = list(self.columns)
        for name in names:
            self.text(row, name, "")
        self.text(row, names[0], self.say(wording.LEAVE))
        self.mark(row, self.group.code, self.book.versions.get(self.group.code, 0))
        words = [self.say(wording.YES), self.say(wording.NO)]
        self.choices(row, column, words)
        self.text(row, column, words[cannot is None], self.book.style.answer)
        self.why(row, fit_for_a_cell(cannot or ""))

    def why(self, row: int, reason: str) -> None:
        """Write the cell for the reason for abstaining."""
        self.text(row, "reason", reason, self.book.style.answer)


class _Pairs(_Table):
    widths = PAIR_WIDTHS

    def write(self) -> None:
        heads = {
            "first": wording.FIRST,
            "second": wording.SECOND,
            "more": wording.MORE,
            "much": wording.MUCH,
            "reason": wording.REASON,
        }
        self.begin(self.say(N_("Which should count more in the ranking?")), self._hint(), heads)
        self._scale()
        row = HEADER
        for row, question in enumerate(self.group.questions, HEADER + 1):
            self._line(row, question)
        self.leave(row + 2, "more")

    def _hint(self) -> str:
        hint = N_(
            "Imagine one %(unit)s that climbs one of these ladders "
            "from its lowest rung to its highest."
        )
        if self.group.code == GOAL:
            hint = N_(
                "Imagine one %(unit)s that climbs all ladders of one of these groups "
                "from the lowest rung to the highest."
            )
        return self.say(hint) % {"unit": self.book.tongue.unit}

    def _scale(self) -> None:
        """Write the words of the scale into hidden cells, as choices for every line."""
        for row, ratio in enumerate(RATIOS, HEADER + 1):
            self.hide(row, self.key + HIDDEN, self.book.tongue.strength(ratio))

    def _line(self, row: int, question: Question) -> None:
        first, second = (self.names[code] for _side, code in question.shown)
        self.text(row, "first", first)
        self.text(row, "second", second)
        words = [first, second, self.say(wording.SAME), self.say(wording.CANNOT)]
        self.choices(row, "more", words)
        last = HEADER + len(RATIOS)
        self.allow(row, "much", (HEADER + 1, self.key + HIDDEN, last, self.key + HIDDEN))
        self.text(row, "more", self._chosen(question, words), self.book.style.answer)
        strength = self.book.tongue.strength(abs(question.steps) + 1) if question.steps else ""
        self.text(row, "much", strength, self.book.style.answer)
        self.text(row, "reason", fit_for_a_cell(self._reason(question)), self.book.style.answer)
        version = self.book.versions.get(question.id, 0)
        self.mark(row, question.first, question.second, version)

    def _chosen(self, question: Question, words: Sequence[str]) -> str:
        if question.steps:
            return self.names[question.first if question.steps > 0 else question.second]
        if question.steps == 0:
            return words[2]
        return "" if question.cannot is None else words[3]

    def _reason(self, question: Question) -> str:
        if question.cannot is None:
            return question.reason
        first, second = self.names[question.first], self.names[question.second]
        return self.book.tongue.why_not(question.cannot, first, second)


class _List(_Table):
    widths = LIST_WIDTHS

    @property
    def is_rated(self) -> bool:
        return self.group.kind == RATING

    def write(self) -> None:
        heads = {"item": wording.ITEM, "points": wording.POINTS}
        title = N_("Divide 100 points")
        hint = N_("More points, more weight in the ranking. Give every item a number.")
        if self.is_rated:
            heads["points"] = wording.RATING
            title = N_("Rate each item from 0 to 10")
            hint = N_(
                "Twice the number means twice the weight in the ranking. Half points such "
                "as 7.5 are allowed."
            )
        self.begin(self.say(title), self.say(hint), heads)
        row = HEADER
        for row, item in enumerate(self.group.items, HEADER + 1):
            self._line(row, item)
        if not self.is_rated:
            self._sum(row + 1, row)
        self.leave(row + 3, "points")

    def why(self, row: int, reason: str) -> None:
        """Write the reason below: lists have no column for reasons."""
        self.text(row + 1, "item", self.say(wording.REASON))
        self.text(row + 1, "points", reason, self.book.style.answer)
        self.mark(row + 1, self.group.code, self.book.versions.get(self.group.code, 0))

    def _line(self, row: int, item: str) -> None:
        self.text(row, "item", self.names[item])
        place = self.columns["points"]
        given = (self.group.points or {}).get(item)
        if given is None:
            self.sheet.write_blank(row, place, None, self.book.style.answer)
        else:
            self.sheet.write_number(row, place, given, self.book.style.answer)
        self.mark(row, item, self.book.versions.get(self.group.code, 0))
        limit = HIGHEST_RATING if self.is_rated else 100
        wrong = N_("Enter a number from 0 to %(limit)s.")
        self.sheet.data_validation(
            row,
            place,
            row,
            place,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": limit,
                "error_type": "warning",  # digits of another script are text and are read
                "error_title": self.say(N_("Please choose"))[:32],
                "error_message": (self.say(wrong) % {"limit": limit})[:255],
            },
        )

    def _sum(self, row: int, last: int) -> None:
        from xlsxwriter.utility import xl_range

        place = self.columns["points"]
        cells = xl_range(HEADER + 1, place, last, place)
        self.text(row, "item", self.say(wording.SUM), self.book.style.head)
        self.sheet.write_formula(row, place, f"=SUM({cells})", self.book.style.head, self.group.sum)
        different = {
            "type": "cell",
            "criteria": "!=",
            "value": 100,
            "format": self.book.style.wrong,
        }
        self.sheet.conditional_format(row, place, row, place, different)

"""Reading of a filled-in workbook: its answers, or all its faults.

Visible text counts: a line is identified by the names in it, in any language, in any
place and on a sheet of any name. The hidden cells give the version of the answer when
the file was made, and identify a line only if its names are ambiguous.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose

from survey.asking.questionnaire import Question, QuestionGroup
from survey.files.questionnaire import answers, wording
from survey.files.questionnaire.answers import Answer, GroupAnswer, Key
from survey.files.questionnaire.choices import PairLine, Unreadable, read_reason
from survey.files.questionnaire.faults import FaultyFile, SheetFault
from survey.files.questionnaire.tables import PAIR_COLUMNS, QuestionTable, TableRow, find_table
from survey.files.questionnaire.unpacking import Sheets
from survey.files.questionnaire.wording import Glossary
from survey.values import HIGHEST_RATING, RATING


def read_questionnaire(sheets: Sheets, glossary: Glossary, owner: str) -> dict[Key, answers.Line]:
    """Return the answers of a file, without open and missing questions.

    ``owner`` is the expected study, expert and round, as in the file's hidden cells.

    Raises
    ------
    FaultyFile
        With all faults of the file.
    """
    tables = [table for name, rows in sheets if (table := find_table(name, rows, glossary))]
    _check_tables(tables, glossary, owner)
    reading = _Reading(glossary)
    for table in tables:
        reading.read(table)
    if reading.faults:
        raise FaultyFile(*reading.faults)
    return {key: placed.answer for key, placed in reading.found.items()}


def _check_tables(tables: list[QuestionTable], glossary: Glossary, owner: str) -> None:
    columns = _columns_of(glossary)
    say = glossary.tongues[0].say
    if not tables:
        raise FaultyFile(SheetFault("no-questions", {"expected": tuple(map(say, columns))}))
    faults = [
        SheetFault("another", {"found": table.owner, "expected": owner}, table.sheet)
        for table in tables
        if table.owner not in ("", owner)
    ]
    faults = faults or [
        SheetFault("another-way", {"expected": tuple(map(say, columns))}, table.sheet)
        for table in tables
        if table.is_of_pairs is not (wording.MORE in columns)
        or (not table.is_of_pairs and table.number not in columns)
    ]
    faults = faults or [fault for table in tables for fault in table.faults()]
    if faults:
        raise FaultyFile(*faults)


def _columns_of(glossary: Glossary) -> tuple[str, ...]:
    """Return the headings that this questionnaire needs."""
    groups = glossary.questionnaire.asking
    if any(group.questions for group in groups):
        return PAIR_COLUMNS[:4]
    rated = any(group.kind == RATING for group in groups)
    return (wording.ITEM, wording.RATING if rated else wording.POINTS)


@dataclass(frozen=True, slots=True)
class PlacedAnswer:
    """Answer, and its place in the file."""

    answer: answers.Line
    line: TableRow
    heading: str


@dataclass
class _Reading:
    """Collector of the tables' answers and faults."""

    glossary: Glossary
    faults: list[SheetFault] = field(default_factory=list)
    found: dict[Key, PlacedAnswer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        groups = self.glossary.questionnaire.asking
        self.groups = {group.code: group for group in groups}
        self.group_of = {item: group.code for group in groups for item in group.items}
        self.pairs = {
            frozenset((q.first, q.second)): q for group in groups for q in group.questions
        }

    def read(self, table: QuestionTable) -> None:
        leaves = wording.FIRST if table.is_of_pairs else wording.ITEM
        lines = [line for line in table.lines() if not line.is_empty]
        leaving = [line for line in lines if self._means(line, leaves, wording.LEAVE)]
        others = [line for line in lines if line not in leaving]
        if table.is_of_pairs:
            self._read_pairs(others, leaving)
        else:
            whys = [line for line in others if self._means(line, leaves, wording.REASON)]
            sums = [line for line in others if self._means(line, leaves, wording.SUM)]
            items = [line for line in others if line not in whys and line not in sums]
            self._read_list(items, leaving, whys)

    def _means(self, line: TableRow, heading: str, word: str) -> bool:
        return self.glossary.means(line.text(heading), word) is not None

    # ------------------------------------------------------------ pairs

    def _read_pairs(self, lines: Iterable[TableRow], leaving: Iterable[TableRow]) -> None:
        groups: set[str] = set()
        for line in lines:
            question = self._question(line)
            if question is not None:
                groups.add(question.parent)
                self._read_pair(line, question)
        for line in leaving:
            if left := self._left(line, groups, wording.MORE):
                group, answer = left
                self._keep(group, answer, line.version(group), line, wording.MORE)

    def _read_pair(self, line: TableRow, question: Question) -> None:
        try:
            answer = PairLine(line, question, self.glossary).read()
        except Unreadable as error:
            self.faults.append(error.fault)
            return
        if answer is not None:
            version = line.version(question.first, question.second)
            self._keep(question.id, answer, version, line, wording.MORE)

    def _question(self, line: TableRow) -> Question | None:
        """Return the comparison of a line; None, with a fault, if there is none."""
        firsts, seconds = (self._items(line, word) for word in (wording.FIRST, wording.SECOND))
        if not firsts or not seconds:
            return None
        met = {
            q.id: q
            for first in firsts
            for second in seconds
            if (q := self.pairs.get(frozenset((first, second))))
        }
        marked = self.pairs.get(frozenset(line.mark))
        if len(met) > 1 and marked and marked.id in met:
            return marked
        if len(met) == 1:
            return next(iter(met.values()))
        first, second = line.text(wording.FIRST), line.text(wording.SECOND)
        if met:
            self._ambiguous(line, wording.FIRST, firsts | seconds)
        else:
            fault = line.fault(wording.FIRST, "no-such-pair", first=first, second=second)
            self.faults.append(fault)
        return None

    # ------------------------------------------------------------ lists

    def _read_list(
        self, lines: Iterable[TableRow], leaving: Iterable[TableRow], whys: Sequence[TableRow]
    ) -> None:
        given: dict[str, dict[str, TableRow]] = defaultdict(dict)
        for line in lines:
            item = self._item(line)
            if item is not None:
                self._place(given[self.group_of[item]], item, line)
        left: dict[str, GroupAnswer] = {}
        for line in leaving:
            number = line.table.number
            if found := self._left(line, set(given), number, _why_of(line, whys)):
                group, answer = found
                left[group] = answer
                if answer.cannot is not None or group not in given:
                    self._keep(group, answer, line.version(group), line, number)
        for group, places in given.items():
            self._read_points(group, places, left.get(group, GroupAnswer()))

    def _place(self, places: dict[str, TableRow], item: str, line: TableRow) -> None:
        before, number = places.setdefault(item, line), line.table.number
        if before.text(number) != line.text(number):
            self._answered_twice(line, PlacedAnswer(_NOTHING, before, number), number)

    def _read_points(self, group: str, places: Mapping[str, TableRow], left: GroupAnswer) -> None:
        read = {item: self._number(line, item, self.groups[group]) for item, line in places.items()}
        points = {item: number for item, number in read.items() if number is not None}
        if left.cannot is None:
            versions = {line.version(item) for item, line in places.items()}
            version = versions.pop() if len(versions) == 1 else None
            line = next(iter(places.values()))
            self._keep(group, GroupAnswer(None, points), version, line, line.table.number)

    def _item(self, line: TableRow) -> str | None:
        codes = self._items(line, wording.ITEM)
        if len(codes) > 1:
            marked = codes & frozenset(line.mark)
            if len(marked) != 1:
                self._ambiguous(line, wording.ITEM, codes)
                return None
            codes = marked
        return next(iter(codes), None)

    def _number(self, line: TableRow, item: str, group: QuestionGroup) -> float | None:
        """Return the number in a line; None if it is empty or, with a fault, not valid."""
        given = line.given(line.table.number)
        if not given.text:
            return None
        if given.number is not None and _fits(given.number, (group.points or {}).get(item), group):
            return given.number
        rated = group.kind == RATING
        limit = HIGHEST_RATING if rated else 100
        code = "date" if given.is_date else "not-a-rating" if rated else "not-points"
        data = {"found": given.text, "limit": limit, "expected": f"0 – {limit}"}
        self.faults.append(line.fault(line.table.number, code, **data))
        return None

    # ------------------------------------------------------------ both

    def _items(self, line: TableRow, heading: str) -> frozenset[str]:
        """Return the items that a name can mean; none, with a fault, if it is unknown."""
        text = line.text(heading)
        if not text:
            self.faults.append(line.fault(heading, "no-item"))
            return frozenset()
        codes = self.glossary.item(text, line.table.tongue)
        if not codes:
            shown = self.glossary.labels[line.table.tongue.code].shown.values()
            near = "".join(difflib.get_close_matches(text[:64], list(shown), n=1))
            code = "unknown-item-nearest" if near else "unknown-item"
            self.faults.append(line.fault(heading, code, found=text, nearest=near))
        return codes

    def _ambiguous(self, line: TableRow, heading: str, codes: frozenset[str]) -> None:
        shown = self.glossary.labels[line.table.tongue.code].shown
        expected = tuple(shown[code] for code in sorted(codes))
        found = line.text(heading)
        self.faults.append(line.fault(heading, "ambiguous-item", found=found, expected=expected))

    def _left(
        self, line: TableRow, groups: set[str], heading: str, why: TableRow | None = None
    ) -> tuple[str, GroupAnswer] | None:
        """Return a group and whether the expert abstains in it; None for an open line.

        ``why`` is the line below a list with the reason.
        """
        said = line.text(heading)
        place = (why, heading) if why and why.text(heading) else (line, wording.REASON)
        if not said and not place[0].text(place[1]):
            return None
        group = self._group(line, groups)
        word = self.glossary.means(said, wording.YES, wording.NO)
        if group is None:
            first = wording.FIRST if line.table.is_of_pairs else wording.ITEM
            self.faults.append(line.fault(first, "which-group"))
        elif word is None:
            say = line.table.tongue.say
            code = "not-a-choice" if said else "no-choice"
            expected = (say(wording.YES), say(wording.NO))
            self.faults.append(line.fault(heading, code, found=said, expected=expected))
        else:
            return self._why_left(place, group, leaves=word == wording.YES)
        return None

    def _why_left(
        self, place: tuple[TableRow, str], group: str, leaves: bool
    ) -> tuple[str, GroupAnswer] | None:
        line, heading = place
        try:
            reason = read_reason(line, self.groups[group].cannot or "", heading)
        except Unreadable as error:
            self.faults.append(error.fault)
            return None
        return group, GroupAnswer(reason if leaves else None)

    def _group(self, line: TableRow, groups: set[str]) -> str | None:
        """Return the one group of a sheet's lines, else the group it was made for."""
        if len(groups) == 1:
            return next(iter(groups))
        marked = "".join(line.mark)
        return marked if marked in self.groups else None

    def _keep(
        self, key: Key, answer: Answer, version: int | None, line: TableRow, heading: str
    ) -> None:
        """Store an answer; two different answers to one question are a fault."""
        placed = PlacedAnswer(answers.Line(answer, version), line, heading)
        before = self.found.setdefault(key, placed)
        if not answers.same(before.answer.answer, answer):
            self._answered_twice(line, before, heading)

    def _answered_twice(self, line: TableRow, before: PlacedAnswer, heading: str) -> None:
        where = {"sheet": before.line.table.sheet, "cell": before.line.place(before.heading)}
        self.faults.append(line.fault(heading, "answered-twice", **where))


def _why_of(line: TableRow, whys: Sequence[TableRow]) -> TableRow | None:
    """Return the line with the reason for abstaining: of the group, or the only one."""
    marked = [why for why in whys if why.mark == line.mark]
    return marked[0] if marked else whys[0] if len(whys) == 1 else None


def _fits(number: float, stored: float | None, group: QuestionGroup) -> bool:
    """Whether the pages accept this number, or it is stored already."""
    if group.kind != RATING:
        return 0 <= number <= 100
    halves = 0 <= number <= HIGHEST_RATING and (2 * number).is_integer()
    return halves or (stored is not None and isclose(number, stored))


_NOTHING = answers.Line(GroupAnswer(), None)

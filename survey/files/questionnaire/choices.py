"""Reading of one line of a sheet of pairs: the expert's answer, or its fault."""

from __future__ import annotations

from dataclasses import dataclass

from survey.asking.questionnaire import Question
from survey.files.questionnaire import wording
from survey.files.questionnaire.answers import PairAnswer
from survey.files.questionnaire.faults import SheetFault
from survey.files.questionnaire.tables import Given, TableRow
from survey.files.questionnaire.wording import Glossary, normal
from survey.values import LONGEST_REASON, RATIOS
from survey.values.wording import tidy

FIRST, SECOND = "first", "second"


class Unreadable(Exception):
    """A cell cannot be read; ``fault`` says why."""

    def __init__(self, fault: SheetFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class PairLine:
    """Line of a sheet about one comparison."""

    line: TableRow
    question: Question
    glossary: Glossary

    def read(self) -> PairAnswer | None:
        """Return the answer in the line; None if the line is empty.

        Raises
        ------
        Unreadable
        """
        more, much = self.line.given(wording.MORE), self.line.given(wording.MUCH)
        reason = read_reason(self.line, self.question.reason or self.question.cannot or "")
        if not more.text:
            if much.text or reason:
                raise self._refused(wording.MORE, "no-choice", expected=self._expected)
            return None
        choice = self._choice(more)
        if choice in (FIRST, SECOND):
            away = self._strength(much, choice) - 1
            return PairAnswer(away if choice == FIRST else -away, reason)
        if much.text:
            said = self.line.table.tongue.say(choice)
            raise self._refused(wording.MUCH, "strength-of-none", found=much.text, choice=said)
        if choice == wording.SAME:
            return PairAnswer(0, reason)
        return PairAnswer(None, "", self._why_not(reason))

    def _choice(self, given: Given) -> str:
        text = given.text
        own = [choice for choice, word in self._words.items() if normal(word) == normal(text)]
        meant = own or self._meanings(text)
        if len(meant) == 1:
            return meant[0]
        if given.is_date:
            raise self._refused(wording.MORE, "date", found=text, expected=self._expected)
        code = "ambiguous-choice" if meant else "not-a-choice"
        raise self._refused(wording.MORE, code, found=text, expected=self._expected)

    @property
    def _words(self) -> dict[str, str]:
        """The choices, in the file's own words."""
        tongue = self.line.table.tongue
        shown = self.glossary.labels[tongue.code].shown
        return {
            FIRST: shown[self.question.first],
            SECOND: shown[self.question.second],
            wording.SAME: tongue.say(wording.SAME),
            wording.CANNOT: tongue.say(wording.CANNOT),
        }

    @property
    def _expected(self) -> tuple[str, ...]:
        words = self._words
        if self.question.swapped:
            words = {SECOND: words[SECOND], **words}
        return tuple(words.values())

    def _meanings(self, text: str) -> list[str]:
        """Return the choices that a word can mean in any language."""
        items = self.glossary.items.get(normal(text), frozenset())
        sides = {FIRST: self.question.first, SECOND: self.question.second}
        word = self.glossary.means(text, wording.SAME, wording.CANNOT)
        return [side for side, item in sides.items() if item in items] + ([word] if word else [])

    def _strength(self, given: Given, choice: str) -> int:
        tongue = self.line.table.tongue
        if not given.text:
            raise self._refused(wording.MUCH, "no-strength", more=self._words[choice])
        own = {r for r in RATIOS if normal(given.text) in map(normal, tongue.strengths(r))}
        meant = own or self._ratios(given)
        if len(meant) == 1:
            return next(iter(meant))
        expected = tuple(map(tongue.strength, RATIOS))
        code = "date" if given.is_date else "not-a-strength"
        raise self._refused(wording.MUCH, code, found=given.text, expected=expected)

    def _ratios(self, given: Given) -> frozenset[int]:
        """Return the ratios that a strength can mean, in any language or by its figure.

        A word that was changed after the file was written still has its figure with it.
        """
        known, figure = self.glossary.strengths, given.text.rpartition("·")[2]
        return (
            known.get(normal(given.text))
            or frozenset(ratio for ratio in RATIOS if ratio == given.number)
            or known.get(normal(figure), frozenset())
        )

    def _why_not(self, reason: str) -> str:
        """Return the code of one of the four reasons, in any language; else the text."""
        for tongue in self.glossary.tongues:
            shown = self.glossary.labels[tongue.code].shown
            for code in wording.WHY_NOT:
                said = tongue.why_not(code, shown[self.question.first], shown[self.question.second])
                if reason and normal(said) == normal(reason):
                    return code
        return reason

    def _refused(self, heading: str, code: str, **data: object) -> Unreadable:
        return Unreadable(self.line.fault(heading, code, **data))


def read_reason(line: TableRow, stored: str, heading: str = wording.REASON) -> str:
    """Return the reason in a line; refuse one that is too long and not yet stored.

    Raises
    ------
    Unreadable
    """
    if line.given(heading).holds_nul:
        raise Unreadable(line.fault(heading, "nul"))
    reason = tidy(line.text(heading))
    if len(reason) > max(LONGEST_REASON, len(stored)):
        data = {"found": len(reason), "limit": LONGEST_REASON}
        raise Unreadable(line.fault(heading, "too-long", **data))
    return reason

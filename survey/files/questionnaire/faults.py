"""Faults of a filled-in questionnaire, as data and as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from survey.values.wording import N_, filled, runs_from_the_right, shown, worded

#: Number of faults that a page lists; the others are only counted.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Fault in one cell of one sheet, or in the whole file.

    ``code`` is a key of :data:`SENTENCES`, ``data`` fills its placeholders.
    """

    code: str
    data: Mapping[str, object] = field(default_factory=dict)
    sheet: str = ""
    cell: str = ""


class FaultyFile(Exception):
    """A questionnaire cannot be read; ``faults`` has everything found."""

    def __init__(self, *faults: SheetFault) -> None:
        super().__init__(faults)
        self.faults = faults


#: Places of a fault, shown before its sentence.
PLACES = {
    "cell": N_("Sheet “%(sheet)s”, cell %(cell)s"),
    "sheet": N_("Sheet “%(sheet)s”"),
    "file": N_("The file"),
}

SENTENCES = {
    # The file.
    "empty": N_("The file is empty. Expected the questionnaire as .xlsx."),
    "not-a-workbook": N_("This is no .xlsx workbook. Expected the questionnaire as .xlsx."),
    "old-workbook": N_(
        "This is an .xls workbook, or one locked with a password. "
        "Save it as .xlsx without a password."
    ),
    "opendocument": N_("This is an OpenDocument file (.ods). Save it as .xlsx."),
    "binary-workbook": N_("This is a binary workbook (.xlsb). Save it as .xlsx."),
    "damaged": N_("The file is damaged, or unpacks to more than a questionnaire can hold."),
    "too-large": N_("The file has %(found)s bytes. Expected at most %(limit)s."),
    "too-large-unpacked": N_("Unpacked it has %(found)s bytes. Expected at most %(limit)s."),
    "too-many-parts": N_("The file consists of %(found)s parts. Expected at most %(limit)s."),
    "too-many-rows": N_("There are %(found)s rows. Expected at most %(limit)s."),
    "too-many-columns": N_("There are %(found)s columns. Expected at most %(limit)s."),
    "too-much-text": N_("The cells hold %(found)s characters. Expected at most %(limit)s."),
    "no-questions": N_(
        "No sheet has the questions. Expected a row with these headings: %(expected)s"
    ),
    "another": N_(
        "This file was made for another questionnaire: %(found)s. Expected %(expected)s."
    ),
    "another-way": N_(
        "This sheet does not match the questionnaire as it is now: download it again. Expected "
        "headings: %(expected)s"
    ),
    # The headings.
    "no-column": N_("There is no column “%(expected)s”. The columns are: %(found)s"),
    "column-twice": N_("There are two columns “%(found)s”. Expected one."),
    # The rows.
    "no-item": N_("The cell is empty. Expected the name of what is compared."),
    "unknown-item": N_("“%(found)s” is not in this questionnaire."),
    "unknown-item-nearest": N_(
        "“%(found)s” is not in this questionnaire. Did you mean “%(nearest)s”?"
    ),
    "ambiguous-item": N_("“%(found)s” can mean more than one thing. Expected %(expected)s."),
    "no-such-pair": N_("“%(first)s” and “%(second)s” are not compared with each other here."),
    "answered-twice": N_(
        "This question has a different answer in sheet “%(sheet)s”, cell %(cell)s."
    ),
    "which-group": N_(
        "It is not clear which group this is about: the sheet has rows of none, or of several."
    ),
    # The answers.
    "not-a-choice": N_("“%(found)s” is none of the answers. Expected %(expected)s."),
    "ambiguous-choice": N_("“%(found)s” can mean more than one answer. Expected %(expected)s."),
    "no-choice": N_("The cell is empty, but the row has an answer. Expected %(expected)s."),
    "not-a-strength": N_("“%(found)s” is not on the scale. Expected %(expected)s."),
    "no-strength": N_("The cell is empty. Expected how much more “%(more)s” counts."),
    "strength-of-none": N_(
        "“%(found)s” does not go with “%(choice)s”. Expected an empty cell, or another choice."
    ),
    "date": N_("The spreadsheet has made a date of this: %(found)s. Expected %(expected)s."),
    "not-a-rating": N_("“%(found)s” is not a number from 0 to %(limit)s in steps of a half."),
    "not-points": N_("“%(found)s” is not a number from 0 to %(limit)s."),
    "nul": N_("The text holds the character NUL (U+0000), which cannot be saved."),
    "too-long": N_("The text has %(found)s characters. Expected at most %(limit)s."),
}


#: Separator of several expected values.
_OR = " / "


def sentence(fault: SheetFault, translate: Callable[[str], str] = str) -> str:
    """Return a fault as a sentence, in the language of ``translate``."""
    template = translate(SENTENCES[fault.code])
    mirrored = runs_from_the_right(template)
    values = {name: _said(value, mirrored) for name, value in fault.data.items()}
    return filled(template, values)


def _said(value: object, mirrored: bool) -> object:
    """Return a value for a sentence; several ones are isolated if ``mirrored``."""
    if isinstance(value, tuple):
        each = [shown(str(one)) for one in value]
        return _OR.join(f"\u2068{one}\u2069" for one in each) if mirrored else _OR.join(each)
    return value if isinstance(value, int) else shown(str(value))


def place(fault: SheetFault, translate: Callable[[str], str] = str) -> str:
    """Return the place of a fault."""
    where = "cell" if fault.cell else "sheet" if fault.sheet else "file"
    return worded(PLACES[where], {"sheet": fault.sheet, "cell": fault.cell}, translate)

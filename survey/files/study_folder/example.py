"""Example study of Steelyard, and checks for its traces in a copy."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from survey.files.study_folder.faults import FaultyFolder
from survey.files.study_folder.reading import read_folder
from survey.values import Study

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "arab-league-2024"

CODE, CONTACT, NOTICES = "code", "contact", "notices"


class CopiedExample(Exception):
    """A study still has the code or notices of the example. Nothing is stored."""

    def __init__(self, left: tuple[str, ...]) -> None:
        super().__init__(left)
        self.left = left


@cache
def shipped() -> Study | None:
    """Return the example; None if it is not installed with the program."""
    try:
        return read_folder(FOLDER).study
    except FaultyFolder:
        return None


def is_the_example(study: Study) -> bool:
    """Whether a study has the code and the framework of the example."""
    example = shipped()
    return (
        example is not None and study.code == example.code and study.framework == example.framework
    )


def left_from_the_example(study: Study) -> tuple[str, ...]:
    """List what a study still has of the example: ``code``, ``contact``, ``notices``."""
    example = shipped()
    if example is None or is_the_example(study):
        return ()
    same = {
        CODE: study.code == example.code,
        CONTACT: study.contact == example.contact,
        NOTICES: any(text in example.notices.values() for text in study.notices.values()),
    }
    return tuple(name for name, is_same in same.items() if is_same)


def refuse_copied(study: Study) -> None:
    """Refuse a study that experts or readers would mistake for the example.

    The example's contact is reported, not refused: an expert can still reply to the
    message with the link.

    Raises
    ------
    CopiedExample
        If it has the example's code for another framework, or the example's notices
        for its own data.
    """
    left = left_from_the_example(study)
    if set(left) & {CODE, NOTICES}:
        raise CopiedExample(left)

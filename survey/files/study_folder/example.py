"""The example that comes with Steelyard, and what a copy of it still says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from survey.files.study_folder.faults import FaultyFolder
from survey.files.study_folder.reading import read_folder
from survey.values import Study

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "arab-league-2024"

CODE, CONTACT, NOTICES = "code", "contact", "notices"


class CopiedExample(Exception):
    """A study would reach people under what a copied example says of itself. Nothing is stored."""

    def __init__(self, left: tuple[str, ...]) -> None:
        super().__init__(left)
        self.left = left


@cache
def shipped() -> Study | None:
    """The example; None where it does not lie beside the program."""
    try:
        return read_folder(FOLDER).study
    except FaultyFolder:
        return None


def is_the_example(study: Study) -> bool:
    """Whether a study has the code of the example and weighs what it weighs."""
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
    """Refuse a study that experts or readers would take for the example.

    A contact that is nobody's is said, not refused: an expert can still answer
    the message that brought the link.

    Raises
    ------
    CopiedExample
        If it has the example's code for another framework, or says of its own
        data that they are the example's.
    """
    left = left_from_the_example(study)
    if set(left) & {CODE, NOTICES}:
        raise CopiedExample(left)

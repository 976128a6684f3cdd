"""Studies read from folders: faults become sentences, notes are printed."""

from __future__ import annotations

from pathlib import Path

from survey.commands.words import BadInput, say
from survey.files.study_folder import FaultyFolder, by_cause, cause_sentence, read_folder
from survey.values import Study


def read_study(path: Path) -> Study:
    """Read the study of a folder, or of a .zip of one."""
    try:
        reading = read_folder(path)
    except FaultyFolder as error:
        raise BadInput(str(error)) from error
    for note in by_cause(reading.notes):
        say(cause_sentence(note))
    return reading.study

"""Study as a folder (or one .zip) of CSV files: reading and writing."""

from survey.files.study_folder.faults import (
    SHOWN,
    Cause,
    Fault,
    Faulty,
    FaultyFolder,
    by_cause,
    cause_sentence,
    sentence,
)
from survey.files.study_folder.reading import Edition, Reading, read_changed, read_folder, read_zip
from survey.files.study_folder.sentences import SENTENCES
from survey.files.study_folder.writing import study_files, write_folder, zipped

__all__ = [
    "SENTENCES",
    "SHOWN",
    "Cause",
    "Edition",
    "Fault",
    "Faulty",
    "FaultyFolder",
    "Reading",
    "by_cause",
    "cause_sentence",
    "read_changed",
    "read_folder",
    "read_zip",
    "sentence",
    "study_files",
    "write_folder",
    "zipped",
]

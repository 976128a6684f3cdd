"""A study as a folder (or one .zip) of CSV files, and a weight set as a file: in and out."""

from survey.folder.faults import (
    SHOWN,
    Cause,
    Fault,
    Faulty,
    FaultyFolder,
    by_cause,
    cause_sentence,
    sentence,
)
from survey.folder.reading import Edition, Reading, read_changed, read_folder, read_zip
from survey.folder.sentences import SENTENCES
from survey.folder.writing import study_files, write_folder, zipped

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

"""Study as a folder (or one .zip) of CSV files: reading and writing."""

from survey.files.study_folder.faults import (
    SHOWN,
    Cause,
    Faulty,
    FaultyFolder,
    FolderFault,
    by_cause,
    cause_sentence,
    sentence,
)
from survey.files.study_folder.reading import (
    EditionReading,
    Reading,
    read_changed,
    read_folder,
    read_zip,
)
from survey.files.study_folder.sentences import SENTENCES
from survey.files.study_folder.writing import study_files, write_folder, zipped

__all__ = [
    "SENTENCES",
    "SHOWN",
    "Cause",
    "EditionReading",
    "Faulty",
    "FaultyFolder",
    "FolderFault",
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

"""A study as a folder (or one .zip) of CSV files, and a weight set as a file: in and out."""

from survey.folder.faults import SENTENCES, SHOWN, Fault, Faulty, FaultyFolder, sentence
from survey.folder.reading import Edition, Reading, read_changed, read_folder, read_zip
from survey.folder.writing import study_files, write_folder, zipped

__all__ = [
    "SENTENCES",
    "SHOWN",
    "Edition",
    "Fault",
    "Faulty",
    "FaultyFolder",
    "Reading",
    "read_changed",
    "read_folder",
    "read_zip",
    "sentence",
    "study_files",
    "write_folder",
    "zipped",
]

"""Properties of datapackage.json, by the names that are read, each once."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Sequence

from survey.files.study_folder.columns import folded
from survey.files.study_folder.findings import Findings
from survey.files.study_folder.languages import as_language, is_language

FILE = "datapackage.json"

Json = dict[str, object]

READ = ("name", "title", "titles", "contact", "notices", "purposes", "anonymity", "unit", "salt")
#: Least similarity of a misspelled name to one of these: notice and notices, but not notes.
_ALIKE = 0.85
#: The most properties of a description: each is compared with those that are read.
_MOST = 1000


class Object(Json):
    """JSON object with the names that occur in it more than once."""

    twice: tuple[str, ...] = ()


def read_object(pairs: Sequence[tuple[str, object]]) -> Object:
    """Return an object that records repeated names; the last value counts, as in JSON."""
    read = Object(pairs)
    if len(read) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        read.twice = tuple(name for name, count in counted.items() if count > 1)
    return read


def by_property(document: Json, findings: Findings) -> Json:
    """Return the properties that are read; report misspelled and repeated ones."""
    read: Json = {}
    if len(document) > _MOST:
        findings.fault(FILE, 0, "", "too-many-properties", found=len(document), limit=_MOST)
        return read
    for name, value in document.items():
        meant = folded(name)
        if meant not in READ:
            _check_unlike(name, findings)
        elif meant in read or name in _repeated(document):
            findings.fault(FILE, 0, "", "property-twice", property=meant)
        else:
            read[meant] = value
            if name != meant:
                findings.note(FILE, 0, "", "words-read-as", found=name, name=meant)
    return read


def check_once(name: str, texts: Json, findings: Findings) -> None:
    """Report languages that are too many or given twice; en and EN are the same."""
    findings.check_number(FILE, "languages", len(texts))
    counted = Counter(map(as_language, (*texts, *_repeated(texts))))
    for language, count in counted.items():
        if count > 1:
            findings.fault(FILE, 0, "", "property-twice", property=f"{name}.{language}")


def check_length(name: str, text: str, findings: Findings) -> None:
    if len(text) > (limit := findings.limits.cell):
        data = {"property": name, "found": len(text), "limit": limit}
        findings.fault(FILE, 0, "", "text-too-long", **data)


def _repeated(properties: Json) -> Collection[str]:
    return properties.twice if isinstance(properties, Object) else ()


def _check_unlike(name: str, findings: Findings) -> None:
    stem, _, language = folded(name).replace("-", "_").partition("_")
    word = stem if is_language(language) else folded(name)
    if near := difflib.get_close_matches(word, READ, n=1, cutoff=_ALIKE):
        findings.fault(FILE, 0, "", "property-not-read", found=name, nearest=near[0])

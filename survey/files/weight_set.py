"""Weight set as a file: canonical JSON with a digest per section and one over all.

The content determines the text: RFC 8785, then one newline. Files of the first format,
which was written differently, are read and checked as they were written.
docs/weight-set.md describes both and how to check a file by hand.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from math import fsum, isfinite, nan
from typing import Any, NamedTuple, NoReturn, TypeVar

from survey.canonical import canonical, indented
from survey.files.panel_section import as_panel, panel_section
from survey.files.parsed import by_name as _by_name
from survey.files.parsed import count as _count
from survey.files.parsed import interval as _interval
from survey.files.parsed import intervals as _intervals
from survey.files.parsed import number as _number
from survey.files.parsed import shares as _shares
from survey.files.parsed import text as _text
from survey.files.parsed import texts as _texts
from survey.files.study_folder.faults import Faulty, FolderFault
from survey.files.study_folder.kinds import kind_of
from survey.values import (
    FEWEST_FOR_INTERVALS,
    GOAL,
    WITHHELD,
    Framework,
    Group,
    Indicator,
    PanelCounts,
    Parameter,
    WeightSet,
    thin_groups,
)

Value = TypeVar("Value")

FORMAT = "steelyard-weight-set/2"
LARGEST = 5 * 2**20

_OVERALL = "digest"
_BY_SECTION = "digests"

#: Tolerance for sums and products of weights, for the rounding of floats.
_TOLERANCE = 1e-9

#: Sections that may describe fewer than three experts in files of earlier versions.
_WITHHELD = ("panel", "intervals")

#: Origin of the weights of a parent: answers of the panel.
_ELICITED = {"kind": "elicited"}

Json = dict[str, object]


class FaultyWeightSet(Faulty):
    """A file is not a weight set that this version can read."""


class DamagedWeightSet(FaultyWeightSet):
    """A weight set was changed after it was written; each damaged section is named."""


class _Writing(NamedTuple):
    """Format of a document: its writing, and the text that a section's digest covers."""

    format: int
    document: Callable[[object], str]
    section: Callable[[object], str]

    def digest(self, section: object) -> str:
        return sha256(self.section(section).encode()).hexdigest()


_WRITINGS = {
    "steelyard-weight-set/1": _Writing(1, indented, indented),
    FORMAT: _Writing(2, lambda document: canonical(document) + "\n", canonical),
}


def weight_set_text(weight_set: WeightSet) -> str:
    """Return the file of a weight set in the newest format; same content, same text."""
    writing = _WRITINGS[FORMAT]
    sections = _sections(weight_set)
    digests = {name: writing.digest(section) for name, section in sections.items()}
    return writing.document({**sections, _BY_SECTION: digests, _OVERALL: writing.digest(digests)})


def read_weight_set(content: bytes, file: str = "weights.json") -> WeightSet:
    """Read and check the file of a weight set.

    Raises
    ------
    FaultyWeightSet
        If it is not a weight set, or has an unknown format.
    DamagedWeightSet
        If it is not byte for byte as written; names the sections.
    """
    text, document = _parsed(content, file)
    writing = _writing_of(document, file)
    expected = _rewritten(document, writing, file)
    damage = tuple(
        FolderFault(file, 0, "", code, {"section": section})
        for code, section in _damage(document, writing)
    )
    if damage:
        raise DamagedWeightSet(damage)
    if text != expected:
        raise DamagedWeightSet(
            (FolderFault(file, _first_difference(text, expected), "", "not-canonical"),)
        )
    return _understood(document, writing.format, file)


def tellable_text(text: str) -> str:
    """Return a weight set's file without sections about fewer than three experts.

    The digest of such a section stays, so that all others are checked as before.
    """
    document = json.loads(text)
    panel = as_panel(document["panel"])
    telling = {
        "panel": document["panel"] != panel_section(panel),
        "intervals": _tells_thin_intervals(document["intervals"], panel),
    }
    if not any(telling.values()):
        return text
    kept = {name: section for name, section in document.items() if not telling.get(name)}
    return _WRITINGS[document["format"]].document(kept)


def _tells_thin_intervals(intervals: Any, panel: PanelCounts) -> bool:
    """Whether a group that too few experts judged has an interval."""
    thin = thin_groups(panel.judged, FEWEST_FOR_INTERVALS)
    return any(ends for parent in thin for ends in intervals["local"][parent].values())


def digest_of(text: str) -> str:
    """Return the digest over all sections, as stated in the text of a weight set."""
    return str(json.loads(text)[_OVERALL])


def _sections(weight_set: WeightSet) -> Json:
    return {
        "format": FORMAT,
        "software": weight_set.software,
        "study": _study(weight_set),
        "framework": _framework(weight_set.framework),
        "global": dict(weight_set.global_weights),
        "local": {parent: dict(shares) for parent, shares in weight_set.local_weights.items()},
        "intervals": {
            "global": dict(weight_set.global_intervals),
            "local": {parent: dict(ends) for parent, ends in weight_set.local_intervals.items()},
        },
        "provenance": dict.fromkeys(weight_set.local_weights, _ELICITED),
        "method": weight_set.method,
        "parameters": dict(weight_set.parameters),
        "panel": panel_section(weight_set.panel),
        "judgements": {"sha256": weight_set.answers_digest},
    }


def _study(weight_set: WeightSet) -> Json:
    """Return the study section, with the notices; studies of real answers have none."""
    said = {"notices": dict(weight_set.notices)} if weight_set.notices else {}
    return {"code": weight_set.study, "titles": dict(weight_set.titles), **said}


def _framework(framework: Framework) -> Json:
    return {
        "groups": [{"code": g.code, "names": dict(g.names)} for g in framework.groups],
        "indicators": [
            {"code": i.code, "group": i.group, "levels": i.top, "names": dict(i.names)}
            for i in framework.indicators
        ],
    }


# Reading: first the JSON, then the digests, then the content of the sections.


def _parsed(content: bytes, file: str) -> tuple[str, Json]:
    if len(content) > LARGEST:
        _refuse(file, "too-large", found=len(content), limit=LARGEST)
    try:
        text = content.decode()
        document = json.loads(
            text, object_pairs_hook=_without_doubles, parse_float=_finite, parse_constant=_refused
        )
        indented(document).encode()  # a text may have half of a character
    except (ValueError, RecursionError) as error:
        if (kind := kind_of(content)) not in ("", "json"):
            _refuse(file, "not-a-weight-set", hint=kind)
        _refuse(file, "not-json", getattr(error, "lineno", 0), why=_why(error))
    if not isinstance(document, dict):
        _refuse(file, "not-an-object")
    return text, document


def _writing_of(document: Json, file: str) -> _Writing:
    if not isinstance(found := document.get("format"), str):
        _refuse(file, "no-format", expected=FORMAT)
    if found.startswith("steelyard-publication/"):
        _refuse(file, "not-a-weight-set", hint="publication")
    if found not in _WRITINGS:
        _refuse(file, "unknown-format", found=found, expected=FORMAT)
    return _WRITINGS[found]


def _rewritten(document: Json, writing: _Writing, file: str) -> str:
    """Return the document as it should be; refuse half characters and huge numbers."""
    try:
        text = writing.document(document)
        text.encode()
    except (ValueError, RecursionError) as error:
        _refuse(file, "not-json", why=_why(error))
    return text


def _without_doubles(pairs: list[tuple[str, object]]) -> Json:
    content = dict(pairs)
    if len(content) < len(pairs):
        (name, _), *_others = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"“{name[:60]}” stands twice in one object")
    return content


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _refused(digits)


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name[:20]} is not a number")


def _why(error: Exception) -> str:
    return "too deep" if isinstance(error, RecursionError) else str(error)


def _damage(document: Json, writing: _Writing) -> list[tuple[str, str]]:
    """Return the faults of the sections, each with the section's name."""
    digests = document.get(_BY_SECTION)
    if not isinstance(digests, dict):
        return [("missing-section", _BY_SECTION)]
    sections = {name for name in document if name not in (_BY_SECTION, _OVERALL)}
    expected = set(digests) - _withheld(document)
    damage = [("missing-section", name) for name in sorted(expected - sections)]
    damage += [("added-section", name) for name in sorted(sections - set(digests))]
    damage += [
        ("damaged-section", name)
        for name in sorted(sections & set(digests))
        if digests[name] != writing.digest(document[name])
    ]
    if document.get(_OVERALL) != writing.digest(digests):
        damage.append(("damaged-digests", _BY_SECTION))
    return damage


def _withheld(document: Any) -> set[str]:
    """Return the sections that a public page left out; their digests are still there."""
    return {name for name in _WITHHELD if name not in document and name in document[_BY_SECTION]}


def _first_difference(text: str, expected: str) -> int:
    lines, expected_lines = text.split("\n"), expected.split("\n")
    for number, (line, expected_line) in enumerate(zip(lines, expected_lines, strict=False), 1):
        if line != expected_line:
            return number
    return min(len(lines), len(expected_lines))


def _understood(document: Json, number: int, file: str) -> WeightSet:
    def read(section: str, parse: Callable[[Any], Value]) -> Value:
        try:
            return parse(document[section])
        except (AttributeError, KeyError, TypeError, ValueError):
            _refuse(file, "faulty-section", section=section)

    withheld = _withheld(document)
    if "intervals" in withheld:
        document = {**document, "intervals": {"global": {}, "local": {}}}
    weight_set = WeightSet(
        study=read("study", lambda study: _text(study["code"])),
        titles=read("study", lambda study: _texts(study["titles"])),
        framework=read("framework", _as_framework),
        global_weights=read("global", _shares),
        local_weights=read("local", lambda local: _by_name(local, _shares)),
        global_intervals=read("intervals", lambda ends: _by_name(ends["global"], _interval)),
        local_intervals=read("intervals", lambda ends: _by_name(ends["local"], _intervals)),
        method=read("method", _text),
        parameters=read("parameters", _as_parameters),
        panel=WITHHELD if "panel" in withheld else read("panel", as_panel),
        answers_digest=read("judgements", lambda judgements: _text(judgements["sha256"])),
        software=read("software", _text),
        format=number,
        notices=read("study", lambda study: _texts(study.get("notices", {}))),
    )
    if number > 1:
        read("provenance", lambda kinds: _elicited(kinds, weight_set.framework))
    if faults := tuple(_faulty_weights(weight_set, file)):
        raise FaultyWeightSet(faults)
    return weight_set


def _faulty_weights(weight_set: WeightSet, file: str) -> Iterator[FolderFault]:
    """Yield faults of the weights themselves, even if their digests are correct."""
    framework, local = weight_set.framework, weight_set.local_weights
    codes = (GOAL, *(g.code for g in framework.groups), *(i.code for i in framework.indicators))
    if len(set(codes)) < len(codes):
        yield FolderFault(file, 0, "", "faulty-section", {"section": "framework"})
    for parent in framework.parents:
        shares = local.get(parent, {})
        whole = abs(fsum(shares.values()) - 1) <= _TOLERANCE
        if not whole or set(shares) != set(framework.children(parent)):
            yield FolderFault(file, 0, "", "faulty-weights", {"parent": parent})
    if set(local) != set(framework.parents):
        yield FolderFault(file, 0, "", "faulty-section", {"section": "local"})
    if not weight_set.withholds_intervals and (
        set(weight_set.global_intervals),
        _keys(weight_set.local_intervals),
    ) != (
        set(weight_set.global_weights),
        _keys(local),
    ):
        yield FolderFault(file, 0, "", "faulty-section", {"section": "intervals"})
    if set(weight_set.global_weights) != {i.code for i in framework.indicators}:
        yield FolderFault(file, 0, "", "faulty-section", {"section": "global"})
        return
    for i in framework.indicators:
        product = local.get(GOAL, {}).get(i.group, nan) * local.get(i.group, {}).get(i.code, nan)
        if not abs(weight_set.global_weights[i.code] - product) <= _TOLERANCE:
            yield FolderFault(file, 0, "", "faulty-global", {"code": i.code})


def _keys(by_parent: Mapping[str, Mapping[str, object]]) -> dict[str, set[str]]:
    return {parent: set(by_child) for parent, by_child in by_parent.items()}


def _as_framework(content: Any) -> Framework:
    return Framework(
        tuple(Group(_text(g["code"]), _texts(g["names"])) for g in content["groups"]),
        tuple(
            Indicator(_text(i["code"]), _text(i["group"]), _texts(i["names"]), _count(i["levels"]))
            for i in content["indicators"]
        ),
    )


def _elicited(content: Any, framework: Framework) -> None:
    if content != dict.fromkeys(framework.parents, _ELICITED):
        raise ValueError


def _as_parameters(content: Any) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {
        name: value if isinstance(value, str) else _number(value) for name, value in content.items()
    }
    _number(parameters["confidence"])
    _text(parameters["disconnected"])
    parameters["random_index"]
    return parameters


def _refuse(file: str, code: str, line: int = 0, **data: object) -> NoReturn:
    raise FaultyWeightSet((FolderFault(file, line, "", code, data),))

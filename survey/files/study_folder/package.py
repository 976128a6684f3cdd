"""datapackage.json: properties of a study, and a description of its tables.

The description follows Frictionless Data Package 2.0, so that other tools can
open the folder. Reading uses only the study's own properties.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from survey.files.study_folder.encodings import decoded
from survey.files.study_folder.findings import Findings
from survey.files.study_folder.languages import as_language, is_language
from survey.files.study_folder.properties import (
    FILE,
    Json,
    by_property,
    check_length,
    check_once,
    read_object,
)
from survey.files.study_folder.sheet import is_code
from survey.plurals import CATEGORIES, as_plain, needed_forms
from survey.values import (
    ANONYMITIES,
    EXPERTS,
    KINDS,
    LOOKS_RIGHT,
    OFF,
    RATIOS,
    Study,
    Texts,
    UnitWords,
)
from survey.values.wording import tidy

_SALT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class FolderAbout:
    """Properties of a study that are not in the tables."""

    name: str = ""
    titles: Texts = field(default_factory=dict)
    contact: str = ""
    notices: Texts = field(default_factory=dict)
    purposes: Texts = field(default_factory=dict)
    anonymity: str = EXPERTS
    unit: UnitWords = field(default_factory=dict)
    salt: str = ""


def _decoded(content: bytes, findings: Findings) -> str | None:
    """Decode JSON as UTF-8; if that fails, decode the file in the same way as a table."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    return decoded(FILE, content, findings) if "\0" in text else text


def read_package(content: bytes, findings: Findings) -> FolderAbout:
    text = _decoded(content, findings)
    if text is None:
        return FolderAbout()
    try:
        document = json.loads(text, object_pairs_hook=read_object)
    except (ValueError, RecursionError) as error:
        findings.fault(FILE, getattr(error, "lineno", 0), "", "not-json", why=error)
        return FolderAbout()
    if not isinstance(document, dict):
        findings.fault(FILE, 0, "", "not-an-object")
        return FolderAbout()
    document = by_property(document, findings)
    titles = _texts(document, "titles", findings)
    if "titles" not in document and (title := _text(document, "title", findings)):
        titles = {"en": title}
    name = _text(document, "name", findings)
    if name and not is_code(name):
        findings.fault(FILE, 0, "", "malformed-code", found=name)
    return FolderAbout(
        name,
        titles,
        _text(document, "contact", findings),
        _texts(document, "notices", findings),
        _texts(document, "purposes", findings),
        _anonymity(document, findings),
        _unit(document, findings),
        _salt(document, findings),
    )


def _anonymity(document: Json, findings: Findings) -> str:
    chosen = document.get("anonymity", EXPERTS)
    if chosen in ANONYMITIES:
        return str(chosen)
    findings.fault(FILE, 0, "", "not-an-anonymity", found=chosen)
    return EXPERTS


def _salt(document: Json, findings: Findings) -> str:
    salt = document.get("salt", "")
    if salt == "" or (isinstance(salt, str) and _SALT.fullmatch(salt)):
        return str(salt)
    findings.fault(FILE, 0, "", "not-a-salt", found=salt)
    return ""


def _unit(document: Json, findings: Findings) -> UnitWords:
    """Return the noun for ranked units by language, with the plural forms it needs."""
    unit = document.get("unit", {})
    if not isinstance(unit, dict) or not all(isinstance(forms, dict) for forms in unit.values()):
        findings.fault(FILE, 0, "", "not-a-unit")
        return {}
    check_once("unit", unit, findings)
    return {
        as_language(language): words
        for language, forms in unit.items()
        if (words := _forms(language, forms, findings))
    }


def _forms(language: str, forms: Json, findings: Findings) -> dict[str, str]:
    if not is_language(language):
        findings.fault(FILE, 0, "", "not-a-language", found=language)
        return {}
    for category, form in forms.items():
        if category not in CATEGORIES:
            known = ", ".join(CATEGORIES)
            findings.fault(
                FILE, 0, "", "not-a-plural", language=language, found=category, known=known
            )
        elif not _is_text(form):
            findings.fault(FILE, 0, "", "not-a-text", property=f"unit.{language}.{category}")
            return {}
        else:
            check_length(f"unit.{language}.{category}", str(form), findings)
    words = {c: tidy(str(forms[c])) for c in CATEGORIES if c in forms}
    if missing := [c for c in needed_forms(as_language(language)) if not words.get(c)]:
        findings.fault(
            FILE, 0, "", "missing-plurals", language=language, missing=", ".join(missing)
        )
    return {category: form for category, form in words.items() if form}


def _text(document: Json, name: str, findings: Findings) -> str:
    text = document.get(name, "")
    if _is_text(text):
        check_length(name, str(text), findings)
        return str(text)
    findings.fault(FILE, 0, "", "not-a-text", property=name)
    return ""


def _texts(document: Json, name: str, findings: Findings) -> dict[str, str]:
    texts = document.get(name, {})
    if not isinstance(texts, dict) or not all(map(_is_text, texts.values())):
        findings.fault(FILE, 0, "", "not-texts", property=name)
        return {}
    for language, text in texts.items():
        if not is_language(language):
            findings.fault(FILE, 0, "", "not-a-language", found=language)
            return {}
        check_length(f"{name}.{language}", text, findings)
    check_once(name, texts, findings)
    return {as_language(language): text for language, text in texts.items() if text.strip()}


def _is_text(value: object) -> bool:
    """Whether a text can be stored: JSON escapes also give NUL and lone surrogates."""
    if not isinstance(value, str):
        return False
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)


def package(study: Study, files: Mapping[str, tuple[str, ...]]) -> bytes:
    """Return the description of a study whose tables have these columns, by file."""
    document: Json = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": study.code,
        "title": study.titles.get("en") or next(iter(study.titles.values()), study.code),
        "titles": dict(study.titles),
        "contact": study.contact,
        "notices": dict(study.notices),
        **({"purposes": dict(study.purposes)} if study.purposes else {}),
        **({"unit": as_plain(study.unit)} if study.unit else {}),
        **({"anonymity": study.anonymity} if study.anonymity != EXPERTS else {}),
        **({"salt": study.salt} if study.salt else {}),
        "resources": [_resource(study, file, columns) for file, columns in files.items()],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(study: Study, file: str, columns: tuple[str, ...]) -> Json:
    name = file.removesuffix(".csv")
    schema: Json = {
        "fields": [_field(study, name, column) for column in columns],
        "missingValues": [""],
    }
    if name in _KEYS:
        schema["primaryKey"] = list(_KEYS[name])
    if references := list(_references(name)):
        schema["foreignKeys"] = references
    return {
        "name": name,
        "type": "table",
        "path": file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


_KEYS = {
    "groups": ("code",),
    "indicators": ("code",),
    "rungs": ("indicator", "level"),
    "panel": ("expert",),
    "comparisons": ("expert", "parent", "a", "b"),
    "points": ("expert", "parent", "item"),
    "extremes": ("expert", "parent"),
    "reviews": ("expert", "parent"),
    "scale": ("language", "ratio"),
    "cities": ("city",),
    "levels": ("city",),
    "tables": ("table",),
}

_TARGETS = {
    ("indicators", "group"): ("groups", "code"),
    ("rungs", "indicator"): ("indicators", "code"),
    ("comparisons", "expert"): ("panel", "expert"),
    ("points", "expert"): ("panel", "expert"),
    ("extremes", "expert"): ("panel", "expert"),
    ("abstentions", "expert"): ("panel", "expert"),
    ("reviews", "expert"): ("panel", "expert"),
    ("levels", "city"): ("cities", "city"),
}


def _references(name: str) -> Iterator[Json]:
    for (table, column), (target, target_column) in _TARGETS.items():
        if table == name:
            reference = {"resource": target, "fields": [target_column]}
            yield {"fields": [column], "reference": reference}


_SCALE = "[1-9]|1/[2-9]"


def _field(study: Study, table: str, column: str) -> Json:
    parents = list(study.framework.parents)
    known: dict[tuple[str, str], Json] = {
        ("indicators", "levels"): _integer(1, 99),
        ("rungs", "level"): _integer(1, 99),
        ("panel", "method"): _string(required=True, enum=list(KINDS)),
        ("panel", "seed"): {
            "type": "integer",
            "constraints": {"minimum": 0, "maximum": 2**31 - 1},
        },
        ("comparisons", "parent"): _string(required=True, enum=parents),
        ("comparisons", "judgement"): _string(required=True, pattern=_SCALE),
        ("points", "parent"): _string(required=True, enum=parents),
        ("points", "points"): {
            "type": "number",
            "constraints": {"required": True, "minimum": 0, "maximum": 100},
        },
        ("extremes", "parent"): _string(required=True, enum=parents),
        ("extremes", "best"): _string(required=True),
        ("extremes", "worst"): _string(required=True),
        ("abstentions", "parent"): _string(required=True, enum=parents),
        ("scale", "ratio"): _integer(RATIOS[0], RATIOS[-1]),
        ("scale", "word"): _string(required=True),
        ("scale", "version"): _integer(1, 1_000_000),
        ("reviews", "parent"): _string(required=True, enum=parents),
        ("reviews", "verdict"): _string(enum=[LOOKS_RIGHT, OFF]),
        ("cities", "capital"): {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
        ("cities", "latitude"): _number(-90, 90),
        ("cities", "longitude"): _number(-180, 180),
        ("tables", "groups"): _string(required=True),
    }
    if table == "levels" and column != "city":
        tops = {indicator.code: indicator.top for indicator in study.framework.indicators}
        constraints = {"minimum": 0, "maximum": tops[column]}
        return {"name": column, "type": "integer", "constraints": constraints}
    required = column in _KEYS.get(table, ()) or (table, column) in _TARGETS
    return {"name": column, **known.get((table, column), _string(required=required))}


def _string(required: bool = False, **constraints: object) -> Json:
    if required:
        constraints = {"required": True, **constraints}
    return {"type": "string", "constraints": constraints} if constraints else {"type": "string"}


def _integer(low: int, high: int) -> Json:
    return {
        "type": "integer",
        "constraints": {"required": True, "minimum": low, "maximum": high},
    }


def _number(low: int, high: int) -> Json:
    return {"type": "number", "constraints": {"minimum": low, "maximum": high}}

"""Publication as a document: canonical JSON, the same text for the same content."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from survey.canonical import indented
from survey.plurals import as_plain
from survey.values.published import (
    Publication,
    PublishedBand,
    PublishedTable,
    PublishedUnit,
    PublishedWeights,
)

FORMAT = "steelyard-publication/1"

Json = dict[str, object]


def publication_text(publication: Publication) -> str:
    return indented(
        {
            "format": FORMAT,
            "software": publication.software,
            "study": {
                "code": publication.study,
                "titles": dict(publication.titles),
                "notices": dict(publication.notices),
                **({"unit": as_plain(publication.unit)} if publication.unit else {}),
            },
            "languages": list(publication.languages),
            "settings": {"shares": list(publication.shares), "ties": publication.ties},
            "weight_set": _weights(publication.weights_digest, publication.weights),
            "levels": {"sha256": publication.levels_digest},
            "units": [
                {"code": unit.code, "names": dict(unit.names), "country": unit.country}
                for unit in publication.units
            ],
            "tables": [_table(table) for table in publication.tables],
        }
    )


def _weights(digest: str, weights: PublishedWeights | None) -> Json:
    if weights is None:
        return {"digest": digest}
    return {
        "digest": digest,
        "study": {
            "code": weights.study,
            "titles": dict(weights.titles),
            "notices": dict(weights.notices),
        },
        "round": weights.round,
        "experts": weights.experts,
    }


def _as_weights(content: Any) -> PublishedWeights | None:
    if "study" not in content:
        return None
    study = content["study"]
    return PublishedWeights(
        study["code"], study["titles"], content["round"], content["experts"], study["notices"]
    )


def publication_digest(text: str) -> str:
    """Return the SHA-256 of the document, hexadecimal."""
    return sha256(text.encode()).hexdigest()


def read_publication(text: str) -> Publication:
    """Read the text of :func:`publication_text`."""
    document = json.loads(text)
    if document["format"] != FORMAT:
        raise ValueError(f"a publication of the format {document['format']!r}")
    return Publication(
        study=document["study"]["code"],
        titles=document["study"]["titles"],
        notices=document["study"]["notices"],
        languages=tuple(document["languages"]),
        units=tuple(
            PublishedUnit(unit["code"], unit["names"], unit["country"])
            for unit in document["units"]
        ),
        tables=tuple(map(_as_table, document["tables"])),
        shares=tuple(document["settings"]["shares"]),
        ties=document["settings"]["ties"],
        weights_digest=document["weight_set"]["digest"],
        levels_digest=document["levels"]["sha256"],
        software=document["software"],
        unit=document["study"].get("unit", {}),
        weights=_as_weights(document["weight_set"]),
    )


def _table(table: PublishedTable) -> Json:
    return {
        "code": table.code,
        "names": dict(table.names),
        "groups": list(table.groups),
        "indicators": table.indicators,
        "bands": [
            {
                "nominal": band.nominal,
                "first": band.first,
                "last": band.last,
                "labels": dict(band.labels),
                "units": {language: list(codes) for language, codes in band.units.items()},
            }
            for band in table.bands
        ],
        "unrated": {language: list(codes) for language, codes in table.unrated.items()},
    }


def _as_table(content: Any) -> PublishedTable:
    return PublishedTable(
        code=content["code"],
        names=content["names"],
        groups=tuple(content["groups"]),
        indicators=content["indicators"],
        bands=tuple(
            PublishedBand(
                nominal=band["nominal"],
                first=band["first"],
                last=band["last"],
                labels=band["labels"],
                units=_codes(band["units"]),
            )
            for band in content["bands"]
        ),
        unrated=_codes(content["unrated"]),
    )


def _codes(content: Any) -> dict[str, tuple[str, ...]]:
    return {language: tuple(codes) for language, codes in content.items()}

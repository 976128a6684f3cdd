"""Answers that are no page: files to keep, and what a script asks for."""

from flask import Response, request

from survey.files.workbook import XLSX

#: The media type of a file, by the ending of its name.
TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": XLSX,
    "zip": "application/zip",
}


def attached(content: str | bytes, name: str) -> Response:
    """Return a file that a browser keeps under ``name``; its ending says what it is."""
    response = Response(content, mimetype=TYPES[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def wants_json() -> bool:
    """Whether a script of ours asks, which reads JSON and shows no page."""
    return request.headers.get("Accept") == "application/json"

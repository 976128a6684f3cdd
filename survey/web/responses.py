"""Responses that are not pages: downloads, and JSON for scripts."""

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
    """Return a download with this name, whose ending gives its media type."""
    response = Response(content, mimetype=TYPES[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def accepting(ending: str) -> dict[str, str]:
    """Return the attributes of a field for files with this ending."""
    return {"accept": f".{ending},{TYPES[ending]}"}


def wants_json() -> bool:
    """Whether a script of the application sent this request and reads JSON."""
    return request.headers.get("Accept") == "application/json"


def wants_part() -> bool:
    """Whether a page of ours asks for a part to put in place."""
    return "HX-Request" in request.headers

"""Views of published rankings."""

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from survey.files.study_folder.writing import csv_bytes
from survey.files.weight_set import tellable_text
from survey.readers.rankings.queries import (
    NotAsPublished,
    Published,
    find_published,
    load_published,
)
from survey.reports.ranking.grids import noticed, published_grid
from survey.store.journal import seal
from survey.values import text_in
from survey.values.published import PublishedTable
from survey.web.current import database
from survey.web.locale import SOURCE, language
from survey.web.responses import attached
from survey.web.security import site_settings

bp = Blueprint("rankings", __name__)


#: Time that a browser or a proxy may show a cached page, in seconds.
KEPT = 60


@bp.get("/")
def rankings() -> ResponseReturnValue:
    """Show the published rankings."""
    with database().reading() as session:
        published, refused = load_published(session)
    for error in refused:
        report(error)
    return kept(render_template("readers/rankings/rankings.html", published=published))


@bp.get("/rankings/<code>")
def ranking(code: str) -> ResponseReturnValue:
    """Show the table ``?table=`` of a published ranking."""
    published = load(code)
    table = find_table(published, request.args.get("table"))
    page = render_template(
        "readers/rankings/ranking.html",
        code=code,
        published=published,
        content=published.content,
        table=table,
        units={unit.code: unit for unit in published.content.units},
        reader=readers_language(published),
        seal=seal(published.head, site_settings().secret_key.encode()),
    )
    return kept(page)


@bp.get("/rankings/<code>/bands.csv")
def bands(code: str) -> ResponseReturnValue:
    """Send the bands of every table, in the reader's language."""
    published = load(code)
    reader = readers_language(published)
    said = [text_in(texts, reader) for texts in published.content.all_notices]
    grid = noticed(published_grid(published.content, reader), said)
    return kept(attached(csv_bytes(*grid), f"{code}-bands.csv"))


@bp.get("/rankings/<code>/weights.json")
def weights(code: str) -> ResponseReturnValue:
    """Send the weight set that the ranking applies, as frozen, if its file is public."""
    published = load(code)
    if not published.offers_weight_set:
        abort(404)
    return kept(attached(tellable_text(published.weight_set), f"{code}-weights.json"))


@bp.get("/rankings/<code>/publication.json")
def document(code: str) -> ResponseReturnValue:
    """Send the publication byte for byte; the page shows its SHA-256."""
    return kept(attached(load(code).document, f"{code}-publication.json"))


@bp.errorhandler(NotAsPublished)
def show_not_as_published(error: NotAsPublished) -> ResponseReturnValue:
    """Show nothing of a faulty publication: no bands are better than wrong ones."""
    report(error)
    return render_template("readers/rankings/not_as_published.html"), 503


def report(error: NotAsPublished) -> None:
    current_app.logger.error("the ranking of %s is not shown: %s", error.study, error.what)


def load(code: str) -> Published:
    with database().reading() as session:
        return find_published(session, code) or abort(404)


def find_table(published: Published, code: str | None) -> PublishedTable:
    tables = published.content.tables
    if code is None:
        return tables[0]
    return next((table for table in tables if table.code == code), None) or abort(404)


def readers_language(published: Published) -> str:
    """Return the request's language if published in it, else English, else the first."""
    offered = published.content.languages
    return next((code for code in (language().code, SOURCE) if code in offered), offered[0])


def kept(content: str | Response) -> Response:
    """Make a page or file cacheable for a minute, and then revalidated by its ETag."""
    response = make_response(content)
    response.cache_control.public = True
    response.cache_control.max_age = KEPT
    response.add_etag()
    response.make_conditional(request)
    return response

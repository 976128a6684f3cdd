"""The health address: it says nothing but that the service and its database answer."""

from flask import Blueprint, Response
from sqlalchemy import text

from survey.web.current import database

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> Response:
    """Answer 200 when a page could read the database; else 503, as every page does."""
    with database().reading() as session:
        session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")

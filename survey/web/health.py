"""View of the health check: whether the service and its database answer."""

from flask import Blueprint, Response
from sqlalchemy import text

from survey.web.current import database

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> Response:
    """Return 200 if the database can be read; else 503, as on every page."""
    with database().reading() as session:
        session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")

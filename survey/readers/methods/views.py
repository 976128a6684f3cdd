"""Views of the pages about the methods and about privacy."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("methods", __name__)


@bp.get("/methods")
def methods() -> ResponseReturnValue:
    """Explain in plain words how weights are computed."""
    return render_template("readers/methods/methods.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Explain which data are stored and who sees them."""
    return render_template("readers/methods/privacy.html")

"""Pages of text: how weights are computed, and what is stored of whom."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("methods", __name__)


@bp.get("/methods")
def methods() -> ResponseReturnValue:
    """How weights are computed, in plain words."""
    return render_template("readers/methods/methods.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is stored, and who sees what."""
    return render_template("readers/methods/privacy.html")

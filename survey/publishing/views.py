"""What anybody may read."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("publishing", __name__)


@bp.get("/methods")
def methods() -> ResponseReturnValue:
    """How weights are computed, in plain words."""
    return render_template("publishing/methods.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is stored, and who sees what."""
    return render_template("publishing/privacy.html")

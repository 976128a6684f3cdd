"""View of the page on which anyone can check a printed seal."""

import secrets
from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from survey.readers.seal.forms import SealForm
from survey.store.journal import find_recent_fault
from survey.store.seals import find_sealed_entry
from survey.web.current import database
from survey.web.security import site_settings

bp = Blueprint("seal", __name__)


@bp.get("/seal")
def seal() -> ResponseReturnValue:
    """Show whether a seal belongs to an entry, and whether its journal is intact.

    Neither the study nor the action is shown: a number and a wrong seal reveal nothing.
    Anyone may ask, so a request never checks a whole chain.
    """
    asked = "seal" in request.args
    form = SealForm(request.args if asked else None)
    if not asked or not form.validate():
        return _page(form, None, status=422 if asked else 200)
    key = site_settings().secret_key.encode()
    with database().reading() as session:
        entry = find_sealed_entry(session, form.entry.data, form.seal.data, key)
        turn = secrets.randbelow(1 << 30)
        broken = entry is not None and bool(find_recent_fault(session, entry.study_id, key, turn))
    verdict = "broken" if broken else "whole" if entry else "unknown"
    return _page(form, verdict, entry.at if entry else None)


def _page(
    form: SealForm, verdict: str | None, at: datetime | None = None, status: int = 200
) -> ResponseReturnValue:
    return render_template("readers/seal/seal.html", form=form, verdict=verdict, at=at), status

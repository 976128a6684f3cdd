"""Pages for personal links that do not work."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.experts.links import find_withdrawn_invitation
from survey.web.current import database
from survey.web.errors import show_unknown_link
from survey.web.locale import prefer_language


def refused(token: str) -> ResponseReturnValue:
    with database().reading() as session:
        return why_refused(session, token)


def why_refused(session: Session, token: str) -> ResponseReturnValue:
    """Tell an expert who withdrew so; tell anyone else that the link does not work."""
    withdrawn = find_withdrawn_invitation(session, token)
    if withdrawn is None:
        return show_unknown_link(token)
    prefer_language(withdrawn.expert.language)
    return render_template(
        "experts/withdrawn.html",
        invitation=withdrawn,
        study=withdrawn.expert.study,
        token=token,
    ), 404

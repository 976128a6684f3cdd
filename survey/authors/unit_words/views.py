"""Views of the noun for ranked units, in the languages of pages and study."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.authors.unit_words.forms import UnitForm, unit_form
from survey.authors.unit_words.operations import UnitNamedElsewhere, digest_of, name_unit
from survey.models import Study
from survey.store.rounds import last_round
from survey.values import By
from survey.web.current import actor_of, changing_study, database, now, require_own_study, say_saved
from survey.web.locale import LANGUAGES, language_name

bp = Blueprint("unit_words", __name__, url_prefix="/author/studies/<code>/unit")


@bp.get("")
def unit(code: str) -> ResponseReturnValue:
    """Show the noun in each language, with its plural forms."""
    with database().reading() as session:
        study = require_own_study(session, code)
        return unit_page(session, study, form_of(study))


@bp.post("")
def name(code: str) -> ResponseReturnValue:
    """Store the new nouns."""
    with database().reading() as session:
        study = require_own_study(session, code)
        form = form_of(study)
        if not form.validate():
            return unit_page(session, study, form), 422
    try:
        with database().writing() as session:
            study = changing_study(session, code)
            words = form.words(study.unit)
            name_unit(session, study, words, form.shown.data or "", By(actor_of(study), now()))
    except UnitNamedElsewhere:
        with database().reading() as session:
            study = require_own_study(session, code)
            form.shown.data = digest_of(study.unit)
            return unit_page(session, study, form, stale=True), 409
    say_saved(session)
    return redirect(url_for(".unit", code=code), 303)


def form_of(study: Study) -> UnitForm:
    codes = dict.fromkeys([*(language.code for language in LANGUAGES), *study.unit])
    names = {code: language_name(code) for code in codes}
    return unit_form(names, study.unit, digest_of(study.unit))


def unit_page(session: Session, study: Study, form: UnitForm, stale: bool = False) -> str:
    return render_template(
        "authors/unit_words/unit.html",
        study=study,
        round=last_round(session, study),
        form=form,
        stale=stale,
    )

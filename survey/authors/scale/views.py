"""Views of the words of the scale in the languages of the panel."""

from collections.abc import Mapping

from babel.lists import format_list
from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.scale import default_words
from survey.authors.scale.forms import ScaleForm, scale_form
from survey.authors.scale.operations import WordedMeanwhile, word_scale
from survey.authors.scale.queries import find_words, panel_languages
from survey.models import Study
from survey.store.rounds import last_round
from survey.store.scale import load_scale
from survey.values import RATIOS, By, ScaleWords
from survey.web.current import actor_of, changing_study, database, now, require_own_study, say_saved
from survey.web.locale import LANGUAGES, SOURCE, language, language_name, read_catalogue

bp = Blueprint("scale", __name__, url_prefix="/author/studies/<code>/scale")


@bp.get("")
def scale(code: str) -> ResponseReturnValue:
    """Show the word for each strength in each language of the panel."""
    with database().reading() as session:
        study = require_own_study(session, code)
        shown = spoken_scale(session, study)
        return scale_page(session, study, shown, form_of(shown))


@bp.post("")
def word(code: str) -> ResponseReturnValue:
    """Store other words, used from the next round on."""
    with database().reading() as session:
        study = require_own_study(session, code)
        shown = spoken_scale(session, study)
        form = form_of(shown)
        if not form.validate():
            return scale_page(session, study, shown, form), 422
        seen = {language: seen_words(session, study, language, form) for language in shown}
    worded = {c: ScaleWords(c, 0, form.words(c), form.back(c)) for c in shown}
    try:
        with database().writing() as session:
            study = changing_study(session, code)
            word_scale(session, study, seen, worded.values(), By(actor_of(study), now()))
    except WordedMeanwhile as refusal:
        return stale_page(code, refusal.languages, worded), 409
    say_saved(session)
    return redirect(url_for(".scale", code=code), 303)


def seen_words(session: Session, study: Study, code: str, form: ScaleForm) -> ScaleWords:
    """Return the words of a language that the page showed before the author's change."""
    base = form.base(code)
    if base == 0:
        return words_of_the_pages(code)
    return (find_words(session, study, code, base) if base else None) or abort(400)


def spoken_scale(session: Session, study: Study) -> dict[str, ScaleWords]:
    """Return the words by language: the study's own, else those of the pages."""
    own = load_scale(session, study.id)
    offered = [spoken.code for spoken in LANGUAGES]
    wanted = [code for code in panel_languages(session, study) if code in offered]
    return {code: own.get(code) or words_of_the_pages(code) for code in wanted or [SOURCE]}


def words_of_the_pages(code: str) -> ScaleWords:
    translate = str if code == SOURCE else read_catalogue(code).gettext
    return ScaleWords(code, 0, default_words(translate))


def form_of(shown: Mapping[str, ScaleWords]) -> ScaleForm:
    return scale_form(shown, {code: language_name(code) for code in shown})


def scale_page(
    session: Session, study: Study, shown: Mapping[str, ScaleWords], form: ScaleForm
) -> str:
    return render_template(
        "authors/scale/scale.html",
        study=study,
        round=last_round(session, study),
        scale=shown,
        form=form,
        ratios=RATIOS,
        language_name=language_name,
        unspoken=format_list(
            [language_name(c) for c in panel_languages(session, study) if c not in shown],
            locale=language().code,
        ),
    )


def stale_page(code: str, stale: list[str], worded: Mapping[str, ScaleWords]) -> str:
    """Return a page with the stored and the sent words, if others were stored since."""
    with database().reading() as session:
        study = require_own_study(session, code)
        stored = spoken_scale(session, study)
        return render_template(
            "authors/scale/stale_scale.html",
            study=study,
            stale=stale,
            stored=stored,
            worded={code: words for code, words in worded.items() if code in stored},
            ratios=RATIOS,
            language_name=language_name,
        )

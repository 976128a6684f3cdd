"""Views of the reasons of a closed round and the author's translations of them."""

from functools import partial

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.authors.reasons.forms import TranslationsForm, keys_of, translations_form
from survey.authors.reasons.operations import StaleTranslations, record_translations
from survey.authors.reasons.queries import Page, cut, load_reasons, version_of
from survey.db import MAX_ID
from survey.models import Round, Study
from survey.store.frameworks import load_framework
from survey.store.reasons import GivenReason
from survey.store.rounds import WrongState, find_round
from survey.values import By
from survey.web.current import actor_of, changing_study, database, now, require_own_study, say_saved
from survey.web.locale import LANGUAGES, language, language_name

bp = Blueprint(
    "reasons",
    __name__,
    url_prefix=f"/author/studies/<code>/rounds/<int(max={MAX_ID}):number>/reasons",
)


@bp.get("")
def reasons(code: str, number: int) -> ResponseReturnValue:
    """Redirect to the translations into the language of this page."""
    with database().reading() as session:
        require_own_study(session, code)
    return redirect(url_for(".into", code=code, number=number, into=language().code))


@bp.get("/<into>")
def into(code: str, number: int, into: str) -> ResponseReturnValue:
    """Show a page of reasons, with their translations into one language."""
    with database().reading() as session:
        study, round_, given = _reasons(session, code, number, into)
        page = cut(given, _page_number())
        return _page(session, study, round_, into, given, page, _form(into, page))


@bp.post("/<into>")
def translate(code: str, number: int, into: str) -> ResponseReturnValue:
    """Store the translations; empty ones are deleted."""
    with database().reading() as session:
        study, round_, given = _reasons(session, code, number, into)
        page = cut(given, _page_number(), keys_of(request.form))
        form = _form(into, page)
        if not form.validate():
            return _page(session, study, round_, into, given, page, form), 422
    try:
        with database().writing() as session:
            study = changing_study(session, code)
            round_ = find_round(session, study, number) or abort(404)
            texts, shown = form.texts(), form.shown()
            record_translations(session, round_, into, texts, shown, By(actor_of(study), now()))
    except StaleTranslations:
        with database().reading() as session:
            study, round_, given = _reasons(session, code, number, into)
            page = cut(given, page.number, keys_of(request.form))
            form = _form(into, page)
            newer = _catch_up(form, page)
            return _page(session, study, round_, into, given, page, form, newer), 409
    say_saved(session)
    return redirect(_url(code, number, into, page.number), 303)


def _page_number() -> int:
    return request.args.get("page", 1, type=int)


def _url(code: str, number: int, into: str, page: int) -> str:
    return url_for(".into", code=code, number=number, into=into, page=page if page > 1 else None)


def _reasons(
    session: Session, code: str, number: int, into: str
) -> tuple[Study, Round, list[GivenReason]]:
    study = require_own_study(session, code)
    round_ = find_round(session, study, number) or abort(404)
    if into not in {offered.code for offered in LANGUAGES}:
        abort(404)
    if round_.state != "closed":
        raise WrongState(round_.state)
    return study, round_, load_reasons(session, round_, into)


def _form(into: str, page: Page) -> TranslationsForm:
    texts = [(r.key, r.translation, version_of(r.translation)) for r in page.reasons]
    return translations_form(into, texts)


def _catch_up(form: TranslationsForm, page: Page) -> frozenset[str]:
    """Update the form to the stored versions; return the keys of texts that differ.

    A text that the author did not change becomes the stored one.
    """
    newer = set()
    texts, shown = form.texts(), form.shown()
    for reason in page.reasons:
        version = version_of(reason.translation)
        if shown.get(reason.key, version) == version:
            continue
        if version_of(texts[reason.key]) == shown[reason.key]:
            form[f"text-{reason.key}"].data = reason.translation
        elif texts[reason.key] != reason.translation:
            newer.add(reason.key)
        form[f"shown-{reason.key}"].data = version
    return frozenset(newer)


def _page(
    session: Session,
    study: Study,
    round_: Round,
    into: str,
    given: list[GivenReason],
    page: Page,
    form: TranslationsForm,
    newer: frozenset[str] = frozenset(),
) -> str:
    foreign = [reason for reason in given if reason.language != into]
    return render_template(
        "authors/reasons/reasons.html",
        study=study,
        round=round_,
        into=into,
        given=given,
        foreign=foreign,
        untranslated=sum(not reason.translation for reason in foreign),
        page=page,
        url=partial(_url, study.code, round_.number),
        form=form,
        newer=newer,
        names=load_framework(session, study.framework_id).names,
        language_name=language_name,
    )

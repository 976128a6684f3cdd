"""The reasons of a closed round, and the author's translations of them."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.current import actor_of, changing_study, database, now, require_own_study
from survey.db import MAX_ID
from survey.locale import LANGUAGES, language, language_name
from survey.models import Round, Study
from survey.store.loading import load_framework
from survey.store.rounds import WrongState, find_round
from survey.translating.forms import TranslationsForm, translations_form
from survey.translating.operations import StaleTranslations, record_translations
from survey.translating.queries import GivenReason, load_reasons, version_of

bp = Blueprint(
    "translating",
    __name__,
    url_prefix=f"/author/studies/<code>/rounds/<int(max={MAX_ID}):number>/reasons",
)


@bp.get("")
def reasons(code: str, number: int) -> ResponseReturnValue:
    """The reasons, to be put into the language of this page."""
    return redirect(url_for(".into", code=code, number=number, into=language().code))


@bp.get("/<into>")
def into(code: str, number: int, into: str) -> ResponseReturnValue:
    """The reasons, with what is there of them in one language."""
    with database().reading() as session:
        found, round_, given = _reasons(session, code, number, into)
        return _page(session, found, round_, into, given, _form(into, given))


@bp.post("/<into>")
def translate(code: str, number: int, into: str) -> ResponseReturnValue:
    """Keep the translations; those that were emptied are taken back."""
    with database().reading() as session:
        found, round_, given = _reasons(session, code, number, into)
        form = _form(into, given)
        if not form.validate():
            return _page(session, found, round_, into, given, form), 422
    try:
        with database().writing() as session:
            found = changing_study(session, code)
            round_ = find_round(session, found, number) or abort(404)
            texts, shown = form.texts(), form.shown()
            record_translations(session, round_, into, texts, shown, actor_of(found), now())
    except StaleTranslations:
        with database().reading() as session:
            found, round_, given = _reasons(session, code, number, into)
            newer = _catch_up(form, given)
            return _page(session, found, round_, into, given, form, newer), 409
    return redirect(url_for(".into", code=code, number=number, into=into), 303)


def _reasons(
    session: Session, code: str, number: int, into: str
) -> tuple[Study, Round, list[GivenReason]]:
    found = require_own_study(session, code)
    round_ = find_round(session, found, number) or abort(404)
    if into not in {offered.code for offered in LANGUAGES}:
        abort(404)
    if round_.state != "closed":
        raise WrongState(round_.state)
    return found, round_, load_reasons(session, round_, into)


def _form(into: str, given: list[GivenReason]) -> TranslationsForm:
    foreign = [reason for reason in given if reason.language != into]
    return translations_form(into, [(r.key, r.translation, r.version) for r in foreign])


def _catch_up(form: TranslationsForm, given: list[GivenReason]) -> frozenset[str]:
    """Show what is stored now beside what she wrote; which texts differ from hers.

    What she had not touched becomes what is stored.
    """
    newer = set()
    texts, shown = form.texts(), form.shown()
    for reason in given:
        if shown.get(reason.key, reason.version) == reason.version:
            continue
        if version_of(texts[reason.key]) == shown[reason.key]:
            form[f"text-{reason.key}"].data = reason.translation
        elif texts[reason.key] != reason.translation:
            newer.add(reason.key)
        form[f"shown-{reason.key}"].data = reason.version
    return frozenset(newer)


def _page(
    session: Session,
    found: Study,
    round_: Round,
    into: str,
    given: list[GivenReason],
    form: TranslationsForm,
    newer: frozenset[str] = frozenset(),
) -> str:
    framework = load_framework(session, found.framework_id)
    return render_template(
        "translating/reasons.html",
        study=found,
        round=round_,
        into=into,
        given=given,
        form=form,
        newer=newer,
        names={g.code: g.names for g in framework.groups}
        | {i.code: i.names for i in framework.indicators},
        language_name=language_name,
    )

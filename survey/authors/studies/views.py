"""Views of an author's studies: the list, uploading, and each study's settings."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.authors.studies.forms import SettingsForm, StudyFolderForm, settings_form
from survey.authors.studies.operations import AnonymityPromised, choose_anonymity, describe_study
from survey.authors.studies.queries import has_answers, load_journal, load_rounds, load_studies
from survey.files.study_folder import (
    SHOWN,
    Cause,
    FaultyFolder,
    Reading,
    by_cause,
    cause_sentence,
    read_zip,
)
from survey.files.study_folder.example import is_the_example, left_from_the_example
from survey.models import Study
from survey.store import journal
from survey.store.staging import store_in_turns
from survey.store.studies import StudyExists, load_outline
from survey.store.weight_sets import load_weight_sets
from survey.values import By
from survey.web.current import (
    actor_of,
    changing_study,
    database,
    now,
    renew_sign_in,
    require_author,
    require_own_study,
    say_saved,
)
from survey.web.locale import LANGUAGES, language_name
from survey.web.security import site_settings

bp = Blueprint("studies", __name__, url_prefix="/author")


@bp.get("/")
def studies() -> ResponseReturnValue:
    """Show the author's studies and the form to upload one."""
    return studies_page(StudyFolderForm())


@bp.post("/")
def create() -> ResponseReturnValue:
    """Store the study of an uploaded folder, or show all its errors."""
    form = StudyFolderForm()
    with database().reading() as session:
        require_author(session)
    if not form.validate():
        return studies_page(form), 422
    upload = form.study.data
    try:
        reading = read_zip(upload.read(), upload.filename or "study.zip")
        code = store(reading)
    except FaultyFolder as error:
        return studies_page(form, causes=error.causes), 422
    except StudyExists as error:
        form.study.errors = [
            gettext(
                "There is a study “%(code)s” already; nothing was saved. Rename the folder, or "
                "its name in datapackage.json.",
                code=error.code,
            )
        ]
        return studies_page(form), 422
    if reading.notes:
        return render_template(
            "authors/studies/created.html", code=code, notes=said(by_cause(reading.notes))
        ), 201
    return redirect(url_for(".study", code=code), 303)


def store(reading: Reading) -> str:
    """Store a study; return its code."""
    with database().writing() as session:
        author = require_author(session)
        renew_sign_in(session)
    store_in_turns(database(), reading.study, author.id, now, f"author {author.code}")
    return reading.study.code


def said(causes: Sequence[Cause]) -> list[str]:
    """Return the causes as sentences, as many as a page lists."""
    return [cause_sentence(cause, gettext) for cause in causes[:SHOWN]]


def studies_page(form: StudyFolderForm, causes: Sequence[Cause] = ()) -> str:
    with database().reading() as session:
        author = require_author(session)
        return render_template(
            "authors/studies/studies.html",
            studies=load_studies(session, author),
            form=form,
            faults=said(causes),
            count=len(causes),
            more=len(causes[SHOWN:]),
        )


@bp.get("/studies/<code>/")
def study(code: str) -> ResponseReturnValue:
    """Show a study: its questions, its state and its settings."""
    with database().reading() as session:
        study = require_own_study(session, code)
        return study_page(session, study, settings_of(study))


@bp.post("/studies/<code>/")
def describe(code: str) -> ResponseReturnValue:
    """Store a study's settings."""
    with database().reading() as session:
        study = require_own_study(session, code)
        form = settings_of(study)
        if not form.validate():
            return study_page(session, study, form), 422
    try:
        with database().writing() as session:
            study = changing_study(session, code)
            by = By(actor_of(study), now())
            describe_study(
                session,
                study,
                form.titles(),
                form.contact.data or "",
                form.notices(),
                form.purposes(),
                by,
            )
            choose_anonymity(session, study, form.anonymity.data, by)
    except AnonymityPromised:
        form.anonymity.errors = [
            gettext(
                "An expert answered while you were editing the text of the first page. Nothing "
                "was saved."
            )
        ]
        with database().reading() as session:
            return study_page(session, require_own_study(session, code), form), 409
    say_saved(session)
    return redirect(url_for(".study", code=code), 303)


def study_page(session: Session, study: Study, form: SettingsForm) -> str:
    outline, key = load_outline(session, study), site_settings().secret_key.encode()
    state = load_journal(session, study, key, turn=secrets.randbelow(1 << 30))
    return render_template(
        "authors/studies/study.html",
        study=study,
        framework=outline.framework,
        is_the_example=is_the_example(outline),
        left=left_from_the_example(outline),
        rounds=load_rounds(session, study),
        frozen=load_weight_sets(session, study),
        journal=state,
        seal=journal.seal(state.head, key),
        form=form,
        promised=has_answers(session, study),
    )


def settings_of(study: Study) -> SettingsForm:
    """Return the settings form, in the languages of the pages and those of the study."""
    spoken = [language.code for language in LANGUAGES]
    codes = dict.fromkeys([*spoken, *study.titles, *study.notices, *study.purposes])
    return settings_form(
        {code: language_name(code) for code in codes},
        study.titles,
        study.notices,
        study.purposes,
        contact=study.contact,
        anonymity=study.anonymity,
    )

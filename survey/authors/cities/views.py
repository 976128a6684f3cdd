"""Views of the cities of an edition and their levels, and to replace them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey import values
from survey.authors.cities.forms import LevelsForm, LoadForm, sealed
from survey.authors.cities.operations import UnitsChanged, replace_units, replacing, stage_units
from survey.authors.cities.queries import last_loaded
from survey.files import study_folder
from survey.files.study_folder import FaultyFolder, FolderFault, by_cause, cause_sentence
from survey.files.study_folder.excerpts import find_excerpt
from survey.files.study_folder.reading import CITIES
from survey.models import Study
from survey.reports.ranking.changes import changes
from survey.store.studies import load_ranked
from survey.values import By
from survey.web.current import actor_of, changing_study, database, now, require_own_study, say_saved
from survey.web.security import site_settings

bp = Blueprint("cities", __name__, url_prefix="/author/studies/<code>")

#: Number of changed levels, or faulty lines, that a page lists.
LISTED = 200


@bp.get("/cities")
def cities(code: str) -> ResponseReturnValue:
    """Show the cities of the edition with their levels, and the form to replace them."""
    with database().reading() as session:
        return cities_page(session, require_own_study(session, code), LevelsForm())


@bp.post("/cities")
def check(code: str) -> ResponseReturnValue:
    """Read the files; show all their errors, or a preview of the changes."""
    form = LevelsForm()
    with database().reading() as session:
        study = require_own_study(session, code)
        content = load_ranked(session, study)
        files = form.content()
        if not form.validate() or not fits(form, files, content):
            return cities_page(session, study, form), 422
        try:
            edition = study_folder.read_changed(content, files)
        except FaultyFolder as error:
            return faulty_page(study, form, files, error), 422
        return preview_page(study, content, edition.units, edition.notes)


@bp.post("/cities/load")
def load(code: str) -> ResponseReturnValue:
    """Load the checked files, if the cities have not changed since the check."""
    form = LoadForm()
    with database().reading() as session:
        study = require_own_study(session, code)
        content = load_ranked(session, study)
        checked = form.checked(site_settings().secret_key, study.id)
        if not form.validate() or checked is None:
            return cities_page(session, study, LevelsForm(formdata=None), expired=True), 422
    units = study_folder.read_changed(content, checked.files).units
    try:
        staged = stage_units(database(), study.id, units, checked.shown, now)
        with replacing(database(), staged), database().writing() as session:
            study = changing_study(session, code)
            replace_units(session, study, staged, By(actor_of(study), now()))
    except UnitsChanged:
        with database().reading() as session:
            study = require_own_study(session, code)
            return preview_page(study, load_ranked(session, study), units, stale=True), 409
    say_saved(session)
    return redirect(url_for(".cities", code=code), 303)


@bp.get("/cities/load")
def loaded(code: str) -> ResponseReturnValue:
    """Redirect a reload of the form's answer to the cities."""
    return redirect(url_for(".cities", code=code), 303)


def fits(form: LevelsForm, files: Mapping[str, bytes], content: values.Study) -> bool:
    """Whether a file was chosen, and there are cities for its levels."""
    if not files:
        form.levels.errors = [gettext("Choose a file.")]
    elif not content.units and CITIES not in files:
        form.cities.errors = [gettext("The list is empty so far: cities.csv is needed too.")]
    else:
        return True
    return False


def cities_page(session: Session, study: Study, form: LevelsForm, expired: bool = False) -> str:
    content = load_ranked(session, study)
    return render_template(
        "authors/cities/cities.html",
        study=study,
        content=content,
        unrated=unrated(content),
        at=last_loaded(session, study),
        form=form,
        expired=expired,
    )


def faulty_page(
    study: Study, form: LevelsForm, files: Mapping[str, bytes], error: FaultyFolder
) -> str:
    causes = error.causes[:LISTED]
    return render_template(
        "authors/cities/faulty.html",
        study=study,
        form=form,
        names=list(files),
        faults=[(cause.first, cause_sentence(cause, gettext, placed=False)) for cause in causes],
        count=len(error.causes),
        more=len(error.causes) - len(causes),
        excerpts=[
            found for file in files if (found := find_excerpt(file, files[file], error.faults))
        ],
    )


def preview_page(
    study: Study,
    content: values.Study,
    units: Sequence[values.Unit],
    notes: Sequence[FolderFault] = (),
    stale: bool = False,
) -> str:
    after = replace(content, units=tuple(units))
    made = changes(content.units, units, content.framework)
    return render_template(
        "authors/cities/preview.html",
        study=study,
        changes=made,
        levels=made.levels[:LISTED],
        more=len(made.levels[LISTED:]),
        indicators={indicator.code: indicator for indicator in content.framework.indicators},
        unrated=unrated(after),
        notes=[cause_sentence(note, gettext) for note in by_cause(notes)],
        loading=sealed(site_settings().secret_key, study.id, content, after),
        stale=stale,
    )


def unrated(content: values.Study) -> list[values.Unit]:
    """Return the cities with a level that is not known."""
    indicators = content.framework.indicators
    return [unit for unit in content.units if any(i.code not in unit.levels for i in indicators)]

"""Views of the ranking under a weight set, of its files, and to publish it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from survey import values
from survey.authors.ranking.forms import PublishForm, RankingForm, arguments
from survey.authors.ranking.operations import (
    PublicationChanged,
    RankingSettings,
    draw_up,
    prepare,
    publish,
)
from survey.authors.ranking.queries import (
    as_value,
    find_publication,
    load_sources,
    load_weight_sets,
)
from survey.files.publication import publication_digest, publication_text
from survey.files.study_folder.example import refuse_copied
from survey.files.study_folder.writing import csv_bytes
from survey.files.workbook import Worksheet, workbook
from survey.models import Study, WeightSet
from survey.reports.ranking.grids import bands_grid, noticed, scores_grid
from survey.reports.ranking.report import SHARES, RankedTable, RankingReport, ranking_under
from survey.reports.refusals import Refused, sentence
from survey.store.studies import load_outline, load_ranked
from survey.values import By
from survey.values.published import said_once
from survey.web.addresses import ranking_link
from survey.web.charts import scale_of
from survey.web.current import actor_of, changing_study, database, now, require_own_study
from survey.web.locale import LANGUAGES, language, words
from survey.web.responses import attached

bp = Blueprint("ranking", __name__, url_prefix="/author/studies/<code>")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Chosen weights and settings of a ranking."""

    form: RankingForm
    weight_sets: Sequence[WeightSet]
    #: Titles of the study of each weight set, by the weight set's id.
    titles: Mapping[int, values.Texts]
    #: Notices about the study's data and about the answers behind the weights.
    notices: Sequence[values.Texts]
    weight_set: WeightSet
    #: The content of that set.
    adopted: values.WeightSet
    shares: tuple[float, ...]
    ties: str

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The choice as the arguments of an address."""
        return arguments(self.weight_set.id, self.shares, self.ties)

    @property
    def settings(self) -> RankingSettings:
        return RankingSettings(self.shares, self.ties, tuple(own.code for own in LANGUAGES))


@bp.get("/ranking")
def ranking(code: str) -> ResponseReturnValue:
    """Show scores, ranks and bands of the table ``?table=`` under a weight set."""
    with database().reading() as session:
        study = require_own_study(session, code)
        chosen = choose(session, study, request.args)
        if chosen is None:
            return render_template("authors/ranking/no_weights.html", study=study, here="ranking")
        if not chosen.form.validate():
            return ranking_page(study, chosen), 422
        content = load_ranked(session, study)
        try:
            report = ranked(content, chosen)
        except Refused as refusal:
            return ranking_page(study, chosen, refusal), 422
        return ranking_page(study, chosen, report=report)


def ranking_page(
    study: Study,
    chosen: Chosen,
    refusal: Refused | None = None,
    report: RankingReport | None = None,
) -> str:
    table = find_table(report) if report else None
    scores = [unit.score for unit in table.units] if table else []
    taken = Counter(unit.rank for unit in table.units) if table else Counter()
    step = 0.5 if max(scores, default=0.0) <= 2 else 1
    return render_template(
        "authors/ranking/ranking.html",
        study=study,
        chosen=chosen,
        reasons=said(refusal),
        report=report,
        table=table,
        ties={rank for rank, count in taken.items() if count > 1},
        top=scale_of(scores, step),
        step=step,
    )


@bp.get("/ranking/scores.csv")
def scores_file(code: str) -> ResponseReturnValue:
    """Send the scores as ``./steelyard rank`` writes them."""
    content, report, chosen = ranked_or_404(code)
    grid = noticed(scores_grid(content, report), map(words, chosen.notices))
    return attached(csv_bytes(*grid), f"{code}-scores.csv")


@bp.get("/ranking/bands.csv")
def bands_file(code: str) -> ResponseReturnValue:
    """Send the bands as ``./steelyard rank`` writes them in the page's language."""
    content, report, chosen = ranked_or_404(code)
    grid = noticed(bands_grid(content, report), map(words, chosen.notices))
    return attached(csv_bytes(*grid), f"{code}-bands.csv")


@bp.get("/ranking/ranking.xlsx")
def workbook_file(code: str) -> ResponseReturnValue:
    """Send scores, bands and their settings as one workbook."""
    content, report, chosen = ranked_or_404(code)
    settings = {
        "study": content.code,
        "notice": " ".join(map(words, chosen.notices)),
        "weight set": chosen.weight_set.digest,
        "shares": " ".join(map(repr, report.shares)),
        "ties": report.ties,
    }
    sheets = [
        Worksheet("scores", *scores_grid(content, report)),
        Worksheet("bands", *bands_grid(content, report)),
        Worksheet(
            "settings",
            ("setting", "value"),
            [{"setting": name, "value": value} for name, value in settings.items()],
        ),
    ]
    return attached(workbook(sheets), f"{code}-ranking.xlsx")


def ranked_or_404(code: str) -> tuple[values.Study, RankingReport, Chosen]:
    """Return the content of the ranking's page; 404 if there is no such page."""
    with database().reading() as session:
        study = require_own_study(session, code)
        chosen = choose(session, study, request.args)
        if chosen is None or not chosen.form.validate():
            abort(404)
        content = load_ranked(session, study)
        try:
            return content, ranked(content, chosen), chosen
        except Refused:
            abort(404)


def choose(session: Session, study: Study, given: MultiDict[str, str]) -> Chosen | None:
    """Return the settings given by a form or an address, else the defaults.

    None if the author has no weight sets. A weight set of another author is not found.
    """
    weight_sets = load_weight_sets(session, study)
    if not weight_sets:
        return None
    usual = arguments(weight_sets[0].id, SHARES, "down")
    form = RankingForm(MultiDict({**usual, **given.to_dict()}))
    form.weights.choices = [SelectChoice(row.id, str(row.id)) for row in weight_sets]
    chosen = [row for row in weight_sets if row.id == form.weights.data] or abort(404)
    sources = load_sources(session, weight_sets)
    titles = {id_: source.titles for id_, source in sources.items()}
    adopted = as_value(chosen[0])
    return Chosen(
        form,
        weight_sets,
        titles,
        said_once(study.notices, adopted.notices or sources[chosen[0].id].notices),
        chosen[0],
        adopted,
        form.borders(),
        form.ties.data,
    )


def ranked(content: values.Study, chosen: Chosen) -> RankingReport:
    return ranking_under(content, chosen.adopted, chosen.shares, chosen.ties, language().code)


def find_table(report: RankingReport) -> RankedTable:
    code = request.args.get("table", report.tables[0].code)
    return next((table for table in report.tables if table.code == code), None) or abort(404)


# ---------- publishing ----------


@bp.get("/publish")
def publication(code: str) -> ResponseReturnValue:
    """Show the preview of the publication, and the current one."""
    with database().reading() as session:
        study = require_own_study(session, code)
        return publish_page(session, study, PublishForm())


@bp.post("/publish")
def publish_it(code: str) -> ResponseReturnValue:
    """Publish the previewed ranking."""
    form = PublishForm()
    if not form.validate():
        abort(400)
    try:
        with database().reading() as session:
            study = require_own_study(session, code)
            chosen = choose(session, study, request.args) or abort(404)
            if not chosen.form.validate():
                abort(404)
            draft = draw_up(session, study, chosen.weight_set, chosen.settings)
        with database().writing() as session:
            study = changing_study(session, code)
            refuse_copied(load_outline(session, study))
            publish(
                session,
                study,
                session.get_one(WeightSet, chosen.weight_set.id),
                chosen.settings,
                form.shown.data or "",
                By(actor_of(study), now()),
                draft,
            )
    except (PublicationChanged, Refused):
        with database().reading() as session:
            study = require_own_study(session, code)
            return publish_page(session, study, form, changed=True), 409
    return redirect(url_for(".publication", code=code, **chosen.arguments), 303)


def publish_page(session: Session, study: Study, form: PublishForm, changed: bool = False) -> str:
    chosen = choose(session, study, request.args)
    if chosen is None:
        return render_template("authors/ranking/no_weights.html", study=study, here="publish")
    refuse_copied(load_outline(session, study))
    refusal = content = None
    latest = find_publication(session, study)
    if not chosen.form.validate():
        abort(404)
    try:
        content = prepare(session, study, chosen.weight_set, chosen.settings)
    except Refused as error:
        refusal = error
    digest = publication_digest(publication_text(content)) if content else ""
    return render_template(
        "authors/ranking/publish.html",
        study=study,
        chosen=chosen,
        reasons=said(refusal),
        content=content,
        units={unit.code: unit for unit in content.units} if content else {},
        reader=language().code,
        address=ranking_link(study.code),
        digest=digest,
        latest=latest,
        is_public=latest is not None and latest.digest == digest,
        form=form,
        changed=changed,
    )


def said(refusal: Refused | None) -> list[str]:
    reasons = refusal.reasons if refusal else ()
    return [sentence(reason, gettext) for reason in reasons]

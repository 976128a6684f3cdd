"""Views of the consensus of a closed round, to freeze it, and to download it."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey import values
from survey.authors.consensus.forms import FreezeForm
from survey.authors.consensus.operations import (
    FewAnswered,
    FrozenMeanwhile,
    SingleVoice,
    ThinGroups,
    freeze_weight_set,
    prepare_weight_set,
)
from survey.authors.consensus.queries import (
    NotClosed,
    NotVerified,
    TooFewExperts,
    find_weight_set,
    load_consensus,
    load_verified,
)
from survey.db import MAX_ID
from survey.files.study_folder import sentence as fault_sentence
from survey.files.study_folder import zipped
from survey.files.study_folder.writing import csv_bytes
from survey.files.workbook import Worksheet, workbook
from survey.models import Round, Study, WeightSet
from survey.reports.panel.consensus import DISCONNECTED_RULES, LEAVE_OUT_DISCONNECTED, REFUSE
from survey.reports.ranking.grids import noticed, weights_grid
from survey.reports.refusals import SENTENCES, Reason, Refused
from survey.store.frameworks import load_framework
from survey.store.responses import load_response
from survey.store.rounds import find_round
from survey.store.studies import load_study
from survey.store.weight_sets import load_weight_sets
from survey.values import By
from survey.values.wording import filled
from survey.web.current import actor_of, changing_study, database, now, require_own_study
from survey.web.locale import words
from survey.web.responses import attached

bp = Blueprint("consensus", __name__, url_prefix="/author/studies/<code>")

ROUND = f"/rounds/<int(max={MAX_ID}):number>/consensus"
WEIGHT_SET = f"/weight-sets/<int(max={MAX_ID}):number>"


@bp.get(ROUND)
def consensus(code: str, number: int) -> ResponseReturnValue:
    """Show the consensus of a closed round, with every expert's weights beside it."""
    with database().reading() as session:
        study, round_ = own_round(session, code, number)
        setting = request.args.get("disconnected", REFUSE)
        if setting not in DISCONNECTED_RULES:
            abort(404)
        return consensus_page(session, study, round_, setting, None)


@bp.post(ROUND)
def freeze(code: str, number: int) -> ResponseReturnValue:
    """Freeze the consensus as the study's weight set; this cannot be undone."""
    form = FreezeForm()
    setting = form.disconnected.data if form.disconnected.data in DISCONNECTED_RULES else REFUSE
    if not form.validate():
        with database().reading() as session:
            study, round_ = own_round(session, code, number)
            return consensus_page(session, study, round_, setting, form), 422
    with database().reading() as session:
        study, round_ = own_round(session, code, number)
        reasons = form.below.data or "", form.thin.data or ""
        prepared = prepare_weight_set(session, study, round_, setting, *reasons)
    with database().writing() as session:
        study = changing_study(session, code)
        round_ = find_round(session, study, number) or abort(404)
        frozen = freeze_weight_set(
            session,
            study,
            round_,
            form.name.data,
            form.reason.data,
            setting,
            form.after.data,
            By(actor_of(study), now()),
            *reasons,
            prepared,
        )
    return redirect(url_for(".weights", code=code, number=frozen.number), 303)


@bp.get(WEIGHT_SET)
def weights(code: str, number: int) -> ResponseReturnValue:
    """Show a frozen weight set, after computing it again from the answers."""
    with database().reading() as session:
        study, row = own_weight_set(session, code, number)
        response = load_response(session, row.round)
        content = load_verified(session, study, row, response)
        return render_template(
            "authors/consensus/weight_set.html",
            study=study,
            row=row,
            content=content,
            names=content.framework.names,
            response=response,
            in_force=load_weight_sets(session, study)[0],
        )


@bp.get(f"{WEIGHT_SET}.json")
def weights_json(code: str, number: int) -> ResponseReturnValue:
    """Send the weight set file, as ``./steelyard weigh`` writes it."""
    with database().reading() as session:
        study, row = own_weight_set(session, code, number)
        load_verified(session, study, row)
    return attached(row.document, weights_name(study, row, "json"))


@bp.get(f"{WEIGHT_SET}.csv")
def weights_csv(code: str, number: int) -> ResponseReturnValue:
    """Send the weights as a CSV table."""
    with database().reading() as session:
        study, row = own_weight_set(session, code, number)
        content = load_verified(session, study, row)
    grid = noticed(weights_grid(content), filter(None, [words(content.notices or study.notices)]))
    return attached(csv_bytes(grid.columns, grid.rows), weights_name(study, row, "csv"))


@bp.get(f"{WEIGHT_SET}.xlsx")
def weights_xlsx(code: str, number: int) -> ResponseReturnValue:
    """Send the weights as a workbook, with their origin on a second sheet."""
    with database().reading() as session:
        study, row = own_weight_set(session, code, number)
        content = load_verified(session, study, row)
        grid = weights_grid(content)
        sheets = [
            Worksheet(gettext("Weights"), grid.columns, grid.rows),
            Worksheet(gettext("About"), ("property", "value"), about(row, content)),
        ]
    return attached(workbook(sheets), weights_name(study, row, "xlsx"))


@bp.get("/study.zip")
def folder(code: str) -> ResponseReturnValue:
    """Send the whole study as a folder; answers only of a closed round."""
    with database().reading() as session:
        study = require_own_study(session, code)
        content = load_study(session, study)
    return attached(zipped(content), f"{study.code}.zip")


def own_round(session: Session, code: str, number: int) -> tuple[Study, Round]:
    study = require_own_study(session, code)
    return study, find_round(session, study, number) or abort(404)


def own_weight_set(session: Session, code: str, number: int) -> tuple[Study, WeightSet]:
    study = require_own_study(session, code)
    return study, find_weight_set(session, study, number) or abort(404)


def consensus_page(
    session: Session, study: Study, round_: Round, setting: str, form: FreezeForm | None
) -> str:
    consensus = load_consensus(session, study, round_, setting)
    frozen = load_weight_sets(session, study)
    return render_template(
        "authors/consensus/consensus.html",
        study=study,
        round=round_,
        consensus=consensus,
        report=consensus.report,
        names=consensus.study.framework.names,
        setting=setting,
        frozen=frozen,
        form=form or first_form(study, setting, frozen),
        sentence=said,
    )


def first_form(study: Study, setting: str, frozen: list[WeightSet]) -> FreezeForm:
    return FreezeForm(
        formdata=None,
        name=words(study.titles),
        disconnected=setting,
        after=frozen[0].number if frozen else 0,
    )


def weights_name(study: Study, row: WeightSet, ending: str) -> str:
    return f"{study.code}-weights-{row.number}.{ending}"


def about(row: WeightSet, content: values.WeightSet) -> list[dict[str, str | int | float]]:
    """Return the origin of a weight set, line by line, in the terms of its file."""
    panel = content.panel
    facts: dict[str, str | int | float] = {
        "study": content.study,
        **{f"title_{language}": title for language, title in content.titles.items()},
        **{f"notice_{language}": notice for language, notice in content.notices.items()},
        "set": row.number,
        "name": row.name,
        "stopping_reason": row.stopping_reason,
        "round": row.round.number,
        "frozen": row.locked_at.isoformat() if row.locked_at else "",
        "method": content.method,
        **content.parameters,
        "panel_invited": panel.invited,
        "panel_size": panel.size,
        **{f"judged_{parent}": count for parent, count in panel.judged.items()},
        **({} if panel.zeros is None else {"zeros_replaced": panel.zeros}),
        "software": content.software,
        "digest": row.digest,
    }
    return [{"property": name, "value": value} for name, value in facts.items()]


# ---------------------------------------------------------------- refusals


def said(reason: Reason, names: Mapping[str, values.Texts]) -> str:
    """Return a reason as one sentence, with names of groups and indicators for codes."""

    def name(code: str) -> str:
        return gettext("the groups") if code == values.GOAL else words(names.get(code, {})) or code

    data = dict(reason.data)
    if "parent" in data:
        data["parent"] = name(str(data["parent"]))
    if "parts" in data:
        parts = [part.split(", ") for part in str(data["parts"]).split(" | ")]
        data["parts"] = " | ".join(gettext(", ").join(map(name, part)) for part in parts)
    return filled(gettext(SENTENCES[reason.code]), data)


def refusal_page(template: str, **data: object) -> ResponseReturnValue:
    """Return the page that explains why there is no consensus."""
    with database().reading() as session:
        study, round_ = own_round(session, **(request.view_args or {}))
        names = load_framework(session, study.framework_id).names
        page = render_template(
            f"authors/consensus/{template}.html", study=study, round=round_, names=names, **data
        )
    return page, 409


@bp.errorhandler(NotClosed)
def show_not_closed(_error: NotClosed) -> ResponseReturnValue:
    return refusal_page("not_closed")


@bp.errorhandler(TooFewExperts)
def show_too_few(error: TooFewExperts) -> ResponseReturnValue:
    return refusal_page("too_few", count=error.count)


@bp.errorhandler(Refused)
def show_refused(error: Refused) -> ResponseReturnValue:
    can_leave_out = all(reason.code == "disconnected" for reason in error.reasons)
    return refusal_page(
        "refused",
        reasons=error.reasons,
        sentence=said,
        leave_out=LEAVE_OUT_DISCONNECTED if can_leave_out else None,
    )


@bp.errorhandler(SingleVoice)
def show_single_voice(error: SingleVoice) -> ResponseReturnValue:
    return refusal_page("single_voice", parents=error.parents)


@bp.errorhandler(FewAnswered)
def show_few_answered(_error: FewAnswered) -> ResponseReturnValue:
    form = FreezeForm()
    form.below.errors = [gettext("Write why so few answers are enough.")]
    return page_again(form)


@bp.errorhandler(ThinGroups)
def show_thin_groups(_error: ThinGroups) -> ResponseReturnValue:
    form = FreezeForm()
    form.thin.errors = [gettext("Write why weights of so few experts may be published.")]
    return page_again(form)


def page_again(form: FreezeForm) -> ResponseReturnValue:
    """Return the page again, with the values sent and their errors."""
    setting = form.disconnected.data if form.disconnected.data in DISCONNECTED_RULES else REFUSE
    with database().reading() as session:
        study, round_ = own_round(session, **(request.view_args or {}))
        return consensus_page(session, study, round_, setting, form), 422


@bp.errorhandler(FrozenMeanwhile)
def show_frozen_meanwhile(_error: FrozenMeanwhile) -> ResponseReturnValue:
    return refusal_page("frozen_meanwhile")


@bp.errorhandler(NotVerified)
def show_not_verified(error: NotVerified) -> ResponseReturnValue:
    """Tell the author why a weight set that differs from the frozen one is not shown."""
    with database().reading() as session:
        study, row = own_weight_set(session, **(request.view_args or {}))
        names = load_framework(session, study.framework_id).names
        sentences = [
            *(fault_sentence(fault, gettext) for fault in error.faults),
            *(said(reason, names) for reason in error.reasons),
        ]
        page = render_template(
            "authors/consensus/not_verified.html", study=study, row=row, sentences=sentences
        )
    return page, 409

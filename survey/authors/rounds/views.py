"""Views of rounds: progress, a new round, opening and closing."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey import values
from survey.authors.rounds.forms import AskingForm, RoundForm
from survey.authors.rounds.operations import (
    RoundUnderWay,
    load_former,
    offer_kinds,
    plan_close,
    plan_rounds,
    prepare_round,
    settle_silence,
    start_round,
)
from survey.authors.rounds.queries import choose_targets, count_pairs, find_effort, load_progress
from survey.db import MAX_ID
from survey.files.study_folder.example import refuse_copied
from survey.models import Round, Study
from survey.store.frameworks import load_framework
from survey.store.panel import load_experts_of, load_panel
from survey.store.rounds import (
    PanelEmpty,
    StudyUntitled,
    WrongState,
    close_round,
    find_former_round,
    find_round,
    last_round,
    open_round,
    refuse_untitled,
    telling_round,
)
from survey.store.studies import load_outline
from survey.values import By
from survey.web.current import actor_of, changing_study, database, now, require_own_study, say_saved
from survey.web.locale import SOURCE, language_name

bp = Blueprint("rounds", __name__, url_prefix="/author/studies/<code>/rounds")

ROUND = f"/<int(max={MAX_ID}):number>"


@bp.get("")
def new_round(code: str) -> ResponseReturnValue:
    """Show the form for another round."""
    with database().reading() as session:
        study = require_own_study(session, code)
        form = _round_form(session, study)
        # The page suggests half of the panel; a form without the field gets its default.
        form.least_response.data = max(values.FEWEST_EXPERTS, -(-len(form.experts.choices) // 2))
        return new_round_page(session, study, form)


@bp.post("")
def start(code: str) -> ResponseReturnValue:
    """Start another round, a draft, with the experts chosen."""
    with database().reading() as session:
        study = require_own_study(session, code)
        form = _round_form(session, study)
        if not form.validate() or not form.experts.data:
            if form.experts.errors or not form.experts.data:
                form.experts.errors = [gettext("Choose at least one expert.")]
            return new_round_page(session, study, form), 422
        # Computed before the write: the round that it is computed from is closed for good.
        targets = choose_targets(session, study) if form.targeted else None
        former = load_former(session, telling_round(session, study))
    with database().writing() as session:
        study = changing_study(session, code)
        experts = load_experts_of(session, study, frozenset(form.experts.data))
        started = start_round(
            session,
            study,
            experts,
            By(actor_of(study), now()),
            targets,
            form.planned.data,
            form.silence.data,
            form.least_response.data or 0,
            former,
        )
    return redirect(url_for(".round_", code=code, number=started.number), 303)


def _round_form(session: Session, study: Study) -> RoundForm:
    number = last_round(session, study).number + 1
    planned = planned_from(study, number)
    experts = [member.expert.code for member in load_panel(session, study)]
    return RoundForm(planned=planned).offer(number, experts)


@bp.get(ROUND)
def round_(code: str, number: int) -> ResponseReturnValue:
    """Show how much each expert has answered."""
    with database().reading() as session:
        study = require_own_study(session, code)
        round_ = find_round(session, study, number) or abort(404)
        return round_page(session, study, round_, asking_form(round_))


@bp.post(ROUND)
def prepare(code: str, number: int) -> ResponseReturnValue:
    """Store how a draft is asked, and the planned end of a round."""
    with database().reading() as session:
        study = require_own_study(session, code)
        round_ = find_round(session, study, number) or abort(404)
        form = asking_form(round_)
        if not form.validate():
            return round_page(session, study, round_, form), 422
        before = find_former_round(session, round_)
        former = load_former(session, before) if before and round_.state == "draft" else None
    with database().writing() as session:
        study = changing_study(session, code)
        round_ = find_round(session, study, number) or abort(404)
        by = By(actor_of(study), now())
        prepare_round(session, round_, form.form.data, form.order.data, by, former)
        if round_.state == "draft":
            plan_rounds(session, round_, form.planned.data, by)
        if form.silence is not None:
            least = form.least_response.data or 0
            settle_silence(session, round_, form.silence.data, least, by)
        offer_kinds(session, round_, form.kinds.data or [], by)
        plan_close(session, round_, form.planned_end, by)
    say_saved(session)
    return redirect(url_for(".round_", code=code, number=number), 303)


@bp.get(f"{ROUND}/open")
def ask_to_open(code: str, number: int) -> ResponseReturnValue:
    """Explain what opening a round means, and ask to confirm."""
    with database().reading() as session:
        round_ = turning_round(session, code, number, "draft")
        refuse_copied(load_outline(session, round_.study))
        refuse_untitled(session, round_.study)
        titles = round_.study.titles
        return turn_page(
            session,
            round_,
            "open",
            effort=find_effort(session, round_),
            untitled=untitled_languages(session, round_.study),
            title_language=language_name(SOURCE if titles.get(SOURCE) else next(iter(titles))),
        )


@bp.post(f"{ROUND}/open")
def open_(code: str, number: int) -> ResponseReturnValue:
    """Open the round, so that the invited experts can answer."""
    with database().writing() as session:
        study = changing_study(session, code)
        round_ = find_round(session, study, number) or abort(404)
        refuse_copied(load_outline(session, study))
        open_round(session, round_, By(actor_of(study), now()))
    return redirect(url_for(".round_", code=code, number=number), 303)


@bp.get(f"{ROUND}/close")
def ask_to_close(code: str, number: int) -> ResponseReturnValue:
    """Explain that closing a round cannot be undone, and ask to confirm."""
    with database().reading() as session:
        return turn_page(session, turning_round(session, code, number, "open"), "close")


@bp.post(f"{ROUND}/close")
def close(code: str, number: int) -> ResponseReturnValue:
    """Close a round; this cannot be undone."""
    with database().writing() as session:
        study = changing_study(session, code)
        round_ = find_round(session, study, number) or abort(404)
        close_round(session, round_, By(actor_of(study), now()))
    return redirect(url_for(".round_", code=code, number=number), 303)


def asking_form(round_: Round) -> AskingForm:
    form = AskingForm(
        data={
            "silence": round_.silence,
            "least_response": round_.least_response,
            "form": round_.form,
            "order": round_.order,
            "kinds": round_.kinds,
            "planned": planned_from(round_.study, round_.number),
            "closes_at": round_.closes_at,
        }
    )
    if round_.state != "draft":
        del form.silence, form.least_response
    form.in_round(round_.number)
    return form


def planned_from(study: Study, number: int) -> int | None:
    """Return the number of planned rounds; None if this round's number exceeds it."""
    return study.planned_rounds if (study.planned_rounds or 0) >= number else None


def round_page(session: Session, study: Study, round_: Round, form: AskingForm) -> str:
    framework = load_framework(session, study.framework_id)
    return render_template(
        "authors/rounds/round.html",
        study=study,
        round=round_,
        is_last=round_.id == last_round(session, study).id,
        progress=load_progress(session, study, round_),
        effort=find_effort(session, round_),
        groups={group.code: group.names for group in framework.groups},
        language_name=language_name,
        form=form,
        pairs=count_pairs(session, round_),
    )


def new_round_page(session: Session, study: Study, form: RoundForm) -> str:
    last = last_round(session, study)
    if last.state != "closed":
        raise RoundUnderWay(last.number)
    return render_template(
        "authors/rounds/new_round.html",
        study=study,
        number=last.number + 1,
        panel=load_panel(session, study),
        form=form,
    )


def turning_round(session: Session, code: str, number: int, state: str) -> Round:
    """Return the round to open or close; refuse any other state than this one."""
    study = require_own_study(session, code)
    round_ = find_round(session, study, number) or abort(404)
    if round_.state != state:
        raise WrongState(round_.state)
    return round_


def turn_page(session: Session, round_: Round, turn: str, **more: object) -> str:
    return render_template(
        f"authors/rounds/{turn}_round.html",
        study=round_.study,
        round=round_,
        progress=load_progress(session, round_.study, round_),
        **more,
    )


def untitled_languages(session: Session, study: Study) -> list[str]:
    """Return the names of the panel's languages in which the study has no title."""
    spoken = dict.fromkeys(member.expert.language for member in load_panel(session, study))
    return [language_name(code) for code in spoken if not study.titles.get(code)]


@bp.errorhandler(StudyUntitled)
def show_untitled(error: StudyUntitled) -> ResponseReturnValue:
    return render_template("authors/rounds/untitled.html", code=error.study, codes=error.codes), 409


@bp.errorhandler(RoundUnderWay)
def show_round_under_way(error: RoundUnderWay) -> ResponseReturnValue:
    return render_template("authors/rounds/round_under_way.html", number=error.number), 409


@bp.errorhandler(PanelEmpty)
def show_panel_empty(error: PanelEmpty) -> ResponseReturnValue:
    return render_template("authors/rounds/panel_empty.html"), 409

"""Views of the panel: its experts, their links, and their signed-in devices."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.authors.panel import operations
from survey.authors.panel.forms import CSV, REPLACE, REVOKE, ExpertForm, LinksForm, RevocationForm
from survey.authors.panel.operations import ExpertExists
from survey.authors.panel.queries import find_device
from survey.db import MAX_ID
from survey.files.study_folder.writing import csv_bytes
from survey.models import Expert, Round, Study
from survey.store import invitations
from survey.store.frameworks import load_framework
from survey.store.invitations import load_invitations
from survey.store.panel import find_member, load_panel
from survey.store.rounds import last_round
from survey.values import By
from survey.web.addresses import personal_link
from survey.web.current import (
    actor_of,
    changing_study,
    database,
    device_name,
    now,
    require_own_study,
)
from survey.web.locale import language, language_name, words
from survey.web.responses import attached

bp = Blueprint("panel", __name__, url_prefix="/author/studies/<code>")

#: Languages offered for experts, even if the pages do not have them yet and are then in English.
SPOKEN = ("zh", "en", "ar", "fr", "ru", "es", "tr", "fa", "pt", "de", "ja", "ko", "hi", "id")


@bp.get("/panel")
def panel(code: str) -> ResponseReturnValue:
    """Show the experts of a study with their links, and the form to add one."""
    with database().reading() as session:
        study = require_own_study(session, code)
        return panel_page(session, study, expert_form(session, study))


@bp.post("/panel")
def add(code: str) -> ResponseReturnValue:
    """Add an expert, and invite them to the last round if it is not closed."""
    with database().reading() as session:
        study = require_own_study(session, code)
        form = expert_form(session, study)
        if not form.validate():
            return panel_page(session, study, form), 422
    try:
        with database().writing() as session:
            study = changing_study(session, code)
            by = By(actor_of(study), now())
            row = operations.add_expert(session, study, form.expert(), by)
            round_ = last_round(session, study)
            if round_.state != "closed":
                invitations.invite(session, row, round_, by)
    except ExpertExists:
        form.code.errors = [gettext("The panel has an expert of this code already.")]
        with database().reading() as session:
            return panel_page(session, require_own_study(session, code), form), 422
    return redirect(url_for(".expert", code=code, expert_code=row.code), 303)


@bp.get("/panel/links")
def links(code: str) -> ResponseReturnValue:
    """Redirect a reload to the panel: new links are shown only once."""
    return redirect(url_for(".panel", code=code), 303)


@bp.post("/panel/links")
def change_links(code: str) -> ResponseReturnValue:
    """Issue, replace or revoke the links of all experts invited to the last round."""
    return links_changed(code, None)


@bp.get("/experts/<expert_code>")
def expert(code: str, expert_code: str) -> ResponseReturnValue:
    """Show an expert's invitations, links and devices."""
    with database().reading() as session:
        study = require_own_study(session, code)
        round_ = last_round(session, study)
        member = find_member(session, study, expert_code) or abort(404)
        return render_template(
            "authors/panel/expert.html",
            study=study,
            member=member,
            answering=next(
                (
                    i
                    for i in member.invitations
                    if i.round_id == round_.id and i.withdrew_at is None
                ),
                None,
            ),
            round=round_,
            form=links_form(round_),
            language_name=language_name,
            device_name=device_name,
        )


@bp.get("/experts/<expert_code>/links")
def expert_links(code: str, expert_code: str) -> ResponseReturnValue:
    """Redirect a reload to the expert: a new link is shown only once."""
    return redirect(url_for(".expert", code=code, expert_code=expert_code), 303)


@bp.post("/experts/<expert_code>/links")
def change_expert_links(code: str, expert_code: str) -> ResponseReturnValue:
    """Issue, replace or revoke the links of one expert to the last round."""
    return links_changed(code, expert_code)


@bp.post("/experts/<expert_code>/invitation")
def invite(code: str, expert_code: str) -> ResponseReturnValue:
    """Invite an expert of the panel to the last round."""
    with database().writing() as session:
        study = changing_study(session, code)
        member = find_member(session, study, expert_code) or abort(404)
        round_ = last_round(session, study)
        invitations.invite(session, member.expert, round_, By(actor_of(study), now()))
    return redirect(url_for(".expert", code=code, expert_code=expert_code), 303)


@bp.post(f"/experts/<expert_code>/devices/<int(max={MAX_ID}):sign_in_id>")
def close_device(code: str, expert_code: str, sign_in_id: int) -> ResponseReturnValue:
    """Sign out one browser of an expert."""
    with database().writing() as session:
        study = changing_study(session, code)
        member = find_member(session, study, expert_code) or abort(404)
        sign_in = find_device(session, member.expert, sign_in_id) or abort(404)
        operations.close_device(session, member.expert, sign_in, By(actor_of(study), now()))
    return redirect(url_for(".expert", code=code, expert_code=expert_code), 303)


def panel_page(session: Session, study: Study, form: ExpertForm) -> str:
    round_ = last_round(session, study)
    panel = load_panel(session, study)
    return render_template(
        "authors/panel/panel.html",
        study=study,
        panel=panel,
        linked=sum(bool(member.working) for member in panel),
        withdrew=any(member.withdrew_from == round_ for member in panel),
        directions={choice.value: choice.label for choice in form.direction.choices},
        round=round_,
        form=form,
        links=links_form(round_),
        language_name=language_name,
    )


def links_changed(code: str, expert_code: str | None) -> ResponseReturnValue:
    """Change the links of one expert or of all; return new ones, to be shown once."""
    with database().writing() as session:
        study = changing_study(session, code)
        by = By(actor_of(study), now())
        round_ = last_round(session, study)
        form = links_form(round_)
        if not form.validate():
            abort(422)
        member = find_member(session, study, expert_code) if expert_code else None
        if expert_code and member is None:
            abort(404)
        replacing = form.act.data == REPLACE
        if form.act.data == REVOKE:
            invited = load_invitations(session, round_, member.expert if member else None)
            invitations.end_links(session, invited, by)
            issued = []
        elif member is None:
            issued = invitations.issue_everybodys_links(session, round_, by, replacing=replacing)
        else:
            invited = load_invitations(session, round_, member.expert)
            issued = invitations.issue_links(session, round_, invited, by, replacing=replacing)
    if form.act.data == REVOKE:
        if expert_code:
            return redirect(url_for(".expert", code=code, expert_code=expert_code), 303)
        return redirect(url_for(".panel", code=code), 303)
    if form.delivery.data == CSV:
        return links_file(study, issued)
    with database().reading() as session:
        return render_template(
            "authors/panel/links.html",
            study=require_own_study(session, code),
            issued=[(row, personal_link(token)) for row, token in issued],
            replaced=replacing,
            expert=member.expert if member else None,
        )


def links_file(study: Study, issued: Sequence[tuple[Expert, str]]) -> Response:
    """Return new links as a CSV file, for sending them."""
    rows = [
        {"expert": e.code, "name": e.name, "language": e.language, "link": personal_link(token)}
        for e, token in issued
    ]
    content = csv_bytes(("expert", "name", "language", "link"), rows)
    return attached(content, f"{study.code}-links.csv")


def links_form(round_: Round) -> LinksForm | RevocationForm:
    return RevocationForm() if round_.state == "closed" else LinksForm()


def expert_form(session: Session, study: Study) -> ExpertForm:
    framework = load_framework(session, study.framework_id)
    known = load_panel(session, study)
    directions = {group.code: words(group.names) for group in framework.groups}
    directions |= {
        m.expert.direction: m.expert.direction
        for m in known
        if m.expert.direction not in directions
    }
    languages = dict.fromkeys((language_of(study), *SPOKEN, *(m.expert.language for m in known)))
    form = ExpertForm(language=language_of(study))
    return form.offer(directions, {code: language_name(code) for code in languages})


def language_of(study: Study) -> str:
    """Return the first language of a study's title, else the page's language."""
    return next(iter(study.titles), language().code)

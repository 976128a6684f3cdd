"""The author's console: studies, panel, links, rounds."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.authoring import operations
from survey.authoring.forms import (
    CSV,
    REPLACE,
    REVOKE,
    ExpertForm,
    LinksForm,
    RevocationForm,
    RoundForm,
    SettingsForm,
    UploadForm,
    settings_form,
)
from survey.authoring.operations import ExpertExists, PanelEmpty, RoundUnderWay, WrongState
from survey.authoring.queries import (
    find_device,
    find_member,
    find_round,
    last_round,
    load_invitations,
    load_journal,
    load_panel,
    load_progress,
    load_rounds,
    load_studies,
    load_weight_sets,
)
from survey.current import (
    database,
    now,
    renew_sign_in,
    require_author,
    require_own_study,
)
from survey.folder import SHOWN, Fault, FaultyFolder, Reading, read_zip, sentence
from survey.folder.writing import csv_bytes
from survey.locale import LANGUAGES, language_name, words
from survey.models import Expert, Round, Study
from survey.security import site_link, site_settings
from survey.store import journal
from survey.store.loading import load_framework
from survey.store.storing import StudyExists, store_study

bp = Blueprint("authoring", __name__, url_prefix="/author")


@bp.get("/")
def studies() -> ResponseReturnValue:
    """Her studies, and the way to a new one."""
    return studies_page(UploadForm())


@bp.post("/")
def create() -> ResponseReturnValue:
    """Store the study of an uploaded folder, or say everything that is wrong with it."""
    form = UploadForm()
    with database().reading() as session:
        require_author(session)
    if not form.validate():
        return studies_page(form), 422
    upload = form.study.data
    try:
        reading = read_zip(upload.read(), upload.filename or "study.zip")
        code = store(reading)
    except FaultyFolder as error:
        return studies_page(form, faults=error.faults), 422
    except StudyExists as error:
        form.study.errors = [
            gettext(
                "There is a study “%(code)s” already; nothing was stored. "
                "Rename the folder, or its name in datapackage.json.",
                code=error.code,
            )
        ]
        return studies_page(form), 422
    if reading.notes:
        return render_template("authoring/created.html", code=code, notes=said(reading.notes)), 201
    return redirect(url_for(".study", code=code), 303)


def store(reading: Reading) -> str:
    """The code of the study, stored."""
    with database().writing() as session:
        author = require_author(session)
        renew_sign_in(session)
        actor = f"author {author.code}"
        return store_study(session, reading.study, author, now(), actor).code


def said(faults: Sequence[Fault]) -> list[str]:
    """The faults as sentences, as many as anybody reads."""
    return [sentence(fault, gettext) for fault in faults[:SHOWN]]


def studies_page(form: UploadForm, faults: Sequence[Fault] = ()) -> str:
    with database().reading() as session:
        author = require_author(session)
        return render_template(
            "authoring/studies.html",
            studies=load_studies(session, author),
            form=form,
            faults=said(faults),
            count=len(faults),
        )


@bp.get("/studies/<code>/")
def study(code: str) -> ResponseReturnValue:
    """A study at a glance: what is asked, how it stands, what it says of itself."""
    with database().reading() as session:
        found = require_own_study(session, code)
        return study_page(session, found, settings_of(found))


@bp.post("/studies/<code>/")
def describe(code: str) -> ResponseReturnValue:
    """Change what a study says of itself."""
    with database().reading() as session:
        found = require_own_study(session, code)
        form = settings_of(found)
        if not form.validate():
            return study_page(session, found, form), 422
    with database().writing() as session:
        found = changing_study(session, code)
        operations.describe_study(
            session,
            found,
            form.titles(),
            form.contact.data or "",
            form.notices(),
            actor_of(found),
            now(),
        )
    return redirect(url_for(".study", code=code), 303)


def study_page(session: Session, found: Study, form: SettingsForm) -> str:
    state = load_journal(session, found)
    return render_template(
        "authoring/study.html",
        study=found,
        framework=load_framework(session, found.framework_id),
        rounds=load_rounds(session, found),
        frozen=load_weight_sets(session, found),
        journal=state,
        seal=journal.seal(state.head, site_settings().secret_key.encode()),
        form=form,
    )


def settings_of(study: Study) -> SettingsForm:
    """The form of a study's own words, in the languages of the pages and those it has."""
    codes = dict.fromkeys([*(spoken.code for spoken in LANGUAGES), *study.titles, *study.notices])
    names = {code: language_name(code) for code in codes}
    return settings_form(names, study.titles, study.notices, study.contact)


def changing_study(session: Session, code: str) -> Study:
    """A study of hers, within a write."""
    renew_sign_in(session)
    return require_own_study(session, code)


def actor_of(study: Study) -> str:
    """How the journal names the author of a study."""
    return f"author {study.author.code}"


# ---------------------------------------------------------------- the panel

#: What an expert's language may be without being there yet: the pages then speak English to her.
SPOKEN = ("zh", "en", "ar", "fr", "ru", "es", "tr", "fa", "pt", "de", "ja", "ko", "hi", "id")

#: The largest id a database of ours has: a larger number in an address is nobody's.
MAX_ID = 2**31 - 1


@bp.get("/studies/<code>/panel")
def panel(code: str) -> ResponseReturnValue:
    """The experts of a study, with their links, and the way to more."""
    with database().reading() as session:
        found = require_own_study(session, code)
        return panel_page(session, found, expert_form(session, found))


@bp.post("/studies/<code>/panel")
def add(code: str) -> ResponseReturnValue:
    """Add an expert, and invite her to the round that is not closed yet."""
    with database().reading() as session:
        found = require_own_study(session, code)
        form = expert_form(session, found)
        if not form.validate():
            return panel_page(session, found, form), 422
    try:
        with database().writing() as session:
            found = changing_study(session, code)
            actor, at = actor_of(found), now()
            row = operations.add_expert(session, found, form.expert(), actor, at)
            round_ = last_round(session, found)
            if round_.state != "closed":
                operations.invite(session, row, round_, actor, at)
    except ExpertExists:
        form.code.errors = [gettext("The panel has an expert of this code already.")]
        with database().reading() as session:
            return panel_page(session, require_own_study(session, code), form), 422
    return redirect(url_for(".expert", code=code, expert_code=row.code), 303)


@bp.get("/studies/<code>/panel/links")
def links(code: str) -> ResponseReturnValue:
    """Links are shown once, in answer to the form; who comes back finds the panel."""
    return redirect(url_for(".panel", code=code), 303)


@bp.post("/studies/<code>/panel/links")
def change_links(code: str) -> ResponseReturnValue:
    """Issue, replace or revoke the links of everybody invited to the last round."""
    return links_changed(code, None)


@bp.get("/studies/<code>/experts/<expert_code>")
def expert(code: str, expert_code: str) -> ResponseReturnValue:
    """One expert: her invitations, links and devices."""
    with database().reading() as session:
        found = require_own_study(session, code)
        round_ = last_round(session, found)
        return render_template(
            "authoring/expert.html",
            study=found,
            member=find_member(session, found, expert_code) or abort(404),
            round=round_,
            form=links_form(round_),
            language_name=language_name,
            device_name=device_name,
        )


@bp.get("/studies/<code>/experts/<expert_code>/links")
def expert_links(code: str, expert_code: str) -> ResponseReturnValue:
    """The same for one expert: a link is shown once."""
    return redirect(url_for(".expert", code=code, expert_code=expert_code), 303)


@bp.post("/studies/<code>/experts/<expert_code>/links")
def change_expert_links(code: str, expert_code: str) -> ResponseReturnValue:
    """Issue, replace or revoke the links of one expert to the last round."""
    return links_changed(code, expert_code)


@bp.post("/studies/<code>/experts/<expert_code>/invitation")
def invite(code: str, expert_code: str) -> ResponseReturnValue:
    """Invite an expert of the panel to the last round."""
    with database().writing() as session:
        found = changing_study(session, code)
        member = find_member(session, found, expert_code) or abort(404)
        round_ = last_round(session, found)
        operations.invite(session, member.expert, round_, actor_of(found), now())
    return redirect(url_for(".expert", code=code, expert_code=expert_code), 303)


@bp.post(f"/studies/<code>/experts/<expert_code>/devices/<int(max={MAX_ID}):sign_in_id>")
def close_device(code: str, expert_code: str, sign_in_id: int) -> ResponseReturnValue:
    """Sign one browser of an expert out."""
    with database().writing() as session:
        found = changing_study(session, code)
        member = find_member(session, found, expert_code) or abort(404)
        sign_in = find_device(session, member.expert, sign_in_id) or abort(404)
        operations.close_device(session, member.expert, sign_in, actor_of(found), now())
    return redirect(url_for(".expert", code=code, expert_code=expert_code), 303)


def panel_page(session: Session, found: Study, form: ExpertForm) -> str:
    round_ = last_round(session, found)
    return render_template(
        "authoring/panel.html",
        study=found,
        panel=load_panel(session, found),
        directions={choice.value: choice.label for choice in form.direction.choices},
        round=round_,
        form=form,
        links=links_form(round_),
        language_name=language_name,
    )


def links_changed(code: str, expert_code: str | None) -> ResponseReturnValue:
    """What became of the links of one expert, or of everybody: new ones are shown this once."""
    with database().writing() as session:
        found = changing_study(session, code)
        actor, at = actor_of(found), now()
        round_ = last_round(session, found)
        form = links_form(round_)
        if not form.validate():
            abort(422)
        member = find_member(session, found, expert_code) if expert_code else None
        if expert_code and member is None:
            abort(404)
        invitations = load_invitations(session, round_, member.expert if member else None)
        if form.act.data == REVOKE:
            for invitation in invitations:
                operations.revoke_personal_links(session, invitation, actor, at)
            issued = []
        else:
            issued = operations.issue_links(
                session, round_, invitations, actor, at, replacing=form.act.data == REPLACE
            )
    if form.act.data == REVOKE:
        if expert_code:
            return redirect(url_for(".expert", code=code, expert_code=expert_code), 303)
        return redirect(url_for(".panel", code=code), 303)
    if form.delivery.data == CSV:
        return links_file(found, issued)
    with database().reading() as session:
        return render_template(
            "authoring/links.html",
            study=require_own_study(session, code),
            issued=[(row, link_of(token)) for row, token in issued],
            replaced=form.act.data == REPLACE,
            expert=member.expert if member else None,
        )


def links_file(study: Study, issued: Sequence[tuple[Expert, str]]) -> Response:
    """New links as a file to send them from."""
    rows = [
        {"expert": e.code, "name": e.name, "language": e.language, "link": link_of(token)}
        for e, token in issued
    ]
    content = csv_bytes(("expert", "name", "language", "link"), rows)
    response = Response(content, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{study.code}-links.csv")
    return response


def link_of(token: str) -> str:
    return site_link("accounts.invitation", token=token)


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
    languages = dict.fromkeys((*SPOKEN, *(m.expert.language for m in known)))
    return ExpertForm().offer(directions, {code: language_name(code) for code in languages})


#: What a browser's description of itself holds, and what people call it; the first that fits.
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(description: str) -> str:
    """What people call a browser, as far as it can be told; else how it describes itself.

    >>> device_name("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    'Firefox, Linux'
    """
    names = [
        next(name for mark, name in table if mark in description)
        for table in (BROWSERS, SYSTEMS)
        if any(mark in description for mark, _name in table)
    ]
    return ", ".join(names) or description


# ---------------------------------------------------------------- rounds


@bp.get("/studies/<code>/rounds")
def new_round(code: str) -> ResponseReturnValue:
    """Whom to invite to a further round."""
    with database().reading() as session:
        found = require_own_study(session, code)
        return new_round_page(session, found, RoundForm())


@bp.post("/studies/<code>/rounds")
def start(code: str) -> ResponseReturnValue:
    """Begin a further round, a draft, with the experts chosen."""
    with database().reading() as session:
        found = require_own_study(session, code)
        form = RoundForm().offer(member.expert.code for member in load_panel(session, found))
        if not form.validate() or not form.experts.data:
            form.experts.errors = [gettext("Choose at least one expert.")]
            return new_round_page(session, found, form), 422
    with database().writing() as session:
        found = changing_study(session, code)
        experts = [
            member.expert
            for member in load_panel(session, found)
            if member.expert.code in form.experts.data
        ]
        started = operations.start_round(session, found, experts, actor_of(found), now())
    return redirect(url_for(".round_", code=code, number=started.number), 303)


@bp.get(f"/studies/<code>/rounds/<int(max={MAX_ID}):number>")
def round_(code: str, number: int) -> ResponseReturnValue:
    """Who has answered how much."""
    with database().reading() as session:
        found = require_own_study(session, code)
        asked = find_round(session, found, number) or abort(404)
        framework = load_framework(session, found.framework_id)
        return render_template(
            "authoring/round.html",
            study=found,
            round=asked,
            is_last=asked.id == last_round(session, found).id,
            progress=load_progress(session, found, asked),
            groups={group.code: group.names for group in framework.groups},
            language_name=language_name,
        )


@bp.get(f"/studies/<code>/rounds/<int(max={MAX_ID}):number>/open")
def ask_to_open(code: str, number: int) -> ResponseReturnValue:
    """What opening a round means."""
    return turn_page(code, number, "open")


@bp.post(f"/studies/<code>/rounds/<int(max={MAX_ID}):number>/open")
def open_(code: str, number: int) -> ResponseReturnValue:
    """Let the invited experts answer."""
    with database().writing() as session:
        found = changing_study(session, code)
        asked = find_round(session, found, number) or abort(404)
        operations.open_round(session, asked, actor_of(found), now())
    return redirect(url_for(".round_", code=code, number=number), 303)


@bp.get(f"/studies/<code>/rounds/<int(max={MAX_ID}):number>/close")
def ask_to_close(code: str, number: int) -> ResponseReturnValue:
    """What closing a round means: it is for good."""
    return turn_page(code, number, "close")


@bp.post(f"/studies/<code>/rounds/<int(max={MAX_ID}):number>/close")
def close(code: str, number: int) -> ResponseReturnValue:
    """End a round for good."""
    with database().writing() as session:
        found = changing_study(session, code)
        asked = find_round(session, found, number) or abort(404)
        operations.close_round(session, asked, actor_of(found), now())
    return redirect(url_for(".round_", code=code, number=number), 303)


def new_round_page(session: Session, found: Study, form: RoundForm) -> str:
    last = last_round(session, found)
    if last.state != "closed":
        raise RoundUnderWay(last.number)
    return render_template(
        "authoring/new_round.html",
        study=found,
        number=last.number + 1,
        panel=load_panel(session, found),
        form=form,
    )


def turn_page(code: str, number: int, turn: str) -> str:
    with database().reading() as session:
        found = require_own_study(session, code)
        asked = find_round(session, found, number) or abort(404)
        if asked.state != {"open": "draft", "close": "open"}[turn]:
            raise WrongState(asked.state)
        return render_template(
            f"authoring/{turn}_round.html",
            study=found,
            round=asked,
            progress=load_progress(session, found, asked),
        )


@bp.errorhandler(WrongState)
def show_wrong_state(error: WrongState) -> ResponseReturnValue:
    return render_template("authoring/wrong_state.html", state=error.state), 409


@bp.errorhandler(RoundUnderWay)
def show_round_under_way(error: RoundUnderWay) -> ResponseReturnValue:
    return render_template("authoring/round_under_way.html", number=error.number), 409


@bp.errorhandler(PanelEmpty)
def show_panel_empty(error: PanelEmpty) -> ResponseReturnValue:
    return render_template("authoring/panel_empty.html"), 409

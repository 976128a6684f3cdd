"""Handing a questionnaire out and taking it in, at whichever desk."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.asking.pages import page
from survey.asking.saves import StaleAnswer
from survey.current import database, now
from survey.locale import language
from survey.models import Invitation
from survey.offline.desks import Desk, HerDesk
from survey.offline.forms import DecisionForm, UploadForm, Waiting, digest_of, sealed
from survey.offline.instructions import about, owner_of
from survey.offline.operations import AnsweredMeanwhile, store_answers
from survey.offline.queries import find_last_read, load_state
from survey.security import site_link, site_settings
from survey.spreadsheet import faults
from survey.spreadsheet.answers import Change, Key, Line, changes_of
from survey.spreadsheet.faults import FaultyFile
from survey.spreadsheet.reading import read_questionnaire
from survey.spreadsheet.tongues import tongues
from survey.spreadsheet.unpacking import unpack
from survey.spreadsheet.wording import Glossary
from survey.spreadsheet.writing import write_questionnaire
from survey.store.scale import load_scale

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def questionnaire_page(desk: Desk) -> ResponseReturnValue:
    """The download, the upload, and what was last read."""
    with database().reading() as session:
        invitation = desk.invitation(session)
        if (elsewhere := _elsewhere(desk, invitation)) is not None:
            return elsewhere
        return _page(desk, session, invitation, UploadForm(formdata=None))


def questionnaire_file(desk: Desk) -> ResponseReturnValue:
    """The workbook, with the answers that are stored."""
    with database().reading() as session:
        invitation = desk.invitation(session)
        if (elsewhere := _elsewhere(desk, invitation)) is not None:
            return elsewhere
        state, expert = load_state(session, invitation), invitation.expert
        if not state.fits_a_sheet:
            return redirect(desk.url("questionnaire"))
        spoken = tongues(desk.language(invitation), load_scale(session, expert.study_id))
        own, glossary = spoken[0], Glossary(state.questionnaire, spoken)
        content = write_questionnaire(
            state.questionnaire,
            state.versions,
            about(invitation, state.questionnaire, own, site_link("offline.questionnaire")),
            own,
            glossary.labels[own.code],
        )
        name = f"{expert.study.code}-{expert.code}.xlsx"
    response = Response(content, mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def take_in(desk: Desk) -> ResponseReturnValue:
    """Read a file and store all that it says; or nothing, and say why."""
    form = UploadForm()
    content = form.content()
    with database().reading() as session:
        invitation = desk.invitation(session)
        if invitation.round.state != "open":
            desk.refuse(invitation)
        if not load_state(session, invitation).fits_a_sheet:
            return _page(desk, session, invitation, form), 409
        if content is None:
            form.questionnaire.errors = [gettext("Choose a file.")]
            return _page(desk, session, invitation, form), 422
        try:
            filled = _read(session, invitation, content)
        except FaultyFile as error:
            return _faulty_page(desk, session, invitation, error), 422
        method = invitation.method
    return _store(desk, filled, digest_of(content), method)


def decide(desk: Desk) -> ResponseReturnValue:
    """Store what was decided about a file that was older than what is stored."""
    form = DecisionForm()
    with database().reading() as session:
        invitation = desk.invitation(session)
        if invitation.round.state != "open":
            desk.refuse(invitation)
        waiting = form.content(site_settings().secret_key, _place(invitation))
        method = invitation.method
        if not form.validate() or waiting is None:
            form = UploadForm(formdata=None)
            form.questionnaire.errors = [gettext("That was too long ago. Choose the file again.")]
            return _page(desk, session, invitation, form), 422
    return _store(desk, waiting.decided(form.store.data), waiting.digest, method)


def _elsewhere(desk: Desk, invitation: Invitation) -> ResponseReturnValue | None:
    """Where to go while nobody can answer; the author may look before the round opens."""
    state = invitation.round.state
    if isinstance(desk, HerDesk):
        return None if state == "open" else redirect(url_for("answering.overview"))
    if state == "closed":
        desk.refuse(invitation)
    return None


def _read(session: Session, invitation: Invitation, content: bytes) -> dict[Key, Line]:
    state = load_state(session, invitation)
    own = load_scale(session, invitation.expert.study_id)
    glossary = Glossary(state.questionnaire, tongues(language().code, own))
    return read_questionnaire(unpack(content), glossary, owner_of(invitation))


def _place(invitation: Invitation) -> str:
    """What a file that waits is about: in another way of answering it would mean other things."""
    return f"invitation {invitation.id} {invitation.method}"


def _store(desk: Desk, filled: Mapping[Key, Line], digest: str, method: str) -> ResponseReturnValue:
    try:
        with database().writing() as session:
            invitation, actor = desk.held(session)
            if invitation.method != method:
                abort(409)
            store_answers(session, invitation, filled, digest, actor, now())
    except (AnsweredMeanwhile, StaleAnswer):
        with database().reading() as session:
            invitation = desk.invitation(session)
            return _differing_page(desk, session, invitation, filled, digest), 409
    return redirect(desk.url("questionnaire"), 303)


def _page(desk: Desk, session: Session, invitation: Invitation, form: UploadForm) -> str:
    return _shown(
        "questionnaire",
        desk,
        session,
        invitation,
        form=form,
        last=find_last_read(session, invitation),
    )


def _faulty_page(desk: Desk, session: Session, invitation: Invitation, error: FaultyFile) -> str:
    listed = error.faults[: faults.SHOWN]
    return _shown(
        "faulty",
        desk,
        session,
        invitation,
        form=UploadForm(formdata=None),
        faults=[(faults.place(f, gettext), faults.sentence(f, gettext)) for f in listed],
        count=len(error.faults),
    )


def _differing_page(
    desk: Desk,
    session: Session,
    invitation: Invitation,
    filled: Mapping[Key, Line],
    digest: str,
) -> str:
    state = load_state(session, invitation)
    changes: list[Change] = list(changes_of(filled, state.stored, state.versions))
    waiting = Waiting.of(filled, digest, changes)
    return _shown(
        "differing",
        desk,
        session,
        invitation,
        differing=[change for change in changes if change.stale],
        others=sum(not change.stale for change in changes),
        waiting=sealed(site_settings().secret_key, _place(invitation), waiting),
    )


def _shown(name: str, desk: Desk, session: Session, invitation: Invitation, **more: Any) -> str:
    state = load_state(session, invitation)
    return page(
        f"offline/{name}",
        invitation,
        layout=desk.layout,
        here="panel",
        desk=desk,
        for_herself=isinstance(desk, HerDesk),
        questionnaire=state.questionnaire,
        fits_a_sheet=state.fits_a_sheet,
        **more,
    )

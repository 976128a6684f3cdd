"""Pages to download and upload a questionnaire, for the expert or the author."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from flask import abort, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.asking.questionnaire import Questionnaire
from survey.asking.questions import load_questionnaire
from survey.asking.saves import StaleAnswer
from survey.desk.forms import DecisionForm, QuestionnaireForm, Waiting, digest_of, sealed
from survey.desk.operations import AnsweredMeanwhile, store_answers
from survey.desk.queries import find_last_read, load_state, occasion_of
from survey.files.questionnaire import faults
from survey.files.questionnaire.answers import Change, Key, Line, changes_of
from survey.files.questionnaire.faults import FaultyFile
from survey.files.questionnaire.instructions import about
from survey.files.questionnaire.reading import read_questionnaire
from survey.files.questionnaire.tongues import tongues
from survey.files.questionnaire.unpacking import NoTurn, unpack
from survey.files.questionnaire.wording import Glossary
from survey.files.questionnaire.writing import write_questionnaire
from survey.models import Invitation
from survey.store.scale import load_scale
from survey.values import By
from survey.web.addresses import questionnaire_link
from survey.web.current import database, now
from survey.web.errors import RETRY_AFTER
from survey.web.locale import language
from survey.web.responses import attached
from survey.web.security import site_settings


class Desk(Protocol):
    """Interface of the pages: whose questionnaire, who uploads it, and the addresses."""

    #: The template that its pages extend.
    layout: ClassVar[str]
    #: Whether the stored answers are hidden: before the close, only the expert sees them.
    blind: ClassVar[bool]

    def invitation(self, session: Session) -> Invitation:
        """Return the expert's invitation whose questionnaire it is."""

    def open_invitation(self, session: Session) -> Invitation:
        """Return the invitation while the round takes answers; else raise a refusal."""

    def held(self, session: Session) -> tuple[Invitation, str]:
        """Return the invitation within a write, and the actor: empty for the expert."""

    def language(self, invitation: Invitation) -> str:
        """Return the language in which the file is written."""

    def elsewhere(self, invitation: Invitation) -> ResponseReturnValue | None:
        """Return a redirect if there is nothing to fill in, else None."""

    def url(self, endpoint: str) -> str:
        """Return the address of one of the pages."""

    def back(self) -> str:
        """Return the address of the page before this one."""


def questionnaire(desk: Desk) -> ResponseReturnValue:
    """Show the download, the upload and the result of the last upload."""
    with database().reading() as session:
        invitation = desk.invitation(session)
        if (elsewhere := desk.elsewhere(invitation)) is not None:
            return elsewhere
        return _page(desk, session, invitation, QuestionnaireForm(formdata=None))


def workbook(desk: Desk) -> ResponseReturnValue:
    """Send the questions with the answers so far, to be filled in offline."""
    with database().reading() as session:
        invitation = desk.invitation(session)
        if (elsewhere := desk.elsewhere(invitation)) is not None:
            return elsewhere
        state = load_state(session, invitation, blind=desk.blind)
        occasion = occasion_of(invitation)
        scale = load_scale(session, invitation.expert.study_id)
        unit = invitation.expert.study.unit
        code = desk.language(invitation)
    if not state.questionnaire.fits_a_sheet:
        return redirect(desk.url("questionnaire"))
    glossary = Glossary(state.questionnaire, tongues(code, scale, unit))
    own = glossary.tongues[0]
    content = write_questionnaire(
        state.questionnaire,
        {} if desk.blind else state.versions,
        about(occasion, state.questionnaire, own, questionnaire_link()),
        own,
        glossary.labels[own.code],
    )
    return attached(content, f"{occasion.study}-{occasion.expert}.xlsx")


def upload(desk: Desk) -> ResponseReturnValue:
    """Store all answers of the file, or show errors or newer answers, storing none."""
    form = QuestionnaireForm()
    content = form.content()
    with database().reading() as session:
        invitation = desk.open_invitation(session)
        asked = load_questionnaire(session, invitation, blank=desk.blind)
        if not asked.fits_a_sheet:
            return _page(desk, session, invitation, form), 409
        if content is None:
            return _refused(desk, session, invitation, gettext("Choose a file.")), 422
        scale = load_scale(session, invitation.expert.study_id)
        owner, kind = occasion_of(invitation).owner, invitation.kind
    return _take_in(desk, content, Glossary(asked, tongues(language().code, scale)), owner, kind)


def undecided(desk: Desk) -> ResponseReturnValue:
    """Redirect a reload of a form's answer to the questionnaire."""
    return redirect(desk.url("questionnaire"), 303)


def decided(desk: Desk) -> ResponseReturnValue:
    """Store the chosen answers of a file that is older than the stored answers."""
    form = DecisionForm()
    with database().reading() as session:
        invitation = desk.open_invitation(session)
        waiting = form.content(site_settings().secret_key, _place(invitation))
        kind = invitation.kind
        if not form.validate() or waiting is None:
            why = gettext("The checked file has expired. Choose it again.")
            return _refused(desk, session, invitation, why), 422
    return _store(desk, waiting.decided(form.store.data), waiting.digest, kind)


def _take_in(
    desk: Desk, content: bytes, glossary: Glossary, owner: str, kind: str
) -> ResponseReturnValue:
    try:
        sheets = unpack(content)  # slow, so no session is open here
        filled = read_questionnaire(sheets, glossary, owner)
    except NoTurn:
        return _busy_page(desk), 503, {"Retry-After": RETRY_AFTER}
    except FaultyFile as error:
        return _faulty_page(desk, error), 422
    return _store(desk, filled, digest_of(content), kind)


def _place(invitation: Invitation) -> str:
    """Return the purpose of a token: with another way of answering it would not apply."""
    return f"invitation {invitation.id} {invitation.kind}"


def _store(desk: Desk, filled: Mapping[Key, Line], digest: str, kind: str) -> ResponseReturnValue:
    try:
        with database().writing() as session:
            invitation, actor = desk.held(session)
            if invitation.kind != kind:
                abort(409)
            store_answers(session, invitation, filled, digest, By(actor, now()))
    except (AnsweredMeanwhile, StaleAnswer):
        with database().reading() as session:
            invitation = desk.invitation(session)
            return _differing_page(desk, session, invitation, filled, digest), 409
    return redirect(desk.url("questionnaire"), 303)


def _page(desk: Desk, session: Session, invitation: Invitation, form: QuestionnaireForm) -> str:
    asked = load_questionnaire(session, invitation, blank=desk.blind)
    last = find_last_read(session, invitation)
    return _shown("questionnaire", desk, invitation, asked, form=form, last=last)


def _refused(desk: Desk, session: Session, invitation: Invitation, why: str) -> str:
    form = QuestionnaireForm(formdata=None)
    form.questionnaire.errors = [why]
    return _page(desk, session, invitation, form)


def _busy_page(desk: Desk) -> str:
    why = gettext(
        "The server is busy with other files. Nothing was saved. Choose the file again in a few "
        "seconds."
    )
    with database().reading() as session:
        return _refused(desk, session, desk.open_invitation(session), why)


def _faulty_page(desk: Desk, error: FaultyFile) -> str:
    listed = error.faults[: faults.SHOWN]
    with database().reading() as session:
        invitation = desk.open_invitation(session)
        return _shown(
            "faulty",
            desk,
            invitation,
            load_questionnaire(session, invitation, blank=desk.blind),
            form=QuestionnaireForm(formdata=None),
            faults=[(faults.place(f, gettext), faults.sentence(f, gettext)) for f in listed],
            count=len(error.faults),
            more=len(error.faults) - len(listed),
        )


def _differing_page(
    desk: Desk,
    session: Session,
    invitation: Invitation,
    filled: Mapping[Key, Line],
    digest: str,
) -> str:
    state = load_state(session, invitation, blind=desk.blind)
    changes: list[Change] = list(changes_of(filled, state.stored, state.shown))
    waiting = Waiting.of(filled, digest, changes)
    return _shown(
        "differing",
        desk,
        invitation,
        state.questionnaire,
        differing=[change for change in changes if change.stale],
        others=sum(change.count for change in changes if not change.stale),
        waiting=sealed(site_settings().secret_key, _place(invitation), waiting),
    )


def _shown(
    name: str, desk: Desk, invitation: Invitation, questionnaire: Questionnaire, **more: Any
) -> str:
    return render_template(
        f"desk/{name}.html",
        invitation=invitation,
        study=invitation.expert.study,
        round=invitation.round,
        layout=desk.layout,
        here="panel",
        desk=desk,
        for_herself=not desk.blind,
        questionnaire=questionnaire,
        **more,
    )

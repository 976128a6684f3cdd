"""Views to download and upload an expert's own questionnaire as a spreadsheet."""

from dataclasses import dataclass
from typing import ClassVar

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.questionnaire import Questionnaire
from survey.asking.saves import RoundClosed
from survey.desk import pages
from survey.experts.pages import answering_expert, answering_expert_in_write, onward, trip
from survey.models import Invitation
from survey.web.locale import language

bp = trip("offline", __name__)


@bp.get("/questionnaire")
def questionnaire() -> ResponseReturnValue:
    """Show the download, the upload and the result of the last upload."""
    return pages.questionnaire(ExpertsDesk())


@bp.get("/questionnaire.xlsx")
def workbook() -> ResponseReturnValue:
    """Send the questionnaire as a spreadsheet that can be filled in offline."""
    return pages.workbook(ExpertsDesk())


@bp.post("/questionnaire")
def upload() -> ResponseReturnValue:
    """Store all answers of the file, or none."""
    return pages.upload(ExpertsDesk())


@bp.get("/questionnaire/decide")
def undecided() -> ResponseReturnValue:
    """Redirect a reload of a form's answer to the questionnaire."""
    return pages.undecided(ExpertsDesk())


@bp.post("/questionnaire/decide")
def decided() -> ResponseReturnValue:
    """Store the chosen answers of a file that is older than the stored answers."""
    return pages.decided(ExpertsDesk())


@dataclass(frozen=True)
class ExpertsDesk:
    """Desk for an expert who uploads their own questionnaire."""

    layout: ClassVar[str] = "experts/page.html"
    blind: ClassVar[bool] = False

    def invitation(self, session: Session) -> Invitation:
        return answering_expert(session)

    def open_invitation(self, session: Session) -> Invitation:
        invitation = answering_expert(session)
        if invitation.round.state != "open":
            raise RoundClosed
        return invitation

    def held(self, session: Session) -> tuple[Invitation, str]:
        return answering_expert_in_write(session), ""

    def language(self, invitation: Invitation) -> str:
        return language().code

    def elsewhere(self, invitation: Invitation) -> ResponseReturnValue | None:
        is_open = invitation.round.state == "open"
        return None if is_open else redirect(url_for("pairs.overview"))

    def url(self, endpoint: str) -> str:
        return url_for(f"offline.{endpoint}")

    def back(self) -> str:
        return url_for("pairs.overview")

    def onward(self, questionnaire: Questionnaire) -> str:
        """Return the address of the first open question or, without one, of the weights."""
        return onward(questionnaire)

"""Views to download and upload an expert's questionnaire as the author."""

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.saves import RoundClosed, hold_answers, seat_of
from survey.authors.questionnaire.queries import find_last_invitation
from survey.desk import pages
from survey.models import Invitation, Study
from survey.store.rounds import WrongState
from survey.web.current import actor_of, changing_study, require_own_study
from survey.web.errors import show_wrong_state
from survey.web.locale import LANGUAGES, SOURCE

bp = Blueprint("questionnaire", __name__, url_prefix="/author/studies/<code>/experts/<expert_code>")


@bp.get("/questionnaire")
def questionnaire(code: str, expert_code: str) -> ResponseReturnValue:
    """Show the download, the upload and the result of the last upload."""
    return pages.questionnaire(AuthorsDesk(code, expert_code))


@bp.get("/questionnaire.xlsx")
def workbook(code: str, expert_code: str) -> ResponseReturnValue:
    """Send the questionnaire as a spreadsheet that can be filled in offline."""
    return pages.workbook(AuthorsDesk(code, expert_code))


@bp.post("/questionnaire")
def upload(code: str, expert_code: str) -> ResponseReturnValue:
    """Store all answers of the file, or none."""
    return pages.upload(AuthorsDesk(code, expert_code))


@bp.get("/questionnaire/decide")
def undecided(code: str, expert_code: str) -> ResponseReturnValue:
    """Redirect a reload of a form's answer to the questionnaire."""
    return pages.undecided(AuthorsDesk(code, expert_code))


@bp.post("/questionnaire/decide")
def decided(code: str, expert_code: str) -> ResponseReturnValue:
    """Store the chosen answers of a file that is older than the stored answers."""
    return pages.decided(AuthorsDesk(code, expert_code))


@bp.errorhandler(RoundClosed)
def closed(_error: RoundClosed) -> tuple[str, int]:
    """Tell the author that the round closed before the upload was stored."""
    return show_wrong_state(WrongState("closed"))


@dataclass(frozen=True)
class AuthorsDesk:
    """Desk for an author who uploads the questionnaire of an expert."""

    code: str
    expert_code: str

    layout: ClassVar[str] = "authors/page.html"
    blind: ClassVar[bool] = True

    def invitation(self, session: Session) -> Invitation:
        return self._find(session, require_own_study(session, self.code))

    def open_invitation(self, session: Session) -> Invitation:
        invitation = self.invitation(session)
        if invitation.round.state != "open":
            raise WrongState(invitation.round.state)
        return invitation

    def held(self, session: Session) -> tuple[Invitation, str]:
        study = changing_study(session, self.code)
        hold_answers(session, seat_of(self._find(session, study)))
        return self._find(session, study), actor_of(study)  # the expert may have withdrawn since

    def _find(self, session: Session, study: Study) -> Invitation:
        """Return the latest invitation; an expert who withdrew returns only by their link."""
        invitation = find_last_invitation(session, study, self.expert_code)
        if invitation is None or invitation.withdrew_at is not None:
            abort(404)
        return invitation

    def language(self, invitation: Invitation) -> str:
        code = invitation.expert.language
        return code if code in [spoken.code for spoken in LANGUAGES] else SOURCE

    def elsewhere(self, invitation: Invitation) -> ResponseReturnValue | None:
        """Return None: an author may look before the round opens."""
        if invitation.round.state == "closed":
            raise WrongState("closed")
        return None

    def url(self, endpoint: str) -> str:
        return url_for(f"questionnaire.{endpoint}", code=self.code, expert_code=self.expert_code)

    def back(self) -> str:
        return url_for("panel.expert", code=self.code, expert_code=self.expert_code)

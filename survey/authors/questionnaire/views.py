"""An expert's questionnaire as a spreadsheet, handed in by the author."""

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
    """Show the download, the upload, and what was last read."""
    return pages.questionnaire(AuthorsDesk(code, expert_code))


@bp.get("/questionnaire.xlsx")
def workbook(code: str, expert_code: str) -> ResponseReturnValue:
    """Send the questions as a file that can be filled in anywhere."""
    return pages.workbook(AuthorsDesk(code, expert_code))


@bp.post("/questionnaire")
def upload(code: str, expert_code: str) -> ResponseReturnValue:
    """Store all that the file says, or nothing."""
    return pages.upload(AuthorsDesk(code, expert_code))


@bp.get("/questionnaire/decide")
def undecided(code: str, expert_code: str) -> ResponseReturnValue:
    """Redirect a reload of a form's answer to the questionnaire."""
    return pages.undecided(AuthorsDesk(code, expert_code))


@bp.post("/questionnaire/decide")
def decided(code: str, expert_code: str) -> ResponseReturnValue:
    """Store what should stand, of a file that is older than what is stored."""
    return pages.decided(AuthorsDesk(code, expert_code))


@bp.errorhandler(RoundClosed)
def closed(_error: RoundClosed) -> tuple[str, int]:
    """Say that the round closed while the file was on its way."""
    return show_wrong_state(WrongState("closed"))


@dataclass(frozen=True)
class AuthorsDesk:
    """The console, for an expert of one of the author's studies."""

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
        """Return the latest; an expert who withdrew comes back only by their own link."""
        found = find_last_invitation(session, study, self.expert_code)
        if found is None or found.withdrew_at is not None:
            abort(404)
        return found

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

"""Who hands a questionnaire in: the expert herself, or the author for her."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from flask import abort, url_for
from sqlalchemy.orm import Session

from survey.asking.pages import answering_expert, answering_expert_in_write
from survey.asking.saves import RoundClosed, hold_answers, seat_of
from survey.current import actor_of, changing_study, require_own_study
from survey.locale import LANGUAGES, SOURCE, language
from survey.models import Invitation, Study
from survey.offline.queries import find_last_invitation
from survey.store.rounds import WrongState


class Desk(Protocol):
    """Where it is handed in: whose it is, who hands it in, and on which pages."""

    #: The template that its pages extend.
    layout: ClassVar[str]

    def invitation(self, session: Session) -> Invitation:
        """Whose questionnaire it is; she may see it."""

    def held(self, session: Session) -> tuple[Invitation, str]:
        """The same within a write, and who writes, where that is not the expert herself."""

    def language(self, invitation: Invitation) -> str:
        """In which language the file is written."""

    def refuse(self, invitation: Invitation) -> None:
        """Say that the round takes no answers."""

    def url(self, endpoint: str) -> str:
        """The address of one of the pages."""


@dataclass(frozen=True)
class HerDesk:
    """The expert's own pages."""

    layout: ClassVar[str] = "asking/page.html"

    def invitation(self, session: Session) -> Invitation:
        return answering_expert(session)

    def held(self, session: Session) -> tuple[Invitation, str]:
        return answering_expert_in_write(session), ""

    def language(self, invitation: Invitation) -> str:
        return language().code

    def refuse(self, invitation: Invitation) -> None:
        raise RoundClosed

    def url(self, endpoint: str) -> str:
        return url_for(f"offline.{endpoint}")


@dataclass(frozen=True)
class AuthorsDesk:
    """The console, for an expert of one of the author's studies."""

    code: str
    expert_code: str

    layout: ClassVar[str] = "authoring/page.html"

    def invitation(self, session: Session) -> Invitation:
        return self._find(session, require_own_study(session, self.code))

    def held(self, session: Session) -> tuple[Invitation, str]:
        study = changing_study(session, self.code)
        hold_answers(session, seat_of(self._find(session, study)))
        return self._find(session, study), actor_of(study)  # she may have withdrawn until then

    def _find(self, session: Session, study: Study) -> Invitation:
        """Her latest; for who withdrew nobody answers again unless she has come back herself."""
        found = find_last_invitation(session, study, self.expert_code)
        if found is None or found.withdrew_at is not None:
            abort(404)
        return found

    def language(self, invitation: Invitation) -> str:
        hers = invitation.expert.language
        return hers if hers in [spoken.code for spoken in LANGUAGES] else SOURCE

    def refuse(self, invitation: Invitation) -> None:
        raise WrongState(invitation.round.state)

    def url(self, endpoint: str) -> str:
        return url_for(f"offline_console.{endpoint}", code=self.code, expert_code=self.expert_code)

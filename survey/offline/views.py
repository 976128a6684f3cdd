"""Her questionnaire as a spreadsheet: out, and back in, by herself or by the author for her."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from survey.asking.pages import trip
from survey.asking.saves import RoundClosed
from survey.errors import show_wrong_state
from survey.offline.desks import AuthorsDesk, HerDesk
from survey.offline.handing import decide, questionnaire_file, questionnaire_page, take_in
from survey.store.rounds import WrongState

bp = trip("offline", __name__)
console = Blueprint(
    "offline_console", __name__, url_prefix="/author/studies/<code>/experts/<expert_code>"
)


@bp.get("/questionnaire")
def questionnaire() -> ResponseReturnValue:
    """The way to answer in a spreadsheet, and what was last read from one."""
    return questionnaire_page(HerDesk())


@bp.get("/questionnaire.xlsx")
def workbook() -> ResponseReturnValue:
    """Her questions with her answers so far, to be filled in anywhere."""
    return questionnaire_file(HerDesk())


@bp.post("/questionnaire")
def upload() -> ResponseReturnValue:
    """Store all that the file says; or say what is wrong, or newer here, and store nothing."""
    return take_in(HerDesk())


@bp.get("/questionnaire/decide")
def undecided() -> ResponseReturnValue:
    """Where she arrives who asks again for the answer to a form."""
    return redirect(HerDesk().url("questionnaire"), 303)


@bp.post("/questionnaire/decide")
def decided() -> ResponseReturnValue:
    """Store what should stand, of a file that is older than what is stored."""
    return decide(HerDesk())


# ---------------------------------------------------------------- the author, for an expert


@console.errorhandler(RoundClosed)
def closed(_error: RoundClosed) -> tuple[str, int]:
    """It closed while the file was on its way."""
    return show_wrong_state(WrongState("closed"))


@console.get("/questionnaire", endpoint="questionnaire")
def console_questionnaire(code: str, expert_code: str) -> ResponseReturnValue:
    """What can be mailed to an expert, and the way back in."""
    return questionnaire_page(AuthorsDesk(code, expert_code))


@console.get("/questionnaire.xlsx", endpoint="workbook")
def console_workbook(code: str, expert_code: str) -> ResponseReturnValue:
    """The questions of an expert in her language, with her answers so far."""
    return questionnaire_file(AuthorsDesk(code, expert_code))


@console.post("/questionnaire", endpoint="upload")
def console_upload(code: str, expert_code: str) -> ResponseReturnValue:
    """Store all that the file says, in the expert's name and with the author's in the journal."""
    return take_in(AuthorsDesk(code, expert_code))


@console.get("/questionnaire/decide", endpoint="undecided")
def console_undecided(code: str, expert_code: str) -> ResponseReturnValue:
    """Where she arrives who asks again for the answer to a form."""
    return redirect(AuthorsDesk(code, expert_code).url("questionnaire"), 303)


@console.post("/questionnaire/decide", endpoint="decided")
def console_decided(code: str, expert_code: str) -> ResponseReturnValue:
    """Store what should stand, of a file that is older than what is stored."""
    return decide(AuthorsDesk(code, expert_code))

"""What the first sheet of a questionnaire says."""

from __future__ import annotations

from collections.abc import Iterator

from survey.asking.questionnaire import Questionnaire
from survey.models import Invitation
from survey.offline.answers import fit_for_a_cell
from survey.offline.wording import Tongue, clean
from survey.offline.writing import LADDERS, About
from survey.values import RATING, text_in
from survey.wording import N_


def owner_of(invitation: Invitation) -> str:
    """Whose questionnaire it is, of which round."""
    expert = invitation.expert
    return f"{expert.study.code}/{expert.code}/{invitation.round.number}"


def about(
    invitation: Invitation, questionnaire: Questionnaire, tongue: Tongue, address: str
) -> About:
    """Who asks whom until when, and how to answer; ``address`` is where the file goes."""
    study = invitation.expert.study
    paragraphs = _paragraphs(invitation, questionnaire, tongue, address)
    return About(
        clean(text_in(study.titles, tongue.code, study.code)),
        [fit_for_a_cell(paragraph) for paragraph in paragraphs],
        owner_of(invitation),
    )


def _paragraphs(
    invitation: Invitation, questionnaire: Questionnaire, tongue: Tongue, address: str
) -> Iterator[str]:
    say, expert, round_ = tongue.say, invitation.expert, invitation.round
    whom = clean(expert.name) or expert.code
    yield say(N_("These are the questions for %(whom)s, round %(number)s.")) % {
        "whom": whom,
        "number": round_.number,
    }
    if expert.study.contact:
        yield say(N_("The author of the study asks: %(contact)s.")) % {
            "contact": expert.study.contact
        }
    if round_.closes_at:
        time = f"{round_.closes_at:%Y-%m-%d %H:%M} UTC"
        yield say(N_("The author plans to close the round on %(time)s.")) % {"time": time}
    else:
        yield say(N_("Until the author closes the round, every answer can be changed."))
    if any(group.method == RATING for group in questionnaire.asking):
        yield say(
            N_(
                "Each sheet is a list. Give everything on it a number from 0 to 10: "
                "twice the number, twice the weight."
            )
        )
    elif any(group.points is not None for group in questionnaire.asking):
        yield say(
            N_(
                "Each sheet is a list. Hand out 100 points among what stands on it: "
                "more points, more weight."
            )
        )
    else:
        yield say(
            N_(
                "Each line sets two things side by side. Choose which of them counts more in the "
                "ranking, and how much more; or that both count the same; "
                "or that you cannot judge."
            )
        )
        yield say(N_("You may add a reason."))
        yield say(_who_reads(expert.study.anonymity))
    yield say(
        N_(
            "Fill in the shaded cells. A line that you leave empty changes nothing. "
            "The sheet “%(sheet)s” says what each rung stands for."
        )
    ) % {"sheet": say(LADDERS)}
    yield say(
        N_(
            "When you are done, save the file as .xlsx. Open your personal link and upload it at "
            "%(address)s, or send it back to whom you have it from."
        )
    ) % {"address": address}
    if notice := text_in(expert.study.notices, tongue.code):
        yield notice


def _who_reads(anonymity: str) -> str:
    if anonymity == "named":
        return N_("In any language. The author reads it, and other experts may, with your name.")
    return N_("In any language. The author reads it; other experts may, without your name.")

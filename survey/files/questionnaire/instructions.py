"""What the first sheet of a questionnaire says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from survey.asking.questionnaire import Questionnaire
from survey.files.questionnaire.answers import fit_for_a_cell
from survey.files.questionnaire.wording import Tongue, clean
from survey.files.questionnaire.writing import LADDERS, About
from survey.values import RATING, Texts, text_in
from survey.values.wording import N_


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who asks whom, in which round of which study, and until when."""

    study: str
    titles: Texts
    notices: Texts
    contact: str
    anonymity: str
    expert: str
    name: str
    round: int
    closes_at: datetime | None

    @property
    def owner(self) -> str:
        """Whose questionnaire it is, as a file's hidden cells say it."""
        return f"{self.study}/{self.expert}/{self.round}"


def about(occasion: Occasion, questionnaire: Questionnaire, tongue: Tongue, address: str) -> About:
    """Who asks whom until when, and how to answer; ``address`` is where the file goes."""
    paragraphs = _paragraphs(occasion, questionnaire, tongue, address)
    return About(
        clean(text_in(occasion.titles, tongue.code, occasion.study)),
        [fit_for_a_cell(paragraph) for paragraph in paragraphs],
        occasion.owner,
    )


def _paragraphs(
    occasion: Occasion, questionnaire: Questionnaire, tongue: Tongue, address: str
) -> Iterator[str]:
    say = tongue.say
    yield say(N_("These are the questions for %(whom)s, round %(number)s.")) % {
        "whom": clean(occasion.name) or occasion.expert,
        "number": occasion.round,
    }
    if occasion.contact:
        yield say(N_("The author of the study asks: %(contact)s.")) % {"contact": occasion.contact}
    if occasion.closes_at:
        time = tongue.moment(occasion.closes_at)
        yield say(N_("The author plans to close the round on %(time)s.")) % {"time": time}
    else:
        yield say(N_("Until the author closes the round, every answer can be changed."))
    yield from map(say, _how(questionnaire, occasion.anonymity))
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
    if notice := text_in(occasion.notices, tongue.code):
        yield notice


def _how(questionnaire: Questionnaire, anonymity: str) -> Iterator[str]:
    """How a sheet is answered, by what is asked."""
    if any(group.method == RATING for group in questionnaire.asking):
        yield N_(
            "Each sheet is a list. Give everything on it a number from 0 to 10: "
            "twice the number, twice the weight."
        )
    elif any(group.points is not None for group in questionnaire.asking):
        yield N_(
            "Each sheet is a list. Hand out 100 points among what stands on it: "
            "more points, more weight."
        )
    else:
        yield N_(
            "Each line sets two things side by side. Choose which of them counts more in the "
            "ranking, and how much more; or that both count the same; "
            "or that you cannot judge."
        )
        yield N_("You may add a reason.")
        yield _who_reads(anonymity)


def _who_reads(anonymity: str) -> str:
    if anonymity == "named":
        return N_("In any language. The author reads it, and other experts may, with your name.")
    return N_("In any language. The author reads it; other experts may, without your name.")

"""Instructions on the first sheet of a questionnaire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from survey.asking.questionnaire import Questionnaire
from survey.files.questionnaire.answers import fit_for_a_cell
from survey.files.questionnaire.wording import Tongue, clean
from survey.files.questionnaire.writing import LADDERS, Cover
from survey.values import RATING, Texts, text_in
from survey.values.wording import N_, filled


@dataclass(frozen=True, slots=True)
class Occasion:
    """Study, expert, round and deadline of a questionnaire."""

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
        """Study, expert and round, as written in a file's hidden cells."""
        return f"{self.study}/{self.expert}/{self.round}"


def about(occasion: Occasion, questionnaire: Questionnaire, tongue: Tongue, address: str) -> Cover:
    """Return the first sheet's text; ``address`` is where the file is uploaded."""
    paragraphs = _paragraphs(occasion, questionnaire, tongue, address)
    return Cover(
        clean(text_in(occasion.titles, tongue.code, occasion.study)),
        [fit_for_a_cell(paragraph) for paragraph in paragraphs],
        occasion.owner,
    )


def _paragraphs(
    occasion: Occasion, questionnaire: Questionnaire, tongue: Tongue, address: str
) -> Iterator[str]:
    say = tongue.say
    yield filled(
        say(N_("These are the questions for %(whom)s, round %(number)s.")),
        {"whom": clean(occasion.name) or occasion.expert, "number": occasion.round},
    )
    if occasion.contact:
        contact = say(N_("Author of the study: %(contact)s."))
        yield filled(contact, {"contact": occasion.contact})
    if occasion.closes_at:
        time = tongue.moment(occasion.closes_at)
        yield say(N_("The author plans to close the round on %(time)s.")) % {"time": time}
    else:
        yield say(N_("Until the author closes the round, every answer can be changed."))
    yield from map(say, _how(questionnaire, occasion.anonymity))
    yield say(
        N_(
            "Fill in the shaded cells. A row that you leave empty changes nothing. The sheet "
            "“%(sheet)s” explains each rung."
        )
    ) % {"sheet": say(LADDERS)}
    # No marks around an address: it is copied from here, and would take them along.
    yield say(
        N_(
            "When you have finished, save the file as .xlsx. Open your personal link and upload "
            "the file at %(address)s, or return it to the person who sent it to you."
        )
    ) % {"address": address}
    if notice := text_in(occasion.notices, tongue.code):
        yield notice


def _how(questionnaire: Questionnaire, anonymity: str) -> Iterator[str]:
    """Yield the instructions for the ways of answering in this questionnaire."""
    if any(group.kind == RATING for group in questionnaire.asking):
        yield N_(
            "Each sheet is a list. Give every item a number from 0 to 10. Twice the number means "
            "twice the weight."
        )
    elif any(group.points is not None for group in questionnaire.asking):
        yield N_(
            "Each sheet is a list. Divide 100 points among its items. More points, more weight."
        )
    else:
        yield N_(
            "Each row compares two items. Choose which should count more in the ranking and how "
            "much more, or choose “Both count the same” or “I cannot judge this pair”."
        )
        yield N_("You may add a reason.")
        yield _who_reads(anonymity)


def _who_reads(anonymity: str) -> str:
    if anonymity == "named":
        return N_(
            "Write in any language. The author sees it, and other experts may see it with "
            "your name."
        )
    return N_(
        "Write in any language. The author sees it; other experts may see it without your name."
    )

"""Forms for a new round and for the settings of a round."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from survey.values import (
    BEST_WORST,
    DIRECT,
    FEWEST_EXPERTS,
    FIXED,
    FULL,
    PAIRWISE,
    RANDOM,
    RATING,
    SHORT,
)
from survey.values.response import KEEP_ANSWERS, LEAVE_OUT_SILENT
from survey.web.fields import WholeNumberField

EVERYTHING, TARGETED = "everything", "targeted"
MOST_ROUNDS = 99
MOST_EXPERTS = 9999


class PlanningForm(FlaskForm):
    """Form for the number of rounds that the author plans."""

    #: Number of the current round, the least possible value.
    number = 1
    planned = WholeNumberField(
        _l("How many rounds are planned in all?"),
        validators=[Optional()],
        render_kw={"inputmode": "numeric", "max": MOST_ROUNDS},
    )

    def in_round(self, number: int) -> Self:
        self.number = number
        self.planned.render_kw = {**self.planned.render_kw, "min": number}
        return self

    def validate_planned(self, field: WholeNumberField) -> None:
        if field.data is not None and not self.number <= field.data <= MOST_ROUNDS:
            raise ValidationError(
                gettext(
                    "Enter a number from %(least)s to %(most)s.",
                    least=self.number,
                    most=MOST_ROUNDS,
                )
            )


class SilenceForm(PlanningForm):
    """Form for the rule for silence of a round, and its minimum response."""

    silence = RadioField(
        _l("What counts for an expert who does not answer again?"),
        choices=[
            SelectChoice(
                KEEP_ANSWERS,
                _l("Their answers of the round before count as they were."),
            ),
            SelectChoice(
                LEAVE_OUT_SILENT,
                _l(
                    "None of their answers counts in this round. If an expert answers only a part, "
                    "their other answers count as they were."
                ),
            ),
        ],
        default=KEEP_ANSWERS,
    )
    least_response = WholeNumberField(
        _l("How many experts should answer at least?"),
        validators=[Optional(), NumberRange(min=0, max=MOST_EXPERTS)],
        default=FEWEST_EXPERTS,
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_EXPERTS},
    )


class RoundForm(SilenceForm):
    """Form for another round: whom it invites and what it asks."""

    asks = RadioField(
        _l("What is asked?"),
        choices=[
            SelectChoice(EVERYTHING, _l("Everything again.")),
            SelectChoice(
                TARGETED,
                _l(
                    "Experts who have answered get at most six questions, where a second look can "
                    "matter. Other answers carry over."
                ),
            ),
        ],
        default=EVERYTHING,
    )
    experts = SelectMultipleField(_l("Who is invited?"))

    def offer(self, number: int, experts: Iterable[str]) -> "RoundForm":
        """Ask about the round of this number, to which these experts may be invited."""
        self.experts.choices = [SelectChoice(code) for code in experts]
        return self.in_round(number)

    @property
    def targeted(self) -> bool:
        return bool(self.asks.data == TARGETED)


class AskingForm(SilenceForm):
    """Form for how a round is asked, fixed when it opens, and for its planned end."""

    form = RadioField(
        _l("How much is asked?"),
        choices=[
            SelectChoice(FULL, _l("Every pair of each group.")),
            SelectChoice(
                SHORT, _l("Short questionnaire: in large groups, only the most informative pairs.")
            ),
        ],
    )
    order = RadioField(
        _l("In which order?"),
        choices=[
            SelectChoice(RANDOM, _l("For each expert another, and the sides of a pair too.")),
            SelectChoice(FIXED, _l("The order of the study, for all experts.")),
        ],
    )
    kinds = SelectMultipleField(
        _l("Among which ways to answer may every expert choose?"),
        choices=[
            SelectChoice(PAIRWISE, _l("Pairwise")),
            SelectChoice(DIRECT, _l("With 100 points")),
            SelectChoice(BEST_WORST, _l("Most and least")),
            SelectChoice(RATING, _l("With ratings from 0 to 10")),
        ],
    )
    closes_at = DateTimeLocalField(
        _l("When do you plan to close it? (UTC)"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        validators=[Optional()],
    )

    @property
    def planned_end(self) -> datetime | None:
        local: datetime | None = self.closes_at.data
        return local.replace(tzinfo=UTC) if local else None

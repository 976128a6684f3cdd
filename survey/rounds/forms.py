"""Whom an author asks again."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import NumberRange, Optional

EVERYTHING, TARGETED = "everything", "targeted"


class RoundForm(FlaskForm):
    """Who is to be invited to a further round, and what it asks."""

    asks = RadioField(
        _l("What is asked?"),
        choices=[
            SelectChoice(EVERYTHING, _l("Everything again. Only the answers of this round count.")),
            SelectChoice(
                TARGETED,
                _l(
                    "Of each expert only what another look can change, at most six questions. "
                    "Other answers carry over."
                ),
            ),
        ],
        default=EVERYTHING,
    )
    planned = IntegerField(
        _l("How many rounds are planned in all?"),
        validators=[Optional(), NumberRange(1, 99, _l("Write a number from 1 to 99."))],
        render_kw={"inputmode": "numeric", "min": 1, "max": 99},
    )
    experts = SelectMultipleField(_l("Who is invited?"))

    def offer(self, experts: Iterable[str]) -> "RoundForm":
        self.experts.choices = [SelectChoice(code) for code in experts]
        return self

    @property
    def targeted(self) -> bool:
        return bool(self.asks.data == TARGETED)

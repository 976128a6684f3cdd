"""Forms for the answer to a comparison and for abstaining in a group."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Optional

from survey.experts.forms import SHORT_ENOUGH, SaveForm
from survey.values import CANNOT_JUDGE, RATIOS
from survey.values.wording import tidy
from survey.web.fields import WholeNumberField

#: Answers to a comparison: the first counts more, the second, neither, cannot judge.
FIRST, SECOND, SAME, CANNOT = "first", "second", "same", "cannot"


class JudgementForm(SaveForm):
    """Position on Saaty's scale in two fields (side, strength), or why there is none."""

    direction = StringField(
        validators=[
            InputRequired(_l("Choose one of the four answers.")),
            AnyOf((FIRST, SECOND, SAME, CANNOT)),
        ]
    )
    strength = WholeNumberField(validators=[Optional(), AnyOf(RATIOS)])
    why = StringField(validators=[Optional(), AnyOf(CANNOT_JUDGE)])
    reason = TextAreaField(filters=[tidy], validators=[SHORT_ENOUGH])
    #: Set on the page of a whole group, to which the expert then returns.
    stacked = HiddenField()

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.direction.data in (FIRST, SECOND) and self.strength.data is None:
            self.strength.errors = [_l("Choose how much more.")]
            return False
        return valid

    @classmethod
    def of(cls, steps: int | None, reason: str, cannot: str | None) -> "JudgementForm":
        """Return the form filled in from a stored answer; empty if there is none."""
        known = cannot in CANNOT_JUDGE
        return cls(
            data={
                "direction": _direction(steps, cannot),
                "strength": abs(steps) + 1 if steps else None,
                "why": cannot if known else None,
                "reason": reason if known or cannot is None else cannot,
            },
        )

    @property
    def step(self) -> int | None:
        """Steps toward the first (+) or the second (-); None if the expert cannot judge."""
        if self.direction.data == SAME:
            return 0
        if self.direction.data in (FIRST, SECOND) and self.strength.data is not None:
            away_from_equal: int = self.strength.data - 1
            return away_from_equal if self.direction.data == FIRST else -away_from_equal
        return None

    @property
    def cannot(self) -> str | None:
        """Reason for not judging: own words, else one of the four; None if judged."""
        if self.direction.data != CANNOT:
            return None
        return self.reason.data or self.why.data or ""


def _direction(steps: int | None, cannot: str | None) -> str | None:
    if steps is None:
        return None if cannot is None else CANNOT
    return SAME if steps == 0 else FIRST if steps > 0 else SECOND


class GroupAbstentionForm(SaveForm):
    """Form to abstain in a whole group, with a reason, or to undo that."""

    take_back = HiddenField()

    reason = TextAreaField(filters=[tidy], validators=[SHORT_ENOUGH])

    @property
    def takes_back(self) -> bool:
        return bool(self.take_back.data)

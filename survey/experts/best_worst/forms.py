"""Forms for best-worst answers: the two ends and the strengths, as typed values."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import AnyOf, InputRequired

from survey.asking.questionnaire import Question
from survey.experts.forms import SaveForm
from survey.values import LONGEST_REASON, Extremes
from survey.values.wording import tidy

#: Ratios (times as much): 1 is the same.
STRENGTHS = range(1, 10)


class ExtremesForm(SaveForm):
    """Form for the item that counts most and the item that counts least."""

    best = StringField(validators=[InputRequired(_l("Choose the one that counts most."))])
    worst = StringField(validators=[InputRequired(_l("Choose the one that counts least."))])

    def __init__(self, items: Sequence[str], sent: MultiDict[str, str]) -> None:
        super().__init__(sent)
        self.items = items

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        known = AnyOf(self.items)
        valid = bool(super().validate({"best": [known], "worst": [known]}))
        if valid and self.best.data == self.worst.data:
            self.worst.errors = [
                _l("One item cannot count both most and least. Choose two different items.")
            ]
            return False
        return valid


class StarForm(SaveForm):
    """Form for the strength of each answered pair of the star, with its reason."""

    def __init__(
        self, star: Extremes, questions: Sequence[Question], sent: MultiDict[str, str]
    ) -> None:
        super().__init__(sent)
        self.button = sent.get("go", "")
        #: Whether the page asked about another star than the one stored now.
        self.is_of_another = (sent.get("best"), sent.get("worst")) != (star.best, star.worst)
        #: Steps from equal, toward the first of the pair, by comparison id.
        self.steps: dict[int, int] = {}
        for question in questions:
            strength = _strength(sent.get(f"pair-{question.id}", ""))
            if strength is not None:
                is_first = star.heavier(question.first, question.second) == question.first
                self.steps[question.id] = strength - 1 if is_first else 1 - strength
        #: Reasons by comparison id, where the page had a field; empty if the expert gave none.
        self.reasons = {
            question.id: tidy(sent[name])
            for question in questions
            if (name := f"reason-{question.id}") in sent
        }
        self._sent = sum(name.startswith(("pair-", "reason-")) for name in sent)

    @property
    def damaged(self) -> bool:
        """Whether its page cannot have sent this: off the scale, another pair, too long."""
        if super().damaged or self.is_of_another:
            return super().damaged
        too_long = any(len(reason) > LONGEST_REASON for reason in self.reasons.values())
        return too_long or self._sent != len(self.steps) + len(self.reasons)


def _strength(text: str) -> int | None:
    return int(text) if text in map(str, STRENGTHS) else None

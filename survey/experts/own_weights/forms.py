"""Form for an expert's review of the weights of one group."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Optional

from survey.experts.forms import SHORT_ENOUGH, SaveForm
from survey.values import LOOKS_RIGHT, OFF
from survey.values.wording import tidy
from survey.web.fields import WholeNumberField

#: Value of the button that shows the comparison of two chosen items again.
PAIR = "pair"


class ReviewForm(SaveForm):
    """Form for the verdict on the weights, its reason, and the page to show next."""

    #: Identifies the answers whose weights the page showed.
    answers = HiddenField(validators=[InputRequired()])
    verdict = StringField(validators=[Optional(), AnyOf((LOOKS_RIGHT, OFF))])
    reason = TextAreaField(filters=[tidy], validators=[SHORT_ENOUGH])
    #: The comparison to look at again.
    again = WholeNumberField(validators=[Optional()])
    one = StringField()
    other = StringField()
    go = StringField()

    @property
    def damaged(self) -> bool:
        odd = self.answers.errors or self.verdict.errors or self.again.errors
        return super().damaged or bool(odd)

    @property
    def wants_pair(self) -> bool:
        return self.again.data is None and self.go.data == PAIR

    @property
    def goes_on(self) -> bool:
        return self.again.data is None and not self.wants_pair

    def ask_for_two(self) -> None:
        self.other.errors = [_l("Choose two that you were asked to compare.")]

"""Form for freezing a consensus."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from survey.reports.panel.consensus import DISCONNECTED_RULES
from survey.values.wording import tidy
from survey.web.fields import WholeNumberField

LONGEST = 200


class FreezeForm(FlaskForm):
    """Form for the name of a weight set and the reason to stop after its round."""

    name = StringField(
        _l("Name of the set"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter a name.")), Length(max=LONGEST)],
    )
    reason = StringField(
        _l("Why you stop after this round"),
        filters=[tidy],
        validators=[DataRequired(_l("Write why you stop.")), Length(max=LONGEST)],
    )
    #: Asked only if fewer experts answered than the round's minimum response.
    below = StringField(
        _l("Why so few answers are enough"),
        filters=[tidy],
        validators=[Length(max=LONGEST)],
    )
    #: Asked only if fewer than three experts judged a group, or changed since a frozen set.
    thin = StringField(
        _l("Why weights of so few experts may be published"),
        filters=[tidy],
        validators=[Length(max=LONGEST)],
    )
    disconnected = HiddenField(validators=[AnyOf(DISCONNECTED_RULES)])
    after = WholeNumberField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])

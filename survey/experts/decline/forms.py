"""Form to decline an invitation."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, TextAreaField

from survey.experts.forms import SHORT_ENOUGH
from survey.values.wording import tidy


class DeclineForm(Form):
    """Form for a reason and another expert, both optional; the token was checked."""

    reason = TextAreaField(_l("Why? (optional)"), filters=[tidy], validators=[SHORT_ENOUGH])
    suggestion = TextAreaField(
        _l("Whom could we ask instead?"), filters=[tidy], validators=[SHORT_ENOUGH]
    )

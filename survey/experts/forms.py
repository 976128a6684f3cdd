"""Base classes of the expert's forms."""

from flask_babel import lazy_gettext as _l
from flask_wtf.i18n import translations
from wtforms import Form, HiddenField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from survey.values import LONGEST_REASON
from survey.web.fields import WholeNumberField

SHORT_ENOUGH = Length(max=LONGEST_REASON, message=_l("Keep it below 2,000 characters."))


class KeyForm(Form):
    """Form with the key of one save. The CSRF token was checked before any view."""

    class Meta:
        def get_translations(self, form: Form) -> object:
            """Return WTForms' own messages in the language of the page."""
            return translations

    #: Random, one per page: the same save sent twice counts once.
    key = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-zA-Z-]{16,64}$")])

    @property
    def damaged(self) -> bool:
        """Whether no page of this application can have sent this."""
        return bool(self.key.errors)


class SaveForm(KeyForm):
    """Form for one question: the key and the version shown, beside the answer."""

    #: The version that the page showed.
    base = WholeNumberField(validators=[InputRequired(), NumberRange(0, 1_000_000)])

    @property
    def damaged(self) -> bool:
        return super().damaged or bool(self.base.errors)

"""What every form of an expert sends beside its answer."""

from flask_babel import lazy_gettext as _l
from flask_wtf.i18n import translations
from wtforms import Form, HiddenField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from survey.values import LONGEST_REASON

SHORT_ENOUGH = Length(max=LONGEST_REASON, message=_l("Keep it below 2,000 characters."))


class KeyForm(Form):
    """What tells one save from another. The token was checked before any view."""

    class Meta:
        def get_translations(self, form: Form) -> object:
            """WTForms' own words in the language of the page."""
            return translations

    #: Drawn once per page: the same save sent twice counts once.
    key = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-zA-Z-]{16,64}$")])

    @property
    def damaged(self) -> bool:
        """Whether this was not sent by a page of ours."""
        return bool(self.key.errors)


class SaveForm(KeyForm):
    """What every page of one question sends beside its answer."""

    #: The version that the page showed.
    base = IntegerField(validators=[InputRequired(), NumberRange(0, 1_000_000)])

    @property
    def damaged(self) -> bool:
        return super().damaged or bool(self.base.errors)

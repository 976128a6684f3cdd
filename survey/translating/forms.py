"""What an author writes as translations."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from survey.wording import tidy

LONGEST = 4000


class TranslationsForm(FlaskForm):
    """One field for each reason: :func:`translations_form` adds them."""

    def texts(self) -> dict[str, str]:
        return {
            name.removeprefix("text-"): field.data or ""
            for name, field in self._fields.items()
            if name.startswith("text-")
        }


def translations_form(language: str, texts: Iterable[tuple[str, str]]) -> TranslationsForm:
    """The form with these texts, by key; ``language`` is the one translated into."""
    fields: dict[str, Any] = {
        f"text-{key}": TextAreaField(
            _l("Your translation"),
            default=text,
            filters=[tidy],
            validators=[Length(max=LONGEST, message=_l("Please keep it below 4,000 characters."))],
            render_kw={"lang": language, "dir": "auto", "rows": 2},
        )
        for key, text in texts
    }
    form: type[TranslationsForm] = type("RoundTranslationsForm", (TranslationsForm,), fields)
    return form()

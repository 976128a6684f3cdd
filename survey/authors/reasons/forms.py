"""Form for an author's translations."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from survey.values.wording import tidy

LONGEST = 4000


class TranslationsForm(FlaskForm):
    """Form with a text and the version shown for each reason.

    :func:`translations_form` adds the fields.
    """

    def texts(self) -> dict[str, str]:
        return self._sent("text-")

    def shown(self) -> dict[str, str]:
        return self._sent("shown-")

    def _sent(self, stem: str) -> dict[str, str]:
        return {
            name.removeprefix(stem): field.data or ""
            for name, field in self._fields.items()
            if name.startswith(stem)
        }


def translations_form(language: str, texts: Iterable[tuple[str, str, str]]) -> TranslationsForm:
    """Return the form for these (key, text, version); ``language`` is translated into."""
    fields: dict[str, Any] = {}
    for key, text, version in texts:
        fields[f"shown-{key}"] = HiddenField(default=version)
        fields[f"text-{key}"] = TextAreaField(
            _l("Your translation"),
            default=text,
            filters=[tidy],
            validators=[Length(max=LONGEST, message=_l("Keep it below 4,000 characters."))],
            render_kw={"lang": language, "dir": "auto", "rows": 2},
        )
    form: type[TranslationsForm] = type("RoundTranslationsForm", (TranslationsForm,), fields)
    return form()


def keys_of(sent: Iterable[str]) -> frozenset[str]:
    """Return the keys of the reasons that were sent, from the names of the fields."""
    return frozenset(name.removeprefix("text-") for name in sent if name.startswith("text-"))

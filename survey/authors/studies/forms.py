"""Forms to upload a study and for its settings."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Length

from survey.values import EXPERTS, NAMED, Texts
from survey.values.wording import tidy
from survey.web.responses import accepting

LONGEST_TITLE = 200
LONGEST_NOTICE = 2000


class StudyFolderForm(FlaskForm):
    """Form to upload a study folder as one archive."""

    study = FileField(
        _l("Study folder, as .zip"),
        validators=[FileRequired(_l("Choose the .zip file of a study folder."))],
        render_kw=accepting("zip"),
    )


class SettingsForm(FlaskForm):
    """Form for a study's settings; :func:`settings_form` adds the texts by language."""

    contact = StringField(
        _l("Whom experts may write to"), filters=[tidy], validators=[Length(max=LONGEST_TITLE)]
    )

    anonymity = RadioField(
        _l("Who reads an expert’s name?"),
        choices=[
            SelectChoice(
                EXPERTS,
                _l("Only you. Other experts may see the reasons, but never the name."),
            ),
            SelectChoice(NAMED, _l("You, and other experts where the reasons are shown to them.")),
        ],
    )

    def purposes(self) -> dict[str, str]:
        return self._texts("purpose")

    def titles(self) -> dict[str, str]:
        return self._texts("title")

    def notices(self) -> dict[str, str]:
        return self._texts("notice")

    def texts_fields(self, stem: str) -> list[tuple[str, Any]]:
        """Return the fields of ``stem_xx``, each with its language."""
        return [
            (name.removeprefix(f"{stem}_"), field)
            for name, field in self._fields.items()
            if name.startswith(f"{stem}_")
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Require a title in at least one language."""
        fits = super().validate(extra_validators)
        if not self.titles():
            _language, field = self.texts_fields("title")[0]
            field.errors = (*field.errors, _l("Write a title in one language at least."))
            fits = False
        return bool(fits)

    def _texts(self, stem: str) -> dict[str, str]:
        texts = {code: field.data for code, field in self.texts_fields(stem)}
        return {code: text for code, text in texts.items() if text}


def settings_form(
    languages: dict[str, str],
    titles: Texts,
    notices: Texts,
    purposes: Texts,
    **others: str,
) -> SettingsForm:
    """Return the form with texts in each language; ``languages`` are names by code."""
    fields: dict[str, Any] = {}
    for code, name in languages.items():
        fields[f"title_{code}"] = StringField(
            _l("Title, in %(language)s", language=name),
            default=titles.get(code, ""),
            filters=[tidy],
            validators=[Length(max=LONGEST_TITLE)],
            render_kw={"lang": code, "dir": "auto"},
        )
    for code, name in languages.items():
        fields[f"purpose_{code}"] = _long_text(
            code, _l("Why experts are asked, in %(language)s", language=name), purposes
        )
    for code, name in languages.items():
        fields[f"notice_{code}"] = _long_text(
            code, _l("Notice, in %(language)s", language=name), notices
        )
    form: type[SettingsForm] = type("StudySettingsForm", (SettingsForm,), fields)
    return form(data=None, **others)


def _long_text(code: str, label: str, texts: Texts) -> TextAreaField:
    return TextAreaField(
        label,
        default=texts.get(code, ""),
        filters=[tidy],
        validators=[Length(max=LONGEST_NOTICE)],
        render_kw={"lang": code, "dir": "auto", "rows": 3},
    )

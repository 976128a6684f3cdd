"""What an author fills in."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from survey.folder.sheet import is_code
from survey.values import DIRECT, PAIRWISE, Expert, Texts
from survey.wording import tidy

LONGEST_TITLE = 200
LONGEST_NAME = 100
LONGEST_NOTICE = 2000


class UploadForm(FlaskForm):
    """A study folder as one archive."""

    study = FileField(
        _l("Study folder, as .zip"),
        validators=[FileRequired(_l("Choose the .zip file of a study folder."))],
        render_kw={"accept": ".zip,application/zip"},
    )


class SettingsForm(FlaskForm):
    """What a study says of itself, in several languages: :func:`settings_form` adds the texts."""

    contact = StringField(
        _l("Whom experts may write to"), filters=[tidy], validators=[Length(max=LONGEST_TITLE)]
    )

    def titles(self) -> dict[str, str]:
        return self._texts("title")

    def notices(self) -> dict[str, str]:
        return self._texts("notice")

    def texts_fields(self, stem: str) -> list[tuple[str, Any]]:
        """The fields of ``stem_xx``, each with its language."""
        return [
            (name.removeprefix(f"{stem}_"), field)
            for name, field in self._fields.items()
            if name.startswith(f"{stem}_")
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A study needs a title in one language at least."""
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
    languages: dict[str, str], titles: Texts, notices: Texts, contact: str
) -> SettingsForm:
    """The form with a title and a notice in each language; ``languages`` names them by code."""
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
        fields[f"notice_{code}"] = TextAreaField(
            _l("Notice, in %(language)s", language=name),
            default=notices.get(code, ""),
            filters=[tidy],
            validators=[Length(max=LONGEST_NOTICE)],
            render_kw={"lang": code, "dir": "auto", "rows": 3},
        )
    form: type[SettingsForm] = type("StudySettingsForm", (SettingsForm,), fields)
    return form(data=None, contact=contact)


class ExpertForm(FlaskForm):
    """A new member of the panel; the view fills in what can be chosen."""

    code = StringField(_l("Code"), validators=[InputRequired(_l("Write a code."))])
    name = StringField(_l("Name"), filters=[tidy], validators=[Length(max=LONGEST_NAME)])
    direction = SelectField(_l("Invited for"))
    language = SelectField(_l("Language"))
    method = RadioField(
        _l("How will she answer?"),
        choices=[
            SelectChoice(PAIRWISE, _l("In pairs")),
            SelectChoice(DIRECT, _l("With 100 points")),
        ],
        validators=[InputRequired(_l("Choose how she will answer."))],
    )

    def offer(self, directions: Mapping[str, str], languages: Mapping[str, str]) -> "ExpertForm":
        """The form with these directions and languages, codes by name, to choose from."""
        self.direction.choices = [SelectChoice(*direction) for direction in directions.items()]
        self.language.choices = [SelectChoice(*language) for language in languages.items()]
        return self

    def validate_code(self, field: StringField) -> None:
        field.data = (field.data or "").strip()
        if not is_code(field.data):
            raise ValidationError(
                _l(
                    "A code has at most 64 letters, digits, points, hyphens or underscores, "
                    "and begins with a letter or a digit."
                )
            )

    def expert(self) -> Expert:
        return Expert(
            code=self.code.data or "",
            direction=self.direction.data,
            language=self.language.data,
            method=self.method.data,
            name=self.name.data or "",
        )


ISSUE, REPLACE, REVOKE = "issue", "replace", "revoke"
PAGE, CSV = "page", "csv"


class LinksForm(FlaskForm):
    """What is to happen to personal links."""

    REVOCATION = (
        SelectChoice(REVOKE, _l("Revoke them. All links end at once, with their sessions.")),
    )

    act = RadioField(
        _l("What should happen to the links?"),
        choices=[
            SelectChoice(ISSUE, _l("Issue new ones. Links issued before go on working.")),
            SelectChoice(
                REPLACE, _l("Replace them. Links issued before end at once, with their sessions.")
            ),
            *REVOCATION,
        ],
        default=ISSUE,
    )
    delivery = RadioField(
        _l("How do you want new links?"),
        choices=[SelectChoice(PAGE, _l("On a page")), SelectChoice(CSV, _l("As a CSV file"))],
        default=PAGE,
    )


class RevocationForm(FlaskForm):
    """What can happen to the links of a round that is closed: nobody answers there any more."""

    act = RadioField(
        _l("What should happen to the links?"), choices=LinksForm.REVOCATION, default=REVOKE
    )


class RoundForm(FlaskForm):
    """Who is to be invited to a further round."""

    experts = SelectMultipleField(_l("Who is invited?"))

    def offer(self, experts: Iterable[str]) -> "RoundForm":
        self.experts.choices = [SelectChoice(code) for code in experts]
        return self

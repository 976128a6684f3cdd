"""Forms to add an expert and to change links."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from survey.files.study_folder.sheet import is_code
from survey.values import BEST_WORST, DIRECT, PAIRWISE, RATING, Expert
from survey.values.wording import tidy

LONGEST_NAME = 100


class ExpertForm(FlaskForm):
    """Form for a new expert; the view fills in the choices."""

    code = StringField(_l("Code"), validators=[InputRequired(_l("Enter a code."))])
    name = StringField(_l("Name"), filters=[tidy], validators=[Length(max=LONGEST_NAME)])
    direction = SelectField(_l("Invited for"))
    language = SelectField(_l("Language"))
    kind = RadioField(
        _l("How will the expert answer?"),
        choices=[
            SelectChoice(PAIRWISE, _l("Pairwise")),
            SelectChoice(DIRECT, _l("With 100 points")),
            SelectChoice(BEST_WORST, _l("Most and least")),
            SelectChoice(RATING, _l("With ratings from 0 to 10")),
        ],
        validators=[InputRequired(_l("Choose how the expert will answer."))],
    )

    def offer(self, directions: Mapping[str, str], languages: Mapping[str, str]) -> "ExpertForm":
        """Return the form with these directions and languages, names by code, as choices."""
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
            kind=self.kind.data,
            name=self.name.data or "",
        )


ISSUE, REPLACE, REVOKE = "issue", "replace", "revoke"
PAGE, CSV = "page", "csv"


class LinksForm(FlaskForm):
    """Form to issue, replace or revoke personal links."""

    REVOCATION = (
        SelectChoice(REVOKE, _l("Revoke them. All links end at once, with their sessions.")),
    )

    act = RadioField(
        _l("What should happen to the links?"),
        choices=[
            SelectChoice(ISSUE, _l("Create new links. Earlier links still work.")),
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
    """Form to revoke the links of a closed round, which takes no answers any more."""

    act = RadioField(
        _l("What should happen to the links?"), choices=LinksForm.REVOCATION, default=REVOKE
    )

"""Form for the noun for ranked units, by language and plural form."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from survey.plurals import CITY, category_of, needed_forms
from survey.values import UnitWords
from survey.values.wording import tidy

LONGEST_NOUN = 60
#: Number of examples that explain a plural form.
_EXAMPLES = 4


class UnitForm(FlaskForm):
    """Form for a noun by language and plural form; :func:`unit_form` adds the fields."""

    #: The names of the languages by code.
    languages: Mapping[str, str] = {}
    #: The digest of the words that the page showed.
    shown = HiddenField()

    def fields_of(self, language: str) -> dict[str, Any]:
        """Return the fields of a language, by plural category."""
        return {c: self._fields[f"unit_{language}_{c}"] for c in needed_forms(language)}

    def words(self, stored: UnitWords) -> dict[str, dict[str, str]]:
        """Return the words sent; forms that the page does not ask for stay as stored."""
        words = {}
        for language in self.languages:
            forms = {c: field.data for c, field in self.fields_of(language).items() if field.data}
            if forms:
                words[language] = {**stored.get(language, {}), **forms}
        return words

    def validate(self, extra_validators: Any = None) -> bool:
        """Require all plural forms of a language, or none."""
        fits = bool(super().validate(extra_validators))
        for language, name in self.languages.items():
            fields = self.fields_of(language).values()
            missing = [field for field in fields if not field.data]
            if 0 < len(missing) < len(fields):
                fits = False
                for field in missing:
                    field.errors = (
                        *field.errors,
                        _l(
                            "%(language)s needs this form too: write it, "
                            "or leave all its forms empty.",
                            language=name,
                        ),
                    )
        return fits


def unit_form(languages: Mapping[str, str], unit: UnitWords, shown: str) -> UnitForm:
    """Return the form with the current words; ``languages`` names languages by code."""
    fields: dict[str, Any] = {"languages": languages}
    for code, name in languages.items():
        for category in needed_forms(code):
            fields[f"unit_{code}_{category}"] = StringField(
                _l("%(language)s, for %(numbers)s", language=name, numbers=numbers(code, category)),
                default=unit.get(code, {}).get(category, ""),
                filters=[tidy],
                validators=[Length(max=LONGEST_NOUN)],
                render_kw={
                    "lang": code,
                    "dir": "auto",
                    "maxlength": LONGEST_NOUN,
                    "placeholder": CITY.get(code, {}).get(category, ""),
                },
            )
    form: type[UnitForm] = type("StudyUnitForm", (UnitForm,), fields)
    return form(data={"shown": shown})


def numbers(language: str, category: str) -> str:
    """Return the first numbers of a plural form.

    >>> numbers("ru", "few"), numbers("en", "one"), numbers("en", "other")
    ('2, 3, 4, 22…', '1', '2, 3, 4, 5…')
    """
    taken = (n for n in range(1, 1001) if category_of(language, n) == category)
    first = list(islice(taken, _EXAMPLES + 1))
    return ", ".join(map(str, first[:_EXAMPLES])) + ("…" if len(first) > _EXAMPLES else "")

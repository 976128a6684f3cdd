"""Form for the words of the scale in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from survey.files.study_folder.strengths import find_falls
from survey.values import RATIOS, ScaleWords
from survey.values.wording import tidy
from survey.web.fields import WholeNumberField

LONGEST_WORD = 60


class ScaleForm(FlaskForm):
    """Form with a word for each ratio and its back translation.

    :func:`scale_form` adds the fields, with the version shown of each language's words.
    """

    def base_field(self, language: str) -> Any:
        return self._fields[f"base_{language}"]

    def base(self, language: str) -> int | None:
        """Return the version that the page showed; None if it was not sent."""
        base: int | None = self.base_field(language).data
        return base

    def field(self, stem: str, language: str, ratio: int) -> Any:
        return self._fields[f"{stem}_{language}_{ratio}"]

    def words(self, language: str) -> dict[int, str]:
        return {ratio: self.field("word", language, ratio).data for ratio in RATIOS}

    def back(self, language: str) -> dict[int, str]:
        said = {ratio: self.field("back", language, ratio).data for ratio in RATIOS}
        return {ratio: word for ratio, word in said.items() if word}

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse one word for two ratios of a language: the answer would be ambiguous."""
        fits = bool(super().validate(extra_validators))
        for name, field in self._fields.items():
            stem, _, rest = name.partition("_")
            if stem == "word" and self._said_before(rest, field.data):
                field.errors = (*field.errors, _l("Another step has this word."))
                fits = False
        return self._rises() and fits

    def _rises(self) -> bool:
        """Whether in every language the words, translated back, rise with the ratios."""
        languages = [name.removeprefix("base_") for name in self._fields if name[:5] == "base_"]
        scale = [ScaleWords(code, 0, self.words(code), self.back(code)) for code in languages]
        falls = list(find_falls(scale))
        for words, low, high in falls:
            field = self.field("back", words.language, low)
            message = _l(
                "This counts more than “%(word)s”, which is the word for a higher ratio.",
                word=words.back[high],
            )
            field.errors = (*field.errors, message)
        return not falls

    def _said_before(self, place: str, word: str) -> bool:
        language, _, ratio = place.rpartition("_")
        earlier = [self.field("word", language, other).data for other in range(2, int(ratio))]
        return bool(word) and word.casefold() in [said.casefold() for said in earlier if said]


def scale_form(scale: Mapping[str, ScaleWords], labels: Mapping[str, str]) -> ScaleForm:
    """Return the form with the current words; ``labels`` names the languages by code."""
    fields: dict[str, Any] = {}
    for code, words in scale.items():
        fields[f"base_{code}"] = WholeNumberField(
            default=words.version,
            validators=[Optional(), NumberRange(0, 1_000_000)],
            widget=HiddenInput(),
        )
        for ratio in RATIOS:
            fields[f"word_{code}_{ratio}"] = StringField(
                _l("%(language)s, %(ratio)s times", language=labels[code], ratio=ratio),
                default=words.words[ratio],
                filters=[tidy],
                validators=[InputRequired(_l("Write a word.")), Length(max=LONGEST_WORD)],
                render_kw={"lang": code, "dir": "auto", "maxlength": LONGEST_WORD},
            )
            fields[f"back_{code}_{ratio}"] = StringField(
                _l(
                    "%(language)s, %(ratio)s times, translated back",
                    language=labels[code],
                    ratio=ratio,
                ),
                default=words.back.get(ratio, ""),
                filters=[tidy],
                validators=[Length(max=LONGEST_WORD)],
                render_kw={"dir": "auto", "maxlength": LONGEST_WORD},
            )
    form: type[ScaleForm] = type("StudyScaleForm", (ScaleForm,), fields)
    return form(data=None)

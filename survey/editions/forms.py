"""What an author hands in: levels, the settings of a ranking, her word to publish."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from survey.folder.reading import CITIES, LEVELS
from survey.folder.writing import study_files
from survey.reports.changes import units_digest
from survey.reports.ranking import SHARES, TIES
from survey.values import Study
from survey.wording import plain_digits

#: How long an author may look at what she is about to load, in seconds.
CHECK_LASTS = 24 * 3600

CSV = {"accept": ".csv,text/csv"}


class UploadForm(FlaskForm):
    """New levels, and the cities themselves where they change."""

    levels = FileField("levels.csv", render_kw=CSV)
    cities = FileField(_l("cities.csv, only where the cities themselves change"), render_kw=CSV)

    def content(self) -> dict[str, bytes]:
        """The files that were chosen, by their names in a study folder."""
        return {
            f"{field.name}.csv": field.data.read()
            for field in (self.levels, self.cities)
            if field.data and field.data.filename
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """Files that were found right, and the digest of the units they were compared with."""

    files: dict[str, bytes]
    shown: str


class LoadForm(FlaskForm):
    """What was checked before, sealed, to be loaded now."""

    loading = HiddenField()

    def checked(self, key: str, study_id: int) -> Checked | None:
        """What :func:`sealed` put into the form; None where it is too old, or not ours."""
        try:
            content = _serializer(key, study_id).loads(self.loading.data or "", max_age=CHECK_LASTS)
        except BadData:
            return None
        files = {name: file.encode() for name, file in content["files"].items()}
        return Checked(files, content["shown"])


def sealed(key: str, study_id: int, before: Study, after: Study) -> str:
    """What was checked, to stand in a form until she agrees; nobody else can make one."""
    files = study_files(after)
    return _serializer(key, study_id).dumps(
        {
            "shown": units_digest(before.units),
            "files": {name: files[name].decode() for name in (CITIES, LEVELS)},
        }
    )


def _serializer(key: str, study_id: int) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=f"units of study {study_id}")


class RankingForm(FlaskForm):
    """Under which weights, and how scores become bands. It changes nothing."""

    class Meta:
        csrf = False

    weights = SelectField(_l("Weight set"), coerce=int)
    shares = StringField(_l("Borders of the bands, in percent of the cities"))
    ties = RadioField(
        _l("Cities with equal scores across a border"),
        choices=[
            SelectChoice(TIES[0], _l("The border moves up: no band exceeds its share")),
            SelectChoice(TIES[1], _l("The border moves down: all of them are let in")),
        ],
    )

    def borders(self) -> tuple[float, ...]:
        """The borders as shares of one; nothing where they do not rise between 0 and 100."""
        return parsed_shares(self.shares.data or "", get_decimal_symbol(get_locale()))

    def validate_shares(self, field: StringField) -> None:
        if not self.borders():
            raise ValidationError(
                gettext("Write percentages that rise between 0 and 100, such as 10 30 50.")
            )


class PublishForm(FlaskForm):
    """Her word that what she was shown may be read by anybody."""

    shown = HiddenField()


def parsed_shares(text: str, decimal: str = ".") -> tuple[float, ...]:
    """Percentages as shares of one; nothing where they do not rise between 0 and 100.

    Where ``decimal`` is a comma, one between two digits is that; any other parts.

    >>> parsed_shares("10, 30 ５０%"), parsed_shares("٣٠، ٥٠٪"), parsed_shares("30 10")
    ((0.1, 0.3, 0.5), (0.3, 0.5), ())
    >>> parsed_shares("10,30"), parsed_shares("33,3 %; 50 %", ","), parsed_shares("1,2,3", ",")
    ((0.1, 0.3), (0.333, 0.5), (0.01, 0.02, 0.03))
    """
    words = re.sub(r"[;%٪،؛、\s]+", " ", plain_digits(text))
    if decimal == ",":
        words = re.sub(r"(?<![\d,])(\d+),(\d+)(?![\d,])", r"\1.\2", words)
    words = words.replace(",", " ")
    try:
        # Decimal: 33.3 / 100 would not be 0.333.
        shares = tuple(float(Decimal(word) / 100) for word in words.split()[:20])
    except ArithmeticError:
        return ()
    rising = all(low < high for low, high in pairwise((0.0, *shares, 1.0)))
    return shares if shares and rising else ()


def in_percent(shares: tuple[float, ...] = SHARES) -> str:
    """Shares as they are typed and as they stand in an address.

    >>> in_percent((0.1, 0.333))
    '10 33.3'
    """
    return " ".join(f"{(Decimal(repr(share)) * 100).normalize():f}" for share in shares)


def arguments(weights: int, shares: tuple[float, ...], ties: str) -> Mapping[str, Any]:
    """The settings as they stand in an address."""
    return {"weights": weights, "shares": in_percent(shares), "ties": ties}

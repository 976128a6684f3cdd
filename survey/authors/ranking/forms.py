"""Forms for the settings of a ranking and for publishing it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from survey.reports.ranking.report import SHARES, TIES
from survey.values.wording import plain_digits


class RankingForm(FlaskForm):
    """Form to choose a weight set and the rule for bands. It changes nothing."""

    class Meta:
        csrf = False

    weights = SelectField(_l("Weight set"), coerce=int)
    shares = StringField(_l("Boundaries of the bands, in percent"))
    ties = RadioField(
        _l("Equal scores across a boundary"),
        choices=[
            SelectChoice(TIES[0], _l("The boundary moves up: no band exceeds its share")),
            SelectChoice(TIES[1], _l("The boundary moves down: all of them are included")),
        ],
    )

    def borders(self) -> tuple[float, ...]:
        """Return the boundaries as shares of one; empty if they do not rise from 0 to 100."""
        return parsed_shares(self.shares.data or "", get_decimal_symbol(get_locale()))

    def validate_shares(self, field: StringField) -> None:
        if not self.borders():
            raise ValidationError(
                gettext("Write percentages that rise between 0 and 100, such as 10 30 50.")
            )


class PublishForm(FlaskForm):
    """Form to confirm publishing the preview."""

    shown = HiddenField()


def parsed_shares(text: str, decimal: str = ".") -> tuple[float, ...]:
    """Return percentages as shares of one; empty unless they rise between 0 and 100.

    If ``decimal`` is a comma, a comma between two digits is a decimal comma; any other
    comma separates.

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
    """Return shares as percentages, as typed in the form and as written in an address.

    >>> in_percent((0.1, 0.333))
    '10 33.3'
    """
    return " ".join(f"{(Decimal(repr(share)) * 100).normalize():f}" for share in shares)


def arguments(weights: int, shares: tuple[float, ...], ties: str) -> Mapping[str, Any]:
    """Return the settings as the arguments of an address."""
    return {"weights": weights, "shares": in_percent(shares), "ties": ties}

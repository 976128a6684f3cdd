"""Whom an author asks again."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectMultipleField


class RoundForm(FlaskForm):
    """Who is to be invited to a further round."""

    experts = SelectMultipleField(_l("Who is invited?"))

    def offer(self, experts: Iterable[str]) -> "RoundForm":
        self.experts.choices = [SelectChoice(code) for code in experts]
        return self

"""What an expert's forms say, as typed values."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, Regexp

from survey.values import CANNOT_JUDGE
from survey.wording import tidy

#: Which side of a comparison counts more, or that neither does, or that she cannot tell.
FIRST, SECOND, SAME, CANNOT = "first", "second", "same", "cannot"

#: How many times as much: 3, 5, 7, 9 and the steps between.
STRENGTHS = range(2, 10)

#: Long enough for a thought, short enough to be read.
LONGEST_REASON = 2000

SHORT_ENOUGH = Length(max=LONGEST_REASON, message=_l("Please keep it below 2,000 characters."))

#: What one press of + or − adds or takes, in points.
BUTTON_STEP = 5

HUNDRED = Decimal(100)
CENT = Decimal("0.01")
_NUMBER = re.compile(r"\d{1,6}(\.\d{0,6})?|\.\d{1,6}")


class SaveForm(Form):
    """What every page sends beside its answer. The token was checked before any view."""

    #: Drawn once per page: the same save sent twice counts once.
    key = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-zA-Z-]{16,64}$")])
    #: The version that the page showed.
    base = IntegerField(validators=[InputRequired(), NumberRange(0, 1_000_000)])

    @property
    def damaged(self) -> bool:
        """Whether this was not sent by a page of ours."""
        return bool(self.key.errors or self.base.errors)


class JudgementForm(SaveForm):
    """A position on Saaty's scale, in two steps: which side, how much; or why not."""

    direction = StringField(
        validators=[
            InputRequired(_l("Choose one of the four answers.")),
            AnyOf((FIRST, SECOND, SAME, CANNOT)),
        ]
    )
    strength = IntegerField(validators=[Optional(), AnyOf(STRENGTHS)])
    why = StringField(validators=[Optional(), AnyOf(CANNOT_JUDGE)])
    reason = TextAreaField(filters=[tidy], validators=[SHORT_ENOUGH])

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.direction.data in (FIRST, SECOND) and self.strength.data is None:
            self.strength.errors = [_l("Choose how much more.")]
            return False
        return valid

    @classmethod
    def of(cls, steps: int | None, reason: str, cannot: str | None) -> "JudgementForm":
        """The form as it was filled in for a stored answer; empty for none."""
        known = cannot in CANNOT_JUDGE
        return cls(
            data={
                "direction": _direction(steps, cannot),
                "strength": abs(steps) + 1 if steps else None,
                "why": cannot if known else None,
                "reason": reason if known or cannot is None else cannot,
            },
        )

    @property
    def step(self) -> int | None:
        """Steps toward the first (+) or the second (-); None for what cannot be judged."""
        if self.direction.data == SAME:
            return 0
        if self.direction.data in (FIRST, SECOND) and self.strength.data is not None:
            away_from_equal: int = self.strength.data - 1
            return away_from_equal if self.direction.data == FIRST else -away_from_equal
        return None

    @property
    def cannot(self) -> str | None:
        """Why she cannot judge: her own words before one of the four; None when she judges."""
        if self.direction.data != CANNOT:
            return None
        return self.reason.data or self.why.data or ""


def _direction(steps: int | None, cannot: str | None) -> str | None:
    if steps is None:
        return None if cannot is None else CANNOT
    return SAME if steps == 0 else FIRST if steps > 0 else SECOND


class GroupAbstentionForm(SaveForm):
    """Why she judges nothing in a group; or that she does after all."""

    take_back = HiddenField()

    reason = TextAreaField(filters=[tidy], validators=[SHORT_ENOUGH])

    @property
    def takes_back(self) -> bool:
        return bool(self.take_back.data)


class NotPoints(ValueError):
    """What was typed is not a number from 0 to 100."""


Points = Mapping[str, Decimal]


class PointsForm(SaveForm):
    """100 points among the items of one group, and the button that was pressed.

    A press of + or − or of an offer (spread, scale) is carried out here, so
    that the page works without a script; ``points`` is what came of it.
    """

    def __init__(self, items: Sequence[str], sent: MultiDict[str, str]) -> None:
        super().__init__(sent)
        self.items = items
        #: What stands in the fields, as it was typed.
        self.typed = {item: sent.get(field_of(item), "").strip()[:40] for item in items}
        #: Zeros that she has said she means.
        self.meant = frozenset(sent.getlist("zero")) & set(items)
        self.button = sent.get("go", "")
        #: Items whose field holds no number from 0 to 100.
        self.wrong: list[str] = []
        self.points: Points = self._pressed(self._read(), sent)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        return bool(super().validate(extra_validators)) and not self.wrong

    @property
    def sum(self) -> Decimal:
        return sum(self.points.values(), Decimal())

    @property
    def unmeant_zeros(self) -> list[str]:
        return [item for item, given in self.points.items() if not given and item not in self.meant]

    @property
    def complete(self) -> bool:
        """Every item has points, they sum to 100, and every zero is meant."""
        return (
            len(self.points) == len(self.items)
            and abs(self.sum - HUNDRED) < CENT / 10_000
            and not self.unmeant_zeros
        )

    def _read(self) -> Points:
        points = {}
        for item, text in self.typed.items():
            try:
                given = read_points(text)
            except NotPoints:
                self.wrong.append(item)
            else:
                if given is not None:
                    points[item] = given
        return points

    def _pressed(self, points: Points, sent: MultiDict[str, str]) -> Points:
        for button, step in (("more", BUTTON_STEP), ("less", -BUTTON_STEP)):
            for item in self.items:
                if sent.get(button) == field_of(item):
                    given = points.get(item, Decimal()) + step
                    return {**points, item: min(max(given, Decimal()), HUNDRED)}
        if self.button == "even":
            return spread_rest(points, self.items)
        if self.button == "scale":
            return scale_to_hundred(points)
        return points


def field_of(item: str) -> str:
    """The name of an item's field: no code can be taken for another field."""
    return f"points-{item}"


def spread_rest(points: Points, items: Sequence[str]) -> Points:
    """Hand out what is left of 100 evenly: among the empty items, else among all.

    >>> spread_rest({"a": Decimal(85)}, ["a", "b", "c"])
    {'a': Decimal('85'), 'b': Decimal('7.50'), 'c': Decimal('7.50')}
    """
    left = HUNDRED - sum(points.values(), Decimal())
    if left <= 0:
        return points
    takers = [item for item in items if item not in points] or list(items)
    more = _in_cents({item: left / len(takers) for item in takers}, left)
    return {
        item: points.get(item, Decimal()) + more.get(item, Decimal())
        for item in items
        if item in points or item in more
    }


def scale_to_hundred(points: Points) -> Points:
    """Keep the ratios and make the sum 100; nothing can be made of zeros only.

    >>> scale_to_hundred({"a": Decimal(10), "b": Decimal(20)})
    {'a': Decimal('33.33'), 'b': Decimal('66.67')}
    """
    total = sum(points.values(), Decimal())
    if not total:
        return points
    return _in_cents({item: given * HUNDRED / total for item, given in points.items()}, HUNDRED)


def _in_cents(shares: Points, total: Decimal) -> Points:
    """Round to hundredths so that the sum is kept: what is left goes where most was cut off."""
    cut = {item: share.quantize(CENT, ROUND_DOWN) for item, share in shares.items()}
    left = total - sum(cut.values(), Decimal())
    for item in sorted(shares, key=lambda item: cut[item] - shares[item]):
        extra = min(left, CENT)
        cut[item] += extra
        left -= extra
    return cut


def read_points(text: str) -> Decimal | None:
    """Points as anybody types them; None for an empty field, which is not 0.

    Raises
    ------
    NotPoints

    Examples
    --------
    >>> read_points(" １２,5 "), read_points("٣٠"), read_points("۷"), read_points("")
    (Decimal('12.5'), Decimal('30'), Decimal('7'), None)
    """
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text)))
    if not plain:
        return None
    if not _NUMBER.fullmatch(plain) or Decimal(plain) > HUNDRED:
        raise NotPoints(text)
    return Decimal(plain)


def _plain(character: str) -> str:
    """A digit of any script as ours, a decimal comma as a point, space as nothing."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in ",٫":
        return "."
    return "" if character.isspace() else character

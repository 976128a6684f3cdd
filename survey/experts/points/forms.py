"""Forms for points, as typed, and ratings, as pressed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from survey.experts.forms import SaveForm
from survey.values import BUCKETS, HIGHEST_RATING, POINTS_TOLERANCE, PRESS
from survey.values.wording import plain_digits

HUNDRED = Decimal(100)
CENT = Decimal("0.01")

#: Buttons that divide the rest evenly, or scale the sum to 100.
EVEN, SCALE = OFFERS = ("even", "scale")

HALF = Decimal("0.5")
RATINGS = frozenset(map(str, range(HIGHEST_RATING + 1)))
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{0,6})?|\.[0-9]{1,6}")


class NotANumber(ValueError):
    """The text is not a number from 0 to 100."""


Points = Mapping[str, Decimal]


class ListForm(SaveForm):
    """Form with a number for each item of one group, and the button pressed."""

    def __init__(self, items: Sequence[str], sent: MultiDict[str, str]) -> None:
        super().__init__(sent)
        self.items = items
        #: Numbers by item; an item without a number is left out.
        self.points: Points = {}
        #: Items whose zero the expert has confirmed.
        self.meant = frozenset(sent.getlist("zero")) & set(items)
        self.button = sent.get("go", "")

    @property
    def sum(self) -> Decimal:
        return sum(self.points.values(), Decimal())

    @property
    def unmeant_zeros(self) -> list[str]:
        return [item for item, given in self.points.items() if not given and item not in self.meant]

    @property
    def complete(self) -> bool:
        """Whether every item has its number and every zero is confirmed."""
        return len(self.points) == len(self.items) and not self.unmeant_zeros

    @property
    def fields(self) -> Iterator[tuple[str, str]]:
        """Names and values of the fields that send the same numbers again."""
        raise NotImplementedError


class SortingForm(SaveForm):
    """Form to sort a long list by importance; empty if the expert skips it."""

    def __init__(self, items: Sequence[str], sent: MultiDict[str, str]) -> None:
        super().__init__(sent)
        self.button = sent.get("go", "")
        given = {item: sent[f"bucket-{item}"] for item in items if f"bucket-{item}" in sent}
        self._unknown = not set(given.values()) <= set(BUCKETS)
        self.buckets: Mapping[str, str] = {} if self.button == "skip" else given

    @property
    def damaged(self) -> bool:
        return super().damaged or self._unknown


class RatingsForm(ListForm):
    """Form with ratings from 0 to 10 by item: a whole number, and a half if pressed.

    10 is the end of the scale: a half with it adds nothing.
    """

    def __init__(self, items: Sequence[str], sent: MultiDict[str, str]) -> None:
        super().__init__(items, sent)
        halves = frozenset(sent.getlist("half"))
        pressed = {item: sent[rating_of(item)] for item in items if rating_of(item) in sent}
        self._off_the_scale = not set(pressed.values()) <= RATINGS
        if not self._off_the_scale:
            self.points = {
                item: min(
                    Decimal(number) + (HALF if item in halves else 0), Decimal(HIGHEST_RATING)
                )
                for item, number in pressed.items()
            }

    @property
    def damaged(self) -> bool:
        return super().damaged or self._off_the_scale

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        return bool(super().validate(extra_validators)) and not self._off_the_scale

    @property
    def complete(self) -> bool:
        """Whether every item has its number, not all are 0, and every zero is confirmed."""
        return super().complete and self.sum > 0

    @property
    def fields(self) -> Iterator[tuple[str, str]]:
        for item, given in self.points.items():
            yield rating_of(item), str(int(given))
            if given % 1:
                yield "half", item


class PointsForm(ListForm):
    """Form to divide 100 points among the items of one group.

    The buttons +, −, spread and scale are carried out here, so that the page
    works without a script; ``points`` is the result.
    """

    def __init__(self, items: Sequence[str], sent: MultiDict[str, str]) -> None:
        super().__init__(items, sent)
        #: The text of the fields, as typed.
        self.typed = {item: sent.get(field_of(item), "").strip()[:40] for item in items}
        #: Items whose field has no number from 0 to 100.
        self.wrong: list[str] = []
        self.points = self._pressed(self._read(), sent)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        return bool(super().validate(extra_validators)) and not self.wrong

    @property
    def complete(self) -> bool:
        """Whether every item has points, they sum to 100, and every zero is confirmed."""
        return super().complete and abs(self.sum - HUNDRED) <= POINTS_TOLERANCE

    @property
    def fields(self) -> Iterator[tuple[str, str]]:
        for item, given in self.points.items():
            yield field_of(item), f"{given:g}"

    def _read(self) -> Points:
        points = {}
        for item, text in self.typed.items():
            try:
                given = read_points(text)
            except NotANumber:
                self.wrong.append(item)
            else:
                if given is not None:
                    points[item] = given
        return points

    def _pressed(self, points: Points, sent: MultiDict[str, str]) -> Points:
        for button, step in (("more", PRESS), ("less", -PRESS)):
            for item in self.items:
                if sent.get(button) == field_of(item):
                    given = points.get(item, Decimal()) + step
                    return {**points, item: min(max(given, Decimal()), HUNDRED)}
        if self.button == EVEN:
            return spread_rest(points, self.items)
        if self.button == SCALE:
            return scale_to_hundred(points)
        return points


def field_of(item: str) -> str:
    """Return the name of an item's field; a prefix separates codes from other fields."""
    return f"points-{item}"


def rating_of(item: str) -> str:
    return f"rating-{item}"


def spread_rest(points: Points, items: Sequence[str]) -> Points:
    """Divide the rest of 100 evenly: among the empty items, else among all.

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
    """Scale the points to a sum of 100, keeping ratios; zeros only are left unchanged.

    >>> scale_to_hundred({"a": Decimal(10), "b": Decimal(20)})
    {'a': Decimal('33.33'), 'b': Decimal('66.67')}
    """
    total = sum(points.values(), Decimal())
    if not total:
        return points
    return _in_cents({item: given * HUNDRED / total for item, given in points.items()}, HUNDRED)


def _in_cents(shares: Points, total: Decimal) -> Points:
    """Round to hundredths and keep the sum: the rest goes to the largest remainders."""
    cut = {item: share.quantize(CENT, ROUND_DOWN) for item, share in shares.items()}
    left = total - sum(cut.values(), Decimal())
    for item in sorted(shares, key=lambda item: cut[item] - shares[item]):
        extra = min(left, CENT)
        cut[item] += extra
        left -= extra
    return cut


def read_points(text: str) -> Decimal | None:
    """Return the points from a text field; None for an empty field, which is not 0.

    Raises
    ------
    NotANumber

    Examples
    --------
    >>> read_points(" １２,5 "), read_points("٣٠"), read_points("۷"), read_points("")
    (Decimal('12.5'), Decimal('30'), Decimal('7'), None)
    """
    plain = "".join(plain_digits(text).replace(",", ".").split())
    if not plain:
        return None
    if not _NUMBER.fullmatch(plain) or Decimal(plain) > HUNDRED:
        raise NotANumber(text)
    return Decimal(plain)

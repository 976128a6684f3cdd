"""Exceptions for invalid input, one per fault, with the place of the fault.

``at`` is the place in the leading batch dimensions, ``()`` when there are none;
units, indicators and draws are counted from 0.
"""

Place = tuple[int, ...]


def _where(at: Place) -> str:
    return f" at {list(at)}" if at else ""


class NotWeights(ValueError):
    """Weights that are not finite or are below 0; their indicators are named."""

    def __init__(self, indicators: tuple[int, ...], at: Place = ()) -> None:
        self.indicators = indicators
        self.at = at
        super().__init__(
            f"the weights of indicators {', '.join(map(str, indicators))}"
            f" are not finite and at least 0{_where(at)}"
        )


class NotSummingToOne(ValueError):
    """Weights that do not sum to 1."""

    def __init__(self, total: float, at: Place = ()) -> None:
        self.total = total
        self.at = at
        super().__init__(f"the weights sum to {total}, not to 1{_where(at)}")


class NotFinite(ValueError):
    """Level or score that is infinite."""

    def __init__(self, what: str, at: Place) -> None:
        self.what = what
        self.at = at
        super().__init__(f"the {what}{_where(at)} is infinite, or too large for a sum")


class Unrated(ValueError):
    """Units with a blank, in a function that needs every level: leave them out first."""

    def __init__(self, units: tuple[int, ...]) -> None:
        self.units = units
        super().__init__(f"the units {', '.join(map(str, units))} have blank levels")


class OffLadder(ValueError):
    """Level that is neither a whole rung of its ladder, from 0 to the top, nor NaN."""

    def __init__(self, level: float, top: float, at: Place) -> None:
        self.level = level
        self.top = top
        self.at = at
        super().__init__(f"the level {level}{_where(at)} is no rung of a ladder of {top:g}")


class NotShares(ValueError):
    """Shares of the units that do not rise strictly between 0 and 1."""

    def __init__(self, shares: tuple[float, ...]) -> None:
        self.shares = shares
        super().__init__(f"shares rise strictly between 0 and 1, not {list(shares)}")


class NoDraws(ValueError):
    """Probability over draws without a draw."""

    def __init__(self) -> None:
        super().__init__("there are no draws")


class NotAProbability(ValueError):
    """Probability, or noise as a share of a weight, that is not between 0 and 1."""

    def __init__(self, what: str, value: float, at: Place = ()) -> None:
        self.what = what
        self.value = value
        self.at = at
        super().__init__(f"a {what} lies between 0 and 1, not {value}{_where(at)}")


class NotAligned(ValueError):
    """Arrays that are not of the same indicators, units or draws."""

    def __init__(self, **shapes: tuple[int, ...]) -> None:
        self.shapes = shapes
        named = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        super().__init__(f"these shapes do not go together: {named}")


class UnknownRule(ValueError):
    """Name of a rule or a method that does not exist."""

    def __init__(self, name: object, offered: tuple[str, ...]) -> None:
        self.name = name
        self.offered = offered
        super().__init__(f"{name!r} is none of {', '.join(offered)}")

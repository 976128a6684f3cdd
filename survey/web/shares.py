"""Template filters for ends of intervals: no share in (0, 1) is 0 or 100 %."""

from collections.abc import Callable

from flask import Flask

from survey.web.locale import isolated, number, percent


def write(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        inside=inside, inside_percent=inside_percent, percent_in_full=percent_in_full
    )


def inside(share: float) -> str:
    """Write a share in percent without its sign: 45.6, <0.1 or >99.9; at most 100.

    In weight sets frozen by an earlier rule the upper end of an interval may pass the whole.
    """
    return _written(share, lambda value: number(100 * value, 1))


def inside_percent(share: float) -> str:
    """Write a share with its sign: 45.6%, <0.1% or >99.9%."""
    return _written(share, percent)


def percent_in_full(share: float) -> str:
    """Write a share in whole percent, or with a decimal if it has one: 5%, 12.5%."""
    return percent(share, 0 if round(100 * share, 6) == round(100 * share) else 1)


def _written(share: float, written: Callable[[float], str]) -> str:
    share = min(share, 1)
    if 0 < share < 0.0005:
        return isolated(f"<{written(0.001)}")
    if 0.9995 <= share < 1:
        return isolated(f">{written(0.999)}")
    return written(share)

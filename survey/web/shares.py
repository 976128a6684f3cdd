"""Template filters for ends of intervals: a share in (0, 1) never shows as 0 or 100 %."""

from collections.abc import Callable

from flask import Flask

from survey.web.locale import isolated, number, percent


def write(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(inside=inside, inside_percent=inside_percent)


def inside(share: float) -> str:
    """Write a share in percent without its sign: 45.6, <0.1 or >99.9."""
    return _written(share, lambda value: number(100 * value, 1))


def inside_percent(share: float) -> str:
    """Write a share with its sign: 45.6%, <0.1% or >99.9%."""
    return _written(share, percent)


def _written(share: float, written: Callable[[float], str]) -> str:
    if 0 < share < 0.0005:
        return isolated(f"<{written(0.001)}")
    if 0.9995 <= share < 1:
        return isolated(f">{written(0.999)}")
    return written(share)

"""Places in the beam of a published table."""

from survey.values.published import PublishedBand, PublishedTable
from survey.web.charts import MOST_DOTS, band_beam


def table(*bands: tuple[int, int]) -> PublishedTable:
    """A table of bands: how many units each has, and the share at its end in percent."""
    return PublishedTable(
        code="all",
        names={},
        groups=(),
        indicators=1,
        bands=tuple(
            PublishedBand(0.5, 0, last, {}, {"en": tuple(f"u{unit}" for unit in range(size))})
            for size, last in bands
        ),
        unrated={},
    )


def rounded(places: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(place, 4) for place in places)


def test_the_units_of_a_table_are_in_a_row_and_a_boundary_between_two_of_them() -> None:
    """Of five units the way is 0.988 / 4; the border is halfway from the second to the third."""
    first, second = band_beam(table((2, 40), (0, 40), (3, 100)))

    assert rounded(first.dots) == (0.006, 0.253)
    assert rounded(second.dots) == (0.5, 0.747, 0.994)
    assert rounded((second.start, second.end)) == (0.5, 0.994)
    assert first.border is not None
    assert (round(first.border.at, 4), first.border.percent) == (0.3765, 40)
    assert second.border is None


def test_figures_of_near_boundaries_are_in_two_rows() -> None:
    beam = band_beam(table((1, 5), (1, 10), (1, 15), (17, 100)))

    borders = [band.border for band in beam if band.border]
    assert [(border.row, border.percent) for border in borders] == [(0, 5), (1, 10), (0, 15)]


def test_a_beam_has_no_dots_where_they_would_cover_one_another() -> None:
    [few] = band_beam(table((MOST_DOTS, 100)))
    [many] = band_beam(table((MOST_DOTS + 1, 100)))

    assert len(few.dots) == MOST_DOTS
    assert (many.start, many.dots) == (few.start, ())


def test_a_table_without_units_has_an_empty_beam() -> None:
    assert band_beam(table((0, 0))) == []


def test_one_unit_is_at_the_beginning() -> None:
    [band] = band_beam(table((1, 100)))

    assert (band.start, band.end, band.border) == (0.006, 0.006, None)

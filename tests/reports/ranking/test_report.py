"""Scores, ranks and bands of every table, as pages and files show them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ranking
from survey.files.study_folder.reading import read_parts
from survey.reports import frameworks
from survey.reports.ranking.report import band_label, label_of, percent, ranking_report
from survey.reports.refusals import Refused
from survey.values import Table, Unit
from tests.worlds.small_study import FILES

WEIGHTS = {"dust": 0.4, "ozone": 0.3, "soot": 0.2, "lead": 0.1}


def unit(code, *levels, **names):
    known = {i: level for i, level in zip(WEIGHTS, levels, strict=True) if level is not None}
    return Unit(code, names or {"en": code.title()}, known)


def ranked(small, *units, **options):
    study = replace(small(), units=units)
    return ranking_report(study, WEIGHTS, **{"language": "en"} | options).tables


def test_a_score_is_the_sum_of_weight_times_level_over_the_tables_groups(small):
    everything, air = ranked(small, unit("a", 2, 3, 1, 5), unit("b", 1, 0, 0, 4))

    assert [(u.code, u.score) for u in everything.units] == [
        ("a", pytest.approx(0.8 + 0.9 + 0.2 + 0.5)),
        ("b", pytest.approx(0.4 + 0.4)),
    ]
    assert [u.score for u in air.units] == [pytest.approx(1.9), pytest.approx(0.4)]


def test_equal_cities_share_a_rank_and_no_border_parts_them(small):
    """Ten cities, the border of 30 % after the third, which ties with the fourth: it moves up."""
    levels = [(2, 3, 1), (2, 3, 0), (2, 2, 0), (2, 2, 0), (1, 1, 1), (1, 1, 0)]
    levels += [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)]
    units = [unit(f"c{place}", *these, 0) for place, these in enumerate(levels)]

    table, _ = ranked(small, *units, shares=(0.3, 0.5))

    assert [u.rank for u in table.units] == [1, 2, 3, 3, 5, 6, 7, 8, 9, 10]
    first, second, third = table.bands
    assert [len(band.units) for band in (first, second, third)] == [2, 3, 5]
    assert [band.label for band in table.bands] == ["top 20%", "20%-50%", "50%-100%"]
    assert (first.nominal, first.real, second.above) == (0.3, 0.2, 0.2)


def test_ties_may_go_up_instead(small):
    units = [unit("a", 2, 3, 1, 5), unit("b", 1, 0, 0, 0), unit("c", 1, 0, 0, 0)]

    table, _ = ranked(small, *units, shares=(0.7,), ties="up")

    assert [len(band.units) for band in table.bands] == [3, 0]


def test_an_empty_band_keeps_its_number_and_the_next_starts_where_it_ends(small):
    units = [unit(f"c{place}", 1, 1, 1, 1) for place in range(10)]

    table, _ = ranked(small, *units)

    assert [(band.number, len(band.units), band.label) for band in table.bands] == [
        (1, 0, "empty"),
        (2, 0, "empty"),
        (3, 0, "empty"),
        (4, 10, "0%-100%"),
    ]


def test_a_band_too_small_for_whole_percents_shows_its_share(small):
    """1 of 300 is 0.3 %, 2 of 300 0.7 %: neither is called 0 % or 1 %-1 %."""
    units = [unit(f"c{n}", 2 if n < 2 else 0, 1 if n < 1 else 0, 0, 0) for n in range(300)]

    table, _ = ranked(small, *units, shares=(0.004, 0.007))

    assert [band.label for band in table.bands] == ["top 0.3%", "0.3%-0.7%", "1%-100%"]
    empty, _ = ranked(small, *units, shares=(0.001, 0.004))
    assert [band.label for band in empty.bands] == ["empty", "0%-0.3%", "0.3%-100%"]


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("zh", "空"),
        ("en", "empty"),
        ("ar", "فارغة"),
        ("ru", "пусто"),
        ("tr", "boş"),
        ("fr", "vide"),
    ],
)
def test_an_empty_band_has_no_share_in_any_language(language, label):
    assert label_of(0, 0, 10, 1, language) == label
    assert label_of(3, 3, 10, 2, language) == label
    assert label_of(0, 0, 0, 1, language) == label


def test_a_blank_makes_a_city_unrated_where_it_is_summed_and_nowhere_else(small):
    units = [unit("a", 2, 3, 1, None), unit("b", 1, 0, 0, 4), unit("c", None, None, None, None)]

    everything, air = ranked(small, *units)

    assert [u.code for u in everything.unrated] == ["a", "c"]
    assert [u.code for u in everything.units] == ["b"]
    assert [u.code for u in air.unrated] == ["c"]
    assert everything.find("a") is None
    assert everything.bands[-1].last == 100


def test_a_city_on_the_ground_is_rated_with_0(small):
    table, _ = ranked(small, unit("a", 0, 0, 0, 0))

    assert [(u.score, u.rank) for u in table.units] == [(0.0, 1)]
    assert table.unrated == ()


def test_without_a_rated_city_the_bands_are_empty(small):
    table, _ = ranked(small, unit("a", None, None, None, None))

    assert table.units == ()
    assert [band.last for band in table.bands] == [0, 0, 0, 0]


def test_without_cities_there_is_still_a_report(small):
    table, _ = ranked(small)

    assert (table.units, table.unrated) == ((), ())


def test_a_band_is_in_the_readers_order_and_the_ranks_are_not(small):
    cairo = unit("cairo", 1, 0, 0, 0, en="Cairo", zh="开罗")
    oran = unit("oran", 2, 0, 0, 0, en="Oran", zh="奥兰")
    casablanca = unit("casablanca", 0, 0, 0, 0, en="Casablanca", zh="卡萨布兰卡")
    everyone = (cairo, oran, casablanca)

    [english, _] = ranked(small, *everyone, shares=())
    [chinese, _] = ranked(small, *everyone, shares=(), language="zh")

    assert [u.code for u in english.bands[0].units] == ["cairo", "casablanca", "oran"]
    assert [u.code for u in chinese.bands[0].units] == ["oran", "cairo", "casablanca"]
    assert [u.code for u in english.units] == [u.code for u in chinese.units]
    assert [u.code for u in english.units] == ["oran", "cairo", "casablanca"]


@pytest.mark.parametrize(
    ("count", "total", "shown"),
    [
        *[(6, 62, 10), (5, 62, 8), (4, 62, 6), (18, 62, 29), (31, 62, 50), (62, 62, 100)],
        *[(1, 8, 13), (1, 200, 1), (0, 62, 0), (0, 0, 0)],
    ],
)
def test_percents_as_published_and_halves_up(count, total, shown):
    """12.5 becomes 13 and 0.5 becomes 1; a float would be 12 and 0 to the even."""
    assert percent(count, total) == shown


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("zh", "前 10%", "10%-29%"),
        ("en", "top 10%", "10%-29%"),
        ("ar", "أعلى 10%", "من 10% إلى 29%"),
        ("ru", "первые 10\u00a0%", "10–29\u00a0%"),
        ("tr", "ilk %10", "%10-%29"),
        ("fr-CA", "premiers 10\u00a0%", "de 10\u00a0% à 29\u00a0%"),
        ("ko", "top 10%", "10%-29%"),
    ],
)
def test_what_a_band_is_called(language, first, second):
    assert band_label(0, 10, 1, language) == first
    assert band_label(10, 29, 2, language) == second


@given(st.lists(st.tuples(*[st.integers(0, 1)] * 4), min_size=1, max_size=30))
def test_every_rated_city_is_in_one_band_and_equals_are_together(small_study, levels):
    units = tuple(unit(f"c{place}", *these) for place, these in enumerate(levels))

    table = ranking_report(replace(small_study, units=units), WEIGHTS, language="en").tables[0]

    banded = [u.code for band in table.bands for u in band.units]
    assert sorted(banded) == sorted(u.code for u in units)
    by_levels = {}
    for u, these in zip(units, levels, strict=True):
        by_levels.setdefault(these, set()).add(table.find(u.code).band)
    assert all(len(bands) == 1 for bands in by_levels.values())


@pytest.fixture(scope="module")
def small_study():
    return read_parts({name: text.encode() for name, text in FILES.items()}, "small").study


def test_weights_of_other_indicators_are_refused_by_name(small):
    weights = {"dust": 0.5, "noise": 0.5}

    with pytest.raises(Refused) as refusal:
        ranking_report(small(), weights)

    assert [(reason.code, reason.data["code"]) for reason in refusal.value.reasons] == [
        ("weight-missing", "ozone"),
        ("weight-missing", "soot"),
        ("weight-missing", "lead"),
        ("weight-unknown", "noise"),
    ]


def test_a_study_without_tables_has_nothing_to_rank(small):
    with pytest.raises(Refused) as refusal:
        ranking_report(replace(small(), tables=()), WEIGHTS)

    assert [reason.code for reason in refusal.value.reasons] == ["no-tables"]


def test_shares_that_fall_are_refused(small):
    with pytest.raises(ranking.NotShares):
        ranking_report(small(), WEIGHTS, shares=(0.5, 0.3))


def test_two_frameworks_differ_where_they_do(small):
    ours = small().framework
    first, second, *others = ours.indicators
    theirs = replace(
        ours,
        indicators=(
            replace(first, top=4),
            replace(second, group="water", names={"zh": "臭氧"}),
            *others,
        ),
    )

    differences = {(d.code, d.data["code"]) for d in frameworks.differences(theirs, ours)}

    assert differences == {("height-differs", "dust"), ("group-differs", "ozone")}


def test_names_and_rungs_do_not_make_another_framework(small):
    ours = small().framework
    theirs = replace(
        ours, indicators=tuple(replace(i, names={}, rungs=()) for i in ours.indicators)
    )

    assert list(frameworks.differences(theirs, ours)) == []


def test_a_table_of_one_group_sums_only_its_indicators(small):
    study = replace(small(), tables=(Table("water", {}, ("water",)),))

    [table] = ranking_report(study, WEIGHTS, language="en").tables

    assert table.find("lyon").score == pytest.approx(0.5)

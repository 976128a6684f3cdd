"""Changes by replacing an edition's units."""

from dataclasses import replace

from survey.reports.ranking.changes import changes, units_digest
from tests.worlds.cast import FRAMEWORK, study

UNITS = study().units


def test_the_same_units_change_nothing():
    assert not changes(UNITS, UNITS, FRAMEWORK)


def test_another_order_alone_is_a_change():
    doha, tunis = UNITS

    made = changes(UNITS, (tunis, doha), FRAMEWORK)

    assert made
    assert made.reordered
    assert (made.levels, made.added, made.removed, made.described) == ((), (), (), ())


def test_who_goes_or_comes_does_not_put_the_others_in_another_order():
    doha, tunis = UNITS
    cairo = replace(doha, code="cairo")

    assert not changes(UNITS, (cairo, doha, tunis), FRAMEWORK).reordered
    assert not changes((cairo, *UNITS), UNITS, FRAMEWORK).reordered


def test_zero_and_not_known_are_two_things():
    doha, tunis = UNITS
    on_the_ground = replace(tunis, levels={"ai": 0})

    [change] = changes(UNITS, (doha, on_the_ground), FRAMEWORK).levels

    assert (change.before, change.after) == (None, 0)


def test_the_digest_sees_everything_that_is_known_of_a_unit():
    doha, tunis = UNITS
    others = [
        replace(doha, code="d"),
        replace(doha, names={"en": "Doha!"}),
        replace(doha, levels={"wired": 2, "ai": 2}),
        replace(doha, country="XX"),
        replace(doha, capital=None),
        replace(doha, latitude=25.3, longitude=51.5),
    ]

    digests = {units_digest((other, tunis)) for other in (doha, *others)}

    assert len(digests) == 1 + len(others)
    assert units_digest((tunis, doha)) not in digests

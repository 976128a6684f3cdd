"""Languages of the application, for writing questionnaires."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from survey.asking.scale import default_words
from survey.files.questionnaire.wording import Tongue
from survey.plurals import noun_in, singular
from survey.values import ScaleWords, UnitWords
from survey.web.locale import LANGUAGES, SOURCE, direction_of, moment_in, read_catalogue


def tongue(
    code: str, own: Mapping[str, ScaleWords] | None = None, unit: UnitWords | None = None
) -> Tongue:
    """Return a language of the application, for writing questionnaires.

    ``own`` are a study's words for the scale, ``unit`` its noun for ranked units.
    """
    catalogue = None if code == SOURCE else read_catalogue(code)
    return Tongue(
        code=code,
        direction=direction_of(code),
        say=catalogue.gettext if catalogue else str,
        say_count=catalogue.ngettext if catalogue else _english,
        moment=partial(moment_in, code),
        scale=own[code].words
        if own and code in own
        else default_words(catalogue.gettext if catalogue else str),
        unit=singular(noun_in(unit or {}, code)[1]),
    )


def _english(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


def tongues(
    first: str, own: Mapping[str, ScaleWords] | None = None, unit: UnitWords | None = None
) -> list[Tongue]:
    """Return every language of the application, ``first`` at the front."""
    codes = dict.fromkeys((first, *(spoken.code for spoken in LANGUAGES)))
    return [tongue(code, own, unit) for code in codes]

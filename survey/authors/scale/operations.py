"""Operation to store other words for the scale, as the next version."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from survey import values
from survey.models import Study
from survey.store.locks import hold_study
from survey.store.rounds import WrongState, hold_alone, last_round
from survey.store.scale import add_words, load_scale
from survey.values import By


class WordedMeanwhile(Exception):
    """The words of these languages have a newer version than the page showed."""

    def __init__(self, languages: list[str]) -> None:
        super().__init__(languages)
        self.languages = languages


def word_scale(
    session: Session,
    study: Study,
    seen: Mapping[str, values.ScaleWords],
    worded: Iterable[values.ScaleWords],
    by: By,
) -> None:
    """Add a version of the words in each language where they differ from those seen.

    Raises
    ------
    WrongState
        If a round is open: experts read the same words while they answer. Nothing was
        stored.
    WordedMeanwhile
        If a language now has words that are neither those seen nor these. Nothing was
        stored.
    """
    hold_study(session, study.id)
    round_ = last_round(session, study)
    hold_alone(session, round_)
    if round_.state == "open":
        raise WrongState(round_.state)
    now = load_scale(session, study.id)
    changed = [
        words
        for words in worded
        if not words.says_as(seen[words.language])
        and not (words.language in now and words.says_as(now[words.language]))
    ]
    versions = {language: words.version for language, words in now.items()}
    stale = [
        words.language
        for words in changed
        if versions.get(words.language, 0) != seen[words.language].version
    ]
    if stale:
        raise WordedMeanwhile(stale)
    for words in changed:
        version = versions.get(words.language, 0) + 1
        add_words(session, study, replace(words, version=version), by)

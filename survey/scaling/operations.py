"""What an author does to the scale: other words, as the next version."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from survey import values
from survey.models import Study
from survey.store.rounds import WrongState, hold_state, last_round
from survey.store.scale import add_words, load_scale


def word_scale(
    session: Session,
    study: Study,
    shown: Iterable[values.ScaleWords],
    worded: Iterable[values.ScaleWords],
    actor: str,
    at: datetime,
) -> None:
    """Add a version of the words of each language in which they differ from what was shown.

    Raises
    ------
    WrongState
        If a round is open: what experts read while they answer stays. Nothing was stored.
    """
    state = hold_state(session, last_round(session, study).id)
    if state == "open":
        raise WrongState(state)
    before = {words.language: words for words in shown}
    now = load_scale(session, study.id)
    for words in worded:
        old = before[words.language]
        if (words.words, words.back) != (old.words, old.back):
            version = now[words.language].version + 1 if words.language in now else 1
            add_words(session, study, replace(words, version=version), actor, at)

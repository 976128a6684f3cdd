"""Forms to upload a questionnaire, and to decide about an older file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf

from survey.files.questionnaire.answers import Answer, Change, GroupAnswer, Key, Line, PairAnswer
from survey.web.responses import accepting

#: Time to decide between two answers, in seconds.
DECISION_LASTS = 24 * 3600

ALL, OTHERS = "all", "others"


class QuestionnaireForm(FlaskForm):
    """Form to upload a filled-in questionnaire."""

    questionnaire = FileField(
        _l("The file, filled in"),
        render_kw=accepting("xlsx"),
    )

    def content(self) -> bytes | None:
        """Return the chosen file; None if there is none."""
        chosen = self.questionnaire.data
        return chosen.read() if chosen and chosen.filename else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Changes in a file that wait for a decision, with versions of the stored answers."""

    filled: Mapping[Key, Line]
    digest: str
    #: Versions shown, only of answers that are newer than the file.
    shown: Mapping[Key, int]

    @classmethod
    def of(cls, filled: Mapping[Key, Line], digest: str, changes: list[Change]) -> Waiting:
        shown = {change.key: change.version for change in changes if change.stale}
        return cls(filled, digest, shown)

    def decided(self, which: str) -> dict[Key, Line]:
        """Return the answers to store: all, or those that overwrite nothing newer."""
        return {
            key: replace(line, version=self.shown.get(key, line.version))
            for key, line in self.filled.items()
            if which == ALL or key not in self.shown
        }


class DecisionForm(FlaskForm):
    """Form to choose between a file's answers and newer stored ones."""

    waiting = HiddenField()
    store = StringField(validators=[AnyOf((ALL, OTHERS))])

    def content(self, key: str, place: str) -> Waiting | None:
        """Return the content of the token by :func:`sealed`; None if expired or forged."""
        try:
            said = _serializer(key, place).loads(self.waiting.data or "", max_age=DECISION_LASTS)
        except BadData:
            return None
        filled = {key: Line(_answer(answer), version) for key, answer, version in said["filled"]}
        return Waiting(filled, said["file"], dict(said["shown"]))


def sealed(key: str, place: str, waiting: Waiting) -> str:
    """Return the waiting changes as a signed token for the form of the decision."""
    filled = [[key, _plain(line.answer), line.version] for key, line in waiting.filled.items()]
    return _serializer(key, place).dumps(
        {"filled": filled, "file": waiting.digest, "shown": list(waiting.shown.items())}
    )


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(answer: Answer) -> list[Any]:
    if isinstance(answer, PairAnswer):
        return ["pair", answer.steps, answer.reason, answer.cannot]
    return ["group", answer.cannot, dict(answer.points)]


def _answer(plain: list[Any]) -> Answer:
    kind, *parts = plain
    return PairAnswer(*parts) if kind == "pair" else GroupAnswer(*parts)


def _serializer(key: str, place: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=f"questionnaire of {place}")

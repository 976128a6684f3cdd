"""The catalogues, read with the module that updates them."""

import importlib.util
from functools import cache
from types import ModuleType

from babel.messages import Message

from survey.web.config import ROOT
from survey.web.locale import LANGUAGES, SOURCE


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update", ROOT / "translations" / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


update = _load()

OFFERED = [language.code for language in LANGUAGES if language.code != SOURCE]


@cache
def said(language: str) -> tuple[tuple[Message, str], ...]:
    """Return every translation, each plural form separately, with its message."""
    return tuple(
        (message, text)
        for message in update.read(language)
        if message.id
        for text in ([message.string] if isinstance(message.string, str) else message.string)
    )


@cache
def texts(language: str) -> tuple[str, ...]:
    """Return all texts that a reader of a language may see; in English, the messages."""
    if language != SOURCE:
        return tuple(text for _message, text in said(language))
    template = update.extracted()
    return tuple(text for message in template if message.id for text in update._texts(message.id))


def bare(text: str) -> str:
    """Return the visible text of a message, without tags and placeholders."""
    return update.PLACEHOLDER.sub("", update.MARKUP.sub("", text))

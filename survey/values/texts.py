"""Texts by language."""

from collections.abc import Mapping

Texts = Mapping[str, str]
UnitWords = Mapping[str, Texts]


def text_in(texts: Texts, language: str, otherwise: str = "") -> str:
    """Return the text in a language, else in English, else in any, else ``otherwise``."""
    for choice in (language, language.partition("-")[0], "en", *texts):
        if texts.get(choice):
            return texts[choice]
    return otherwise

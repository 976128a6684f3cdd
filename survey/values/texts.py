"""Texts by language."""

from collections.abc import Mapping

Texts = Mapping[str, str]
UnitWords = Mapping[str, Texts]


def text_in(texts: Texts, language: str, otherwise: str = "") -> str:
    """The text in a language; where there is none, in English, in any other, or ``otherwise``."""
    for choice in (language, language.partition("-")[0], "en", *texts):
        if texts.get(choice):
            return texts[choice]
    return otherwise

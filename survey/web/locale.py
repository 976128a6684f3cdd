"""Language of the request, and the formats of numbers, times and names.

English is the language of the source. The other catalogues are read from their
``.po`` files when the service starts: nothing is compiled, nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from io import BytesIO
from urllib.parse import quote, urlencode

import babel
import flask_babel
from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, redirect, request, session
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from survey import plurals
from survey.values import Texts, UnitWords
from survey.web.config import ROOT
from survey.web.query_keys import kept_queries

TRANSLATIONS = ROOT / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """Language of the pages; ``tag`` is the value of ``lang`` in HTML."""

    code: str
    name: str
    tag: str

    @property
    def direction(self) -> str:
        return direction_of(self.code)


#: The languages offered, each under its own name. A new one needs a catalogue and a line here.
LANGUAGES = (
    Language("zh", "中文", "zh-Hans"),
    Language("en", "English", "en"),
    Language("ar", "العربية", "ar"),
    Language("ru", "Русский", "ru"),
    Language("tr", "Türkçe", "tr"),
    Language("fr", "Français", "fr"),
)
SOURCE = "en"

_BY_CODE = {language.code: language for language in LANGUAGES}


def speak(app: Flask) -> None:
    """Set up the choice of language, the catalogues, and the filters of templates."""
    catalogues = {code: read_catalogue(code) for code in _BY_CODE if code != SOURCE}
    babel_of_app = flask_babel.Babel(configure_jinja=True)
    babel_of_app.domain_instance = Catalogues(catalogues)
    babel_of_app.init_app(app, locale_selector=lambda: language().code)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.before_request(remember_language)
    app.jinja_env.globals.update(
        language=language,
        languages=LANGUAGES,
        language_url=language_url,
        language_name=language_name,
        missing_language=missing_language,
    )
    app.jinja_env.filters.update(
        percent=percent,
        number=number,
        typed=typed,
        upright=upright,
        day=day,
        moment=moment,
        clock=clock,
        said=said,
        words=words,
        country=country_name,
        unit=unit_noun,
        units=unit_plural,
        counted=counted,
        capital=capital,
    )


class Catalogues(flask_babel.Domain):
    """Flask-Babel's source of translations, held in memory."""

    def __init__(self, catalogues: Mapping[str, Translations]) -> None:
        super().__init__()
        self._catalogues = catalogues

    def get_translations(self) -> NullTranslations:
        chosen = flask_babel.get_locale()
        code = chosen.language if chosen else SOURCE
        return self._catalogues.get(code) or NullTranslations()


@cache
def read_catalogue(code: str) -> Translations:
    """Read ``translations/<code>/LC_MESSAGES/messages.po``, once."""
    path = TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


# ---------- the choice ----------


def language() -> Language:
    """Return the request's language: chosen, the expert's, the browser's, or English."""
    if "language" not in g:
        g.language = _BY_CODE[_choose()]
    chosen: Language = g.language
    return chosen


def prefer_language(code: str) -> None:
    """Use the expert's own language for this request, unless they have chosen another.

    If it is not offered, the page is in English and :func:`missing_language` names it.
    """
    g.own_language = code
    g.pop("language", None)
    flask_babel.refresh()


def missing_language() -> str | None:
    """Return the name of the expert's own language if it is not offered, else None."""
    own: str | None = g.get("own_language")
    if own is None or _offered([own]) or session.get("language") in _BY_CODE:
        return None
    return language_name(own)


def language_name(code: str) -> str:
    """Return the name of a language in the page's language; its code if unknown."""
    try:
        own = babel.Locale.parse(code.replace("-", "_"))
        return own.get_display_name(language().code) or code
    except (ValueError, babel.UnknownLocaleError):
        return code


#: Names in printed lists, where they differ from the full names of the catalogue.
_USUAL_NAMES = {
    "zh": {"AE": "阿联酋", "PS": "巴勒斯坦", "SA": "沙特"},
    "en": {"AE": "UAE", "PS": "Palestine"},
    "ar": {"AE": "الإمارات", "PS": "فلسطين", "SA": "السعودية"},
    "ru": {"PS": "Палестина"},
    "tr": {"AE": "BAE", "PS": "Filistin"},
    "fr": {"AE": "Émirats", "PS": "Palestine"},
}


def country_name(code: str) -> str:
    """Return the name of a country in the page's language; the text itself if unknown."""
    spoken = language().code
    names: Mapping[str, str] = babel.Locale.parse(spoken).territories
    return _USUAL_NAMES.get(spoken, {}).get(code) or names.get(code, code)


@lru_cache(maxsize=128)  # called for every text of a study, a hundred times a page
def direction_of(code: str) -> str:
    """Return ``ltr`` or ``rtl``, the direction of a language.

    >>> direction_of("ar"), direction_of("zh")
    ('rtl', 'ltr')
    """
    try:
        return babel.Locale.parse(code.replace("-", "_")).text_direction
    except (ValueError, babel.UnknownLocaleError):
        return "ltr"


def _choose() -> str:
    if session.get("language") in _BY_CODE:
        return str(session["language"])
    if "own_language" in g:
        return _offered([g.own_language]) or SOURCE
    return _offered([tag for tag, quality in request.accept_languages if quality > 0]) or SOURCE


def _offered(tags: list[str]) -> str | None:
    """Return the first of ``tags`` that is offered; zh-Hans-CN matches zh."""
    wanted = [tag.replace("_", "-") for tag in tags]
    return babel.negotiate_locale(wanted, list(_BY_CODE), sep="-")


def remember_language() -> Response | None:
    """Store ``?language=`` in the session, and redirect to the same page without it.

    It works on every address, unknown ones included, and changes nothing but the cookie.
    """
    if request.method not in ("GET", "HEAD") or "language" not in request.args:
        return None
    asked = request.args["language"]
    if asked in _BY_CODE:
        session["language"] = asked
    return redirect(_this_page(), 303)


def language_url(code: str) -> str:
    """Return the address of this page in another language."""
    return _this_page(language=code)


def _this_page(**more: str) -> str:
    # request.path begins with one slash; quoted, it has no backslash and no control character,
    # so that a browser cannot read a host in it.
    path = quote(request.path, safe="/:@!$&'()*+,;=-._~")
    kept = kept_queries(request.endpoint, request.args)
    query = urlencode([*kept, *more.items()])
    return f"{path}?{query}" if query else path


# ---------- numbers and times ----------

#: Between a figure and its sign: a space that does not break.
NBSP = "\u00a0"


def percent(share: float, decimals: int = 1) -> str:
    """Return a share as a percentage: ``0.456`` is ``45.6%``, in French ``45,6 %``."""
    locale = babel.Locale.parse(language().code)
    pattern = locale.percent_formats[None].pattern
    wanted = pattern.replace("#,##0", "#,##0." + "0" * decimals if decimals else "#,##0")
    text = numbers.format_percent(share, format=wanted, locale=locale)
    if language().direction == "rtl":
        return isolated(text)
    return f"{text[:-2]}{NBSP}%" if text[-2:-1].isspace() else text


def number(value: float, decimals: int = 0) -> str:
    """Return a number with a fixed count of decimals."""
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    text = numbers.format_decimal(value, format=pattern, locale=language().code)
    return isolated(text) if value < 0 else text


def typed(value: float) -> str:
    """Return a number as typed: ``12.5``, in French ``12,5``; at most two decimals."""
    return numbers.format_decimal(value, format="0.##", locale=language().code)


def upright(texts: Texts) -> Texts:
    """Return texts in which % stays behind its figure, also in Arabic."""
    return {
        code: _PERCENTAGE.sub(lambda found: _apart(found[0]), text)
        if direction_of(code) == "rtl"
        else text
        for code, text in texts.items()
    }


_PERCENTAGE = re.compile(r"\d+%")


def isolated(figure: str) -> str:
    """Return a figure whose sign stays in place in text written from right to left."""
    return _apart(figure) if language().direction == "rtl" else figure


def _apart(figure: str) -> str:
    return f"\u2066{figure}\u2069"


def day(moment_: datetime) -> str:
    """Return a date, in UTC: ``12 August 2024``."""
    return _written(language().code, moment_, _DAY)


def clock(moment_: datetime) -> str:
    """Return a time of day, in UTC: ``14:32``."""
    return dates.format_datetime(moment_, "HH:mm", locale=language().code)


def moment(moment_: datetime) -> str:
    """Return a date and a time, marked as UTC, in the page's language."""
    return moment_in(language().code, moment_)


def moment_in(code: str, moment_: datetime) -> str:
    """Return a date and a time, marked as UTC, in any language.

    >>> moment_in("fr", datetime(2026, 12, 1, 18, tzinfo=UTC))
    '1er décembre 2026 à 18:00 UTC'
    """
    return _written(code, moment_, _MOMENT)


_DAY = {"zh": "y 年 M 月 d 日", "en": "d MMMM y"}
_MOMENT = {
    "zh": "y 年 M 月 d 日 HH:mm（UTC）",
    "en": "d MMMM y, HH:mm 'UTC'",
    "ar": "d MMMM y، HH:mm 'بتوقيت' 'UTC'",
    "fr": "d MMMM y 'à' HH:mm 'UTC'",
}


def _written(code: str, moment_: datetime, patterns: Mapping[str, str]) -> str:
    pattern = patterns.get(code, patterns[SOURCE])
    if code == "fr" and moment_.astimezone(UTC).day == 1:
        pattern = pattern.replace("d ", "d'er' ", 1)  # counted by its ordinal: 1er août
    return dates.format_datetime(moment_, pattern, locale=code)


# ---------- the study's own words ----------


def words(texts: Texts) -> str:
    """Return a text of the study in the page's language, else English, else the first."""
    return texts.get(_available(texts), "")


def said(texts: Texts, otherwise: str = "") -> Markup:
    """Return a study's text in ``<bdi>``, if foreign with ``lang`` and ``dir``.

    ``otherwise`` is the code of an item, shown where it has no name.
    """
    code = _available(texts)
    text = escape(texts.get(code, otherwise))
    if code in (language().code, ""):
        return Markup("<bdi>{}</bdi>").format(text)
    tag = _BY_CODE[code].tag if code in _BY_CODE else code
    return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(tag, direction_of(code), text)


def _available(texts: Texts) -> str:
    for code in (language().code, SOURCE, *texts):
        if texts.get(code):
            return code
    return ""


def unit_noun(unit: UnitWords) -> str:
    """Return the study's noun for one ranked unit, in the page's language."""
    code, forms = plurals.noun_in(unit, language().code)
    return _foreign(code, plurals.singular(forms))


def unit_plural(unit: UnitWords) -> str:
    """Return the study's noun for several units, without a number."""
    code, forms = plurals.noun_in(unit, language().code)
    return _foreign(code, plurals.plural(forms, code))


def counted(unit: UnitWords, count: int) -> str:
    """Return a number of ranked units with the noun: ``54 cities``."""
    code, forms = plurals.noun_in(unit, language().code)
    values = {"count": count, "unit": _foreign(code, plurals.form_for(forms, code, count))}
    if code != language().code:
        return "{count} {unit}".format(**values)
    return str(flask_babel.ngettext("%(count)s %(unit)s", "%(count)s %(unit)s", count, **values))


def capital(text: str) -> str:
    """Return a text with a capital first letter, in Turkish İ for i."""
    first = "İ" if text[:1] == "i" and language().code == "tr" else text[:1].upper()
    return first + text[1:]


def _foreign(code: str, noun: str) -> str:
    """Return a noun, isolated if it is in another language, to keep its own direction."""
    return noun if code == language().code else f"\u2068{noun}\u2069"

"""The catalogues say everything the pages say, in every language offered."""

import importlib.util
from types import ModuleType

import pytest
from babel.messages import Catalog

from survey.config import ROOT
from survey.locale import LANGUAGES, SOURCE


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update", ROOT / "translations" / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


update = _load()


def test_the_catalogues_are_up_to_date() -> None:
    """If not: python translations/update.py."""
    for path, text in update.files().items():
        assert path.read_text() == text, f"{path.name} is out of date"


def test_the_languages_offered_are_those_with_a_catalogue() -> None:
    offered = {language.code for language in LANGUAGES} - {SOURCE}

    assert offered == set(update.languages())


@pytest.mark.parametrize("language", update.languages())
def test_nothing_is_untranslated_or_broken(language: str) -> None:
    assert list(update.faults(update.read(language))) == []


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("Privacy", "", "not translated"),
        (("%(n)s city", "%(n)s cities"), ("",), "not translated"),
        ("Hello %(name)s", "您好", "other placeholders"),
        ("Hello %(name)s", "%(nom)s，您好", "other placeholders"),
        ("<b>Hello</b>", "您好", "other tags"),
        ("100%% of %(n)s", "%(n)s", "other placeholders"),
    ],
)
def test_a_faulty_translation_is_found(
    source: str | tuple[str, ...], translation: str | tuple[str, ...], fault: str
) -> None:
    catalogue = Catalog(locale="zh")
    catalogue.add(source, translation)

    [found] = update.faults(catalogue)

    assert found.startswith(fault)


def test_a_fuzzy_or_obsolete_message_is_found() -> None:
    catalogue = Catalog(locale="zh")
    catalogue.add("Privacy", "隐私", flags=["fuzzy"])
    catalogue.obsolete["Old"] = Catalog(locale="zh").add("Old", "旧")

    assert [fault.split(":")[0] for fault in update.faults(catalogue)] == ["fuzzy", "obsolete"]


def test_a_new_message_moves_no_other() -> None:
    """Two branches that add messages meet in one place only."""
    template = update.extracted()
    before = update.text_of(template)
    template.add("Indicators and zebras")

    after = update.text_of(template)

    assert after.replace('msgid "Indicators and zebras"\nmsgstr ""\n\n', "") == before
    assert after != before

"""The databases of the tests, and their browser: fetched only when a test opens a page."""

import os

import pytest

from tests.machinery import browser, suite
from tests.machinery.databases import in_turn, ways


@pytest.mark.parametrize(
    ("test", "database"),
    [
        ("123456789", "sqlite"),  # the check value of CRC-32: 0xCBF43926
        ("a", "postgresql"),  # 0xE8B7BE43
    ],
)
def test_a_page_test_runs_on_the_same_database_in_every_process(test, database):
    assert in_turn(["sqlite", "postgresql"], test) == database


@pytest.mark.parametrize("languages", [["ar"], ["en", "zh"], ["ar", "zh", "en", "fr"]])
@pytest.mark.parametrize("test", ["123456789", "a", "b", "c"])
def test_a_trip_is_made_in_each_language_on_both_databases_with_and_without_script(languages, test):
    made = list(zip(*ways(["sqlite", "postgresql"], languages, test), strict=True))

    assert [set(each) for each in made] == [{"sqlite", "postgresql"}, set(languages), {True, False}]
    assert len(made[0]) == max(2, len(languages))


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without a browser on which every way to fetch one is closed."""
    monkeypatch.delenv("STEELYARD_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "CACHE", tmp_path / "browser")
    monkeypatch.setattr(browser, "find", lambda: None)
    refuse = ("-c", "import sys; sys.exit('a line before\\nthe network is closed')")
    closed = {
        "one way": lambda: browser._run(browser.sys.executable, *refuse),
        "another": lambda: None,
    }
    monkeypatch.setattr(browser, "WAYS", closed)


def test_a_run_begins_without_looking_for_a_browser(monkeypatch):
    begun = []
    monkeypatch.setattr(os, "execv", lambda program, command: begun.append(command))
    monkeypatch.setattr(browser, "provide", lambda: pytest.fail("a browser was asked for"))
    monkeypatch.setattr(browser, "provide_node", lambda: pytest.fail("a Node was asked for"))

    suite.main(["tests/ranking"])

    assert begun[0][-1] == "tests/ranking"


def test_without_a_browser_each_closed_way_is_named_with_its_reason(bare):
    with pytest.raises(browser.NoBrowser) as refused:
        browser.provide()

    assert "one way: the network is closed" in str(refused.value)
    assert "another: what it brought does not start" in str(refused.value)


def test_a_browser_that_was_named_and_does_not_start_is_not_replaced(bare, monkeypatch):
    monkeypatch.setenv("STEELYARD_CHROMIUM", "/bin/false")

    with pytest.raises(browser.NoBrowser, match="STEELYARD_CHROMIUM is /bin/false"):
        browser.provide()

"""A study that was copied from the example and still says so."""

import io
from dataclasses import replace

import pytest
from click.testing import CliRunner

from survey.cli import cli
from survey.files.study_folder import read_folder, write_folder, zipped
from survey.files.study_folder.example import is_the_example, left_from_the_example
from tests.worlds import cast
from tests.worlds.rankable import EXAMPLE

STUDY = "/author/studies/own/"
ROUND = "/author/studies/own/rounds/1"


@pytest.fixture(scope="module")
def example():
    return read_folder(EXAMPLE).study


def copied(example, **changes):
    """Return a copy with its own framework and panel, without answers."""
    said = {"titles": example.titles, "contact": example.contact, "notices": example.notices}
    return replace(cast.study(), **said | {"code": example.code} | changes)


def test_the_example_itself_is_known(example):
    assert is_the_example(example)
    assert left_from_the_example(example) == ()


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, ("code", "contact", "notices")),
        ({"code": "own"}, ("contact", "notices")),
        ({"code": "own", "notices": {}}, ("contact",)),
        ({"code": "own", "notices": {}, "contact": "me@here.test"}, ()),
        ({"notices": {}, "contact": ""}, ("code",)),
    ],
)
def test_what_a_copy_still_has_is_named(example, changes, left):
    assert left_from_the_example(copied(example, **changes)) == left


def test_the_same_indicators_under_another_code_are_another_study(example):
    again = replace(example, code="arab-league-2026")

    assert left_from_the_example(again) == ("contact", "notices")


def test_the_console_shows_it_and_no_round_opens_until_it_is_changed(author, example):
    study = copied(example, code="own")
    author.send("/author/", {"study": (io.BytesIO(zipped(study)), "own.zip")})

    shown = author.page(STUDY).one("ul", id="copied")
    assert len([e for e in author.page(STUDY).all("li") if e.parents[-1].tag == shown.tag]) >= 2

    assert author.get(f"{ROUND}/open").status_code == 409
    assert author.send(f"{ROUND}/open", {}, seen_at=ROUND).status_code == 409

    said = {"title_en": "Own", "contact": "me@here.test", "anonymity": "experts"}
    said |= {f"notice_{code}": "" for code in example.notices}
    assert author.send(STUDY, said).status_code == 303
    assert author.page(STUDY).all("ul", id="copied") == []
    assert author.send(f"{ROUND}/open", {}).status_code == 303


def test_the_command_says_it(example, tmp_path, monkeypatch):
    monkeypatch.setenv("STEELYARD_INSTANCE", str(tmp_path / "instance"))
    write_folder(copied(example), tmp_path / "copy")

    done = CliRunner().invoke(cli, ["load", str(tmp_path / "copy")])

    assert done.exit_code == 0, done.output
    assert done.output.count("copied from the example") == 3

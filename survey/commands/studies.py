"""Commands to load and unload studies, and to issue links."""

import csv
import os
import sys
from collections.abc import Sequence, Sized
from pathlib import Path
from typing import IO

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.commands.database import now, prepared_database, site_of
from survey.commands.database import settings as read_settings
from survey.commands.reading import read_study
from survey.commands.words import BadInput, say, writing_to
from survey.files import study_folder
from survey.files.study_folder.example import (
    CODE,
    CONTACT,
    NOTICES,
    is_the_example,
    left_from_the_example,
)
from survey.files.study_folder.sheet import escaped
from survey.files.study_folder.writing import MARK, put_in_place, write_whole
from survey.models import Round, Study
from survey.store import journal
from survey.store.authors import DEFAULT_AUTHOR, ensure_author, issue_author_link
from survey.store.invitations import issue_everybodys_links
from survey.store.rounds import WrongState, telling_round
from survey.store.staging import store_in_turns
from survey.store.studies import StudyExists, load_study
from survey.values import By


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--author", default=DEFAULT_AUTHOR, show_default=True, help="Whose study it is.")
def load(folder: Path, author: str) -> None:
    """Load a study FOLDER (or .zip) into the database."""
    study = read_study(folder)
    with prepared_database(read_settings()) as database:
        with database.writing() as session:
            author_id = ensure_author(session, author, now()).id
        try:
            study_id = store_in_turns(database, study, author_id, now)
        except StudyExists as error:
            raise BadInput(
                f"There is a study {error.code!r} already; nothing was changed. "
                "Rename the folder, or its name in datapackage.json."
            ) from error
        with database.reading() as session:
            round_ = telling_round(session, session.get_one(Study, study_id))
    say(f"Loaded {study.code}: {_counted(study.panel, 'expert')}, round 1 is {round_.state}.")
    _say_what_is_left(study)


#: Traces of the example in a copy of it, and how to change them.
LEFT = {
    CODE: 'its code is the example\'s: write another "name" in datapackage.json and load it again.',
    CONTACT: "its contact is the example's, an address that no person reads.",
    NOTICES: "its notice is the example's, and says that the answers were made up.",
}


def _say_what_is_left(study: values.Study) -> None:
    if is_the_example(study):
        say("This is the example that comes with Steelyard: a study of your own needs its own")
        say("name, contact and notices in datapackage.json.")
    for name in left_from_the_example(study):
        say(f"{study.code} was copied from the example: {LEFT[name]}")


@click.command()
@click.argument("study")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FOLDER")
@click.option(
    "--round",
    "number",
    type=click.IntRange(1),
    help="Which round's answers; default: the last closed.",
)
def unload(study: str, output: Path, number: int | None) -> None:
    """Write STUDY from the database to a study folder (or .zip)."""
    with prepared_database(read_settings()) as database, database.reading() as session:
        row = find_study(session, study)
        round_ = telling_round(session, row)
        if number:
            round_ = _find_round(session, row, number)
        content = load_study(session, row, round_)
    write_study(content, output)
    say(f"Wrote {study} to {output}.")
    if round_.state == "open":
        say(f"Round {round_.number} is open: its answers are not written until it closes.")


def write_study(study: values.Study, path: Path) -> None:
    with writing_to(path):
        if path.suffix == ".zip":
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, study_folder.zipped(study))
        else:
            study_folder.write_folder(study, path)


@click.command("author-link")
@click.option("--author", default=DEFAULT_AUTHOR, show_default=True, help="Who signs in.")
def author_link(author: str) -> None:
    """Print a sign-in link for an author; it works once, within a day."""
    chosen = read_settings()
    with prepared_database(chosen) as database, database.writing() as session:
        token = issue_author_link(session, ensure_author(session, author, now()), now())
    click.echo(f"{site_of(chosen)}/sign-in/{token}")


#: An expert's code, name and language, and their link.
Line = tuple[str, str, str, str]


@click.command()
@click.argument("study")
@click.option("-o", "--output", default="-", type=click.Path(path_type=Path), help="A CSV file.")
@click.option(
    "--round", "number", type=click.IntRange(1), help="Which round; default: the last one."
)
def links(study: str, output: Path, number: int | None) -> None:
    """Write a new personal link for every expert of STUDY, to send by any messenger.

    Links that were issued before still work. An expert who withdrew gets none.
    """
    chosen = read_settings()
    site = site_of(chosen)
    with prepared_database(chosen) as database:
        if str(output) == "-":
            with database.writing() as session:
                rows = _issue(session, study, number, site)
            _write_links(sys.stdout, rows)
            return
        # Written before the commit, because links that cannot be written are not issued;
        # renamed after it, because the links in the old file may still work.
        with writing_to(output), put_in_place(output) as part, database.writing() as session:
            rows = _issue(session, study, number, site)
            private = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(private, "w", encoding="utf-8", newline="") as file:
                file.write(MARK)
                _write_links(file, rows)
    say(f"Wrote {_counted(rows, 'link')} to {output}.")


def all_studies(session: Session) -> Sequence[Study]:
    """Return the studies by code, without those that are still being loaded."""
    in_force = Study.aside_since.is_(None)
    return session.scalars(select(Study).where(in_force).order_by(Study.code)).all()


def find_study(session: Session, code: str) -> Study:
    studies = {study.code: study for study in all_studies(session)}
    if code not in studies:
        known = ", ".join(studies) or "none"
        raise BadInput(f"There is no study {code!r} in the database; it holds: {known}.")
    return studies[code]


def _find_round(session: Session, study: Study, number: int | None) -> Round:
    rounds = {round_.number: round_ for round_ in study.rounds}
    found = rounds.get(number or max(rounds))
    if found is None:
        raise BadInput(f"{study.code} has no round {number}; it has {len(rounds)}.")
    return found


def _issue(session: Session, code: str, number: int | None, site: str) -> list[Line]:
    """Issue a new link to every expert of a round; return the lines of their list."""
    round_ = _find_round(session, find_study(session, code), number)
    try:
        issued = issue_everybodys_links(session, round_, By(journal.COMMAND, now()))
    except WrongState as error:
        raise BadInput(
            f"Round {round_.number} of {round_.study.code} is closed and takes no answers. "
            "No link was written."
        ) from error
    return [
        (expert.code, escaped(expert.name), expert.language, f"{site}/invitation/{token}")
        for expert, token in issued
    ]


def _write_links(file: IO[str], rows: list[Line]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("expert", "name", "language", "link"))
    writer.writerows(rows)


def _counted(things: Sized, word: str) -> str:
    count = len(things)
    return f"{count} {word}" + ("" if count == 1 else "s")

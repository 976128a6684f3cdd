"""Command ``verify-journal``."""

from __future__ import annotations

from collections.abc import Sequence

import click
from sqlalchemy.orm import Session

from survey.commands.database import prepared_database
from survey.commands.database import settings as read_settings
from survey.commands.studies import all_studies, find_study
from survey.commands.words import CheckFailed
from survey.models import Journal, Study
from survey.store import journal
from survey.store.seals import find_sealed


@click.command("verify-journal")
@click.argument("study", required=False)
@click.option("--seal", metavar="SEAL", help="A seal as a receipt or a publication prints it.")
def verify_journal(study: str | None, seal: str | None) -> None:
    """Check the journal of every study, or of STUDY, from the first entry to the last.

    With --seal, say which entry it was printed for.
    """
    chosen = read_settings()
    key = chosen.secret_key.encode()
    with prepared_database(chosen) as database, database.reading() as session:
        studies = [find_study(session, study)] if study else all_studies(session)
        faults = [line for row in studies for line in _walked(session, row, key)]
        if faults:
            raise CheckFailed("\n".join(faults))
        if seal is not None:
            click.echo(_sealed(session, studies, seal.strip().lower(), key))


def _walked(session: Session, study: Study, key: bytes) -> list[str]:
    """Print the state of an intact journal; or return its fault."""
    fault = journal.find_fault(session, study.id)
    if fault is not None:
        return [f"{study.code}: entry {fault.number} is broken: {fault.what}."]
    found = session.get_one(Journal, study.id)
    click.echo(
        f"{study.code}: whole, {found.length} entries, head {found.head}, "
        f"seal {journal.seal(found.head, key)}."
    )
    return []


def _sealed(session: Session, studies: Sequence[Study], seal: str, key: bytes) -> str:
    for study in studies:
        found = find_sealed(session, study.id, seal, key)
        if found is None:
            continue
        if found.replaced:
            return (
                f"{seal}: sealed {study.code} before it was restored from a backup, "
                f"as entry {found.number} says ({found.at:%Y-%m-%d %H:%M} UTC)."
            )
        return (
            f"{seal}: seals entry {found.number} of {study.code} ({found.at:%Y-%m-%d %H:%M} UTC)."
        )
    raise CheckFailed(
        f"{seal}: seals no entry, under this service's secret. "
        "Either it was not printed here, or the journal was changed since."
    )

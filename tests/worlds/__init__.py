"""Named states of a database, in which tests begin: each made once in a run, then copied.

A folder chooses one by a fixture of its own called ``world``; a file or a test by the
marker of that name.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from survey.files.study_folder import read_folder
from tests.worlds import cast, further, rankable

World = Callable[[Session], None]


def nothing(session: Session) -> None:
    """Leave the migrated database empty."""


def drafted(session: Session) -> None:
    """Store the pilot, its round a draft."""
    cast.load(session)


def opened(session: Session) -> None:
    """Store the pilot, its round open, without answers."""
    cast.load_open(session)


def answered(session: Session) -> None:
    """Store the pilot with answers of a panel of six; its round closed."""
    further.load(session)


def asked_again(session: Session) -> None:
    """Store the answered pilot, with its second round open, which asks everything again."""
    further.ask_again(session, further.load(session))


def small(session: Session) -> None:
    """Store a small study that can be ranked, its weights frozen."""
    with TemporaryDirectory() as folder:
        study = rankable.load(session, rankable.small_study(Path(folder)))
    rankable.freeze(session, study)


def example(session: Session) -> None:
    """Store the first edition, its weights frozen."""
    study = rankable.load(session, read_folder(rankable.EXAMPLE).study)
    rankable.freeze(session, study)


def small_and_example(session: Session) -> None:
    small(session)
    example(session)

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
    """Migrated and empty."""


def drafted(session: Session) -> None:
    """The pilot, its round a draft."""
    cast.load(session)


def opened(session: Session) -> None:
    """The pilot, its round open, and no answers."""
    cast.load_open(session)


def answered(session: Session) -> None:
    """The pilot with a panel of six that has answered; its round closed."""
    further.load(session)


def asked_again(session: Session) -> None:
    """The same, and everybody asked everything again: the second round open."""
    further.ask_again(session, further.load(session))


def small(session: Session) -> None:
    """A small study that can be ranked, its weights frozen."""
    with TemporaryDirectory() as folder:
        study = rankable.load(session, rankable.small_study(Path(folder)))
    rankable.freeze(session, study)


def example(session: Session) -> None:
    """The first edition, its weights frozen."""
    study = rankable.load(session, read_folder(rankable.EXAMPLE).study)
    rankable.freeze(session, study)


def small_and_example(session: Session) -> None:
    small(session)
    example(session)

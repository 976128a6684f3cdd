"""Commands ``weigh``, ``rank`` and ``verify``: files only, no server or database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import click

from survey.commands import printing
from survey.commands.reading import read_study
from survey.commands.words import BadInput, CheckFailed, say, writing_to
from survey.files.study_folder import Faulty
from survey.files.study_folder.faults import FolderFault
from survey.files.study_folder.languages import as_language, is_language
from survey.files.study_folder.writing import csv_bytes, write_whole
from survey.files.weight_set import (
    DamagedWeightSet,
    FaultyWeightSet,
    digest_of,
    read_weight_set,
    weight_set_text,
)
from survey.reports import refusals
from survey.reports.panel.consensus import (
    LEAVE_OUT_DISCONNECTED,
    METHODS,
    RANDOM_INDICES,
    REFUSE,
    consensus_report,
)
from survey.reports.panel.verification import can_compare_answers, verification
from survey.reports.panel.weight_sets import weight_set
from survey.reports.ranking.grids import bands_grid, noticed, scores_grid
from survey.reports.ranking.report import SHARES, TIES, ranking_under
from survey.values import Study, Texts, text_in
from survey.values.published import said_once
from survey.version import VERSION

#: The sentence about a folder from before the first weight set was frozen.
WITHOUT_SALT = "has no salt, so the checksum of the answers was not compared."
#: Hint for a folder in which a group has no answers.
NO_ANSWERS = (
    "comparisons.csv and points.csv have no answers with this parent. "
    "Weights that are given (given.csv) are not read by this version."
)

FOLDER = click.Path(path_type=Path)

#: File with the notices about the data, by language, beside the tables of a ranking.
NOTICE = "notice.txt"


class RandomIndex(click.ParamType[str | float]):
    """Parameter: a table of random indices by name, or the index as a positive number."""

    name = "index"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | float:
        if value in RANDOM_INDICES:
            return str(value)
        try:
            index = float(str(value))
        except ValueError:
            index = 0.0
        if not 0 < index < float("inf"):
            self.fail(f"{value} is neither a positive number nor one of {_listed(RANDOM_INDICES)}.")
        return index


class Shares(click.ParamType[tuple[float, ...]]):
    """Parameter: cumulative shares of units, such as 0.1,0.3,0.5."""

    name = "shares"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            shares = tuple(map(float, str(value).split(",")))
        except ValueError:
            shares = ()
        ends = (0.0, *shares, 1.0)
        if not shares or not all(low < high for low, high in pairwise(ends)):
            self.fail(f"{value} does not rise between 0 and 1, as 0.1,0.3,0.5 does.")
        return shares


class LanguageCode(click.ParamType[str]):
    """Parameter: a language code, in its usual spelling: zh for ZH, pt-BR for pt_br."""

    name = "language"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        code = str(value)
        if not is_language(code):
            self.fail(f"{code} is not a language code, such as zh, en or pt-BR.")
        return as_language(code)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("-o", "--output", type=FOLDER, metavar="FILE", help="Write the weight set here.")
@click.option("--method", type=click.Choice(METHODS), default=METHODS[0], show_default=True)
@click.option(
    "--random-index",
    type=RandomIndex(),
    default="saaty-1980",
    show_default=True,
    help=f"What the consistency ratio divides by: {', '.join(RANDOM_INDICES)}, or a number.",
)
@click.option(
    "--leave-out-disconnected",
    is_flag=True,
    help="Leave an expert out of a group in which their comparisons fall into unconnected parts.",
)
@click.option(
    "--language", type=LanguageCode(), metavar="XX", help="Language of the printed names."
)
def weigh(
    folder: Path,
    output: Path | None,
    method: str,
    random_index: str | float,
    leave_out_disconnected: bool,
    language: str | None,
) -> None:
    """Weigh the indicators by the answers in a study FOLDER (or .zip)."""
    with one_sentence_each():
        study = read_study(folder)
        report = consensus_report(
            study,
            method,
            random_index,
            LEAVE_OUT_DISCONNECTED if leave_out_disconnected else REFUSE,
        )
        for line in printing.single_answers(study, report):
            say(line)
        if output is not None:
            adopted = weight_set(study, report, f"steelyard {VERSION}")
            text = weight_set_text(adopted)
            write(output, text.encode())
            say(f"Wrote {output}, digest {digest_of(text)}.")
    click.echo(printing.consensus(study, report, language or usual_language(study)))


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--weights", required=True, type=FOLDER, metavar="FILE", help="A weight set.")
@click.option("-o", "--output", required=True, type=FOLDER, metavar="OUT", help="A folder.")
@click.option(
    "--language",
    type=LanguageCode(),
    metavar="XX",
    help="Whose names, labels and order; default: zh if the study has it.",
)
@click.option("--ties", type=click.Choice(TIES), default="down", show_default=True)
@click.option("--shares", type=Shares(), default=SHARES, help="Default: 0.1,0.3,0.5.")
def rank(
    folder: Path,
    weights: Path,
    output: Path,
    language: str | None,
    ties: str,
    shares: tuple[float, ...],
) -> None:
    """Rank the units of a study FOLDER (or .zip) under a weight set."""
    with one_sentence_each():
        study = read_study(folder)
        adopted = read_weight_set(read_bytes(weights), str(weights))
        spoken = language or usual_language(study)
        report = ranking_under(study, adopted, shares, ties, spoken)
        notices = said_once(study.notices, adopted.notices)
        said = [text_in(texts, spoken) for texts in notices]
        write(output / "scores.csv", csv_bytes(*noticed(scores_grid(study, report), said)))
        write(output / "bands.csv", csv_bytes(*noticed(bands_grid(study, report), said)))
        write_notices(output, notices, spoken)
        for line in printing.unrated(report):
            say(line)
        say(f"Wrote {output / 'scores.csv'} and {output / 'bands.csv'}.")
    click.echo(printing.bands(report))


@click.command()
@click.argument("weights", type=FOLDER)
@click.argument("folder", type=FOLDER, required=False)
def verify(weights: Path, folder: Path | None) -> None:
    """Check that WEIGHTS is an intact weight set, and FOLDER gives the same weights."""
    with one_sentence_each():
        content = read_bytes(weights)
        try:
            adopted = read_weight_set(content, str(weights))
        except DamagedWeightSet as error:
            raise CheckFailed(str(error)) from error
        study = None if folder is None else read_study(folder)
        if study is not None:
            try:
                reasons = verification(adopted, study)
            except refusals.Refused as error:
                reasons = error.reasons
            if reasons:
                raise CheckFailed("\n".join(map(refusals.sentence, reasons)))
    click.echo(f"{weights}: whole, digest {digest_of(content.decode())}.")
    if folder is not None:
        click.echo(f"{folder}: gives these weights.")
        if study is not None and not can_compare_answers(adopted, study):
            click.echo(f"{folder}: {WITHOUT_SALT}")


@contextmanager
def one_sentence_each() -> Iterator[None]:
    """Turn faults of files into one sentence each."""
    try:
        yield
    except Faulty as error:
        raise BadInput(str(error)) from error
    except refusals.Refused as error:
        missing = any(reason.code == "nobody-judged" for reason in error.reasons)
        raise BadInput(f"{error}\n{NO_ANSWERS}" if missing else str(error)) from error


def read_bytes(weights: Path) -> bytes:
    """Return the bytes of a weight set's file, read only once: it may be a pipe."""
    try:
        return weights.read_bytes()
    except OSError as error:
        raise FaultyWeightSet((FolderFault(str(weights), 0, "", "no-weight-set"),)) from error


def write(path: Path, content: bytes) -> None:
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)


def write_notices(output: Path, notices: Sequence[Texts], language: str) -> None:
    """Write any notices about the data beside the tables, and print them."""
    if not notices:
        (output / NOTICE).unlink(missing_ok=True)
        return
    lines = [f"{code}: {text}\n" for texts in notices for code, text in texts.items()]
    write(output / NOTICE, "".join(lines).encode())
    for texts in notices:
        say(text_in(texts, language))


def usual_language(study: Study) -> str:
    """Return Chinese if the study has it, else English, else its first language."""
    spoken = study.languages
    return next((code for code in ("zh", "en") if code in spoken), spoken[0] if spoken else "en")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)

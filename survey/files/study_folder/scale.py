"""scale.csv: a study's own words for the scale, in the languages that have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from survey.files.study_folder.languages import as_language, is_language
from survey.files.study_folder.sheet import Row, Sheet
from survey.files.study_folder.strengths import find_falls
from survey.values import RATIOS, ScaleWords

COLUMNS = ("language", "ratio", "word", "version", "back")


def read_scale(sheet: Sheet) -> Iterator[ScaleWords]:
    """Yield the words; each language has one version and a word for every ratio."""
    rows: dict[str, dict[int, Row]] = {}
    for row in sheet:
        language, ratio = row.value("language"), _ratio(row)
        if not is_language(language):
            row.fault("language", "not-a-language", found=language)
        elif ratio is not None and _has_word(row):
            known = rows.setdefault(as_language(language), {})
            if ratio in known:
                row.fault("ratio", "ratio-twice", found=ratio, other=known[ratio].line)
            known.setdefault(ratio, row)
    scale = [words for item in rows.items() if (words := _words(*item)) is not None]
    if sheet.findings.check_number(sheet.file, "languages", len(rows)):
        for words, low, high in find_falls(scale):
            _fell(rows[words.language], words, low, high)
    yield from scale


def _fell(rows: Mapping[int, Row], words: ScaleWords, low: int, high: int) -> None:
    """Report two words whose strengths fall although their ratios rise."""
    rows[low].fault(
        "back",
        "scale-falls",
        language=words.language,
        word=words.words[low],
        ratio=low,
        back=words.back[low],
        other=words.words[high],
        other_ratio=high,
        other_back=words.back[high],
    )


def written(scale: Iterable[ScaleWords]) -> Iterator[dict[str, str | int]]:
    """Yield the rows of the table."""
    for words in scale:
        for ratio, word in words.words.items():
            yield {
                "language": words.language,
                "ratio": ratio,
                "word": word,
                "version": words.version,
                "back": words.back.get(ratio, ""),
            }


def _ratio(row: Row) -> int | None:
    found = row.number("ratio")
    if found in map(str, RATIOS):
        return int(found)
    row.fault("ratio", "not-a-ratio", found=found)
    return None


def _has_word(row: Row) -> bool:
    if not row.label("word"):
        row.fault("word", "no-word")
    return bool(row.label("word"))


def _words(language: str, by_ratio: dict[int, Row]) -> ScaleWords | None:
    first = next(iter(by_ratio.values()))
    if missing := [str(ratio) for ratio in RATIOS if ratio not in by_ratio]:
        first.fault("ratio", "missing-ratios", language=language, missing=", ".join(missing))
        return None
    versions = {row.value("version") for row in by_ratio.values()}
    version = first.value("version")
    if len(versions) > 1 or not version.isdecimal() or not 1 <= int(version) <= 1_000_000:
        found = ", ".join(sorted(versions))
        first.fault("version", "not-a-version", language=language, found=found)
        return None
    ordered = {ratio: by_ratio[ratio] for ratio in RATIOS}
    return ScaleWords(
        language,
        int(version),
        {ratio: row.label("word") for ratio, row in ordered.items()},
        {ratio: row.label("back") for ratio, row in ordered.items() if row.label("back")},
    )

"""Decoding of a file's bytes into text; ambiguous bytes are refused.

A file is UTF-8, or UTF-16 if it is marked so. Chinese spreadsheets save GB18030, in which
nearly every file of another encoding can be read too, as other words: é and r are 閞. So a
file that is not UTF-8 is read as GB18030 only if its characters are those of Chinese texts
(nearly all of them, unless the study has such texts) and no other encoding gives letters.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from survey.files.study_folder.findings import Findings
from survey.files.study_folder.gb2312 import frequency
from survey.files.study_folder.kinds import binary_kind
from survey.files.study_folder.short_chinese import is_hangul, is_of_a_neighbour, is_short_chinese
from survey.files.study_folder.signs import without_numbers

_CHINESE_COLUMN = re.compile(rb"_zh(?![A-Za-z])", re.IGNORECASE)
_TEXT_COLUMN = re.compile(rb"_[A-Za-z]{2,3}(?![A-Za-z])")
_CHINESE_CELL = re.compile(rb"(?<![A-Za-z])zh(?![A-Za-z])", re.IGNORECASE)

#: The rows of the 5,401 frequent characters in Big5.
_BIG5_FREQUENT = range(0xA4, 0xC7)
#: Bytes of letters in the Windows code pages and KOI8: 0xC0 to 0xFF, and ё, є and Ё.
_LETTER_BYTES = frozenset((*range(0xC0, 0x100), 0xA3, 0xB3, 0xA8, 0xB8))
#: Bytes of half-width letters in Shift-JIS.
_KATAKANA_BYTES = frozenset(range(0xA1, 0xE0))
_KANA = ("HIRAGANA ", "KATAKANA ")
_FOREIGN_LETTERS = ("LATIN ", "CYRILLIC ", "ARABIC ")
_THREE_BYTES = re.compile(r"[^\x00-\u07ff]")
_HIGH = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\x00-@\[-`{-\x7f]+")
#: An accented letter beside a plain one.
_ACCENTED = re.compile("[A-Za-z][À-ÖØ-öø-ſ]|[À-ÖØ-öø-ſ][A-Za-z]")
_CYRILLIC_WORD = re.compile("[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+")
#: Characters that no word has: phonetic signs, modifiers, and a fraction beside a letter
#: beyond ASCII. A fraction by itself was probably typed.
_ODD = re.compile("[\u0180-\u036f]|[\u00bc-\u017f][\u00bc-\u00be]|[\u00bc-\u00be][\u00bc-\u017f]")
#: Beginnings of text in ISO-2022 and HZ, whose bytes are ASCII.
_SHIFTED = re.compile(rb"\x1b\$[@ABC()]|\x1b\([JI]|~\{(?:[!-}][!-~])+~\}")
_WEDGED = re.compile(r"[a-z][\u3400-\u9fff][a-z]")
#: One character for each kind, to search lines quickly.
_MARKS = {"frequent": "一", "known": "二", "rare": "三", "none": "〇"}
_RARE_BESIDE = re.compile("(?<=[A-Za-z])三|三(?=[A-Za-z])")
_BESIDE_A_LETTER = re.compile(r"(?<=[A-Za-z])[\u3400-\U0003ffff]|[\u3400-\U0003ffff](?=[A-Za-z])")


def speaks_chinese(files: Iterable[bytes]) -> bool:
    """Whether a folder has Chinese texts, by its columns and its panel's languages."""
    return any(_CHINESE_CELL.search(content.replace(b"\0", b"")) for content in files)


def decoded(file: str, content: bytes, findings: Findings) -> str | None:
    """Return the text of a file; None, with a fault, if it is ambiguous."""
    if kind := binary_kind(content):
        findings.fault(file, 0, "", "not-a-table", hint=kind)
        return None
    text = _text(file, content, findings)
    if text is not None:
        # A program that adds a mark to a text with one writes two.
        text = text.lstrip("\ufeff")
    if text is not None and "\0" in text:
        findings.fault(file, text.count("\n", 0, text.index("\0")) + 1, "", "nul")
        return None
    return text


def _text(file: str, content: bytes, findings: Findings) -> str | None:
    if not content.startswith(codecs.BOM_UTF8) and (found := _SHIFTED.search(content)):
        findings.fault(file, content.count(b"\n", 0, found.start()) + 1, "", "not-text")
        return None
    if wide := _wide(content):
        return _wide_text(file, content, wide, findings)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _other_text(file, content, error.start, findings)
    suspect = _is_expected_chinese(content, findings) or _ODD.search(text)
    if content.startswith(codecs.BOM_UTF8) or not suspect or not _reads_as_chinese(text):
        return text
    if not _reads_as_chinese(without_numbers(text, findings)):
        return text
    findings.fault(file, _line_of(text, _HIGH), "", "two-readings")
    return None


def _wide(content: bytes) -> str:
    """Return the kind of UTF-16, by its mark or NUL in every other header byte."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:8]
    if len(start) == 8 and not any(start[1::2]) and all(start[::2]):
        return "utf-16-le"
    if len(start) == 8 and not any(start[::2]) and all(start[1::2]):
        return "utf-16-be"
    return ""


def _wide_text(file: str, content: bytes, encoding: str, findings: Findings) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.fault(file, line, "", "damaged-text")
        return None
    findings.note(file, 0, "", "read-as-utf-16")
    return text


def _other_text(file: str, content: bytes, start: int, findings: Findings) -> str | None:
    """Return the text of a file that is not UTF-8 at ``start``; None, with a fault."""
    line = content.count(b"\n", 0, start) + 1
    if content.startswith(codecs.BOM_UTF8) or _is_damaged_utf8(content):
        findings.fault(file, line, "", "damaged-text")
        return None
    if mixed := _line_of_utf8(content):
        findings.fault(file, mixed, "", "two-encodings", other=line)
        return None
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    expected = _is_expected_chinese(content, findings)
    if not text or _may_be_another(content, expected, findings.languages):
        findings.fault(file, line, "", "not-text")
        return None
    if foreign := _line_not_chinese(text, expected):
        findings.fault(file, foreign, "", "not-text")
        return None
    findings.note(file, 0, "", "read-as-gb18030")
    return text


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether nearly all non-ASCII is UTF-8, which GB18030 reads as other words."""
    try:
        content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
        damaged = text.count("\ufffd")
        whole = len(text) - len(text.encode("ascii", "ignore")) - damaged
        return whole > 5 * damaged
    return True


def _line_of_utf8(content: bytes) -> int:
    """Return the first line that is UTF-8, in a file that is not; 0 for none.

    Two bytes can be a character in either encoding; three bytes, or a letter beside
    others, cannot.
    """
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            text = "" if line.isascii() else line.decode()
        except UnicodeDecodeError:
            continue
        if _THREE_BYTES.search(text) or _ACCENTED.search(text):
            return number
    return 0


def _is_expected_chinese(content: bytes, findings: Findings) -> bool:
    """Whether the columns of this file, or else the study, have Chinese texts."""
    header = content.partition(b"\n")[0]
    if _TEXT_COLUMN.search(header):
        return _CHINESE_COLUMN.search(header) is not None
    return findings.chinese


def _may_be_another(content: bytes, expected: bool, languages: frozenset[str]) -> bool:
    """Whether the bytes may be text in another language."""
    if is_of_a_neighbour(content, languages):
        return True
    return _may_be_letters(content) and not (expected and is_short_chinese(content, languages))


def _may_be_letters(content: bytes) -> bool:
    """Whether the bytes are also letters, and nothing else, in another encoding."""
    high = {byte for byte in set(content) if byte > 0x7F}
    if high <= _LETTER_BYTES or high <= _KATAKANA_BYTES or _is_cyrillic(content):
        return True
    if is_hangul(content):
        return True
    try:
        text = content.decode("big5")
    except UnicodeDecodeError:
        return False
    return all(
        character.encode("big5")[0] in _BIG5_FREQUENT for character in text if character > "\x7f"
    )


def _is_cyrillic(content: bytes) -> bool:
    """Whether a Cyrillic encoding gives normal words, with capitals only in front."""
    for encoding in ("koi8-r", "iso8859-5", "cp866"):
        words = _WORD.finditer(content.decode(encoding))
        if all(word[0].isascii() or _CYRILLIC_WORD.fullmatch(word[0]) for word in words):
            return True
    return False


def _line_not_chinese(text: str, expected: bool) -> int:
    """Return the first line with characters that Chinese texts lack; 0 for none.

    If no Chinese is ``expected``, three quarters must be frequent, and none beside a letter.
    """
    kinds: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character > "\x7f":
            kinds[_kind(character)] += count
    alien = _WEDGED if expected else _BESIDE_A_LETTER
    if (kinds["rare"] or kinds["none"]) and (line := _alien_line(text)):
        return line
    share = kinds["frequent"] / kinds.total()
    if 4 * kinds["rare"] > kinds.total() or share < (0.5 if expected else 0.75):
        return _line_of(text, _HIGH)
    return _line_of(text, alien)


def _line_of(text: str, pattern: re.Pattern[str]) -> int:
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _alien_line(text: str) -> int:
    """Return the first line of rare, unknown or letter-adjacent characters."""
    marks = {ord(c): _MARKS[_kind(c)] for c in set(text) if c > "\x7f"}
    marked = text.translate(marks)
    for number, line in enumerate(marked.split("\n"), 1):
        if line.isascii():
            continue
        rare = line.count(_MARKS["rare"])
        others = line.count(_MARKS["frequent"]) + line.count(_MARKS["known"])
        if _MARKS["none"] in line or rare > max(1, others) or (rare and _RARE_BESIDE.search(line)):
            return number
    return 0


@cache
def _kind(character: str) -> str:
    """Return a character's frequency in Chinese texts; "none" if it is unused."""
    name = unicodedata.name(character, "")
    if not name or name.startswith(_KANA):
        return "none"
    if name.startswith(_FOREIGN_LETTERS):
        return "frequent"
    return frequency(character)


def _reads_as_chinese(text: str) -> bool:
    """Whether the non-ASCII words of a UTF-8 text are Chinese words in GB18030.

    目录 in GB18030 is Ŀ¼ in UTF-8. One character of three bytes excludes it for the whole
    file, and so does one word with an accented letter beside another (é in “Réseau” would
    be 茅), or one that is not a word in GB18030.
    """
    if text.isascii() or _THREE_BYTES.search(text):
        return False
    if _ACCENTED.search(text) and not _ODD.search(text):
        return False
    return all(word[0].isascii() or _is_chinese(word[0]) for word in _WORD.finditer(text))


def _is_chinese(word: str) -> bool:
    try:
        text = word.encode().decode("gb18030")
    except UnicodeDecodeError:
        return False
    return all(_kind(character) == "frequent" for character in text)

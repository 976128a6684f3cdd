"""Update of the catalogues from the code and the templates.

    python translations/update.py            write messages.pot and every messages.po
    python translations/update.py --check    say what is out of date, write nothing

Messages are sorted and carry no line number and no date, so that two branches
which add messages meet in one place only. After a merge, run it again: it
also mends the order and what both sides added.
"""

import re
import sys
from collections.abc import Iterator
from gettext import c2py
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TEMPLATE = HERE / "messages.pot"
#: Sources of messages: folder, files, extraction method, its options.
SOURCES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("survey", "**.py", "python", {}),
    ("templates", "**.html", "jinja2", {"trimmed": "true"}),
)
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}

HEADER = (
    'msgid ""\n'
    'msgstr ""\n'
    '{language}"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n'
    "{plural}\n"
)
MARKUP = re.compile(r"<[^>]*>")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
#: The placeholders of a number in messages with a plural.
NUMBERS = ("%(count)s", "%(minutes)s", "%(ratio)s", "%(n)s")


def extracted() -> Catalog:
    """Return every message of the code and the templates."""
    catalogue = Catalog(charset="utf-8")
    for folder, files, method, options in SOURCES:
        for _file, _line, message, comments, context in extract_from_dir(
            ROOT / folder,
            [(files, method)],
            {files: options},
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        ):
            catalogue.add(message, None, auto_comments=comments, context=context)
    return catalogue


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in HERE.glob("*/LC_MESSAGES/messages.po"))


def path_of(language: str) -> Path:
    return HERE / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as source:
        return read_po(source, locale=language)


def merged(language: str, template: Catalog) -> Catalog:
    """Return the catalogue of ``language`` with the messages of ``template`` and no other."""
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def text_of(catalogue: Catalog) -> str:
    """Return the text of a catalogue's file: sorted, without lines and dates."""
    header = HEADER.format(language="", plural="")
    if catalogue.locale is not None:
        header = HEADER.format(
            language=f'"Language: {catalogue.locale}\\n"\n',
            plural=f'"Plural-Forms: {catalogue.plural_forms}\\n"\n',
        )
    body = BytesIO()
    write_po(body, catalogue, width=96, no_location=True, omit_header=True, sort_output=True)
    return header + body.getvalue().decode().rstrip("\n") + "\n"


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield the faults of a translation, one sentence each."""
    for message in catalogue:
        if not message.id:
            continue
        sources = _texts(message.id)
        translations = _texts(message.string)
        name = sources[0][:60]
        if message.fuzzy:
            yield f"fuzzy: {name}"
        if not all(translations) or not _enough(message, catalogue):
            yield f"not translated: {name}"
            continue
        for form, translation in enumerate(translations):
            if _placeholders(translation) not in _expected(message, form, catalogue):
                yield f"other placeholders than its source: {name}"
            if sorted(MARKUP.findall(translation)) != sorted(MARKUP.findall(sources[-1])):
                yield f"other tags than its source: {name}"
    for message in catalogue.obsolete.values():
        yield f"obsolete: {_texts(message.id)[0][:60]}"


def _texts(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _enough(message: Message, catalogue: Catalog) -> bool:
    return not message.pluralizable or len(_texts(message.string)) == catalogue.num_plurals


def _expected(message: Message, form: int, catalogue: Catalog) -> list[set[str]]:
    """Return the placeholders that a translation must have.

    A form of one number alone may write it as a word: دقيقتان is two minutes.
    """
    whole = _placeholders(_texts(message.id)[-1])
    if not message.pluralizable or len(numbers_of(form, catalogue)) > 1:
        return [whole]
    return [whole, *(whole - {number} for number in NUMBERS)]


def numbers_of(form: int, catalogue: Catalog) -> set[int]:
    """Return the numbers of a plural form, up to 200; French counts 0 as one."""
    form_of = c2py(catalogue.plural_expr)
    return {number for number in range(201) if form_of(number) == form} - {0} or {0}


def _placeholders(text: str) -> set[str]:
    return {found.group(0) for found in PLACEHOLDER.finditer(text)}


def files() -> dict[Path, str]:
    """Return the wanted content of every file of this folder."""
    template = extracted()
    wanted = {TEMPLATE: text_of(template)}
    for language in languages():
        wanted[path_of(language)] = text_of(merged(language, template))
    return wanted


def main() -> int:
    stale = {path: text for path, text in files().items() if _read(path) != text}
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run python translations/update.py")
        return bool(stale)
    for path, text in stale.items():
        path.write_text(text)
        print(f"wrote {path.relative_to(ROOT)}")
    for language in languages():
        for fault in faults(read(language)):
            print(f"{language}: {fault}")
    return 0


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())

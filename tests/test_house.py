"""The rules of the house that a machine can hold: each tool is one test."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

#: A file that is longer has two subjects.
MOST_LINES = 400
MOST_LINES_OF_A_TEMPLATE = 60
#: A longer line of a template hides what a change to it changes.
LONGEST_LINE_OF_A_TEMPLATE = 160

pytestmark = pytest.mark.slow


def files(*patterns: str) -> list[Path]:
    found = sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())
    assert found, patterns
    return found


def lines_with(pattern: str, *patterns: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files(*patterns)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-m", "mypy"], id="types"),
        pytest.param(["-m", "ruff", "check"], id="style"),
        pytest.param(["-m", "ruff", "format", "--check"], id="format"),
        pytest.param(
            ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
            id="imports",
        ),
    ],
)
def test_the_tools_find_nothing(arguments):
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", files("migrations/versions/*.py"), ids=lambda path: path.stem)
def test_a_revision_imports_nothing_of_ours(path):
    """It must still run when the models have moved on."""
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add((node.module or ".").split(".")[0])

    assert imported <= sys.stdlib_module_names | {"alembic", "sqlalchemy"}


def test_every_page_that_a_source_or_a_document_names_is_there():
    """A decision may be named by its number alone."""
    named = {
        (path.relative_to(ROOT), found.rstrip("."))
        for path in files(
            "steelyard",
            "*.py",
            "*.md",
            "docs/**/*.md",
            "survey/**/*.py",
            "aggregation/*.py",
            "ranking/*.py",
            "tests/**/*.py",
            "migrations/**/*.py",
        )
        for found in re.findall(r"\bdocs/[\w./-]+", path.read_text("utf-8"))
    }

    assert len(named) > 5
    assert [(path, page) for path, page in named if not list(ROOT.glob(f"{page}*"))] == []


def test_no_template_carries_a_script_or_a_style():
    inline = r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:"

    assert lines_with(inline, "templates/**/*.html", "templates/**/*.svg") == []


def test_no_template_switches_escaping_off():
    assert lines_with(r"\|\s*safe\b|autoescape false", "templates/**/*.html") == []


def test_what_a_template_imports_it_calls():
    """A part is imported where it is called, not handed on from where it is not."""
    idle = []
    for path in files("templates/**/*.html", "tests/web/templates/*.html"):
        text = path.read_text("utf-8")
        for imported in re.findall(r"{% from \S+ import (.+?)(?: with context)? %}", text):
            names = [name.split(" as ")[-1] for name in imported.split(", ")]
            idle += [(path.name, name) for name in names if not re.search(rf"\b{name}\(", text)]

    assert idle == []


def test_no_page_takes_a_part_of_another_trip():
    """A part of two trips is in a folder of their wing, or in templates/parts."""
    taking = r"{% (?:extends|from|include) \"(\w+)/(\w+)/"
    foreign = [
        (str(path.relative_to(ROOT)), "/".join(trip))
        for path in files("templates/*/*/*.html")
        for trip in re.findall(taking, path.read_text("utf-8"))
        if trip != path.relative_to(ROOT).parts[1:3]
    ]

    assert foreign == []


def test_no_style_sheet_speaks_of_a_class_that_nothing_has():
    """Any quoted word may be a class; one that is put together is known by how it begins."""
    rules = "".join(path.read_text("utf-8") for path in files("static/css/*.css"))
    selectors = re.findall(r"([^{}]+){", re.sub(r"(?s)/\*.*?\*/", "", rules))
    styled = {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}
    places = ("templates/**/*.html", "templates/**/*.svg", "static/js/*.js", "survey/**/*.py")
    code = "\n".join(path.read_text("utf-8") for path in files(*places))
    said = "\n".join(re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|body_class %}[^{\n]*", code))
    whole = set(re.findall(r"[a-z][\w-]*", said))
    begun = set(re.findall(r"([a-z][\w-]*)(?=\{\{|%d)", said))
    unused = {name for name in styled - whole if re.sub(r"\d+$|(?<=-)\w+$", "", name) not in begun}

    assert unused == set()


def test_the_application_is_made_in_one_glance():
    [create_app] = [
        node
        for node in ast.parse((ROOT / "survey" / "__init__.py").read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]

    assert create_app.end_lineno - create_app.lineno < 35


def test_a_wing_lists_each_of_its_trips():
    """A trip that is not in the list has no address."""
    for path in files("survey/*/blueprints.py"):
        wing = path.parent
        listed = re.findall(
            rf"from survey\.{wing.name}\.(?:(\w+)\.)?views", path.read_text("utf-8")
        )
        trips = [view.parent for view in wing.glob("**/views.py")]

        assert sorted(listed) == sorted("" if trip == wing else trip.name for trip in trips)


def test_a_trip_has_at_most_four_files():
    """A fifth file means two trips."""
    known = {"__init__.py", "views.py", "forms.py", "queries.py", "operations.py"}
    others = {
        str(path.relative_to(ROOT))
        for view in files("survey/*/*/views.py")
        for path in view.parent.iterdir()
        if path.name not in known and path.name != "__pycache__"
    }

    assert others == set()


def test_an_address_of_another_wing_comes_from_one_file():
    """An endpoint names the trip, so its uses are only in its wing or in this file."""
    wing_of = {
        name: path.relative_to(ROOT).parts[1]
        for path in files("survey/*/views.py", "survey/*/*/views.py")
        for name in re.findall(r"(?:Blueprint|trip)\(\s*\"(\w+)\"", path.read_text("utf-8"))
    }
    foreign = [
        (str(path.relative_to(ROOT)), name)
        for path in files("survey/**/*.py", "templates/**/*.html")
        if path != ROOT / "survey" / "web" / "addresses.py"
        for name in re.findall(r"(?:url_for|site_link)\(\s*f?[\"'](\w+)\.", path.read_text("utf-8"))
        if wing_of.get(name) not in (None, path.relative_to(ROOT).parts[1])
    ]

    assert set(wing_of.values()) == {"authors", "experts", "readers", "sign_in"}
    assert foreign == []


def test_media_types_and_headers_of_files_are_in_one_place():
    """The rules of caching and of answers to scripts are in survey/web/responses.py."""
    written = r"Content-Disposition|mimetype=|(text|application)/\w+|\"HX-Request\""
    wings = ("authors", "desk", "experts", "readers", "sign_in")

    assert lines_with(written, *(f"survey/{wing}/**/*.py" for wing in wings)) == []


def test_no_address_of_a_registry_is_in_the_locks():
    locks = ("requirements/*", "pyproject.toml", "steelyard")

    assert lines_with(r"://|--(extra-)?index-url|--find-links|file:", *locks) == []


def test_every_run_time_package_is_locked_alike_for_the_tests():
    """``./steelyard test`` installs the test lock alone."""
    run, test = (
        set(re.findall(r"(?m)^\S+==\S+|--hash=\S+", (ROOT / "requirements" / name).read_text()))
        for name in ("run.txt", "test.txt")
    )

    assert run <= test


@pytest.mark.parametrize("package", ["aggregation", "benchmarks", "ranking", "survey"])
def test_a_file_has_one_subject(package):
    too_long = {
        str(path.relative_to(ROOT)): length
        for path in files(f"{package}/**/*.py")
        if (length := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }

    assert too_long == {}


def test_a_template_has_one_subject():
    too_long = {
        str(path.relative_to(ROOT)): length
        for path in files("templates/**/*.*")
        if (length := len(path.read_text("utf-8").splitlines())) > MOST_LINES_OF_A_TEMPLATE
    }

    assert too_long == {}


def test_no_line_of_a_template_is_too_long():
    longer = rf".{{{LONGEST_LINE_OF_A_TEMPLATE + 1},}}"

    assert lines_with(longer, "templates/**/*.*") == []


def test_no_two_classes_share_a_name():
    """A row and the value that it holds are one thing: they may."""
    places = defaultdict(list)
    for path in files("aggregation/*.py", "ranking/*.py", "survey/**/*.py"):
        package, room = path.relative_to(ROOT).parts[:2]
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(room if package == "survey" else package)
    shared = {name: rooms for name, rooms in places.items() if len(rooms) > 1}

    assert {name: rooms for name, rooms in shared.items() if rooms != ["models", "values"]} == {}


def test_the_map_of_the_house_names_each_room():
    tree = (ROOT / "docs" / "architecture.md").read_text("utf-8").split("```")[1]
    survey = re.search(r"(?s)\nsurvey/\n(.+?)\n(?! )", tree)[1]
    rooms = {path.name for path in files("survey/*.py")}
    rooms |= {f"{path.parent.name}/" for path in files("survey/*/__init__.py")}

    assert set(re.findall(r"(?m)^  (\S+)", survey)) == rooms


def test_the_list_of_decisions_names_each_page():
    folder = ROOT / "docs" / "decisions"
    named = set(re.findall(r"\]\(([^)#]+\.md)\)", (folder / "README.md").read_text("utf-8")))

    assert named == {path.name for path in files("docs/decisions/0*.md")}

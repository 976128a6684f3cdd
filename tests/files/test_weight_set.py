"""A weight set's file: one text for one content, and every section guarded."""

import json
import os
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785
from playwright._impl._driver import compute_driver_executable

from survey.canonical import canonical
from survey.files.study_folder import read_folder
from survey.files.weight_set import (
    DamagedWeightSet,
    FaultyWeightSet,
    digest_of,
    read_weight_set,
    tellable_text,
    weight_set_text,
)
from survey.reports.panel.consensus import consensus_report
from survey.reports.panel.weight_sets import weight_set
from survey.values import WITHHELD
from tests.machinery import browser

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "arab-league-2024"
#: Weight sets that were written before the second format, with the answers behind one of them.
FROZEN = ROOT / "tests" / "frozen"

SECTIONS = (
    "format",
    "software",
    "study",
    "framework",
    "global",
    "local",
    "intervals",
    "provenance",
    "method",
    "parameters",
    "panel",
    "judgements",
)


@pytest.fixture(scope="module")
def adopted():
    study = read_folder(EXAMPLE).study
    return weight_set(study, consensus_report(study), "steelyard 0")


@pytest.fixture(scope="module")
def text(adopted) -> str:
    return weight_set_text(adopted)


def written(document: dict) -> bytes:
    return rfc8785.dumps(document) + b"\n"


def digest(section) -> str:
    return sha256(rfc8785.dumps(section)).hexdigest()


def resealed(document: dict) -> bytes:
    """Return the file with correct digests over changed sections, as a forger would."""
    sections = {name: document[name] for name in document if name not in ("digest", "digests")}
    digests = {name: digest(section) for name, section in sections.items()}
    return written({**sections, "digests": digests, "digest": digest(digests)})


def test_what_is_written_is_read_again(adopted, text):
    assert read_weight_set(text.encode()) == adopted


def test_the_sections_are_the_ones_documented(text):
    assert set(json.loads(text)) == {*SECTIONS, "digests", "digest"}
    assert set(json.loads(text)["digests"]) == set(SECTIONS)


def test_the_digests_can_be_recomputed_with_nothing_of_ours(text):
    document = json.loads(text)

    assert document["format"] == "steelyard-weight-set/2"
    assert document["digests"] == {section: digest(document[section]) for section in SECTIONS}
    assert document["digest"] == digest(document["digests"]) == digest_of(text)


#: The code that docs/weight-set.md tells a reader to paste into a browser's console.
IN_JAVASCRIPT = (ROOT / "docs" / "weight-set.md").read_text("utf-8").split("```")[1][2:]


def test_a_verifier_in_javascript_finds_the_same_digests(adopted, tmp_path):
    """1.0 is 1 there, 1e-07 is 1e-7, and keys are sorted by UTF-16."""
    sure = replace(
        adopted,
        local_weights={**adopted.local_weights, "digital": {"wired": 1.0, "\U0001f30d": 1e-7}},
        titles={"en": "\u2028 < é", "\uff5e": "a", "\U0001f30d": "b"},
    )
    file = tmp_path / "weights.json"
    file.write_text(weight_set_text(sure), "utf-8")
    script = f"""
        const text = require("fs").readFileSync({json.dumps(str(file))}, "utf8");
        {IN_JAVASCRIPT}
        check(text).then((rows) => console.log(JSON.stringify(rows)));
    """

    done = subprocess.run([node(), "-e", script], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {name for name, _right in rows} == {*SECTIONS, "all"}
    assert all(right for _name, right in rows)


def node() -> str:
    """Return the Node that drives the browser of the tests."""
    browser.provide_node()
    return os.environ.get("PLAYWRIGHT_NODEJS_PATH") or compute_driver_executable()[0]


def test_a_set_of_the_first_format_is_read_as_it_was_written():
    first = read_weight_set((FROZEN / "example.json").read_bytes())

    assert first.format == 1
    assert first.global_weights["ai"] == 0.1326205705345622


@pytest.mark.parametrize("section", ["global", "panel"])
def test_a_touched_section_of_the_first_format_is_named(section):
    document = json.loads((FROZEN / "example.json").read_text("utf-8"))
    document[section] = touched(document[section])
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"

    with pytest.raises(DamagedWeightSet) as refusal:
        read_weight_set(text.encode())

    [fault] = refusal.value.faults
    assert (fault.code, fault.data["section"]) == ("damaged-section", section)


def test_no_individual_answer_is_in_the_file(adopted, text):
    """E10 abstained, and no file says so."""
    assert set(json.loads(text)["panel"]) == {
        "invited",
        "size",
        "judged",
        "by_direction",
        "by_language",
        "by_method",
        "zeros_replaced",
    }
    assert '"E' not in text


def test_anyone_may_have_a_file_that_describes_no_expert(text):
    assert tellable_text(text) == text


def test_an_earlier_file_loses_the_panel_that_names_experts_and_is_read_as_before():
    earlier = (FROZEN / "example.json").read_text("utf-8")
    assert '"E10"' in earlier

    told = tellable_text(earlier)

    assert '"E' not in told
    assert "panel" not in json.loads(told)
    assert json.loads(told)["digest"] == json.loads(earlier)["digest"]
    assert json.loads(told)["digests"] == json.loads(earlier)["digests"]
    whole, read = read_weight_set(earlier.encode()), read_weight_set(told.encode())
    assert replace(whole, panel=WITHHELD) == read
    assert read.panel == WITHHELD


@pytest.mark.parametrize("section", ["global", "judgements"])
def test_no_other_section_can_be_left_out(text, section):
    document = json.loads(text)
    del document[section]

    with pytest.raises(DamagedWeightSet) as refusal:
        read_weight_set((canonical(document) + "\n").encode())

    assert [fault.code for fault in refusal.value.faults] == ["missing-section"]


def test_the_order_of_the_content_does_not_change_the_text(adopted, text):
    turned = dict(reversed(adopted.global_weights.items()))

    assert weight_set_text(replace(adopted, global_weights=turned)) == text


@pytest.mark.parametrize("section", [section for section in SECTIONS if section != "format"])
def test_a_touched_section_is_named(text, section):
    document = json.loads(text)
    document[section] = touched(document[section])

    with pytest.raises(DamagedWeightSet) as refusal:
        read_weight_set(written(document))

    [fault] = refusal.value.faults
    assert (fault.code, fault.data["section"]) == ("damaged-section", section)


def touched(value):
    """Return the same value with one leaf changed as little as possible."""
    if isinstance(value, dict):
        first = min(value)
        return {**value, first: touched(value[first])}
    if isinstance(value, list):
        return [touched(value[0]), *value[1:]] if value else ["x"]
    return value + "x" if isinstance(value, str) else (value or 0) + 2**-50


def test_every_touched_section_is_named_at_once(text):
    document = json.loads(text)
    document["global"] = touched(document["global"])
    document["panel"] = touched(document["panel"])

    with pytest.raises(DamagedWeightSet) as refusal:
        read_weight_set(written(document))

    assert [fault.data["section"] for fault in refusal.value.faults] == ["global", "panel"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda document: document.pop("method"), "missing-section"),
        (lambda document: document.pop("digests"), "missing-section"),
        (lambda document: document.update(remark="final"), "added-section"),
        (lambda document: document["digests"].update(panel="0" * 64), "damaged-section"),
        (lambda document: document.update(digest="0" * 64), "damaged-digests"),
    ],
    ids=["a section less", "no digests", "a section more", "another digest", "another overall"],
)
def test_the_guard_itself_is_guarded(text, change, code):
    document = json.loads(text)
    change(document)

    with pytest.raises(DamagedWeightSet) as refusal:
        read_weight_set(written(document))

    assert code in [fault.code for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"confidence":0.95', '"confidence":0.950'),
        ('"format":', '"format" :'),
        ("\n", "\r\n"),
        ("有线", "\\u6709\\u7ebf"),
    ],
)
def test_the_same_content_in_another_writing_is_not_the_file(text, old, new):
    assert old in text

    with pytest.raises(DamagedWeightSet) as refusal:
        read_weight_set(text.replace(old, new, 1).encode())

    [fault] = refusal.value.faults
    assert fault.code == "not-canonical"


def test_a_newline_too_many_is_not_the_file(text):
    with pytest.raises(DamagedWeightSet):
        read_weight_set(text.encode() + b"\n")


START = b'{"format": "steelyard-weight-set/2", "global": '


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "not-json", id="nothing"),
        pytest.param(b"{", "not-json", id="half an object"),
        pytest.param(b"[1, 2]", "not-an-object", id="a list"),
        pytest.param(b"{}", "no-format", id="an empty object"),
        pytest.param(b'{"format": 1}', "no-format", id="a number for a format"),
        pytest.param(
            b'{"format": "steelyard-weight-set/3"}', "unknown-format", id="a later format"
        ),
        pytest.param(
            b'{"format": "a", "format": "steelyard-weight-set/2"}', "not-json", id="a name twice"
        ),
        pytest.param(START + b"NaN}", "not-json", id="not a number"),
        pytest.param(START + b"-Infinity}", "not-json", id="infinity"),
        pytest.param(START + b"1e999}", "not-json", id="beyond a float"),
        pytest.param(START + b"9" * 5000 + b"}", "not-json", id="5000 digits"),
        pytest.param(
            START + b"9007199254740993}", "not-json", id="a whole number that is no float"
        ),
        pytest.param(b'{"format": "\\ud800"}', "not-json", id="half a character"),
        pytest.param(b'{"format": "\xff"}', "not-json", id="no UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", "not-json", id="a byte order mark"),
        pytest.param(b"[" * 200_000, "not-json", id="too deep a list"),
        pytest.param(b'{"a":' * 200_000, "not-json", id="too deep an object"),
        pytest.param(b" " * (5 * 2**20 + 1), "too-large", id="too large"),
    ],
)
def test_what_is_no_weight_set_is_refused_in_one_sentence(content, code):
    with pytest.raises(FaultyWeightSet) as refusal:
        read_weight_set(content)

    assert [fault.code for fault in refusal.value.faults] == [code]
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("global", "wired"), -0.5, "faulty-section"),
        (("global", "wired"), "0.5", "faulty-section"),
        (("global", "wired"), False, "faulty-section"),
        (("global", "wired"), 0.5, "faulty-global"),
        (("local", "goal", "digital"), 0.9, "faulty-weights"),
        (("local",), [], "faulty-section"),
        (("framework", "groups"), "digital", "faulty-section"),
        (("framework", "indicators", 0, "levels"), 2.5, "faulty-section"),
        (("parameters", "confidence"), "high", "faulty-section"),
        (("parameters",), {}, "faulty-section"),
        (("panel", "size"), -1, "faulty-section"),
        (("panel", "by_language"), None, "faulty-section"),
        (("provenance", "goal"), {"kind": "guessed"}, "faulty-section"),
        (("intervals", "global", "wired"), [0.1], "faulty-section"),
        (("intervals", "global", "harbour"), None, "faulty-section"),
        (("intervals", "local", "harbours"), {}, "faulty-section"),
        (("judgements",), {}, "faulty-section"),
    ],
)
def test_what_the_digests_guard_must_still_be_weights(text, path, value, code):
    document = json.loads(text)
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value

    with pytest.raises(FaultyWeightSet) as refusal:
        read_weight_set(resealed(document))

    assert not isinstance(refusal.value, DamagedWeightSet)
    assert code in [fault.code for fault in refusal.value.faults]


@pytest.mark.parametrize("criteria", ["groups", "indicators"])
def test_a_criterion_is_once_in_a_weight_set(text, criteria):
    document = json.loads(text)
    document["framework"][criteria] *= 2

    with pytest.raises(FaultyWeightSet) as refusal:
        read_weight_set(resealed(document))

    [fault] = refusal.value.faults
    assert (fault.code, fault.data["section"]) == ("faulty-section", "framework")


def test_weights_of_a_single_opinion_have_no_interval(adopted):
    lonely = replace(adopted, global_intervals=dict.fromkeys(adopted.global_intervals))

    text = weight_set_text(lonely)

    assert json.loads(text)["intervals"]["global"]["wired"] is None
    assert read_weight_set(text.encode()) == lonely

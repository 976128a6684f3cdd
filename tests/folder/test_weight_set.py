"""A weight set's file: one text for one content, and every section guarded."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from survey.folder import read_folder
from survey.folder.faults import DamagedWeightSet, FaultyWeightSet
from survey.folder.weight_set import (
    canonical,
    digest_of,
    read_weight_set,
    section_digest,
    weight_set_text,
)
from survey.reports.consensus import consensus_report
from survey.reports.weight_sets import weight_set

EXAMPLE = Path(__file__).parents[2] / "examples" / "arab-league-2024"

SECTIONS = (
    "format",
    "software",
    "study",
    "framework",
    "global",
    "local",
    "intervals",
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


def resealed(document: dict) -> bytes:
    """The file with right digests over whatever its sections hold: a forger's work."""
    sections = {name: document[name] for name in document if name not in ("digest", "digests")}
    digests = {name: section_digest(section) for name, section in sections.items()}
    document = {**sections, "digests": digests, "digest": section_digest(digests)}
    return canonical(document).encode()


def test_what_is_written_is_read_again(adopted, text):
    assert read_weight_set(text.encode()) == adopted


def test_the_sections_are_the_ones_documented(text):
    assert set(json.loads(text)) == {*SECTIONS, "digests", "digest"}
    assert set(json.loads(text)["digests"]) == set(SECTIONS)


def test_the_digests_can_be_recomputed_with_nothing_of_ours(text):
    """As docs/weight-set.md tells a reader to."""

    def digest(value):
        written = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        return sha256(written.encode()).hexdigest()

    document = json.loads(text)

    assert document["digests"] == {section: digest(document[section]) for section in SECTIONS}
    assert document["digest"] == digest(document["digests"]) == digest_of(text)


def test_no_individual_answer_is_in_the_file(adopted, text):
    """Experts are named where they abstained, and nowhere else."""
    silent = replace(adopted.panel, abstained={}, left_out={})

    assert "E10" in text
    assert '"E' not in weight_set_text(replace(adopted, panel=silent))


def test_the_order_of_the_content_does_not_change_the_text(adopted, text):
    turned = dict(reversed(adopted.global_weights.items()))

    assert weight_set_text(replace(adopted, global_weights=turned)) == text


@pytest.mark.parametrize("section", [section for section in SECTIONS if section != "format"])
def test_a_touched_section_is_named(text, section):
    document = json.loads(text)
    document[section] = touched(document[section])

    with pytest.raises(DamagedWeightSet) as refusal:
        read_weight_set(canonical(document).encode())

    [fault] = refusal.value.faults
    assert (fault.code, fault.data["section"]) == ("damaged-section", section)


def touched(value):
    """The same value with one leaf changed in the least."""
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
        read_weight_set(canonical(document).encode())

    assert [fault.data["section"] for fault in refusal.value.faults] == ["global", "panel"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda document: document.pop("panel"), "missing-section"),
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
        read_weight_set(canonical(document).encode())

    assert code in [fault.code for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"confidence": 0.95', '"confidence": 0.950'),
        ('"format": ', '"format" : '),
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
    assert fault.line == text[: text.index(old)].count("\n") + 1


def test_a_newline_too_many_is_not_the_file(text):
    with pytest.raises(DamagedWeightSet):
        read_weight_set(text.encode() + b"\n")


START = b'{"format": "steelyard-weight-set/1", "global": '


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "not-json", id="nothing"),
        pytest.param(b"{", "not-json", id="half an object"),
        pytest.param(b"[1, 2]", "not-an-object", id="a list"),
        pytest.param(b"{}", "no-format", id="an empty object"),
        pytest.param(b'{"format": 1}', "no-format", id="a number for a format"),
        pytest.param(
            b'{"format": "steelyard-weight-set/2"}', "unknown-format", id="a later format"
        ),
        pytest.param(
            b'{"format": "a", "format": "steelyard-weight-set/1"}', "not-json", id="a name twice"
        ),
        pytest.param(START + b"NaN}", "not-json", id="not a number"),
        pytest.param(START + b"-Infinity}", "not-json", id="infinity"),
        pytest.param(START + b"1e999}", "not-json", id="beyond a float"),
        pytest.param(START + b"9" * 5000 + b"}", "not-json", id="5000 digits"),
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
        (("panel", "abstained"), None, "faulty-section"),
        (("parameters", "random_index"), 2**53 + 1, "faulty-section"),
        (("framework", "indicators", 0, "levels"), 2**53 + 1, "faulty-section"),
        (("intervals", "global", "wired"), [0.1], "faulty-section"),
        (("intervals", "global", "wired"), [2**53 + 1, 2**53 + 1], "faulty-section"),
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
def test_a_criterion_stands_once_in_a_weight_set(text, criteria):
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

"""weigh, rank and verify, as a person calls them."""

import csv
import json
import os
import platform
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785
from click.testing import CliRunner

from survey.cli import cli
from survey.commands import printing
from survey.files.study_folder import read_folder, zipped
from survey.files.weight_set import tellable_text
from tests.worlds.mixed import mixed
from tests.worlds.small_study import FILES

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "arab-league-2024"
FROZEN = ROOT / "tests" / "frozen"


BANDS = ("table", "band", "label", "position", "city", "name", "country")


def run(*arguments: str | Path):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def steelyard(*arguments: str | Path, kernel: str = "", **options):
    """Run a command in its own process."""
    command = [sys.executable, "-m", "survey.cli", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if kernel:
        environment["OPENBLAS_CORETYPE"] = kernel
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, **options)


def digest(section) -> str:
    return sha256(rfc8785.dumps(section)).hexdigest()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "made" / "weights.json"
    assert run("weigh", EXAMPLE, "-o", path).exit_code == 0
    return path


@pytest.fixture
def small(tmp_path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_example_weighs_what_is_expected(weights):
    expected = json.loads((EXAMPLE / "expected-consensus.json").read_text())
    weighed = json.loads(weights.read_text(encoding="utf-8"))

    assert weighed["global"] == pytest.approx(expected["global"], rel=0, abs=1e-9)
    assert weighed["local"].keys() == expected["local"].keys()
    for parent, shares in expected["local"].items():
        assert weighed["local"][parent] == pytest.approx(shares, rel=0, abs=1e-9)


def test_the_example_ranks_as_published_but_for_its_erratum(weights, tmp_path):
    """In the traditional table's last band 阿治曼 was printed before 奥兰: azhiman, aolan."""
    run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path / "out")
    published = [
        tuple(row[column] for column in (*BANDS[:-2], "name_zh"))
        for row in rows(EXAMPLE / "published-bands.csv")
    ]
    ajman = published.index(("traditional", "4", "50%-100%", "2", "ajman", "阿治曼"))
    oran = published.index(("traditional", "4", "50%-100%", "3", "oran", "奥兰"))
    published[ajman] = ("traditional", "4", "50%-100%", "2", "oran", "奥兰")
    published[oran] = ("traditional", "4", "50%-100%", "3", "ajman", "阿治曼")

    bands = rows(tmp_path / "out" / "bands.csv")
    ranked = [tuple(row[column] for column in BANDS[:-1]) for row in bands]

    assert ranked == published


def test_the_bands_have_the_columns_promised(weights, tmp_path):
    run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path)

    bands = rows(tmp_path / "bands.csv")
    assert tuple(bands[0]) == (*BANDS, "notice")  # the example is illustrative
    assert {row["country"] for row in bands if row["city"] == "abu-dhabi"} == {"AE"}


@pytest.mark.parametrize("name", ["scores.csv", "bands.csv"])
def test_a_spreadsheet_takes_the_files_for_utf_8(weights, tmp_path, name):
    run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path)

    assert (tmp_path / name).read_bytes().startswith(b"\xef\xbb\xbf")


def test_english_readers_get_english_labels_names_and_order(weights, tmp_path):
    run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path, "--language", "en")

    bands = rows(tmp_path / "bands.csv")
    total = [row for row in bands if row["table"] == "total"]
    assert [row["name"] for row in total if row["band"] == "1"] == [
        "Abu Dhabi",
        "Doha",
        "Dubai",
        "Mecca",
        "Riyadh",
        "Sharjah",
    ]
    assert list(dict.fromkeys(row["label"] for row in total)) == [
        "top 10%",
        "10%-29%",
        "29%-50%",
        "50%-100%",
    ]


def test_the_scores_hold_every_city_with_ranks_that_share_places(weights, tmp_path):
    run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path)

    scores = rows(tmp_path / "scores.csv")
    tables = ["total", "traditional", "digital-institutional"]
    of_tables = [*tables, *(f"rank_{table}" for table in tables)]
    assert list(scores[0]) == [
        *("city", "name", "country"),
        *(*of_tables, *(f"band_{table}" for table in tables)),
        "notice",  # the example is illustrative
    ]
    mecca = next(row for row in scores if row["city"] == "mecca")
    assert (mecca["name"], mecca["country"], mecca["band_total"]) == ("麦加", "SA", "前 10%")
    assert len(scores) == 62
    by_city = {row["city"]: row for row in scores}
    tied = [by_city[city]["rank_digital-institutional"] for city in ("riyadh", "mecca", "sharjah")]
    assert len(set(tied)) == 1


def test_a_city_without_levels_is_unrated_and_never_0(small, tmp_path):
    run("weigh", small, "-o", tmp_path / "w.json")

    done = run("rank", small, "--weights", tmp_path / "w.json", "-o", tmp_path / "out")

    scores = {row["city"]: row for row in rows(tmp_path / "out" / "scores.csv")}
    assert (scores["oslo"]["all"], scores["oslo"]["rank_all"]) == ("", "")
    assert scores["oslo"]["rank_air-only"] == "1"
    assert "Unrated in all, for want of a level: oslo." in done.stderr
    banded = {row["city"] for row in rows(tmp_path / "out" / "bands.csv") if row["table"] == "all"}
    assert banded == {"lyon", "cairo", "lima"}


def test_another_study_works_the_same_way(small, tmp_path):
    """By hand: equal experts, so logs of E1 (3), E2 (1/3) and E3 (3/7) of air : water."""
    done = run("weigh", small, "-o", tmp_path / "w.json")

    assert done.exit_code == 0
    weighed = json.loads((tmp_path / "w.json").read_text(encoding="utf-8"))
    ratio = (3 * (1 / 3) * (3 / 7)) ** (1 / 3)
    assert weighed["local"]["goal"]["air"] == pytest.approx(ratio / (1 + ratio), abs=1e-12)
    assert weighed["local"]["water"] == {"lead": 1.0}
    assert "zeros_replaced" not in weighed["panel"]  # one expert gave the zero
    assert "points, 1 zero" in done.stdout


def test_the_default_language_is_one_that_the_study_has(small, tmp_path):
    run("weigh", small, "-o", tmp_path / "w.json")
    run("rank", small, "--weights", tmp_path / "w.json", "-o", tmp_path)

    names = {row["name"] for row in rows(tmp_path / "bands.csv")}
    assert "Cairo" in names
    assert "Le Caire" not in names


def test_a_language_may_be_spelled_in_several_ways(weights, tmp_path):
    usual = run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path, "--language", "zh")

    for spelling in ("ZH", "zh_cn"):
        ranked = run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path, "--language", spelling)
        assert ranked.stdout == usual.stdout
    refused = run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path, "--language", "../zh")
    assert refused.exit_code == 2
    assert "../zh is not a language code" in refused.stderr


def test_a_name_cannot_command_the_terminal(small, tmp_path):
    edit(small, "cities.csv", "oslo,Oslo", 'oslo,"\x1b[2JOs\nlo"')
    edit(small, "groups.csv", "air,Air", "air,\x1b[2JAir")
    weighed = run("weigh", small, "-o", tmp_path / "w.json")

    ranked = run("rank", small, "--weights", tmp_path / "w.json", "-o", tmp_path)

    assert "\x1b" not in weighed.stdout + ranked.stdout
    assert "[2JOs lo" in ranked.stdout


def test_other_shares_and_ties(weights, tmp_path):
    arguments = ("--shares", "0.5", "--ties", "up", "-o", tmp_path)

    assert run("rank", EXAMPLE, "--weights", weights, *arguments).exit_code == 0
    assert {row["band"] for row in rows(tmp_path / "bands.csv")} == {"1", "2"}


def test_what_is_printed_says_how_consistent_each_expert_is(weights):
    done = run("weigh", EXAMPLE)

    by_expert = {line.split()[0]: line for line in done.stdout.splitlines() if line[:1] == "E"}
    assert "0.483 / 0.612" in by_expert["E05"]
    assert "10 of 15" in by_expert["E17"]
    assert "unanswered" in by_expert["E10"]
    assert by_expert["E03"].split() == ["E03", "points", "points", "points", "points"]


def test_a_random_index_by_name_or_as_a_number():
    by_name = run("weigh", EXAMPLE, "--random-index", "donegan-dodd").stdout
    as_number = run("weigh", EXAMPLE, "--random-index", "1.0").stdout

    assert "CR by donegan-dodd" in by_name
    assert "CR by 1.0" in as_number


def test_an_index_without_a_value_for_a_group_is_refused_by_name():
    done = run("weigh", EXAMPLE, "--random-index", "exact")

    assert done.exit_code == 2
    assert done.stderr == (
        "The random index exact has no value for the 6 items of “traditional”.\n"
    )


def test_the_eigenvector_needs_every_pair():
    done = run("weigh", EXAMPLE, "--method", "eigenvector")

    assert done.exit_code == 2
    assert done.stderr == (
        "Expert E17 judged 10 of 15 pairs in the group “traditional”: "
        "the eigenvector needs them all.\n"
    )


def test_the_eigenvector_weighs_complete_answers(small, tmp_path):
    edit(
        small,
        "comparisons.csv",
        "E2,air,ozone,soot,4\n",
        "E2,air,ozone,soot,4\nE2,air,dust,soot,4\n",
    )

    done = run("weigh", small, "--method", "eigenvector", "-o", tmp_path / "w.json")

    assert done.exit_code == 0
    weighed = json.loads((tmp_path / "w.json").read_text(encoding="utf-8"))
    assert weighed["method"] == "eigenvector"
    assert run("verify", tmp_path / "w.json", small).exit_code == 0


def test_a_disconnected_comparison_graph_is_refused_with_its_parts(small):
    edit(small, "comparisons.csv", "E2,air,ozone,soot,4\n", "")

    done = run("weigh", small)

    assert done.exit_code == 2
    assert done.stderr == (
        "Expert E2 never compared across dust, ozone | soot in the group “air”: "
        "how these parts count against one another is unknown.\n"
    )


def test_a_disconnected_expert_can_be_left_out_and_is_listed(small, tmp_path):
    edit(small, "comparisons.csv", "E2,air,ozone,soot,4\n", "")

    done = run("weigh", small, "--leave-out-disconnected", "-o", tmp_path / "w.json")

    assert done.exit_code == 0
    assert "Left out: E2 in air" in done.stdout
    weighed = json.loads((tmp_path / "w.json").read_text(encoding="utf-8"))
    assert weighed["panel"]["judged"] == {"air": 2, "goal": 3}
    assert weighed["parameters"]["disconnected"] == "leave-out"
    assert run("verify", tmp_path / "w.json", small).exit_code == 0


def test_a_group_that_no_expert_judged_has_no_weights(small):
    for file in ("comparisons.csv", "points.csv"):
        lines = FILES[file].splitlines(keepends=True)
        (small / file).write_text("".join(line for line in lines if line[2:7] != ",air,"))

    done = run("weigh", small)

    assert done.exit_code == 2
    said, missing = done.stderr.splitlines()
    assert said == "No expert judged the group “air”, so it has no weights."
    assert missing.startswith("comparisons.csv and points.csv have no answers with this parent.")
    assert "given.csv" in missing


def test_every_fault_is_one_sentence_on_standard_error(small):
    edit(small, "comparisons.csv", "dust,soot,4", "dust,soot,0")
    edit(small, "levels.csv", "lyon,2", "lyon,3")

    done = run("weigh", small)

    assert done.exit_code == 2
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert first.startswith("comparisons.csv, line 3, column judgement: ")
    assert second.startswith("levels.csv, line 2, column dust: ")


def test_nothing_is_written_from_a_folder_with_a_fault(small, tmp_path):
    edit(small, "comparisons.csv", "dust,soot,4", "dust,soot,0")

    run("weigh", small, "-o", tmp_path / "w.json")

    assert not (tmp_path / "w.json").exists()


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left_there(small, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()

    for place in (tmp_path / "file" / "w.json", tmp_path / "folder"):
        done = run("weigh", small, "-o", place)

        assert done.exit_code == 2
        assert done.stderr.startswith(f"{place} cannot be written: ")
    assert list(tmp_path.glob("*.part")) == list(tmp_path.glob(".*.part")) == []


def test_a_pipe_is_written_to_and_stays_a_pipe(weights, tmp_path):
    """As root, a file that replaces /dev/null would affect all users."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    done = run("weigh", EXAMPLE, "-o", pipe)
    with os.fdopen(reader, "rb") as end:
        written = end.read()

    assert done.exit_code == 0
    assert written == weights.read_bytes()
    assert pipe.is_fifo()


def test_a_link_goes_on_leading_where_it_led(weights, tmp_path):
    (tmp_path / "newest.json").symlink_to("2024.json")

    run("weigh", EXAMPLE, "-o", tmp_path / "newest.json")

    assert (tmp_path / "newest.json").is_symlink()
    assert (tmp_path / "2024.json").read_bytes() == weights.read_bytes()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="only Linux has /dev/full")
def test_a_full_disk_behind_standard_output_is_one_sentence():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "survey.cli", "weigh", str(EXAMPLE)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
        )

    assert (done.returncode, done.stderr) == (2, b"No space left on device.\n")


def test_an_unknown_column_is_noted_beside_the_result(small):
    edit(small, "tables.csv", "table,name_en", "table,colour,name_en")
    edit(small, "tables.csv", "all,All", "all,red,All")
    edit(small, "tables.csv", "air-only,Air", "air-only,blue,Air")

    done = run("weigh", small)

    assert done.exit_code == 0
    assert done.stderr == (
        "tables.csv, line 1, column colour: the column is not part of the format and was ignored.\n"
    )


@pytest.mark.parametrize("missing", ["nowhere", "nowhere.zip"])
def test_a_folder_that_is_not_there(missing, tmp_path):
    done = run("weigh", tmp_path / missing)

    assert done.exit_code == 2
    assert "there is no study folder (or .zip of one) here." in done.stderr


def test_weights_of_another_framework_are_refused(small, weights, tmp_path):
    done = run("rank", small, "--weights", weights, "-o", tmp_path / "out")

    assert done.exit_code == 2
    assert "which is no indicator of this study" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "difference"),
    [
        ("indicators.csv", "Suie,1", "Suie,2", "ladder of “soot” has 1 rungs, here 2."),
        ("indicators.csv", "ozone,air", "ozone,water", "is in “air”, here in “water”."),
    ],
)
def test_the_same_codes_in_another_tree_are_another_framework(
    small, tmp_path, file, old, new, difference
):
    run("weigh", small, "-o", tmp_path / "w.json")
    edit(small, file, old, new)
    if "water" in new:
        header = "expert,parent,a,b,judgement\n"
        (small / "comparisons.csv").write_text(header)
        (small / "points.csv").write_text("expert,parent,item,points\n")

    done = run("rank", small, "--weights", tmp_path / "w.json", "-o", tmp_path / "out")

    assert done.exit_code == 2
    assert difference in done.stderr


def test_the_same_weights_apply_to_other_cities_in_other_words(small, tmp_path):
    run("weigh", small, "-o", tmp_path / "w.json")
    edit(small, "groups.csv", "code,name_en,name_fr", "code,name_de,name_fr")
    edit(small, "cities.csv", "lyon,Lyon,Lyon", "lyon,Lugdunum,Lyon")

    done = run("rank", small, "--weights", tmp_path / "w.json", "-o", tmp_path / "out")

    assert done.exit_code == 0


@pytest.mark.parametrize("shares", ["0.5,0.3", "0,0.5", "0.5,1", "half", "", "nan"])
def test_shares_that_do_not_rise(weights, tmp_path, shares):
    done = run("rank", EXAMPLE, "--weights", weights, "-o", tmp_path, "--shares", shares)

    assert done.exit_code == 2
    assert "does not rise between 0 and 1" in done.stderr


def test_a_whole_weight_set_is_verified_with_its_folder(weights):
    done = run("verify", weights, EXAMPLE)

    assert done.exit_code == 0
    assert json.loads(weights.read_text(encoding="utf-8"))["digest"] in done.stdout


def test_a_weight_set_may_come_through_a_pipe(weights):
    with weights.open("rb") as file:
        done = steelyard("verify", "/dev/stdin", EXAMPLE, input=file.read())

    assert (done.returncode, done.stderr) == (0, b"")


def test_a_damaged_weight_set_fails_the_check_and_cannot_be_used(weights, tmp_path):
    damaged = tmp_path / "w.json"
    damaged.write_text(weights.read_text(encoding="utf-8").replace("0.1230", "0.1240"))

    verified = run("verify", damaged)
    ranked = run("rank", EXAMPLE, "--weights", damaged, "-o", tmp_path / "out")

    assert (verified.exit_code, ranked.exit_code) == (1, 2)
    assert "the section “global” was changed" in verified.stderr
    assert "the section “global” was changed" in ranked.stderr


def test_a_file_that_is_no_weight_set_is_bad_input(tmp_path):
    (tmp_path / "w.json").write_text("[]")

    assert run("verify", tmp_path / "w.json").exit_code == 2
    assert run("verify", tmp_path / "none.json").exit_code == 2


@pytest.mark.parametrize(
    ("file", "folder"),
    [("example.json", EXAMPLE), ("mixed.json", FROZEN / "mixed")],
)
def test_a_weight_set_of_the_first_format_is_still_verified(file, folder):
    """Written before the second format; the answers behind the second have zeros."""
    done = run("verify", FROZEN / file, folder)

    assert done.exit_code == 0, done.stderr


def test_a_weight_set_whose_panel_is_kept_back_is_still_verified_and_applied(tmp_path):
    told = tellable_text((FROZEN / "example.json").read_text("utf-8"))
    assert '"panel": {' not in told
    (tmp_path / "told.json").write_text(told, "utf-8")

    assert run("verify", tmp_path / "told.json").exit_code == 0
    assert run("verify", tmp_path / "told.json", EXAMPLE).exit_code == 0
    done = run("rank", EXAMPLE, "--weights", tmp_path / "told.json", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("folder", [EXAMPLE, FROZEN / "mixed"], ids=["example", "mixed"])
def test_the_order_of_the_panel_changes_nothing_in_the_file(folder, tmp_path):
    turned = tmp_path / "turned"
    shutil.copytree(folder, turned)
    for name in ("panel.csv", "comparisons.csv", "points.csv"):
        head, *lines = (turned / name).read_text("utf-8").splitlines()
        (turned / name).write_text("\n".join([head, *reversed(lines)]) + "\n", "utf-8")

    run("weigh", folder, "-o", tmp_path / "a.json")
    run("weigh", turned, "-o", tmp_path / "b.json")

    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the kernels named are of x86-64")
def test_another_kernel_of_the_linear_algebra_changes_nothing_in_the_file(tmp_path):
    """OpenBLAS adds up in another order on another processor."""
    for kernel in ("Prescott", "Haswell"):
        done = steelyard("weigh", EXAMPLE, "-o", tmp_path / kernel, kernel=kernel)
        assert done.returncode == 0

    assert (tmp_path / "Prescott").read_bytes() == (tmp_path / "Haswell").read_bytes()


def test_figures_in_the_file_have_at_most_12_significant_digits(weights):
    """Counted in the text: what a processor adds comes after them."""
    document = json.loads(weights.read_text("utf-8"), parse_float=str)
    numbers = [*document["global"].values(), *document["local"]["goal"].values()]
    numbers += [end for ends in document["intervals"]["global"].values() for end in ends]

    digits = [len(number.partition("e")[0].replace(".", "").lstrip("0")) for number in numbers]
    assert max(digits) == 12


def test_few_experts_are_warned_of(small, weights):
    """Three are invited; goal was judged by three, water by one item alone, air by three."""
    assert "Warning" not in run("weigh", EXAMPLE).stderr
    assert "Warning" not in run("weigh", small).stderr

    edit(small, "points.csv", "E3,goal,air,30\nE3,goal,water,70\n", "")

    warned = run("weigh", small).stderr
    assert "fewer than 3 experts judged goal." in warned
    assert "single answers" in warned


def test_other_answers_fail_the_check(weights, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(EXAMPLE, folder)
    edit(folder, "comparisons.csv", "E01,digital,wired,wireless,5", "E01,digital,wired,wireless,4")

    done = run("verify", weights, folder)

    assert done.exit_code == 1
    assert done.stderr == ("The answers are not those that the weight set was computed from.\n")


def test_weights_that_were_rewritten_with_right_digests_do_not_recompute(weights, tmp_path):
    document = json.loads(weights.read_text(encoding="utf-8"))
    shares = document["local"]["institutional"]
    shares["government"], shares["society"] = shares["society"], shares["government"]
    for code in shares:
        document["global"][code] = shares[code] * document["local"]["goal"]["institutional"]
    for section in ("local", "global"):
        document["digests"][section] = digest(document[section])
    document["digest"] = digest(document["digests"])
    forged = tmp_path / "w.json"
    forged.write_bytes(rfc8785.dumps(document) + b"\n")

    alone, with_folder = run("verify", forged), run("verify", forged, EXAMPLE)

    assert alone.exit_code == 0
    assert with_folder.exit_code == 1
    assert "The local weight of “government” is recorded as 0.37" in with_folder.stderr


def test_a_zip_is_a_folder(weights, tmp_path):
    archive = tmp_path / "any.zip"
    archive.write_bytes(zipped(read_folder(EXAMPLE).study))

    assert run("weigh", archive, "-o", tmp_path / "w.json").exit_code == 0
    assert (tmp_path / "w.json").read_bytes() == weights.read_bytes()


def test_results_go_to_standard_output_and_progress_beside_it(tmp_path):
    done = steelyard("weigh", EXAMPLE, "-o", tmp_path / "w.json", text=True, encoding="utf-8")

    assert done.returncode == 0
    assert "有线通信网" in done.stdout
    assert "Wrote" not in done.stdout
    assert done.stderr.startswith("Wrote ")


def test_a_reader_who_leaves_early_makes_no_noise():
    with subprocess.Popen(
        [sys.executable, "-m", "survey.cli", "weigh", str(EXAMPLE)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as command:
        command.stdout.close()
        said = command.stderr.read()

    assert said == b""


def test_a_terminal_without_chinese_letters_is_no_reason_to_stop():
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "survey.cli", "weigh", str(EXAMPLE)]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)

    assert (done.returncode, done.stderr) == (0, b"")


def test_weighing_loads_neither_web_nor_database():
    """Nor does importing the commands: a folder is weighed on a machine without them."""
    script = (
        "import sys; from click.testing import CliRunner; from survey.cli import cli;"
        f"assert CliRunner().invoke(cli, ['weigh', {str(EXAMPLE)!r}]).exit_code == 0;"
        "print([m for m in ('flask', 'sqlalchemy', 'pypinyin', 'babel') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_weigh_says_how_each_expert_of_a_mixed_panel_answered(tmp_path):
    (tmp_path / "pilot.zip").write_bytes(zipped(mixed()))
    done = run("weigh", tmp_path / "pilot.zip", "-o", tmp_path / "weights.json")

    assert done.exit_code == 0
    lines = {line.split()[0]: line for line in done.output.splitlines() if line.strip()}
    assert "star 0.000 / 0.000" in lines["WIL"]
    assert "ratings, 1 zero" in lines["KIM"]
    assert "points" in lines["BO"]
    assert "A star has its input-based ratio" in done.output
    panel = json.loads((tmp_path / "weights.json").read_text())["panel"]
    assert panel["by_method"] == {}  # each of the four answers in a way of their own
    assert run("verify", tmp_path / "weights.json", tmp_path / "pilot.zip").exit_code == 0


def test_an_end_of_an_interval_never_prints_as_0_or_1():
    assert printing.ends((1e-9, 1 - 1e-12)) == "<0.001->0.999"
    assert printing.ends((0.0006, 0.9994)) == "0.001-0.999"
    assert printing.ends((1.0, 1.0)) == "1.000-1.000"
    assert printing.ends(None) == ""


def test_the_notice_is_beside_the_tables_and_a_real_study_has_none(small, tmp_path):
    about = {"notices": {"en": "Made up.", "fr": "Inventé."}}
    (small / "datapackage.json").write_text(json.dumps(about), encoding="utf-8")
    assert run("weigh", small, "-o", tmp_path / "w.json").exit_code == 0
    out = tmp_path / "out"

    done = run("rank", small, "--weights", tmp_path / "w.json", "-o", out, "--language", "fr")
    assert done.exit_code == 0, done.output
    assert (out / "notice.txt").read_text("utf-8") == "en: Made up.\nfr: Inventé.\n"
    for name in ("scores.csv", "bands.csv"):
        assert {row["notice"] for row in rows(out / name)} == {"Inventé."}
    assert "Inventé." in done.stderr

    # The weights are still of made-up answers where the study ranked is real.
    (small / "datapackage.json").unlink()
    assert run("rank", small, "--weights", tmp_path / "w.json", "-o", out).exit_code == 0
    assert (out / "notice.txt").read_text("utf-8") == "en: Made up.\nfr: Inventé.\n"

    assert run("weigh", small, "-o", tmp_path / "real.json").exit_code == 0
    assert run("rank", small, "--weights", tmp_path / "real.json", "-o", out).exit_code == 0
    assert not (out / "notice.txt").exists()
    for name in ("scores.csv", "bands.csv"):
        assert all("notice" not in row for row in rows(out / name))

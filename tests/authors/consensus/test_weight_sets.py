"""Frozen weight sets: stored once, never changed, computed again before every download."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.authors.consensus.queries import weights_of
from survey.cli import cli
from survey.files.study_folder import read_folder, read_zip
from survey.files.weight_set import read_weight_set
from survey.files.workbook import Worksheet, workbook
from survey.models import Criterion, JournalEntry, Study, Weight, WeightSet
from survey.reports.panel.weight_sets import answers_digest
from survey.web.config import ROOT
from tests.authors.consensus.conftest import CONSENSUS, STUDY, answered
from tests.clients import console
from tests.clients.pages import page_of
from tests.worlds import cast

EXAMPLE = ROOT / "examples" / "arab-league-2024"


def freeze(author, name="First", reason="Stopping rule met", path=CONSENSUS, **fields):
    page = author.page(path)
    form = {
        "name": name,
        "reason": reason,
        "disconnected": page.one("input", name="disconnected").attributes["value"],
        "after": page.one("input", name="after").attributes["value"],
    }
    return author.send(CONSENSUS, form | fields)


@pytest.fixture
def frozen(author, load):
    load(answered("E1", "E2", "E3", "E4"))
    response = freeze(author)
    assert response.status_code == 303
    return response.location


def sets(store):
    with store.reading() as session:
        return session.scalars(select(WeightSet).order_by(WeightSet.number)).all()


def test_a_frozen_set_is_stored_with_its_weights_and_locked(app, author, frozen, store):
    assert frozen == f"{STUDY}/weight-sets/1"
    with store.reading() as session:
        row = session.scalars(select(WeightSet)).one()
        assert (row.name, row.stopping_reason) == ("First", "Stopping rule met")
        assert row.locked_at is not None
        content = read_weight_set(row.document.encode())
        stored = session.execute(
            select(Criterion.code, Weight.local_weight, Weight.global_weight)
            .join(Criterion, Criterion.id == Weight.criterion_id)
            .order_by(Weight.id)
        ).all()
    assert [tuple(row) for row in stored] == list(weights_of(content))
    assert len(stored) == 7
    assert console.written(app)[-1] == "weight set frozen"


def test_the_document_is_the_file_that_the_command_writes_from_the_study(author, load, tmp_path):
    load(read_folder(EXAMPLE).study)
    study = "/author/studies/arab-league-2024"
    path = f"{study}/rounds/1/consensus"
    page = author.page(path)
    form = {"name": "x", "reason": "y", "disconnected": "refuse", "after": "0"}
    assert author.send(path, form).status_code == 303
    assert "19.0" in page.text

    downloaded = author.get(f"{study}/weight-sets/1.json").get_data()

    archive = zipfile.ZipFile(io.BytesIO(author.get(f"{study}/study.zip").get_data()))
    archive.extractall(tmp_path / "study")
    folder = next((tmp_path / "study").rglob("datapackage.json")).parent
    done = CliRunner().invoke(cli, ["weigh", str(folder), "-o", str(tmp_path / "weights.json")])
    assert done.exit_code == 0, done.output
    assert downloaded == (tmp_path / "weights.json").read_bytes()
    (tmp_path / "downloaded.json").write_bytes(downloaded)
    checked = CliRunner().invoke(cli, ["verify", str(tmp_path / "downloaded.json"), str(folder)])
    assert (checked.exit_code, "salt" in checked.output) == (0, False), checked.output
    # The folder from before has no salt: the weights are compared, the checksum is not.
    checked = CliRunner().invoke(cli, ["verify", str(tmp_path / "downloaded.json"), str(EXAMPLE)])
    assert checked.exit_code == 0, checked.output
    assert checked.output.endswith(
        "has no salt, so the checksum of the answers was not compared.\n"
    )


def test_a_weight_set_of_three_does_not_confirm_which_answers_gave_it(author, load, store):
    """A reader who tried the few answers that give the weights found them by the checksum."""
    content = answered("E1", "E2", "E3")
    load(content)
    for after in ("0", "1"):
        author.send(
            CONSENSUS, {"name": "x", "reason": "y", "disconnected": "refuse", "after": after}
        )

    checksums = {json.loads(row.document)["judgements"]["sha256"] for row in sets(store)}

    assert len(checksums) == 1  # one salt for all sets of a study
    assert checksums.isdisjoint({answers_digest(content)})
    with store.reading() as session:
        salt = session.scalars(select(Study.salt)).one()
    assert checksums == {answers_digest(replace(content, salt=salt))}
    assert re.fullmatch("[0-9a-f]{64}", salt)
    assert salt not in sets(store)[0].document


def test_a_weight_set_holds_no_answer_and_no_name(author, load):
    named = values.Expert("E4", "civic", "en", values.PAIRWISE, "Mira Canary")
    content = answered("E1", "E2", "E3")
    judgement = values.Judgement("E4", "goal", "digital", "civic", 1, "a canary's reason")
    load(
        replace(
            content,
            panel=(*content.panel, named),
            judgements=(*content.judgements, judgement),
        )
    )
    freeze(author)

    document = author.get(f"{STUDY}/weight-sets/1.json").get_data(as_text=True)

    assert "anary" not in document
    assert "judgements" in json.loads(document)
    assert set(json.loads(document)["judgements"]) == {"sha256"}


def test_a_later_set_supersedes_and_changes_nothing(author, frozen, store):
    [before] = sets(store)

    assert freeze(author, "Second").location == f"{STUDY}/weight-sets/2"

    first, second = sets(store)
    assert (first.document, first.name, first.locked_at) == (
        before.document,
        before.name,
        before.locked_at,
    )
    assert second.number == 2
    assert "replaced by set 2" in author.page(frozen).text
    assert "This weight set is in force." in author.page(f"{STUDY}/weight-sets/2").text


def test_a_page_older_than_the_newest_set_freezes_nothing(author, frozen, store):
    response = freeze(author, "Again", after="0")

    assert response.status_code == 409
    assert len(sets(store)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE weight_set SET name = 'tampered'",
        "UPDATE weight_set SET locked_at = NULL",
        "DELETE FROM weight_set",
        "UPDATE weight SET global_weight = 0.5",
        "DELETE FROM weight",
    ],
)
def test_a_frozen_set_cannot_be_changed_by_a_database_client(frozen, store, statement):
    with pytest.raises(DBAPIError), store.writing() as session:
        session.connection().exec_driver_sql(statement)

    assert len(sets(store)) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("reason", ""), ("after", "x"), ("after", "9" * 400)]
)
def test_a_form_without_a_name_or_a_reason_freezes_nothing(author, load, store, field, value):
    load(answered("E1", "E2", "E3"))

    response = freeze(author, **{field: value})

    assert response.status_code == 422
    assert sets(store) == []


def test_what_has_no_consensus_cannot_be_frozen(author, load, store):
    load(answered("E1", "E2"))
    form = {"name": "x", "reason": "y", "disconnected": "refuse", "after": "0"}

    assert author.send(CONSENSUS, form, seen_at=f"{STUDY}/").status_code == 409
    assert sets(store) == []


def test_a_group_of_one_voice_is_not_published(author, load, store):
    load(answered("E1", "E2", "E3", without={("E2", "civic"), ("E3", "civic")}))
    page = author.page(CONSENSUS)
    assert page.all("input", name="name") == []
    assert "Only one expert judged “Civic”" in page.text
    form = {"name": "x", "reason": "y", "disconnected": "refuse", "after": "0"}

    response = author.send(CONSENSUS, form, seen_at=f"{STUDY}/")

    assert response.status_code == 409
    assert "Only one expert judged “Civic”" in response.get_data(as_text=True)
    assert sets(store) == []


TWO_JUDGED_CIVIC = {"without": {("E3", "civic")}}


def test_a_group_of_two_experts_is_warned_of_in_the_words_of_the_command(author, load):
    load(answered("E1", "E2", "E3", **TWO_JUDGED_CIVIC))

    page = author.page(CONSENSUS)

    warnings = page.all("p", **{"data-thin": "civic"})
    words = (
        "Fewer than 3 experts judged “Civic”. The figures there show single answers: keep "
        "them to yourself."
    )
    assert [warning.text for warning in warnings] == [words, words]


@pytest.mark.parametrize(("experts", "numbers"), [("E1 E2 E3", ["4"]), ("E1 E2 E3 E4", [])])
def test_the_form_says_which_intervals_a_weight_set_has(author, load, experts, numbers):
    load(answered(*experts.split()))

    shown = author.page(CONSENSUS).all("p", id="no-intervals")

    assert [re.search(r"\d+", element.text)[0] for element in shown] == numbers


def test_a_group_of_two_experts_is_not_frozen_without_a_reason(author, load, store):
    load(answered("E1", "E2", "E3", **TWO_JUDGED_CIVIC))

    refused = freeze(author)

    assert refused.status_code == 422
    assert "Write why weights of so few experts may be published." in refused.get_data(as_text=True)
    assert sets(store) == []


def test_a_set_with_a_group_of_two_states_the_reason_and_no_interval_of_theirs(author, load, store):
    load(answered("E1", "E2", "E3", "E4", without={("E3", "civic"), ("E4", "civic")}))

    frozen = freeze(author, thin="Both agreed to it.").location

    document = json.loads(author.get(f"{frozen}.json").get_data())
    assert document["parameters"]["response_thin_groups"] == "Both agreed to it."
    assert document["parameters"]["least_for_intervals"] == 4
    ends = document["intervals"]
    assert set(ends["local"]["civic"].values()) == {None}
    assert None not in {**ends["local"]["goal"], **ends["local"]["digital"]}.values()
    assert {code for code, interval in ends["global"].items() if interval is None} == set(
        ends["local"]["civic"]
    )
    page = author.page(frozen)
    assert page.one("dd", id="thin-groups").text == "Both agreed to it."
    assert len(page.all("p", **{"data-thin": "civic"})) == 1
    said = [json.loads(entry) for entry in details(store)]
    assert "Both agreed to it." in [entry.get("thin_groups") for entry in said]


def details(store):
    with store.reading() as session:
        return [
            entry if isinstance(entry, str) else json.dumps(entry)
            for entry in session.scalars(select(JournalEntry.detail))
        ]


def test_three_experts_in_every_group_are_asked_for_no_reason(author, load):
    load(answered("E1", "E2", "E3"))

    assert author.page(CONSENSUS).all("input", name="thin") == []
    frozen = freeze(author, thin="Not needed").location

    parameters = json.loads(author.get(f"{frozen}.json").get_data())["parameters"]
    assert "response_thin_groups" not in parameters


def test_a_set_of_three_experts_states_no_interval_and_says_why(author, load):
    load(answered("E1", "E2", "E3"))

    frozen = freeze(author).location

    document = json.loads(author.get(f"{frozen}.json").get_data())
    assert document["parameters"]["least_for_intervals"] == 4
    assert set(document["intervals"]["global"].values()) == {None}
    said = author.page(frozen).one("p", id="no-intervals").text
    assert said.startswith("An interval is given only where at least 4 experts judged every group")


def test_a_set_of_four_experts_has_every_interval(author, frozen):
    document = json.loads(author.get(f"{frozen}.json").get_data())

    assert "least_for_intervals" not in document["parameters"]
    assert None not in document["intervals"]["global"].values()
    assert author.page(frozen).all("p", id="no-intervals") == []


def test_the_weights_come_as_a_table(author, frozen):
    response = author.get(f"{frozen}.csv")

    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    content = read_weight_set(author.get(f"{frozen}.json").get_data())
    assert [row["code"] for row in rows] == [
        "digital",
        "civic",
        "wired",
        "wireless",
        "ai",
        "water",
        "health",
    ]
    assert [(row["code"], float(row["local"]), float(row["global"])) for row in rows] == list(
        weights_of(content)
    )
    assert rows[2]["name_zh"] == "有线网"
    assert float(rows[2]["global_low"]) < float(rows[2]["global"]) < float(rows[2]["global_high"])
    assert "filename=pilot-weights-1.csv" in response.headers["Content-Disposition"]


def cells(content):
    """Return the texts and the formulas of a workbook's cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [
            archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
        ]
        shared = archive.read("xl/sharedStrings.xml").decode()
    return sheets, shared


def test_no_cell_of_a_download_is_a_formula(author, load):
    load(answered("E1", "E2", "E3", titles={"en": "=HYPERLINK(1)"}))
    path = freeze(author, "=1+1", "@SUM(A1)").location

    sheets, shared = cells(author.get(f"{path}.xlsx").get_data())
    table = author.get(f"{path}.csv").get_data(as_text=True)

    assert all("<f>" not in sheet for sheet in sheets)
    assert "=1+1" in shared
    assert "@SUM(A1)" in shared
    assert not any(
        cell.startswith(("=", "+", "@")) for row in csv.reader(io.StringIO(table)) for cell in row
    )


def test_the_workbook_is_the_same_each_time_and_its_numbers_are_numbers(author, frozen):
    first = author.get(f"{frozen}.xlsx").get_data()

    assert first == author.get(f"{frozen}.xlsx").get_data()
    content = read_weight_set(author.get(f"{frozen}.json").get_data())
    sheets, _ = cells(first)
    for weight in content.global_weights.values():
        assert f"<v>{weight:.16G}</v>"[:18] in sheets[0]


def test_a_formula_in_a_name_stays_a_text():
    made = workbook([Worksheet("A", ("x",), [{"x": "=1+1"}, {"x": "＝1"}, {"x": 2.5}])])

    sheets, shared = cells(made)
    assert "<f>" not in sheets[0]
    assert "=1+1" in shared


def test_the_page_says_that_it_computed_the_set_again(author, frozen, store):
    page = author.page(frozen)

    [row] = sets(store)
    assert row.digest in page.text
    assert "computed again from the saved answers, are the same" in page.text


TAMPERINGS = {
    "a weight in the document": (
        "UPDATE weight_set SET document = replace(document, '\"size\":4', '\"size\":5')"
    ),
    "the digest": "UPDATE weight_set SET digest = 'x'",
    "a weight's row": (
        "UPDATE weight SET global_weight = 0.5 WHERE id = (SELECT min(id) FROM weight)"
    ),
    "an answer": "UPDATE judgement SET step = 7 WHERE id = (SELECT min(id) FROM judgement)",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_what_was_tampered_with_is_not_handed_out(author, frozen, owned_database, store, statement):
    with owned_database.writing() as session:
        connection = session.connection()
        if store.is_sqlite:
            for trigger in ("weight_set_update", "weight_update", "judgement_update"):
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        else:
            for table in ("weight_set", "weight", "judgement"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)

    for ending in ("", ".json", ".csv", ".xlsx"):
        response = author.get(f"{frozen}{ending}")
        assert response.status_code == 409
        assert "Verification failed" in page_of(response).one("h1").text


@pytest.mark.parametrize("ending", ["", ".json", ".csv", ".xlsx"])
def test_another_authors_weight_set_is_not_found(app, author, frozen, ending):
    assert console.signed_in(app, "other").get(f"{frozen}{ending}").status_code == 404
    assert app.test_client().get(f"{frozen}{ending}").status_code == 403
    assert author.get(f"{STUDY}/weight-sets/2{ending}").status_code == 404


def test_the_whole_study_comes_as_the_folder_it_was(author, load):
    content = answered("E1", "E2", "E3")
    load(content)

    response = author.get(f"{STUDY}/study.zip")

    assert read_zip(response.get_data(), "pilot.zip").study == content
    assert response.headers["Content-Disposition"] == "attachment; filename=pilot.zip"


def test_while_a_round_is_open_the_folder_holds_no_answers(author, store):
    with store.writing() as session:
        cast.load_open(session)
        record_judgement(
            session,
            cast.invitation(session),
            cast.comparison(session),
            2,
            "",
            Save("key", 0, cast.NOON),
        )

    study = read_zip(author.get(f"{STUDY}/study.zip").get_data(), "pilot.zip").study

    assert study.judgements == ()
    assert len(study.panel) == 3

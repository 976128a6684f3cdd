"""The published ranking, as readers find it."""

import csv
import hashlib
import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner

from survey.authors.consensus.operations import freeze_weight_set
from survey.cli import cli
from survey.files.weight_set import read_weight_set
from survey.models import Study
from survey.store.rounds import close_round
from survey.store.studies import load_study
from survey.values import By
from tests.clients.pages import Page, PageClient
from tests.worlds import further
from tests.worlds.cast import NOON
from tests.worlds.rankable import EXAMPLE

ZH = {"Accept-Language": "zh-CN,zh;q=0.9"}
EN = {"Accept-Language": "en"}


def shown(page: Page) -> list[tuple[str, str]]:
    """Return the bands of a page: labels and names, in order."""
    rows, label = [], ""
    for element in page.elements:
        if element.attributes.get("class") == "label":
            label = element.text
        if element.attributes.get("class") == "name":
            rows.append((label, element.text))
    return rows


def as_published(table: str) -> list[tuple[str, str]]:
    """Return the report's bands in the order of its own rule: aolan before azhiman."""
    with (EXAMPLE / "published-bands.csv").open(encoding="utf-8", newline="") as file:
        rows = [(r["label"], r["name_zh"]) for r in csv.DictReader(file) if r["table"] == table]
    if table == "traditional":
        ajman = rows.index(("50%-100%", "阿治曼"))
        assert rows[ajman + 1] == ("50%-100%", "奥兰")
        rows[ajman : ajman + 2] = rows[ajman + 1], rows[ajman]
    return rows


@pytest.mark.parametrize("table", ["total", "traditional", "digital-institutional"])
def test_the_page_is_the_table_the_report_printed(client: PageClient, published, table) -> None:
    published()

    page = client.page(f"/rankings/arab-league-2024?table={table}", headers=ZH)

    assert shown(page) == as_published(table)
    assert len(page.all("a", **{"aria-current": "page"})) == 1


def test_english_names_are_in_the_order_of_the_alphabet(client: PageClient, published) -> None:
    published()

    rows = shown(client.page("/rankings/arab-league-2024", headers=EN))

    top = [name for label, name in rows if label == "top 10%"]
    assert top == ["Abu Dhabi", "Doha", "Dubai", "Mecca", "Riyadh", "Sharjah"]
    assert len(rows) == 62


@pytest.mark.parametrize(
    ("headers", "notice", "country"),
    [(ZH, "仅作示例", "阿联酋"), (EN, "illustrative", "Qatar")],
)
def test_what_is_illustrative_says_so(client, published, headers, notice, country) -> None:
    published()

    page = client.page("/rankings/arab-league-2024?table=traditional", headers=headers)

    assert notice in page.one("p", class_="made-up").text
    assert country in page.text


def test_no_expert_is_named_on_any_page(client: PageClient, published, database) -> None:
    study = published()
    with database.reading() as session:
        panel = load_study(session, study).panel

    for path in ("/", "/rankings/arab-league-2024", "/rankings/arab-league-2024/publication.json"):
        text = client.get(path).get_data(as_text=True)
        assert not [expert.code for expert in panel if expert.code in text]


def test_a_unit_without_a_level_is_listed_apart(client: PageClient, published, small) -> None:
    published(small)

    page = client.page("/rankings/small", headers=EN)

    assert page.one("h2").text == "Not rated"
    banded = [element.text for element in page.all("span", class_="name") if element.within("td")]
    assert sorted(banded) == ["Cairo", "Lima", "Lyon"]
    assert "Oslo" in page.text
    assert client.page("/rankings/small?table=air-only", headers=EN).all("h2") == []


def test_the_bands_that_are_counted_are_those_that_are_shown(client, published, small) -> None:
    """Two of the four are empty: two cities are tied, behind one other."""
    published(small)

    page = client.page("/rankings/small", headers=EN)

    assert len(page.all("span", class_="label")) == 2
    assert re.findall("[0-9]+", page.one("p", class_="lead").text) == ["3", "2"]


def test_the_latest_publication_is_what_readers_see(client: PageClient, published, small) -> None:
    published(small)
    before = shown(client.page("/rankings/small", headers=EN))
    published(small, shares=(0.4,))
    after = shown(client.page("/rankings/small", headers=EN))

    assert before[0] == ("0%-33%", "Lyon")
    assert after[0] == ("top 33%", "Lyon")
    assert before != after
    assert len(client.page("/").all("span", class_="size")) == 1


def test_the_rankings_that_are_public_are_listed(client: PageClient, published, small) -> None:
    assert client.page("/", headers=EN).one("p", class_="lead").text == "No ranking is public yet."

    published()
    published(small)

    page = client.page("/", headers=EN)
    listed = [a.attributes["href"] for a in page.all("a") if "/rankings/" in a.attributes["href"]]
    assert listed == ["/rankings/small", "/rankings/arab-league-2024"]
    assert "Arab League Smart Cities 2024" in page.text


def test_what_is_not_published_is_not_found(client: PageClient, published, small) -> None:
    published(small)

    for path in (
        "/rankings/arab-league-2024",
        "/rankings/arab-league-2024/bands.csv",
        "/rankings/arab-league-2024/weights.json",
        "/rankings/arab-league-2024/publication.json",
        "/rankings/small?table=nothing",
        "/rankings/%00",
        "/rankings/small%00/weights.json",
    ):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(("headers", "language"), [(ZH, "zh"), (EN, "en")])
def test_the_bands_are_those_of_the_command(
    client: PageClient, published, tmp_path, headers, language
) -> None:
    published()
    answer = client.get("/rankings/arab-league-2024/weights.json")
    (tmp_path / "weights.json").write_bytes(answer.get_data())
    ranked = CliRunner().invoke(
        cli,
        f"rank {EXAMPLE} --weights {tmp_path}/weights.json -o {tmp_path}/out --language {language}",
    )
    assert ranked.exit_code == 0, ranked.output

    answer = client.get("/rankings/arab-league-2024/bands.csv", headers=headers)

    assert answer.get_data() == (tmp_path / "out" / "bands.csv").read_bytes()
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_name_is_no_formula_in_the_download(client: PageClient, published, small) -> None:
    first, *others = small.units
    published(replace(small, units=(replace(first, names={"en": "=HYPERLINK(1)"}), *others)))

    text = client.get("/rankings/small/bands.csv", headers=EN).get_data(as_text=True)

    assert ",'=HYPERLINK(1),FR\r\n" in text


def test_the_digests_on_the_page_are_those_of_the_files(client: PageClient, published) -> None:
    published()
    page = client.page("/rankings/arab-league-2024", headers=EN)
    document = client.get("/rankings/arab-league-2024/publication.json").get_data()
    weights = client.get("/rankings/arab-league-2024/weights.json").get_data()

    codes = [element.text for element in page.all("code")]
    assert codes[0] == hashlib.sha256(document).hexdigest()[:16]
    assert codes[1] == json.loads(weights)["digest"][:16]
    assert json.loads(document)["weight_set"]["digest"] == json.loads(weights)["digest"]
    assert len(read_weight_set(weights).global_weights) == 11


def test_a_reader_needs_no_cookie_and_their_browser_may_keep_the_page(client, published) -> None:
    published()
    first = client.get("/rankings/arab-league-2024", headers=EN)

    assert "Set-Cookie" not in first.headers
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Language"} <= set(first.vary)

    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/rankings/arab-league-2024", headers=EN | again).status_code == 304
    assert client.get("/rankings/arab-league-2024", headers=ZH | again).status_code == 200


def test_who_has_a_session_gets_nothing_that_is_kept(client: PageClient, published) -> None:
    published()
    client.get("/?language=zh")

    answer = client.get("/rankings/arab-league-2024", headers=EN)

    assert answer.headers["Cache-Control"] == "no-store"
    assert 'lang="zh-Hans"' in answer.get_data(as_text=True)


def test_a_group_that_two_experts_judged_is_told_beside_the_weights(client, published, small):
    silent = replace(
        small,
        judgements=tuple(j for j in small.judgements if (j.expert, j.parent) != ("E1", "air")),
    )
    published(silent)

    page = client.page("/rankings/small")

    said = page.one("p", **{"data-thin": "air"}).text
    assert said.startswith("Fewer than 3 experts judged “Air”. The figures there show")


def test_a_round_without_answers_is_not_described_as_one_that_three_answered(
    client, published, small, database
):
    small = replace(small, titles={"en": "Small"})
    study = published(small)
    assert client.page("/rankings/small").all("p", id="heard") == []
    with database.writing() as session:
        study = session.get_one(Study, study.id)
        round_ = further.ask_again(session, study)
        close_round(session, round_, By("author a", NOON))
        freeze_weight_set(
            session, study, round_, "", "enough", "refuse", 1, By("author a", NOON), below="It is."
        )

    published(small)

    said = client.page("/rankings/small").one("p", id="heard").text
    assert said == "Answered in round 2: 0. Did not answer, count as before: 3."


def test_three_experts_in_every_group_are_not_warned_of(client, published, small):
    published(small)

    page = client.page("/rankings/small")
    assert [p for p in page.all("p") if "data-thin" in p.attributes] == []
    # From the interval of three experts, whole numbers that give it can be tried out.
    assert re.findall(r"\d+", page.one("p", id="no-intervals").text) == ["4"]


def test_a_weight_set_without_a_salt_is_public_only_of_ten_experts(
    client, published, small, monkeypatch
):
    """As weight sets were frozen before: who has the file can try which answers give it."""
    monkeypatch.setattr("survey.authors.consensus.operations.token_hex", lambda _bytes: "")

    published(small)

    assert client.get("/rankings/small/weights.json").status_code == 404
    page = client.page("/rankings/small")
    assert [a for a in page.all("a") if a.attributes["href"].endswith("weights.json")] == []


def test_four_experts_in_every_group_have_all_intervals(client, published, small):
    fourth = [replace(a, expert="E4") for a in small.allocations if a.expert == "E3"]
    published(
        replace(
            small,
            panel=(*small.panel, replace(small.panel[2], code="E4")),
            allocations=(*small.allocations, *fourth),
        )
    )

    assert client.page("/rankings/small").all("p", id="no-intervals") == []


def test_every_row_of_the_public_table_has_the_notice_in_the_readers_language(
    client, published, small
):
    published(replace(small, notices={"en": "Made up.", "zh": "虚构。"}))

    for headers, said in ((EN, "Made up."), (ZH, "虚构。")):
        answer = client.get("/rankings/small/bands.csv", headers=headers).get_data(as_text=True)
        rows = csv.DictReader(answer.removeprefix("\ufeff").splitlines())
        assert {row["notice"] for row in rows} == {said}

"""The commands as a person or a program uses them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from tests.local_web import FIXTURES, shipped_recordings
from tests.pantau import json_lines, pantau

KEYS = """
    id url outlet title text published_at published_precision published_source event_date
    date_conflict first_seen_at byline place province region advertorial topic relevance score
    reasons tags verdict starred notes copies siblings revision removed
""".split()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the five documents in it; tests leave it as they find it."""
    path = tmp_path_factory.mktemp("commands") / "pantau.db"
    assert pantau("replay", *shipped_recordings(), db=path).returncode == 0
    return path


def test_an_article_has_the_keys_of_the_contract(db: Path) -> None:
    for article in json_lines(pantau("inbox", "--json", db=db)):
        assert list(article) == KEYS
        assert None not in (article["reasons"], article["tags"], article["notes"])


def test_show_quotes_the_sentence_that_decided(db: Path) -> None:
    shown = pantau("show", 1, db=db)
    assert shown.returncode == 0
    assert "Judged about" in shown.stdout
    assert "**Indikator MCP**" in " ".join(shown.stdout.split())


def test_rakor_finds_rapat_koordinasi_too(db: Path) -> None:
    found = json_lines(pantau("search", "rakor", "--json", db=db))
    spelled_out = json_lines(pantau("search", '"rapat koordinasi"', "--json", db=db))
    assert {article["outlet"] for article in found} >= {
        "aksaranewsroom",
        "prabumulihpos",
        "radarokuraya",
        "wartain-banten",
    }
    assert {article["id"] for article in spelled_out} == {article["id"] for article in found}


def test_a_verdict_takes_an_article_out_of_the_inbox_and_undo_brings_it_back(db: Path) -> None:
    before = pantau("inbox", "--json", db=db).stdout
    decided = json_lines(pantau("decide", 1, "relevant", "--note", "penting", "--json", db=db))
    assert decided[0]["verdict"] == "relevant"
    assert [(note["by"], note["text"]) for note in decided[0]["notes"]] == [("penguji", "penting")]
    assert len(json_lines(pantau("inbox", "--json", db=db))) == 4
    assert json_lines(pantau("undo", "--json", db=db))[0]["verdict"] == "new"
    assert pantau("inbox", "--json", db=db).stdout == before


def test_undo_without_a_decision_says_so(db: Path) -> None:
    assert "Nothing to undo" in pantau("undo", "--as", "orang lain", db=db).stdout


def test_csv_holds_every_article(db: Path) -> None:
    process = pantau("export", "--format", "csv", db=db)
    rows = list(csv.DictReader(io.StringIO(process.stdout)))
    assert len(rows) == 5
    assert list(rows[0]) == KEYS


def test_outlets_are_listed(db: Path) -> None:
    listed = json_lines(pantau("outlets", "list", "--json", db=db))
    assert len(listed) == 5
    assert all(outlet["enabled"] for outlet in listed)


def test_a_disabled_outlet_stays_disabled(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    assert pantau("outlets", "disable", "aksaranewsroom", db=db).returncode == 0
    listed = json_lines(pantau("outlets", "list", "--json", db=db))
    assert {row["outlet"] for row in listed if not row["enabled"]} == {"aksaranewsroom"}


def test_status_names_every_outlet(db: Path) -> None:
    rows = json_lines(pantau("status", "--json", db=db))
    assert {row["slug"] for row in rows} >= {"aksaranewsroom", "wartain-banten"}
    assert pantau("status", db=db).stdout.count("well") >= 5


def test_doctor_finds_nothing_wrong(db: Path) -> None:
    assert pantau("doctor", db=db).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "99"], 1, "no article 99"),
        (["crawl", "tidak-ada"], 2, "no outlet tidak-ada"),
        (["decide", "1", "maybe"], 2, "invalid choice"),
        (["inbox", "--db", "/tidak/ada/pantau.db"], 1, "/tidak/ada: no such folder"),
        (["inbox", "--map", "a=127.0.0.1:1"], 2, "unrecognized arguments"),
        (["crawl", "--map", "a.example=10.0.0.1:80"], 2, "is not HOST=127.0.0.1:PORT"),
        (["replay", "/tidak/ada"], 1, "/tidak/ada: no recording"),
        ([], 2, ""),
    ],
)
def test_wrong_use_is_told_in_one_line(
    db: Path, arguments: list[str], code: int, words: str
) -> None:
    process = pantau(*arguments, db=db)
    assert process.returncode == code
    assert words in process.stderr.splitlines()[-1] if words else True


def test_extract_reads_a_saved_page_and_stores_nothing(tmp_path: Path) -> None:
    folder = FIXTURES / "radarokuraya" / "2023-03-23"
    expected = json.loads((folder / "expected.json").read_text())["articles"][0]
    answers = json.loads((folder / "responses.json").read_text())["responses"]
    file = next(a["file"] for a in answers if expected["url"] in a["url"])
    process = pantau(
        "extract", folder / file, "--url", expected["url"], "--json", db=tmp_path / "x.db"
    )
    article = json_lines(process)[0]
    assert article["ending"] == "article"
    assert {key: article[key] for key in ("title", "text", "byline")} == {
        key: expected[key] for key in ("title", "text", "byline")
    }
    assert list(tmp_path.iterdir()) == []


def test_extract_takes_lines_and_answers_each_in_order(tmp_path: Path) -> None:
    lines = [
        {"url": "https://a.example/1", "title": "KPK tahan bupati", "text": "KPK menahan bupati."},
        {"url": "https://a.example/2", "title": "Panen raya", "text": "Petani memanen padi."},
        {"url": "https://a.example/3"},
        {"url": "https://a.example/4", "html": "<h1>Judul</h1>"},
    ]
    text = "\n".join([json.dumps(line) for line in lines] + ["bukan json"])
    process = pantau("extract", "-", "--jsonl", db=tmp_path / "x.db", input=text)
    results: list[dict[str, Any]] = [json.loads(line) for line in process.stdout.splitlines()]
    assert process.returncode == 1
    assert [result["url"] for result in results] == [*(line["url"] for line in lines), None]
    assert results[0]["relevance"] == "about"
    assert results[1]["ending"] == "off_topic"
    assert "needs url and html" in results[2]["error"]
    assert results[4]["ending"] == "unreadable"


def test_scrapy_lists_the_five_outlets() -> None:
    command = [str(Path(sys.executable).with_name("scrapy")), "list"]
    process = subprocess.run(
        command, capture_output=True, check=True, text=True, cwd=FIXTURES.parent, timeout=60
    )
    assert process.stdout.split() == [
        "aksaranewsroom",
        "prabumulihpos",
        "radarokuraya",
        "sumateraekspres",
        "wartain-banten",
    ]


def test_sqlite_utils_reads_the_file_as_it_is(db: Path) -> None:
    opened = sqlite_utils.Database(db)
    assert opened["articles"].count == 5
    assert opened["articles"].detect_fts() == "articles_fts"
    assert len(list(opened["articles"].search("korupsi"))) == 5
    opened.close()


def test_datasette_reads_the_file_as_it_is(db: Path) -> None:
    command = [str(Path(sys.executable).with_name("datasette")), str(db), "--get"]
    path = f"/{db.stem}/articles.json?_search=korupsi&_shape=array"
    process = subprocess.run(
        [*command, path], capture_output=True, check=True, text=True, timeout=60
    )
    assert len(json.loads(process.stdout)) == 5

"""What is taken away is whole, opens in the programs it is meant for, and runs in none of them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook

from store.articles import save_article
from store.copies import link
from store.export import KEYS
from store.outcomes import finish
from store.redactions import redact
from store.reviews import decide
from tests.pantau import pantau
from tests.review_client import ReviewServer
from tests.test_review_safety import HOSTILE
from tests.test_store_samples import ARTICLE, DAY, NOW, OUTCOME, URL, leased_page


@pytest.fixture
def page(tmp_path: Path) -> Iterator[ReviewServer]:
    server = ReviewServer(tmp_path, more=3)
    yield server
    server.close()


def sheet_of(body: bytes) -> list[list[object]]:
    book = load_workbook(io.BytesIO(body))
    assert all(cell.data_type != "f" for row in book.active.rows for cell in row)
    assert not [cell for row in book.active.rows for cell in row if cell.hyperlink]
    return [[cell.value for cell in row] for row in book.active.rows]


def test_a_list_opens_as_a_sheet(page: ReviewServer) -> None:
    head, *rows = sheet_of(page.get("/inbox.xlsx").body)
    assert head == list(KEYS) and len(rows) == 4
    first = dict(zip(KEYS, rows[0], strict=True))
    assert (
        first["title"] == "Berita 2" and first["score"] == 0.875 and first["advertorial"] is False
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_rows_run_in_no_program(tmp_path: Path, title: str) -> None:
    page = ReviewServer(tmp_path)
    bad = replace(ARTICLE, title=title, text=f"{title}\nTY  - BOOK\r\nER  - ", byline=title)
    try:
        save_article(page.db, "kabar", "https://kabar.example/b", bad, NOW + DAY)
        (title_column,) = (n for n, key in enumerate(KEYS) if key == "title")
        titles = [row[title_column] for row in sheet_of(page.get("/articles.xlsx").body)]
        assert any(str(one).startswith(title[:8].replace("\x1b", "_x001B_")) for one in titles)
        ris = page.get("/articles.ris").text
        assert ris.count("\r\nER  - ") == 2 and len(re.findall(r"^TY  - ", ris, re.M)) == 2
        assert "\x1b" not in ris
        text = page.get("/digest?since=2025-01-01&until=2026-01-01").text
        assert "<script>" not in text and "<img" not in text and "\u202e" not in text
    finally:
        page.close()


def test_a_reference_names_outlet_day_and_address(page: ReviewServer) -> None:
    lines = page.get("/inbox.ris?q=Rakor").text.split("\r\n")
    assert lines[0] == "TY  - NEWS" and "T2  - Kabar Randu" in lines
    assert "DA  - 2025/04/30/" in lines and f"UR  - {URL}" in lines and "AU  - Dona" in lines


def test_a_digest_tells_each_story_once(page: ReviewServer) -> None:
    link(page.db, (1, 2), "copy", 0.98, "sama")
    text = page.get("/digest", Accept_Language="en").text
    assert text.count('class="story"') == 3 and "also at 1 other outlets" in text
    assert "Kepulauan Bangka Belitung" in text and "3 stories, 4 articles" in text


def test_a_digest_of_a_verdict_holds_what_people_called_so(page: ReviewServer) -> None:
    decide(page.db, 2, "relevant", "Rina", "Untuk rapat <Senin>", NOW)
    text = page.get("/digest?verdict=relevant&since=2025-04-01").text
    assert text.count('class="story"') == 1 and "Untuk rapat &lt;Senin&gt;" in text


def test_a_digest_of_a_quiet_period_says_so(page: ReviewServer) -> None:
    text = page.get("/digest?since=2020-01-01&until=2020-01-31", Accept_Language="en").text
    assert 'class="story"' not in text and "Nothing matches." in text


def evidence(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_the_evidence_holds_text_revisions_and_the_page_as_fetched(page: ReviewServer) -> None:
    url = "https://kabar.example/bukti"
    leased = leased_page(page.db, url)
    finish(page.db, leased.id, OUTCOME, NOW)
    changed = replace(OUTCOME, article=replace(ARTICLE, text="Baru sama sekali."), snapshot=b"<p>2")
    finish(page.db, leased.id, changed, NOW + DAY)
    answer = page.get("/items/5/evidence.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="pantau-5.zip"'
    files = evidence(answer.body)
    assert files["pages/1-1.html"] == OUTCOME.snapshot and files["pages/2-1.html"] == b"<p>2"
    assert b"Baru sama sekali." in files["revisions/2.txt"]
    manifest = json.loads(files["manifest.json"])
    assert manifest["url"] == url and manifest["taken_by"] == "Rina"
    assert [one["fetched_at"][:10] for one in manifest["pages"]] == ["2025-05-01", "2025-05-02"]
    sums = {name: sha256(files[name]).hexdigest() for name in files if name != "manifest.json"}
    assert manifest["sha256"] == sums
    assert page.get("/items/5/evidence.zip").body == answer.body


def test_the_evidence_of_a_redacted_article_holds_none_of_its_words(page: ReviewServer) -> None:
    redact(page.db, 1, "Rina", "Penetapan PN Randu", NOW)
    files = evidence(page.get("/items/1/evidence.zip").body)
    assert not any(b"wali kota" in body.lower() for body in files.values())
    assert json.loads(files["manifest.json"])["redacted"]["by"] == "Rina"


def test_no_evidence_of_an_unknown_article(page: ReviewServer) -> None:
    assert page.get("/items/99/evidence.zip").status == 404
    assert page.get(f"/items/{2**63}/evidence.zip").status == 404


@pytest.mark.parametrize("kind", ["csv", "jsonl", "ris", "atom", "xlsx"])
def test_the_command_exports_every_format_to_a_file(page: ReviewServer, kind: str) -> None:
    out = page.path.with_name(f"keluar.{kind}")
    process = pantau("export", "--format", kind, "--output", str(out), db=page.path)
    assert process.returncode == 0, process.stderr
    body = out.read_bytes()
    assert len(sheet_of(body)) == 5 if kind == "xlsx" else b"Berita 2" in body

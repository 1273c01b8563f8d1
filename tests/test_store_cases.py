"""Cases in the database: learned once, ruled by people, never brought back against their word."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from crawler.cases import case_of, is_active
from scheduler.cli import main
from store.articles import get_article, save_article
from store.case_records import CaseEvidence, CaseTerm
from store.cases import (
    CaseShelf,
    active_cases,
    confirm,
    end,
    evidence_of,
    get_case,
    list_cases,
    merge,
    record,
    rename,
)
from store.database import StoreError, open_store
from store.outlets import sync_outlets
from tests.local_web import LocalWeb, Page
from tests.pantau import json_lines, pantau
from tests.test_store_samples import OUTLETS, numbered

NOW = datetime(2025, 3, 5, 2, 0, tzinfo=UTC)
DAY = date(2025, 3, 4)


def lesson(person: str, number: int = 1, on: date = DAY, slug: str = "") -> CaseEvidence:
    terms = (CaseTerm("person", person),) if person else ()
    slug = slug or person.replace(" ", "-")
    return CaseEvidence(slug, person.title(), terms, f"https://k.example/{number}", on, "Kutipan.")


def keep(db: Database, *lessons: CaseEvidence) -> None:
    record(db, lessons, case_of, None, NOW)


def slugs(db: Database, on: date = DAY) -> list[str]:
    return [case.slug for case in active_cases(db, on, is_active)]


def test_a_case_is_kept_with_its_terms_and_evidence(db: Database) -> None:
    keep(db, lesson("rahmat wiradinata"))
    (stored,) = list_cases(db)
    assert stored.case.terms == (CaseTerm("person", "rahmat wiradinata"),)
    (row,) = evidence_of(db, stored.id)
    assert (row.url, row.on, row.quote) == ("https://k.example/1", DAY, "Kutipan.")


def test_the_same_item_twice_counts_once(db: Database) -> None:
    keep(db, lesson("rahmat wiradinata"))
    keep(db, lesson("rahmat wiradinata"))
    assert [stored.evidence for stored in list_cases(db)] == [1]


def test_new_evidence_makes_a_case_last(db: Database) -> None:
    later = DAY + timedelta(days=400)
    keep(db, lesson("rahmat wiradinata"), lesson("rahmat wiradinata", 2, later))
    assert slugs(db, DAY + timedelta(days=900)) == ["rahmat-wiradinata"]
    assert slugs(db, DAY + timedelta(days=1000)) == []


def test_an_item_found_by_a_case_is_its_evidence(db: Database) -> None:
    keep(db, lesson("rahmat wiradinata"))
    keep(db, lesson("", 2, slug="rahmat-wiradinata"))
    assert [stored.evidence for stored in list_cases(db)] == [2]


def test_a_confirmed_case_stays_until_ended(db: Database) -> None:
    keep(db, lesson("rahmat wiradinata"))
    confirm(db, 1, "penguji", NOW)
    assert slugs(db, date(2040, 1, 1)) == ["rahmat-wiradinata"]
    end(db, 1, "penguji", NOW)
    assert slugs(db) == []


def test_an_article_is_tagged_with_the_case_it_teaches_while_that_tells(db: Database) -> None:
    def tags(article_id: int) -> list[str]:
        stored = get_article(db, article_id)
        assert stored is not None
        return [tag.label for tag in stored.article.tags if tag.kind == "case"]

    sync_outlets(db, OUTLETS, NOW)
    first, later = (
        save_article(db, "kabar", f"https://k.example/{n}", numbered(n), NOW).article_id
        for n in (1, 2)
    )
    record(db, [lesson("rahmat wiradinata")], case_of, first, NOW)
    record(db, [lesson("rahmat wiradinata")], case_of, first, NOW)
    assert tags(first) == ["Rahmat Wiradinata"]
    end(db, 1, "penguji", NOW)
    record(db, [lesson("rahmat wiradinata", 2)], case_of, later, NOW)
    assert tags(later) == []


def test_an_ended_case_is_not_brought_back_by_new_evidence(db: Database) -> None:
    keep(db, lesson("rahmat wiradinata"))
    end(db, 1, "penguji", NOW)
    keep(db, lesson("rahmat wiradinata", 2))
    assert slugs(db) == []
    assert [stored.evidence for stored in list_cases(db)] == [2]


def test_a_persons_name_for_a_case_stands(db: Database) -> None:
    keep(db, lesson("rahmat wiradinata"))
    rename(db, 1, "  Suap   irigasi ", "penguji", NOW)
    keep(db, lesson("rahmat wiradinata", 2))
    stored = get_case(db, 1)
    assert stored is not None
    assert (stored.case.name, stored.case.slug) == ("Suap irigasi", "rahmat-wiradinata")


def test_a_merged_case_gives_its_words_and_its_future_to_the_other(db: Database) -> None:
    keep(db, lesson("rahmat wiradinata"), lesson("yusman halimsyah", 2))
    merge(db, 1, 2, "penguji", NOW)
    assert slugs(db) == ["yusman-halimsyah"]
    keep(db, lesson("rahmat wiradinata", 3), lesson("", 4, slug="rahmat-wiradinata"))
    assert [row.url[-1] for row in evidence_of(db, 2)] == ["2", "1", "3", "4"]
    assert len(list_cases(db)) == 2


@pytest.mark.parametrize(("first", "second"), [(1, 1), (1, 9), (9, 1)])
def test_a_senseless_merge_is_refused(db: Database, first: int, second: int) -> None:
    keep(db, lesson("rahmat wiradinata"))
    with pytest.raises(StoreError):
        merge(db, first, second, "penguji", NOW)


def test_a_merged_case_takes_no_more_rulings(db: Database) -> None:
    keep(db, lesson("rahmat wiradinata"), lesson("yusman halimsyah", 2))
    merge(db, 1, 2, "penguji", NOW)
    with pytest.raises(StoreError, match="was merged into 2"):
        confirm(db, 1, "penguji", NOW)


def test_the_shelf_notices_what_another_process_changed(tmp_path: Path) -> None:
    path = tmp_path / "pantau.db"
    mine, theirs = open_store(path), open_store(path)
    shelf = CaseShelf(mine, is_active)
    assert shelf.on(DAY) == ()
    keep(theirs, lesson("rahmat wiradinata"))
    first = shelf.on(DAY)
    assert [case.slug for case in first] == ["rahmat-wiradinata"]
    assert shelf.on(DAY) is first
    end(theirs, 1, "penguji", NOW)
    assert shelf.on(DAY) == ()
    mine.close()
    theirs.close()


def told(capsys: pytest.CaptureFixture[str], path: Path, *words: str) -> str:
    """What `pantau cases` prints, as a process would."""
    assert main(["cases", *words, "--db", str(path), "--as", "penguji"]) == 0
    return capsys.readouterr().out


def test_the_command_lists_shows_and_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pantau.db"
    db = open_store(path)
    keep(db, lesson("rahmat wiradinata"), lesson("yusman halimsyah", 2))
    db.close()
    listed = [json.loads(line) for line in told(capsys, path, "--json").splitlines()]
    assert [case["id"] for case in listed] == [2, 1]
    named = json.loads(told(capsys, path, "rename", "1", "Suap", "irigasi", "--json"))
    assert named["name"] == "Suap irigasi"
    assert json.loads(told(capsys, path, "confirm", "1", "--json"))["status"] == "confirmed"
    merged = json.loads(told(capsys, path, "merge", "2", "1", "--json"))
    assert (merged["id"], merged["items"]) == (1, 2)
    shown = json.loads(told(capsys, path, "show", "1", "--json"))
    assert [row["url"][-1] for row in shown["evidence"]] == ["2", "1"][::-1]
    assert "> Kutipan." in told(capsys, path, "show", "1")
    assert "ended" in told(capsys, path, "end", "1")
    assert "merged into 1" in told(capsys, path)


@pytest.mark.parametrize(
    ("words", "code"),
    [(["show", "7"], 1), (["confirm"], 2), (["rename", "1"], 2), (["merge", "1"], 2)],
)
def test_wrong_use_of_the_command_is_told(tmp_path: Path, words: list[str], code: int) -> None:
    path = tmp_path / "pantau.db"
    db = open_store(path)
    keep(db, lesson("rahmat wiradinata"))
    db.close()
    assert main(["cases", *words, "--db", str(path)]) == code


FOLLOW_UP, FIRST = "Sidang Rahmat Wiradinata Ditunda", "KPK Tahan Bupati Muara Contoh"
TEXTS = {
    "/sidang": (
        FOLLOW_UP,
        "<p>Sidang perkara suap izin pasar dengan terdakwa mantan Bupati Muara Contoh Rahmat"
        " Wiradinata ditunda sepekan karena saksi sakit, kata ketua majelis hakim.</p>"
        "<p>Jaksa penuntut umum menyanggupi menghadirkan lima orang saksi pada sidang pekan depan"
        " di Pengadilan Tipikor, dan meminta waktu untuk melengkapi daftar barang bukti.</p>",
    ),
    "/panen": (
        "Panen Raya di Muara Contoh",
        "<p>Petani Muara Contoh memanen padi di hamparan seluas seratus hektare, dan hasilnya lebih"
        " baik daripada musim tanam yang lalu, kata ketua kelompok tani setempat.</p>",
    ),
    "/tahan": (
        FIRST,
        "<p>KPK menahan Bupati Muara Contoh, Rahmat Wiradinata, sebagai tersangka suap izin pasar"
        " seusai pemeriksaan selama sembilan jam di Jakarta, Selasa malam.</p>"
        "<p>KPK menyita uang tunai dan sejumlah dokumen dari rumah dinas bupati dan dari kantor"
        " dinas perdagangan, dan akan memeriksa beberapa pejabat lain pekan ini.</p>",
    ),
}


def answer(_: str, path: str) -> Page:
    """A small outlet whose feed gives the newest first."""
    if path == "/feed":
        items = "".join(
            f"<item><title>{title}</title><link>https://kabar.example{link}</link></item>"
            for link, (title, _) in TEXTS.items()
        )
        feed = f"<rss version='2.0'><channel><title>Kabar</title>{items}</channel></rss>"
        return Page(feed.encode(), headers={"Content-Type": "application/rss+xml"})
    if path not in TEXTS:
        return Page(b"", 404)
    title, text = TEXTS[path]
    head = f"<title>{title}</title><meta property='og:type' content='article'>"
    return Page(
        f"<html><head>{head}</head><body><article><h1>{title}</h1>{text}</article></body></html>".encode()
    )


OUTLET = """
name = "Kabar Contoh"
home = "https://kabar.example/"
family = "custom"
province = "16"
delay = 0
[[source]]
kind = "feed"
url = "https://kabar.example/feed"
"""


def test_a_crawl_learns_a_case_and_returns_to_what_it_had_set_aside(tmp_path: Path) -> None:
    catalogue, db = tmp_path / "catalogue", tmp_path / "pantau.db"
    catalogue.mkdir()
    (catalogue / "kabar.toml").write_text(OUTLET, "utf-8")
    with LocalWeb(answer) as web:
        mapped = f"kabar.example=127.0.0.1:{web.port}"
        crawled = pantau("crawl", "--catalogue", catalogue, "--map", mapped, db=db)
    assert crawled.returncode == 0, crawled.stderr
    articles = {
        article["title"]: article for article in json_lines(pantau("inbox", "--json", db=db))
    }
    assert set(articles) == {FIRST, FOLLOW_UP}
    for article in articles.values():
        assert [tag["slug"] for tag in article["tags"] if tag["kind"] == "case"] == [
            "izin-pasar-muara-contoh"
        ]
    reason = articles[FOLLOW_UP]["reasons"][0]
    assert reason["rule"] == "case:izin-pasar-muara-contoh"
    assert web.paths().count("/panen") == 1
    (case,) = json_lines(pantau("cases", "--json", db=db))
    assert case["items"] == 2

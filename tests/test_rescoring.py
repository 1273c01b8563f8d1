"""Reading again by other rules: said first, then done, without making an edit of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import zstandard
from sqlite_utils import Database

from crawler.outlets import Outlet
from crawler.pool import ReadingPool
from crawler.reading import Occasion, PageInput, PageReading
from crawler.rescoring import Rescoring, rules_version
from crawler.snapshots import pack
from crawler.survey import Survey
from crawler.topics import active_topics
from store import rereading
from store.articles import get_article, list_articles, revisions
from store.doctor import check
from store.filters import INBOX
from store.frontier import finish
from store.records import PageOutcome, PageState, StoredArticle
from store.redactions import redact
from store.reviews import correct, decide
from store.search import search
from store.snapshots import prune_snapshots
from tests.test_store_samples import DAY, NOW, URL, leased_page, sample_store

KABAR = Outlet(
    slug="kabar", name="Kabar Randu", home="https://kabar.example/", family="custom", province="19"
)
RULES = "aturan-baru"
PROGRAMME = "Program Jaga Randu"
# What the user adds: a programme nobody knew, worth an article by itself.
ADDED = f'[[term]]\nid = "jaga-randu"\nkind = "programme"\nforms = ["{PROGRAMME}"]\n'
# And one they switch off.
OFF = "".join(f'[[term]]\nid = "{one}"\noff = true\n' for one in ("mcp", "mcp.scored"))
FILLS = {  # pages that share too much would be copies of each other
    1: ("Inspektur memaparkan capaian itu kepada perangkat daerah.", "Nilainya terus naik."),
    2: ("Ia dibawa ke Jakarta dengan mobil hitam sejak subuh tadi.", "Keluarganya belum bicara."),
    3: ("Peserta berasal dari seluruh kecamatan dan kelurahan.", "Kegiatan berlangsung tiga jam."),
}


def page(title: str, *paragraphs: str, number: int = 1) -> PageInput:
    body = "".join(f"<p>{text}</p>" for text in (*paragraphs, *FILLS.get(number, ())))
    html = (
        f'<html><head><title>{title}</title><meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2025-04-30T17:15:00+07:00"></head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )
    return PageInput(f"{URL}-{number}", html.encode(), "text/html; charset=utf-8")


MCP = page("Nilai MCP Randu Naik", "RANDU - Nilai Monitoring Center for Prevention (MCP) naik.")
KPK = page("KPK Tahan Bupati Randu", "RANDU - KPK menahan bupati, Rabu (30/4/2025).", number=2)
JAGA = page("Randu Ikuti Pembinaan", f"RANDU - {PROGRAMME} dimulai di kantor bupati.", number=3)


@pytest.fixture(scope="module")
def shipped() -> Iterator[ReadingPool]:
    with ReadingPool(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingPool]:
    """Children with the user's vocabulary."""
    file = tmp_path_factory.mktemp("own") / "vocabulary.toml"
    file.write_text(ADDED + OFF, encoding="utf-8")
    with ReadingPool(2, topics=active_topics(file.parent)) as pool:
        yield pool


@pytest.fixture
def db(tmp_path: Path, shipped: ReadingPool) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        for one in (MCP, KPK, JAGA):
            visit(db, shipped, one)
        yield db


def visit(db: Database, pool: ReadingPool, *parts: PageInput, at: datetime = NOW) -> PageReading:
    """What the pipeline does with a fetched page."""
    leased = leased_page(db, parts[0].url, at)
    reading = asyncio.run(pool.pages(parts, Occasion(KABAR, leased.hint, at)))
    state: PageState = "done" if reading.article else "off_topic"
    outcome = PageOutcome(
        reading.ending, state, reading.article, reading.canonical, snapshot=pack(parts)
    )
    finish(db, leased.id, outcome, at)
    return reading


def survey(db: Database, pool: ReadingPool, *, dry: bool = True, now: datetime = NOW) -> Survey:
    work = Rescoring(db, pool, {"kabar": KABAR}, RULES, now)
    items = rereading.left_to_read(db, RULES, now)
    return asyncio.run(work.survey(items, lambda done, of: None, dry=dry))


def rescore(db: Database, pool: ReadingPool, now: datetime = NOW) -> int:
    work = Rescoring(db, pool, {"kabar": KABAR}, RULES, now)
    found = survey(db, pool, dry=False, now=now)
    return asyncio.run(work.carry_out(found.changed, lambda done, of: None))


def article(db: Database, number: int) -> StoredArticle:
    stored = get_article(db, number)
    assert stored is not None
    return stored


def test_the_same_rules_change_nothing(db: Database, shipped: ReadingPool) -> None:
    found = survey(db, shipped)
    assert (found.looked, found.changed, found.flips) == (3, [], [])


def test_a_dry_run_says_what_would_turn_and_changes_nothing(
    db: Database, mended: ReadingPool
) -> None:
    before = [article(db, number) for number in (1, 2)]
    found = survey(db, mended)
    assert {(flip.title, flip.before, flip.after) for flip in found.flips} == {
        ("Nilai MCP Randu Naik", "about", "not"),
        ("Randu Ikuti Pembinaan", None, "about"),
    }
    assert [article(db, number) for number in (1, 2)] == before
    assert survey(db, mended).looked == 3


def test_rescoring_turns_articles_takes_in_pages_and_makes_no_revision(
    db: Database, mended: ReadingPool
) -> None:
    assert rescore(db, mended) == 2
    assert article(db, 1).article.relevance == "not"
    assert [stored.article.title for stored in list_articles(db, INBOX)] == [
        "Randu Ikuti Pembinaan",
        "KPK Tahan Bupati Randu",
    ]
    assert [article(db, number).revision for number in (1, 2, 3)] == [1, 1, 1]
    assert [tag.slug for tag in article(db, 3).article.tags if tag.kind == "programme"]
    assert len(search(db, "pembinaan")) == 1
    assert check(db, NOW) == []


def test_what_was_read_by_these_rules_is_not_read_again(db: Database, mended: ReadingPool) -> None:
    rescore(db, mended)
    # The page taken in is an article now, read by these rules but not marked so.
    assert rereading.left_to_read(db, RULES, NOW) == [("article", 3)]
    assert survey(db, mended, dry=False).changed == []
    assert rereading.left_to_read(db, RULES, NOW) == []
    assert len(rereading.left_to_read(db, "yang lain", NOW)) == 3


def test_an_interrupted_rescore_goes_on_with_the_rest(db: Database, mended: ReadingPool) -> None:
    found = survey(db, mended, dry=False)
    work = Rescoring(db, mended, {"kabar": KABAR}, RULES, NOW)
    asyncio.run(work.carry_out(found.changed[:1], lambda done, of: None))
    left = rereading.left_to_read(db, RULES, NOW)
    assert left == found.changed[1:]


def test_verdicts_and_corrections_stand(db: Database, mended: ReadingPool) -> None:
    decide(db, 1, "relevant", "Rina", None, NOW)
    correct(db, 1, "title", "Judul Rina", "Rina", NOW)
    correct(db, 1, "date", "2025-04-20", "Rina", NOW)
    rescore(db, mended)
    stored = article(db, 1)
    assert (stored.verdict, stored.article.title) == ("relevant", "Judul Rina")
    assert stored.article.published_day.isoformat() == "2025-04-20"
    assert stored.article.relevance == "not"
    assert revisions(db, 1)[0].title == "Nilai MCP Randu Naik"
    assert stored.notes == ()


def test_a_cleaning_rule_cleans_what_is_stored_in_every_revision(
    db: Database, shipped: ReadingPool
) -> None:
    later = page(
        "KPK Tahan Bupati Randu", "RANDU - KPK menahan bupati dan sekda, Rabu (30/4).", number=2
    )
    visit_again(db, shipped, later)
    # As if an earlier Pantau had left a line in that today's rules cut.
    db.conn.execute("UPDATE revisions SET text = text || char(10) || 'BACA JUGA: Harga Cabai'")
    db.conn.execute("UPDATE articles SET text = text || char(10) || 'BACA JUGA: Harga Cabai'")
    found = survey(db, shipped)
    assert found.text == 2
    rescore(db, shipped)
    assert not any("BACA JUGA" in revision.text for revision in revisions(db, 2))
    assert [revision.edit.kind for revision in revisions(db, 2)] == ["first", "text"]
    assert search(db, "cabai") == []
    assert check(db, NOW) == []


def visit_again(db: Database, pool: ReadingPool, changed: PageInput) -> None:
    db.conn.execute(
        "UPDATE pages SET state = 'discovered', not_before = NULL WHERE url = ?", (changed.url,)
    )
    visit(db, pool, changed, at=NOW + DAY)


def test_without_its_page_an_article_is_judged_by_its_text(
    db: Database, mended: ReadingPool
) -> None:
    prune_snapshots(db, NOW + 100 * DAY)
    before = article(db, 1).article
    found = survey(db, mended, now=NOW + 100 * DAY)
    assert (found.looked, found.from_text) == (2, 2)
    assert rescore(db, mended, NOW + 100 * DAY) == 1
    after = article(db, 1).article
    assert after.relevance == "not"
    assert (after.title, after.text, after.published_at) == (
        before.title,
        before.text,
        before.published_at,
    )


def test_what_can_no_longer_be_read_is_counted_and_judged_by_its_text(
    db: Database, mended: ReadingPool
) -> None:
    broken = pack([PageInput(MCP.url, b"<html></html>")])
    db.conn.execute(
        "UPDATE snapshots SET body = ? WHERE revision_id = 1",
        (zstandard.ZstdCompressor().compress(broken),),
    )
    found = survey(db, mended)
    assert sum(found.unreadable.values()) == 1
    rescore(db, mended)
    assert article(db, 1).article.relevance == "not"


def test_pages_off_the_topic_are_read_again_for_a_week(db: Database, mended: ReadingPool) -> None:
    assert ("page", 3) in rereading.left_to_read(db, RULES, NOW + 6 * DAY)
    assert ("page", 3) not in rereading.left_to_read(db, RULES, NOW + 8 * DAY)


def test_one_outlet_alone_can_be_read_again(db: Database) -> None:
    assert rereading.left_to_read(db, RULES, NOW, "warta") == []
    assert len(rereading.left_to_read(db, RULES, NOW, "kabar")) == 3


def test_what_its_outlet_revised_meanwhile_is_left_for_next_time(
    db: Database, mended: ReadingPool
) -> None:
    task = rereading.task(db, 2)
    assert task is not None
    later = page("KPK Tahan Bupati Randu", "RANDU - KPK menahan bupati dan sekda.", number=2)
    visit_again(db, mended, later)
    stale = replace(task.as_read, text="lama")
    assert not rereading.rewrite(db, task, stale, {}, RULES, NOW)
    assert "sekda" in article(db, 2).article.text


def test_a_redacted_article_is_not_read_again(db: Database, mended: ReadingPool) -> None:
    redact(db, 1, "Rina", "", NOW)
    assert ("article", 1) not in rereading.left_to_read(db, RULES, NOW)
    rescore(db, mended)
    assert article(db, 1).article.text == ""


def test_the_parts_of_an_article_are_read_together_again(
    db: Database, shipped: ReadingPool
) -> None:
    parts = (
        page("KPK Geledah Randu", "RANDU - KPK menggeledah kantor.", *FILLS[1], number=4),
        page("KPK Geledah Randu", "Penyidik membawa dua koper.", *FILLS[2], number=5),
    )
    reading = visit(db, shipped, *parts)
    assert reading.article is not None and "koper" in reading.article.text
    assert survey(db, shipped).changed == []


def test_the_rules_have_another_name_when_a_vocabulary_changes(tmp_path: Path) -> None:
    own = tmp_path / "vocabulary.toml"
    own.write_text(ADDED, encoding="utf-8")
    first = rules_version(active_topics(tmp_path))
    assert first != rules_version()
    own.write_text(ADDED + OFF, encoding="utf-8")
    assert rules_version(active_topics(tmp_path)) != first

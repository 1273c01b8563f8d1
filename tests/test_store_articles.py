"""Articles: new, revised or the same; lists, filters and the indexes behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.articles import (
    count_articles,
    find_by_url,
    get_article,
    list_articles,
    revisions,
    save_article,
)
from store.filters import INBOX, NEWEST_FIRST, Filter, conditions
from store.records import StoredArticle, Tag
from store.reviews import decide
from store.search import search
from tests.test_store_samples import ARTICLE, DAY, MINUTE, NOW, URL, count, numbered, sample_store


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def only(db: Database) -> StoredArticle:
    stored = get_article(db, 1)
    assert stored is not None
    return stored


def fill(db: Database, n: int) -> None:
    for number in range(n):
        relevance = "about" if number % 2 else "mentions"
        outlet = "warta" if number % 5 == 0 else "kabar"
        article = numbered(
            number, relevance=relevance, province="81" if outlet == "warta" else "19"
        )
        save_article(db, outlet, f"{URL}-{number}", article, NOW + number * MINUTE)


def test_the_same_text_again_is_nothing_new(db: Database) -> None:
    first = save_article(db, "kabar", URL, ARTICLE, NOW)
    again = save_article(db, "kabar", URL, ARTICLE, NOW + DAY)
    assert (first.kind, again.kind) == ("new", "same")
    assert first.article_id == again.article_id
    assert (only(db).revision, only(db).first_seen_at) == (1, NOW)


def test_a_changed_text_is_a_revision_and_the_old_one_is_kept(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    changed = replace(ARTICLE, text=ARTICLE.text + "\nRalat: bukan wali kota.")
    assert save_article(db, "kabar", URL, changed, NOW + DAY).kind == "revised"
    assert (only(db).revision, only(db).article.text) == (2, changed.text)
    first, second = revisions(db, 1)
    assert (first.number, first.text, first.seen_at) == (1, ARTICLE.text, NOW)
    assert (second.number, second.text, second.seen_at) == (2, changed.text, NOW + DAY)
    assert first.removed == ARTICLE.removed


def test_a_changed_title_is_a_revision(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    changed = replace(ARTICLE, title="Ralat: " + ARTICLE.title)
    assert save_article(db, "kabar", URL, changed, NOW).kind == "revised"


def test_what_we_judge_changes_quietly(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    tags = (Tag("event", "rakor", "Rakor", "Rakor"),)
    judged = replace(ARTICLE, relevance="mentions", score=0.25, byline="Dona R.", tags=tags)
    assert save_article(db, "kabar", URL, judged, NOW + DAY).kind == "same"
    assert only(db).article == judged
    assert len(revisions(db, 1)) == 1


def test_the_words_of_an_old_revision_are_no_longer_found(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    save_article(db, "kabar", URL, replace(ARTICLE, text="Teks lain."), NOW)
    assert search(db, "didampingi") == []
    assert len(search(db, "lain")) == 1


def test_a_verdict_survives_a_revision(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    decide(db, 1, "relevant", "Rina", None, NOW)
    save_article(db, "kabar", URL, replace(ARTICLE, text="Teks baru."), NOW + DAY)
    assert only(db).verdict == "relevant"


def test_a_date_does_not_give_way_to_a_less_trusted_one(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    guess = replace(ARTICLE, published_at=NOW, published_source="page")
    save_article(db, "kabar", URL, guess, NOW)
    assert only(db).article.published_at == ARTICLE.published_at


def test_a_date_gives_way_to_a_more_trusted_one(db: Database) -> None:
    save_article(db, "kabar", URL, replace(ARTICLE, published_source="url"), NOW)
    better = replace(ARTICLE, published_at=NOW, published_source="meta")
    save_article(db, "kabar", URL, better, NOW)
    assert only(db).article.published_at == NOW


def test_first_seen_does_not_move_with_every_visit(db: Database) -> None:
    undated = replace(ARTICLE, published_at=NOW, published_source="first_seen")
    save_article(db, "kabar", URL, undated, NOW)
    save_article(db, "kabar", URL, replace(undated, published_at=NOW + DAY), NOW + DAY)
    assert only(db).article.published_at == NOW


def test_one_tag_found_twice_is_one_tag(db: Database) -> None:
    tag = ARTICLE.tags[0]
    save_article(db, "kabar", URL, replace(ARTICLE, tags=(tag, replace(tag, evidence="x"))), NOW)
    assert only(db).article.tags == (tag,)


def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    naive = datetime(2025, 5, 1)
    with pytest.raises(ValueError, match="no time zone"):
        save_article(db, "kabar", URL, replace(ARTICLE, published_at=naive), NOW)
    assert count(db, "articles") == 0


def test_half_an_emoji_in_a_text_is_stored_as_a_question_mark(db: Database) -> None:
    broken = replace(ARTICLE, text="KPK \ud83d hadir")
    save_article(db, "kabar", URL, broken, NOW)
    assert only(db).article.text == "KPK ? hadir"
    assert save_article(db, "kabar", URL, broken, NOW).kind == "same"


def test_an_unknown_article_is_none(db: Database) -> None:
    assert get_article(db, 99) is None
    assert find_by_url(db, "https://kabar.example/unknown") is None


def test_the_latest_published_comes_first(db: Database) -> None:
    fill(db, 10)
    numbers = [int(a.url.rsplit("-", 1)[1]) for a in list_articles(db, Filter())]
    assert numbers == list(range(9, -1, -1))


def test_the_inbox_holds_what_is_about_the_topic_and_undecided(db: Database) -> None:
    fill(db, 10)
    before = list_articles(db, INBOX)
    decide(db, before[0].id, "irrelevant", "Rina", None, NOW)
    assert len(before) == 5
    assert [a.id for a in list_articles(db, INBOX)] == [a.id for a in before[1:]]
    assert count_articles(db, INBOX) == 4


def test_filters_narrow_together(db: Database) -> None:
    fill(db, 20)
    since = numbered(10).published_at
    found = list_articles(db, Filter(outlet="warta", since=since))
    assert [a.url[-2:] for a in found] == ["15", "10"]
    assert list_articles(db, Filter(outlet="warta", until=since, limit=1))[0].url.endswith("-5")
    assert count_articles(db, Filter(province="81", relevance="about")) == 2
    assert count_articles(db, Filter(starred=True)) == 0
    assert count_articles(db, Filter(topic="kpk")) == 20


def test_a_limit_of_none_lists_everything(db: Database) -> None:
    fill(db, 60)
    assert len(list_articles(db, Filter())) == 50
    assert len(list_articles(db, Filter(limit=None))) == 60


@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        (INBOX, "articles_waiting"),
        (Filter(verdict="new", relevance="about"), "articles_inbox"),
        (Filter(), "articles_recent"),
        (Filter(verdict="relevant"), "articles_verdict"),
        (Filter(outlet="kabar"), "articles_outlet"),
        (Filter(province="19"), "articles_province"),
        (Filter(since=datetime(2025, 1, 1, tzinfo=UTC)), "articles_recent"),
    ],
)
def test_a_list_reads_its_index_in_order_after_analyze(
    db: Database, chosen: Filter, index: str
) -> None:
    fill(db, 300)
    db.conn.execute("ANALYZE")
    wanted, values = conditions(chosen)
    where = f"WHERE {' AND '.join(wanted)}" if wanted else ""
    plan = " | ".join(
        row["detail"]
        for row in db.conn.execute(
            f"EXPLAIN QUERY PLAN SELECT a.id FROM articles a {where} {NEWEST_FIRST}",
            (*values, 50),
        )
    )
    assert index in plan
    assert "TEMP B-TREE" not in plan

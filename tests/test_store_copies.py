"""Placing articles among the others: clusters and their leads, a person's word, the inbox."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from sqlite_utils import Database

from benchmarks.duplicates import cases, store_all
from benchmarks.releases import documents
from benchmarks.stored_articles import fill
from crawler.placing import place, place_missing
from crawler.regions import load_gazetteer
from store.articles import count_articles, get_article, list_articles, save_article
from store.clusters import cluster_decisions, members, merge, split, withdraw
from store.copies import (
    Link,
    candidates,
    forget_fingerprints,
    link,
    linked,
    save_fingerprints,
    unplaced,
)
from store.copies import place as keep_place
from store.database import StoreError, open_store, transaction
from store.filters import INBOX, Filter
from store.records import Article, StoredArticle
from store.reviews import decide
from tests.test_store_samples import ARTICLE, DAY, NOW, OUTLETS, count, sample_store

TEXT = documents()["000"].text
RELEASE = replace(ARTICLE, title="Sekda Hadiri Rakor BMD", text=TEXT)
HOUR = timedelta(hours=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def keep(db: Database, number: int, article: Article, placed: bool = True) -> int:
    """Stores an article (outlets take turns) and places it, as a pass does."""
    outlet = OUTLETS[number % 2].slug
    saved = save_article(db, outlet, f"https://{outlet}.example/{number}", article, NOW)
    if placed:
        place(db, saved.article_id)
    return saved.article_id


def shorts(db: Database, many: int) -> list[int]:
    """Articles that have nothing in common."""
    return [
        keep(db, n, replace(ARTICLE, title=f"Berita {n}", text=f"Isi {n}.")) for n in range(many)
    ]


def later(article: Article, hours: float) -> Article:
    at = article.published_at + hours * HOUR
    return replace(article, published_at=at, published_day=at.date())


def inbox(db: Database) -> list[int]:
    return [stored.id for stored in list_articles(db, INBOX)]


def got(db: Database, article_id: int) -> StoredArticle:
    found = get_article(db, article_id)
    assert found is not None
    return found


def test_a_copy_is_found_when_it_is_placed(db: Database) -> None:
    first, second = keep(db, 0, RELEASE), keep(db, 1, later(RELEASE, 2))
    assert members(db, second) == (first, second)
    assert got(db, first).copies == (got(db, second).url,)
    assert got(db, second).copies == (got(db, first).url,)
    assert unplaced(db) == []


def test_copies_of_copies_are_copies(db: Database) -> None:
    words = TEXT.split()
    whole = keep(db, 0, RELEASE)
    head = keep(db, 1, replace(RELEASE, text=" ".join(words[:150])))
    tail = keep(db, 3, replace(RELEASE, text=" ".join(words[-150:])))
    assert linked(db, head) == {whole}
    assert len(got(db, head).copies) == 2
    assert set(members(db, tail)) == {whole, head, tail}


def test_the_earliest_leads_whichever_was_found_first(db: Database) -> None:
    late, early = keep(db, 0, later(RELEASE, 5)), keep(db, 1, RELEASE)
    assert members(db, late) == (early, late)


def test_a_day_without_a_time_does_not_lead_the_times_of_that_day(db: Database) -> None:
    day = replace(RELEASE, published_at=RELEASE.published_at - 10 * HOUR, published_precision="day")
    assert members(db, keep(db, 0, day)) == (1,)
    assert members(db, keep(db, 1, RELEASE)) == (2, 1)


def test_what_is_about_the_topic_leads_what_only_mentions_it(db: Database) -> None:
    mentions = replace(RELEASE, relevance="mentions")
    keep(db, 0, mentions)
    second = keep(db, 1, later(RELEASE, 1))
    assert inbox(db) == [second]


def test_the_lead_follows_a_new_judgement(db: Database) -> None:
    first, second = keep(db, 0, RELEASE), keep(db, 1, later(RELEASE, 1))
    save_article(db, "kabar", got(db, first).url, replace(RELEASE, relevance="mentions"), NOW)
    assert members(db, first) == (second, first)
    assert inbox(db) == [second]


def test_the_inbox_shows_each_story_once(db: Database) -> None:
    lead = keep(db, 0, RELEASE)
    for number in range(1, 5):
        keep(db, number, later(RELEASE, number))
    other = keep(db, 9, replace(ARTICLE, title="Lain", text="Berita lain sama sekali."))
    assert sorted(inbox(db)) == [lead, other]
    assert count_articles(db, INBOX) == 2
    assert len(list_articles(db, Filter(relevance="about"))) == 6


def test_a_copy_that_comes_after_the_decision_does_not_ask_again(db: Database) -> None:
    lead = keep(db, 0, RELEASE)
    decide(db, lead, "relevant", "Rina", None, NOW)
    keep(db, 1, later(RELEASE, 2))
    assert inbox(db) == []


def test_a_correction_in_a_copy_is_not_hidden(db: Database) -> None:
    lead, copy = keep(db, 0, RELEASE), keep(db, 1, later(RELEASE, 1))
    decide(db, lead, "relevant", "Rina", None, NOW)
    corrected = replace(later(RELEASE, 1), text=TEXT.replace("transparansi", "keterbukaan"))
    save_article(db, "warta", got(db, copy).url, corrected, NOW + HOUR)
    place(db, copy)
    assert members(db, copy) == (lead, copy)
    assert inbox(db) == [copy]
    assert got(db, copy).revision == 2


def test_a_change_of_quotes_alone_stays_behind_the_lead(db: Database) -> None:
    lead, copy = keep(db, 0, RELEASE), keep(db, 1, later(RELEASE, 1))
    retyped = replace(later(RELEASE, 1), text=TEXT.replace("“", '"').replace("”", '"'))
    save_article(db, "warta", got(db, copy).url, retyped, NOW + HOUR)
    place(db, copy)
    assert got(db, copy).revision == 2
    assert inbox(db) == [lead]


def test_a_copy_that_becomes_another_text_leaves_its_cluster(db: Database) -> None:
    first, second = keep(db, 0, RELEASE), keep(db, 1, RELEASE)
    changed = replace(RELEASE, text=documents()["003"].text)
    save_article(db, "warta", got(db, second).url, changed, NOW + HOUR)
    place(db, second)
    assert (members(db, first), members(db, second)) == ((first,), (second,))
    assert linked(db, second) == set()


def test_a_link_outlives_its_fingerprints(db: Database) -> None:
    first, second = keep(db, 0, RELEASE), keep(db, 1, RELEASE)
    assert forget_fingerprints(db, NOW + 91 * DAY) > 0
    place(db, second)
    assert members(db, second) == (first, second)


def test_siblings_are_named_and_not_merged(db: Database) -> None:
    other = replace(RELEASE, text=TEXT.replace("30/4/2025", "14/5/2025"), event_date=None)
    first, second = keep(db, 0, RELEASE), keep(db, 1, other)
    assert members(db, first) == (first,)
    assert got(db, first).siblings == (got(db, second).url,)
    assert got(db, first).copies == ()


def test_a_text_like_two_siblings_does_not_tie_them(db: Database) -> None:
    one, other, vague = shorts(db, 3)
    link(db, (one, other), "sibling", 0.9, "event day")
    link(db, (one, vague), "copy", 0.7, "")
    link(db, (other, vague), "copy", 0.8, "")
    assert members(db, vague) == (other, vague)
    assert members(db, one) == (one,)


def test_one_pair_judged_wrongly_does_not_break_a_cluster(db: Database) -> None:
    ids = shorts(db, 5)
    for one, other in combinations(ids, 2):
        link(db, (one, other), "sibling" if (one, other) == (1, 5) else "copy", 0.8, "")
    assert members(db, 5) == (1, 2, 3, 4, 5)


def test_a_split_stands_when_more_copies_come(db: Database) -> None:
    first, second, third = (keep(db, number, later(RELEASE, number)) for number in range(3))
    split(db, [third], "Rina", NOW)
    assert members(db, second) == (first, second)
    assert members(db, third) == (third,)
    fourth = keep(db, 4, later(RELEASE, 4))
    place(db, third)
    assert third not in members(db, first)
    assert (fourth in members(db, first)) != (fourth in members(db, third))
    assert sorted(inbox(db)) == [first, third]
    assert got(db, third).url not in got(db, first).copies


def test_those_split_off_together_stay_together(db: Database) -> None:
    ids = [keep(db, number, later(RELEASE, number)) for number in range(4)]
    split(db, ids[2:], "Rina", NOW)
    assert members(db, ids[0]) == tuple(ids[:2])
    assert members(db, ids[3]) == tuple(ids[2:])


def test_a_merge_stands_when_the_rules_disagree(db: Database) -> None:
    first = keep(db, 0, RELEASE)
    second = keep(db, 1, replace(RELEASE, text=documents()["003"].text))
    merge(db, [first, second], "Rina", NOW)
    place(db, first)
    place(db, second)
    assert set(members(db, first)) == {first, second}
    assert len(inbox(db)) == 1


def test_a_merge_takes_back_a_split_and_joins_whole_clusters(db: Database) -> None:
    ids = [keep(db, number, later(RELEASE, number)) for number in range(4)]
    split(db, ids[2:], "Rina", NOW)
    merge(db, [ids[1], ids[3]], "Budi", NOW)
    assert members(db, ids[0]) == tuple(ids)


def test_merged_siblings_are_copies_not_both(db: Database) -> None:
    one, other = shorts(db, 2)
    link(db, (one, other), "sibling", 0.9, "")
    merge(db, [one, other], "Rina", NOW)
    assert got(db, one).copies == (got(db, other).url,)
    assert got(db, one).siblings == ()


def test_what_is_withdrawn_is_left_to_the_rules(db: Database) -> None:
    first, second = keep(db, 0, RELEASE), keep(db, 1, later(RELEASE, 1))
    split(db, [second], "Rina", NOW)
    withdraw(db, [second], "Rina", NOW + HOUR)
    assert members(db, first) == (first, second)
    said = [(word.says, word.by, word.pair) for word in cluster_decisions(db, second)]
    assert said == [("apart", "Rina", (first, second)), ("open", "Rina", (first, second))]


def test_a_word_on_an_unknown_article_is_an_error_with_a_remedy(db: Database) -> None:
    for act in (split, merge):
        with pytest.raises(StoreError, match="no article 99; `pantau inbox`"):
            act(db, [99], "Rina", NOW)


def test_what_people_said_of_copies_cannot_be_rewritten(db: Database) -> None:
    keep(db, 0, RELEASE)
    split(db, [keep(db, 1, RELEASE)], "Rina", NOW)
    for statement in (
        "UPDATE cluster_decisions SET says = 'open'",
        "DELETE FROM cluster_decisions",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.conn.execute(statement)


def test_placing_again_changes_nothing(db: Database) -> None:
    for number in range(3):
        keep(db, number, later(RELEASE, number))
    tables = ("fingerprints", "article_links", "cluster_members")
    before = [db.conn.execute(f"SELECT * FROM {t}").fetchall() for t in tables]
    for one in (3, 1, 2):
        place(db, one)
    assert [db.conn.execute(f"SELECT * FROM {t}").fetchall() for t in tables] == before


def test_an_unknown_article_is_not_placed(db: Database) -> None:
    assert place(db, 99) == 0


def test_what_a_dead_run_stored_is_placed_by_the_next(db: Database) -> None:
    first, second = (keep(db, number, RELEASE, placed=False) for number in range(2))
    assert unplaced(db) == [first, second]
    assert place_missing(db, most=1) == 1
    assert place_missing(db) == 1
    assert members(db, first) == (first, second)
    assert place_missing(db) == 0


def test_a_kill_in_the_middle_of_placing_leaves_it_to_the_next_run(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    with closing(sample_store(file)) as db:
        for number in range(2):
            keep(db, number, RELEASE, placed=False)
    code = (
        "import os, sys; from crawler.placing import place; from store import copies;"
        "from store.database import open_store; db = open_store(sys.argv[1]); place(db, 1);"
        "copies.regroup = lambda *_: os._exit(9); place(db, 2)"
    )
    dead = subprocess.run([sys.executable, "-c", code, str(file)], check=False, timeout=60)
    assert dead.returncode == 9
    with closing(open_store(file)) as db:
        assert (unplaced(db), linked(db, 1)) == ([2], set())
        assert place_missing(db) == 1
        assert members(db, 1) == (1, 2)


def test_placing_joins_the_transaction_around_it(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), transaction(db):
        keep(db, 0, RELEASE)
        raise ZeroDivisionError
    assert [count(db, table) for table in ("articles", "fingerprints", "unplaced")] == [0, 0, 0]


def test_an_article_waits_again_when_its_text_or_event_changed(db: Database) -> None:
    one = keep(db, 0, RELEASE)
    url = got(db, one).url
    save_article(db, "kabar", url, replace(RELEASE, score=0.1, byline="Lain"), NOW)
    assert unplaced(db) == []
    save_article(db, "kabar", url, replace(RELEASE, event_date=None), NOW)
    assert unplaced(db) == [one]


def test_the_closest_candidates_come_first_and_are_few(db: Database) -> None:
    ids = shorts(db, 60)
    for number, one in enumerate(ids):
        save_fingerprints(db, one, range(1, 4 + number % 30))
    found = candidates(db, range(1, 33))
    assert len(found) == 40
    assert [share for _, share in found] == sorted((s for _, s in found), reverse=True)


def test_placing_replaces_the_links_of_one_article_only(db: Database) -> None:
    one, other, third = shorts(db, 3)
    link(db, (one, other), "copy", 0.9, "")
    link(db, (other, third), "related", 0.3, "")
    keep_place(db, one, [1, 2], [Link(third, "copy", 0.8, "80 %")])
    assert linked(db, one) == {third}
    assert linked(db, other) == {third}
    assert members(db, one) == (one, third)
    assert members(db, other) == (other,)


def test_edits_of_the_documents_end_in_the_clusters_of_their_originals(db: Database) -> None:
    found = list(cases(1, load_gazetteer(), seed=3))[::3]
    fill(db, 150, NOW)
    figures = store_all(db, found, NOW)
    assert figures.share_of_copies(True) >= 0.99
    assert figures.share_of_copies(False) <= 0.005

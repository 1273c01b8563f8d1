"""No page of the review reads or sorts a whole table: each statement it sends is planned with the
statistics of a million articles, and what the plan would read is looked at."""

from __future__ import annotations

import re
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlite_utils import Database

from scheduler.commands.pageing import _listen
from store import selection
from store.articles import find_by_url, get_article, save_article
from store.clusters import members
from store.condition import conditions
from store.copies import link
from store.corrections import corrections
from store.facets import (
    every_facet,
    outlet_facets,
    province_facets,
    tag_facets,
    topics_of,
)
from store.filters import INBOX, Filter
from store.ranking import preference_of
from store.redactions import redaction
from store.reviews import conflicting, history, star
from store.revisions import revisions
from store.tallies import tally_days, tally_outlets, tally_programmes, tally_provinces
from store.triage import decide_all
from store.views import View, count, every, excerpts, page, total
from store.watching import is_crawling, last_crawled_at, only_replayed, overdue_since
from tests.test_store_samples import ARTICLE, DAY, NOW, URL, numbered, sample_store

# What ANALYZE, which looks at a thousand rows, wrote of a million articles (benchmarks/review.py).
STATISTICS = """
article_links article_links 215050 2 1
article_links article_links_b 238090 1
article_tags article_tags 1739760 3 1 1
article_tags article_tags_tag 2194140 1001 1
articles articles_found 994728 1 1
articles articles_inbox 891729 1001 1001 1 1
articles articles_outlet 925680 1001 1 1
articles articles_place 954080 1 1
articles articles_province 928430 1001 1 1
articles articles_recent 876928 1 1
articles articles_region 957834 1001 1 1
articles articles_tally 850896 1001 286 201 2 1
articles articles_topic 881790 1001 1 1
articles articles_verdict 761112 1001 1 1
articles articles_waiting 827320 668 1 1
articles sqlite_autoindex_articles_1 1229984 1
cluster_members cluster_members_cluster 431252 3
errors errors_outlet 18837 39 1
fingerprints fingerprints 1481312 1 1
outlets sqlite_autoindex_outlets_1 482 1
pages pages_article 1210664 1
pages pages_found 1146460 1001 1
pages pages_state 1027695 1001 1001 1
pages sqlite_autoindex_pages_1 3308800 1
polls polls_outlet 149445 334 1 1
reviews reviews_article 493955 1 1
reviews reviews_reviewer 430122 1001 1
reviews reviews_starred 1001 1
reviews sqlite_autoindex_reviews_1 448384 1001
revisions sqlite_autoindex_revisions_1 1253629 1 1
tags sqlite_autoindex_tags_1 540 135 1
"""
LARGE = frozenset(
    "articles revisions reviews article_tags article_links cluster_members pages polls errors"
    " fingerprints snapshots".split()
)
TAGS = (("programme", "rakor"),)
MONTH = {"since": NOW - 30 * DAY, "until": NOW + DAY}
ALONE = {
    "inbox": View(INBOX),
    "all": View(),
    "outlet": View(Filter(outlet="kabar")),
    "province": View(Filter(province="19")),
    "regency": View(region="19.71"),
    "topic": View(Filter(topic="kpk")),
    "about": View(Filter(relevance="about")),
    "relevant": View(Filter(verdict="relevant")),
    "starred": View(Filter(starred=True)),
    "month": View(Filter(**MONTH)),
    "programme": View(tags=TAGS),
    "no advertorial": View(advertorial=False),
    "word": View(query="kpk"),
    "phrase": View(query='"rapat koordinasi"'),
    "without": View(query="kpk -gempa"),
    "beginning": View(query="koord*"),
}
PAIRS = {
    "inbox, outlet": View(replace(INBOX, outlet="kabar")),
    "inbox, word": View(INBOX, query="kpk"),
    "inbox, programme": View(INBOX, tags=TAGS),
    "word, outlet": View(Filter(outlet="kabar"), query="kpk"),
    "word, month": View(Filter(**MONTH), query="kpk"),
    "word, programme": View(query="kpk", tags=TAGS),
    "word, starred": View(Filter(starred=True), query="kpk"),
    "outlet, relevant": View(Filter(outlet="kabar", verdict="relevant")),
    "outlet, month": View(Filter(outlet="kabar", **MONTH)),
    "province, programme": View(Filter(province="19"), tags=TAGS),
    "two tags": View(tags=(*TAGS, ("region", "19.71"))),
    "digest": View(Filter(relevance="about", leads_only=True, **MONTH)),
}
OTHERS: dict[str, Callable[[Database], object]] = {
    "everything to narrow by": lambda db: (
        outlet_facets(db), province_facets(db, ["19"]), tag_facets(db, "programme"), topics_of(db),
    ),
    "pictures": lambda db: (
        tally_days(db, date(2025, 4, 1), date(2025, 4, 30)),
        tally_outlets(db, date(2025, 4, 1), date(2025, 4, 30), 5),
        tally_programmes(db, date(2025, 4, 1), date(2025, 4, 30)),
        tally_provinces(db, date(2025, 4, 1), date(2025, 4, 30), ["19"]),
    ),
    "health": lambda db: conditions(db, NOW),
    "banner": lambda db: (
        last_crawled_at(db), is_crawling(db), overdue_since(db, NOW), only_replayed(db),
    ),
    "item": lambda db: (
        get_article(db, 1), find_by_url(db, URL), revisions(db, 1), history(db, 1),
        conflicting(db, 1), corrections(db, 1), redaction(db, 1), members(db, 1),
    ),
    "ranked": preference_of,
    "found words": lambda db: excerpts(db, "kpk", [1, 2]),
}  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A store of a few articles that believes to hold a million."""
    db = sample_store(tmp_path_factory.mktemp("plans") / "pantau.db")
    save_article(db, "kabar", URL, ARTICLE, NOW)
    for number in range(1, 12):
        save_article(db, "kabar", f"{URL}-{number}", numbered(number), NOW)
    decide_all(db, range(2, 6), "relevant", "Rina", NOW)
    for number in range(2, 6):
        star(db, number, True, "Rina", NOW)
    link(db, (1, 2), "copy", 0.9, "")
    believe_in_a_million(db)
    yield db
    db.close()


def believe_in_a_million(db: Database) -> None:
    """Statistics for the planner as of a million articles."""
    db.conn.execute("ANALYZE")
    db.conn.execute("DELETE FROM sqlite_stat1")
    lines = [line.split(" ", 2) for line in STATISTICS.strip().splitlines()]
    db.conn.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", lines)
    db.conn.execute("ANALYZE sqlite_schema")  # read anew


@pytest.fixture(params=["few", "many"])
def crowd(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists whose articles are few, and lists that must be walked."""
    monkeypatch.setattr(selection, "FEW", 5000 if request.param == "few" else 1)


def whole_list(db: Database, view: View) -> None:
    """All that one list asks of the store: two pages, counts, facets."""
    view = replace(view, chosen=replace(view.chosen, limit=2))
    known: selection.Known = {}
    total(db, view, 9999, known)
    count(db, view)
    first = page(db, view, known)
    assert first.older is not None
    assert page(db, replace(view, before=first.older)).articles
    every_facet(db, view, known=known)
    assert list(every(db, view))


def sent(db: Database, ask: Callable[[Database], object]) -> list[str]:
    """The statements that were sent, with what was bound to them."""
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    try:
        ask(db)
    finally:
        db.conn.set_trace_callback(None)
    # Those of the index of words upon its own tables are comments.
    return [sql for sql in statements if sql.lstrip().startswith(("SELECT", "WITH"))]


def faults(db: Database, statements: list[str]) -> list[str]:
    """What is wrong with their plans."""
    pages = db.conn.execute("SELECT rootpage, tbl_name, name FROM sqlite_schema").fetchall()
    roots = {row["rootpage"]: (row["tbl_name"], row["name"]) for row in pages}
    # A list asks for each kind of thing many times over.
    kinds = {re.sub(r"\d+", "0", sql): sql for sql in statements}
    return [f"{why}: {sql}" for sql in kinds.values() for why in faults_of(db.conn, sql, roots)]


def faults_of(
    conn: sqlite3.Connection, sql: str, roots: Mapping[int, tuple[str, str]]
) -> Iterator[str]:
    plan = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
    steps = conn.execute(f"EXPLAIN {sql}").fetchall()
    opened = {
        row["p1"]: roots[row["p2"]]
        for row in steps
        if row["opcode"] == "OpenRead" and row["p2"] in roots
    }
    if any("fts" in step and not re.search(r"INDEX \d+:.*[M=]", step) for step in plan):
        yield "reads the whole index of words"
    # A few rows each of known articles, of a period, of outlets and of tags may be sorted.
    bounded = any(word in sql for word in ("json_each", "GROUP BY", "FROM outlets", "FROM tags"))
    bounded = bounded or bool(re.search(r"\b(article_id|a) = \d", sql))
    large = {table for table, _ in opened.values() if table in LARGE}
    if large and not bounded and any("FOR ORDER BY" in step for step in plan):
        yield f"sorts {', '.join(sorted(large))}"
    for row in steps:
        table, name = opened.get(row["p1"], ("", ""))
        if row["opcode"] in ("Rewind", "Last") and table in LARGE and not ends_early(sql, name):
            yield f"reads all of {name}"


def ends_early(sql: str, name: str) -> bool:
    """Whether what is begun at the end of a table or an index is not read to the other one, or
    holds little."""
    if name in ("polls", "reviews"):
        return "LIMIT 1" in sql or "max(id)" in sql
    in_order = name in ("articles_recent", "articles_topic") and ("LIMIT" in sql or "min(" in sql)
    return in_order or name == "reviews_starred"


@pytest.mark.parametrize("name", [*ALONE, *PAIRS])
@pytest.mark.usefixtures("crowd")
def test_no_list_reads_or_sorts_everything(db: Database, name: str) -> None:
    view = {**ALONE, **PAIRS}[name]
    statements = sent(db, lambda db: whole_list(db, view))
    assert len(statements) > 5
    assert faults(db, statements) == []


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_page_reads_or_sorts_everything(db: Database, name: str) -> None:
    statements = sent(db, OTHERS[name])
    assert statements
    assert faults(db, statements) == []


NEEDED = (
    "articles_recent articles_outlet articles_province articles_region articles_verdict"
    " articles_topic articles_waiting articles_place articles_tally articles_found"
    " article_tags_tag article_links_b cluster_members_cluster reviews_article reviews_starred"
    " polls_outlet errors_outlet"
).split()


@pytest.mark.parametrize("index", NEEDED)
def test_no_index_of_the_lists_can_be_spared(
    db: Database, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking: list[Callable[[Database], object]] = [*OTHERS.values()]
    asking += [partial(whole_list, view=view) for view in [*ALONE.values(), *PAIRS.values()]]
    (made,) = db.conn.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (index,)).fetchone()
    db.conn.execute(f"DROP INDEX {index}")
    try:
        for few in (2, 5000):
            monkeypatch.setattr(selection, "FEW", few)
            if any(is_faulty(db, ask) for ask in asking):
                return
        pytest.fail(f"nothing is read without {index}")
    finally:
        db.conn.execute(made)
        believe_in_a_million(db)


def is_faulty(db: Database, ask: Callable[[Database], object]) -> bool:
    """Whether a page does not come, or reads too much."""
    try:
        return bool(faults(db, sent(db, ask)))
    except sqlite3.OperationalError as error:
        return "no such index" in str(error)


def test_answers_leave_at_once() -> None:
    with (
        _listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        # By this asyncio knows that small packets need not wait: 40 ms a page.
        assert accepted.proto == socket.IPPROTO_TCP

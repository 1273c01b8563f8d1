"""Writing the review benchmark's database: rows by table, and those beside the articles."""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from store.encoding import to_text

Rows = dict[str, list[tuple[Any, ...]]]
COLUMNS = {
    "articles": "id, url, outlet, title, published_at, published_day, published_precision,"
    " published_source, event_date, first_seen_at, last_seen_at, place, province, region,"
    " advertorial, topic, relevance, score, revision, content_sha256, verdict, starred, reasons,"
    " text",
    "pages": "id, outlet, url, fetch_url, state, ending, body_sha256, discovered_at, visited_at,"
    " article_id",
    "revisions": "article_id, number, seen_at, title, content_sha256, text, kind",
    "article_tags": "article_id, tag_id, source, position, evidence",
    "reviews": "article_id, reviewer, at, action, value",
    "fingerprints": "hash, article_id",
    "cluster_members": "article_id, cluster_id, leads",
    "article_links": "a, b, kind, containment, evidence",
    "polls": "outlet, at, items, new",
    "sources": "outlet, kind, url, found_at, items",
    "errors": "at, outlet, kind, message",
    "wellness": "outlet, state, since, words, remedy",
    "hosts": "host, robots_status, robots_good_at, robots_fetched_at",
    "runs": "started_at, finished_at, started_by, version, pid, status",
}


def write(conn: sqlite3.Connection, rows: Rows) -> None:
    """One transaction."""
    conn.execute("BEGIN")
    for table, found in rows.items():
        marks = ", ".join("?" * len(found[0])) if found else ""
        conn.executemany(f"INSERT INTO {table}({COLUMNS[table]}) VALUES ({marks})", found)
    conn.execute("COMMIT")


def surroundings(rng: random.Random, now: datetime, count: int, outlets: list[str]) -> Rows:
    """What the daemon leaves beside articles: polls, sources, errors, hosts, what is off topic."""
    moments = [to_text(now - timedelta(minutes=90 * n)) for n in range(30 * 16, 0, -1)]
    rows: Rows = {"polls": [], "sources": [], "errors": [], "wellness": [], "hosts": [], "runs": []}
    for outlet in outlets:
        home = f"https://{outlet}.example/"
        rows["polls"] += [(outlet, at, 20, rng.randint(0, 3)) for at in moments]
        rows["sources"] += [(outlet, "feed", f"{home}feed/{n}", moments[0], 20) for n in range(2)]
        rows["errors"] += [(rng.choice(moments), outlet, "http_503", home) for _ in range(40)]
        rows["wellness"].append((outlet, "well", moments[0], "", ""))
        rows["hosts"].append((f"{outlet}.example", 200, moments[-1], moments[-1]))
    rows["errors"].sort()
    rows["polls"].sort(key=lambda row: row[1])
    rows["runs"].append((moments[-1], moments[-1], "crawl", "1", 1, "finished"))
    rows["pages"] = [
        (count + n, rng.choice(outlets), f"https://lain.example/{n}",
         f"https://lain.example/{n}", "off_topic", "off_topic", "", moments[0], moments[0], None)
        for n in range(1, count // 5)
    ]  # fmt: skip
    return rows

"""Clusters of copies: which articles are one text, which of them leads, and what a person said."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise, product
from typing import Literal

from sqlite_utils import Database

from store.database import StoreError, transaction
from store.edits import edit_kind
from store.encoding import from_text, storable, to_json, to_text

Says = Literal["together", "apart", "open"]
Pair = tuple[int, int]
Ties = defaultdict[int, set[int]]


@dataclass(frozen=True, slots=True)
class ClusterDecision:
    """A person's word on a pair of articles: one text (together), two (apart), or that the rules
    shall decide again (open). at is aware UTC."""

    pair: Pair
    says: Says
    by: str
    at: datetime


@dataclass(slots=True)
class _Neighbourhood:
    """Articles that copies or a person's word tie to each other, and what ties or parts them."""

    members: set[int]
    copies: list[tuple[float, Pair]] = field(default_factory=list)
    together: list[Pair] = field(default_factory=list)
    alike: Ties = field(default_factory=lambda: defaultdict(set))  # the copies once more
    apart: Ties = field(default_factory=lambda: defaultdict(set))
    siblings: Ties = field(default_factory=lambda: defaultdict(set))


def members(db: Database, article_id: int) -> tuple[int, ...]:
    """The ids of the article's cluster, the lead first; the article alone if it has no copies."""
    rows = db.conn.execute(
        "SELECT article_id FROM cluster_members WHERE cluster_id ="
        " (SELECT cluster_id FROM cluster_members WHERE article_id = ?)"
        " ORDER BY leads DESC, article_id",
        (article_id,),
    ).fetchall()
    return tuple(row["article_id"] for row in rows) or (article_id,)


def split(db: Database, article_ids: Collection[int], by: str, now: datetime) -> None:
    """These articles are another text than the rest of their clusters. That stands: copies of
    both that come later join one side, never tie them together again.

    Raises StoreError for an unknown article.
    """
    chosen = set(article_ids)
    with transaction(db) as conn:
        _check(conn, chosen)
        rest = {other for one in chosen for other in members(db, one)} - chosen
        said = [(min(pair), max(pair)) for pair in product(chosen, rest)]
        _say(conn, said, "apart", by, now)
        regroup(conn, chosen | rest)


def merge(db: Database, article_ids: Collection[int], by: str, now: datetime) -> None:
    """These articles, with the clusters they stand in, are one text, whatever the rules say; it
    takes back what was said against it before. Raises StoreError for an unknown article."""
    chosen = sorted(set(article_ids))
    with transaction(db) as conn:
        _check(conn, chosen)
        groups = {members(db, one) for one in chosen}
        said = set(pairwise(chosen))
        every = {one for group in groups for one in group}
        near = _Neighbourhood(every)
        _read_ties(conn, near)
        said |= {(a, b) for a, others in near.apart.items() for b in others if a < b}
        _say(conn, sorted(said), "together", by, now)
        regroup(conn, every)


def withdraw(db: Database, article_ids: Collection[int], by: str, now: datetime) -> None:
    """Leave these articles to the rules again: nobody's word on them stands any more."""
    wanted = to_json(sorted(set(article_ids)))
    with transaction(db) as conn:
        rows = conn.execute(
            "SELECT a, b FROM standing_cluster_decisions WHERE"
            " a IN (SELECT value FROM json_each(?1)) OR b IN (SELECT value FROM json_each(?1))",
            (wanted,),
        ).fetchall()
        said = [(row["a"], row["b"]) for row in rows]
        _say(conn, said, "open", by, now)
        regroup(conn, {one for pair in said for one in pair})


def cluster_decisions(db: Database, article_id: int) -> list[ClusterDecision]:
    """All that people said of the article's copies, the first word first."""
    rows = db.conn.execute(
        "SELECT * FROM cluster_decisions WHERE a = ?1 OR b = ?1 ORDER BY id", (article_id,)
    )
    return [
        ClusterDecision((row["a"], row["b"]), row["says"], row["reviewer"], from_text(row["at"]))
        for row in rows
    ]


def regroup(conn: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Form the clusters around these articles anew from links and decisions; needs a transaction.

    A person's word goes first, then copies, the closest first. Two groups that were told apart
    stay two; so does one that holds an article with as many siblings as copies in the other, even
    when a third text is a copy of both.
    """
    near = _neighbourhood(conn, set(article_ids))
    groups = [group for group in _groups(near) if len(group) > 1]
    ids = to_json(sorted(near.members))
    conn.execute(
        "DELETE FROM cluster_members WHERE article_id IN (SELECT value FROM json_each(?))", (ids,)
    )
    conn.executemany(
        "INSERT INTO cluster_members(article_id, cluster_id) VALUES (?, ?)",
        [(one, min(group)) for group in groups for one in group],
    )
    conn.executemany(
        "UPDATE cluster_members SET leads = 1 WHERE article_id = (SELECT article_id FROM"
        " cluster_order WHERE cluster_id = ? ORDER BY place LIMIT 1)",
        [(min(group),) for group in groups],
    )
    conn.executemany(
        "UPDATE cluster_members SET revised = 1 WHERE article_id = ?",
        [(one,) for one in _reworded(conn, ids)],
    )


def _groups(near: _Neighbourhood) -> list[set[int]]:
    group_of = {one: {one} for one in near.members}

    def join(pair: Pair, by_rules: bool) -> bool:
        one, other = sorted((group_of[pair[0]], group_of[pair[1]]), key=len)
        if one is other or any(near.apart[member] & other for member in one):
            return False
        if by_rules and any(_is_stranger(near, member, other) for member in one):
            return False
        other |= one
        group_of.update(dict.fromkeys(one, other))
        return True

    for pair in near.together:
        join(pair, False)
    copies = [pair for _, pair in sorted(near.copies, key=lambda copy: (-copy[0], copy[1]))]
    # Who was a stranger to two may have many copies among ten: until nothing moves.
    while sum(join(pair, True) for pair in copies):
        pass
    return list({id(group): group for group in group_of.values()}.values())


def _is_stranger(near: _Neighbourhood, member: int, group: set[int]) -> bool:
    """Whether as many of the group are siblings of the member as are copies."""
    siblings = len(near.siblings[member] & group)
    return siblings > 0 and siblings >= len(near.alike[member] & group)


def _neighbourhood(conn: sqlite3.Connection, seeds: set[int]) -> _Neighbourhood:
    """Everything tied to the seeds, directly or through others."""
    near, new = _Neighbourhood(set()), seeds
    while new:
        near.members |= new
        reached = {
            row[0]
            for row in conn.execute(
                "WITH new AS (SELECT value AS id FROM json_each(?))"
                " SELECT b FROM new JOIN article_links ON a = new.id AND kind = 'copy'"
                " UNION SELECT a FROM new JOIN article_links ON b = new.id AND kind = 'copy'"
                " UNION SELECT b FROM new JOIN standing_cluster_decisions ON a = new.id"
                " UNION SELECT a FROM new JOIN standing_cluster_decisions ON b = new.id"
                " UNION SELECT o.article_id FROM new JOIN cluster_members m"
                "  ON m.article_id = new.id JOIN cluster_members o ON o.cluster_id = m.cluster_id",
                (to_json(sorted(new)),),
            )
        }
        new = reached - near.members
    _read_ties(conn, near)
    return near


def _read_ties(conn: sqlite3.Connection, near: _Neighbourhood) -> None:
    within = "a IN (SELECT value FROM json_each(?1)) AND b IN (SELECT value FROM json_each(?1))"
    ids = to_json(sorted(near.members))
    for row in conn.execute(
        f"SELECT a, b, kind, containment FROM article_links WHERE kind <> 'related' AND {within}",
        (ids,),
    ):
        if row["kind"] == "copy":
            near.copies.append((row["containment"], (row["a"], row["b"])))
            _tie(near.alike, (row["a"], row["b"]))
        else:
            _tie(near.siblings, (row["a"], row["b"]))
    for row in conn.execute(
        f"SELECT a, b, says FROM standing_cluster_decisions WHERE {within} ORDER BY id", (ids,)
    ):
        pair = (row["a"], row["b"])
        if row["says"] == "together":
            near.together.append(pair)
        else:
            _tie(near.apart, pair)


def _tie(tied: Ties, pair: Pair) -> None:
    tied[pair[0]].add(pair[1])
    tied[pair[1]].add(pair[0])


def _reworded(conn: sqlite3.Connection, ids: str) -> list[int]:
    """Those whose outlet changed their words since we first saw them: their revision would be
    lost behind the lead."""
    rows = conn.execute(
        "SELECT a.id, a.title, a.text, r.title AS title_was, r.text AS text_was FROM articles a"
        " JOIN revisions r ON r.article_id = a.id AND r.number = 1"
        " WHERE a.revision > 1 AND a.id IN (SELECT value FROM json_each(?))",
        (ids,),
    )
    real = ("title", "text")
    return [
        row["id"]
        for row in rows
        if edit_kind(row["title_was"], row["text_was"], row["title"], row["text"]) in real
    ]


def _say(
    conn: sqlite3.Connection, said: Iterable[Pair], says: Says, by: str, now: datetime
) -> None:
    conn.executemany(
        "INSERT INTO cluster_decisions(a, b, says, reviewer, at) VALUES (?, ?, ?, ?, ?)",
        [(a, b, says, storable(by), to_text(now)) for a, b in said],
    )


def _check(conn: sqlite3.Connection, ids: Iterable[int]) -> None:
    for one in ids:
        if conn.execute("SELECT 1 FROM articles WHERE id = ?", (one,)).fetchone() is None:
            raise StoreError(f"no article {one}; `pantau inbox` shows the numbers")

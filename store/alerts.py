"""Alerts: saved searches that tell somebody of each new story once."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from store.articles import get_article
from store.clusters import members
from store.database import StoreError, transaction
from store.encoding import from_text, storable, to_json, to_text
from store.filters import Filter, View
from store.narrowing import conditions_of
from store.outbox import Message, post
from store.records import StoredArticle
from store.search import fts_query
from store.synonyms import load_synonyms

Rhythm = Literal["immediate", "hourly", "daily"]
RHYTHMS: tuple[Rhythm, ...] = ("immediate", "hourly", "daily")
SETTLED = timedelta(minutes=10)  # until the copies of a story have come in
LOOK_BACK = timedelta(days=3)  # what a daemon that stood still tells later; older is no news
MOST = 100  # stories a rule tells of at a time
# A channel's name; a variable of the environment made of it holds its address, so that one named
# "x-secret" would be the key of "x".
CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,30}(?<![_-]secret)(?<![_-]host)")
LISTED = 40  # of them in full; the rest are counted
# What a rule keeps: of its filter, and beside it.
FILTERED = ("relevance", "outlet", "province", "topic")
NARROWED = ("tags", "region", "advertorial")


@dataclass(frozen=True, slots=True)
class Rule:
    """A saved search and whom it tells. query: words as in `pantau search`, empty: all that the
    filter lets through; tags, region and advertorial narrow it as in a View; hour: the local hour
    (of zone) of a daily digest; channel: a name whose address stands in the environment. Times are
    aware UTC; id 0: not saved yet."""

    name: str
    channel: str
    query: str = ""
    rhythm: Rhythm = "immediate"
    hour: int = 7
    zone: str = "Asia/Jakarta"
    chosen: Filter = field(default_factory=lambda: Filter(relevance="about"))
    tags: tuple[tuple[str, str], ...] = ()
    region: str | None = None
    advertorial: bool | None = None
    id: int = 0
    created_at: datetime | None = None
    last_at: datetime | None = None


def add_rule(db: Database, rule: Rule, now: datetime) -> Rule:
    """Save a rule; it tells of articles found from now on. StoreError when the name is taken."""
    chosen = asdict(rule.chosen)
    kept: dict[str, Any] = {name: chosen[name] for name in FILTERED if chosen[name] is not None}
    for name in NARROWED:
        if getattr(rule, name) not in (None, ()):
            kept[name] = getattr(rule, name)
    with transaction(db) as conn:
        try:
            conn.execute(
                "INSERT INTO alert_rules(name, query, filter, rhythm, hour, zone, channel,"
                " created_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?8, ?8)",
                (
                    storable(rule.name),
                    storable(rule.query),
                    to_json(kept),
                    rule.rhythm,
                    rule.hour,
                    rule.zone,
                    rule.channel,
                    to_text(now),
                ),
            )
        except sqlite3.IntegrityError as error:
            raise StoreError(f"there is an alert {rule.name!r} already; remove it first") from error
    return next(known for known in rules(db) if known.name == storable(rule.name))


def remove_rule(db: Database, name: str) -> None:
    """Forget a rule and what it told of. StoreError for an unknown name."""
    with transaction(db) as conn:
        if conn.execute("DELETE FROM alert_rules WHERE name = ?", (name,)).rowcount == 0:
            raise StoreError(f"no alert {name!r}; `pantau alerts list` names them")


def rules(db: Database) -> list[Rule]:
    """The rules, by name."""
    return [_rule(row) for row in db.conn.execute("SELECT * FROM alert_rules ORDER BY name")]


def gather(db: Database, now: datetime) -> int:
    """Put what the rules have to tell into the outbox; returns how many messages. A story is told
    once a rule, ten minutes after it was found, whatever copies of it come later."""
    return sum(_gather_one(db, rule, now) for rule in rules(db) if is_due(rule, now))


def is_due(rule: Rule, now: datetime) -> bool:
    """Whether the rule is to be looked at: an immediate one always, the others when their hour
    struck since they last were."""
    if rule.rhythm == "immediate" or rule.last_at is None:
        return True
    if now < rule.last_at:
        # The clock was set back: its hour was told already, unless it had been far ahead.
        return rule.last_at - now > timedelta(days=1)
    zone = ZoneInfo(rule.zone)
    last, local = rule.last_at.astimezone(zone), now.astimezone(zone)
    if rule.rhythm == "hourly":
        return local.replace(minute=0, second=0, microsecond=0) > last
    struck = local.replace(hour=rule.hour, minute=0, second=0, microsecond=0)
    struck = struck if struck <= local else struck - timedelta(days=1)
    return struck > last


def stories(db: Database, rule: Rule, now: datetime) -> list[StoredArticle]:
    """The articles the rule has to tell of, oldest first; of copies one."""
    view = View(rule.chosen, "", rule.tags, rule.region, rule.advertorial)
    narrowing = list(conditions_of(view))
    wanted = [one.sql for one in narrowing]
    values = [value for one in narrowing for value in one.values]
    since = max(rule.created_at or now, now - LOOK_BACK)
    wanted += [
        "a.first_seen_at >= ? AND a.first_seen_at <= ? AND a.redacted_at IS NULL",
        "NOT EXISTS (SELECT 1 FROM alert_told t WHERE t.rule_id = ? AND t.article_id = a.id)",
    ]
    values += [to_text(since), to_text(now - SETTLED), rule.id]
    if rule.query.strip():
        expression = fts_query(rule.query, load_synonyms())
        if expression is None:
            return []
        # Ids rise with the time of finding: the index of words is read from there on only.
        wanted.append(
            "a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid >="
            " (SELECT coalesce(min(id), 0) FROM articles WHERE first_seen_at >= ?))"
        )
        values += [expression, to_text(since)]
    found = db.conn.execute(
        f"SELECT a.id FROM articles a WHERE {' AND '.join(wanted)} ORDER BY a.id LIMIT {MOST}",
        values,
    ).fetchall()
    return _one_of_each(db, rule, [row["id"] for row in found])


def _one_of_each(db: Database, rule: Rule, ids: Sequence[int]) -> list[StoredArticle]:
    chosen: dict[int, StoredArticle] = {}
    passed: set[int] = set()
    for one in ids:
        group = members(db, one)
        if passed.intersection(group) or _told(db, rule, group):
            continue
        passed.update(group)
        article = get_article(db, one)
        if article is not None:
            chosen[one] = article
    return list(chosen.values())


def _told(db: Database, rule: Rule, group: Sequence[int]) -> bool:
    row = db.conn.execute(
        "SELECT EXISTS (SELECT 1 FROM alert_told WHERE rule_id = ?"
        " AND article_id IN (SELECT value FROM json_each(?)))",
        (rule.id, to_json(group)),
    ).fetchone()
    return bool(row[0])


def _gather_one(db: Database, rule: Rule, now: datetime) -> int:
    with transaction(db) as conn:
        found = stories(db, rule, now)
        if found or rule.rhythm != "immediate":
            conn.execute("UPDATE alert_rules SET last_at = ? WHERE id = ?", (to_text(now), rule.id))
        conn.executemany(
            "INSERT INTO alert_told(rule_id, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(rule.id, article.id) for article in found],
        )
        messages = messages_of(rule, found, now)
        return sum(post(db, message, now) for message in messages)


def messages_of(rule: Rule, found: Sequence[StoredArticle], now: datetime) -> list[Message]:
    """What to send: a message a story, or one with all of them."""
    if rule.rhythm == "immediate":
        return [
            Message(f"alert/{rule.id}/{one.id}", rule.channel, one.article.title, told(one))
            for one in found
        ]
    if not found:
        return []
    subject = f"{rule.name}: {len(found)} new {'story' if len(found) == 1 else 'stories'}"
    body = "\n".join(f"{one.article.title}\n{told(one)}" for one in found[:LISTED])
    more = f"\nand {len(found) - LISTED} more\n" if len(found) > LISTED else ""
    return [Message(f"alert/{rule.id}/{to_text(now)}", rule.channel, subject, body + more)]


def told(one: StoredArticle) -> str:
    """A story in a few lines: where, when, why, its address."""
    moment = one.article.published_at.astimezone(ZoneInfo(one.zone))
    day = one.article.published_precision == "day"
    when = f"{moment:%Y-%m-%d}" if day else f"{moment:%Y-%m-%d %H:%M}"
    quotes = "; ".join(dict.fromkeys(reason.quote for reason in one.article.reasons[:3]))
    return f"{one.outlet_name}, {when}\n{quotes}\n{one.url}\n"


def _rule(row: sqlite3.Row) -> Rule:
    kept: dict[str, Any] = json.loads(row["filter"])
    return Rule(
        id=row["id"],
        name=row["name"],
        query=row["query"],
        chosen=Filter(**{name: kept[name] for name in FILTERED if name in kept}),
        tags=tuple((kind, slug) for kind, slug in kept.get("tags", ())),
        region=kept.get("region"),
        advertorial=kept.get("advertorial"),
        rhythm=cast(Rhythm, row["rhythm"]),
        hour=row["hour"],
        zone=row["zone"],
        channel=row["channel"],
        created_at=from_text(row["created_at"]),
        last_at=from_text(row["last_at"]),
    )

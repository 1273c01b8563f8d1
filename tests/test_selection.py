"""Whichever way a list is walked, it shows what looking at every single article would."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlite_utils import Database

from store import selection, wordindex
from store.articles import list_articles, save_article
from store.facets import every_facet
from store.filters import Filter
from store.records import StoredArticle, Tag
from store.reviews import decide, star
from store.search import fts_query
from store.synonyms import load_synonyms
from store.views import View, count, every, page, total
from tests.test_store_samples import DAY, NOW, URL, numbered, sample_store

ARTICLES = 90
SAMPLED = 150  # of some 1,300 combinations, others for each way
TAGS = (Tag("programme", "rakor", "Rakor", ""), Tag("programme", "mcsp", "MCSP", ""))
PROVINCES = (("19", "19.71"), ("19", "19.05"), ("16", "16.01"), (None, None))
CHOICES: tuple[tuple[View, ...], ...] = (
    (View(), View(Filter(outlet="kabar")), View(Filter(outlet="nobody"))),
    (View(), View(Filter(verdict="relevant")), View(Filter(waiting=True, leads_only=True))),
    (View(), View(tags=(("programme", "mcsp"),)), View(tags=(("programme", "none"),))),
    (View(), View(query="kpk"), View(query='gempa -"dua kali"'), View(query="jarang")),
    (View(), View(Filter(starred=True)), View(region="19.71"), View(Filter(province="19"))),
    (View(), View(Filter(since=NOW - 2 * DAY, until=NOW)), View(advertorial=True)),
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    rng = random.Random(5)
    db = sample_store(tmp_path_factory.mktemp("selection") / "pantau.db")
    for number in range(ARTICLES):
        province, region = rng.choice(PROVINCES)
        words = [word for word in ("KPK", "gempa", "dua kali", "gempa dua") if rng.random() < 0.5]
        article = numbered(
            rng.randrange(-5000, 0),  # the order of ids is not that of times
            text=f"Teks {number} {' '.join(words)} {'jarang' if number == 40 else ''}",
            province=province,
            region=region,
            advertorial=rng.random() < 0.2,
            relevance=rng.choice(("about", "mentions")),
            tags=tuple(rng.sample(TAGS, rng.randint(0, 2))),
        )
        saved = save_article(db, rng.choice(("kabar", "warta")), f"{URL}-{number}", article, NOW)
        if rng.random() < 0.4:
            decide(db, saved.article_id, rng.choice(("relevant", "later")), "Rina", None, NOW)
        if rng.random() < 0.3:
            star(db, saved.article_id, True, "Rina", NOW)
    yield db
    db.close()


def views() -> Iterator[View]:
    """Every combination of the choices, as one view."""
    for parts in itertools.product(*CHOICES):
        chosen = Filter(limit=7)
        view = View()
        for part in parts:
            given = {name: getattr(part.chosen, name) for name in Filter.__slots__}
            plain = Filter()
            more = {k: v for k, v in given.items() if v != getattr(plain, k)}
            chosen = replace(chosen, **more)
            view = replace(
                view,
                query=part.query or view.query,
                tags=part.tags or view.tags,
                region=part.region or view.region,
                advertorial=view.advertorial if part.advertorial is None else part.advertorial,
            )
        yield replace(view, chosen=chosen)


def shown(db: Database, view: View, everything: list[StoredArticle]) -> list[int]:
    """The ids of the view's articles, found by looking at each."""
    held = {one.id for one in everything}
    if view.query:
        expression = fts_query(view.query, load_synonyms())
        rows = db.conn.execute("SELECT rowid FROM articles_fts(?)", (expression,))
        held = {row[0] for row in rows}
    return [one.id for one in everything if one.id in held and fits(view, one)]


def fits(view: View, one: StoredArticle) -> bool:
    chosen, article = view.chosen, one.article
    at = article.published_at
    waits = one.verdict == "new" and article.relevance == "about"
    wanted = (
        (chosen.outlet, one.outlet),
        (chosen.verdict, one.verdict),
        (chosen.waiting, waits),
        (chosen.starred, one.starred),
        (chosen.province, article.province),
        (view.region, article.region),
        (view.advertorial, article.advertorial),
    )
    in_time = (chosen.since is None or at >= chosen.since) and (
        chosen.until is None or at < chosen.until
    )
    tags = {(tag.kind, tag.slug) for tag in article.tags}
    return (
        in_time
        and tags.issuperset(view.tags)
        and all(want is None or want == has for want, has in wanted)
    )


@pytest.mark.parametrize(("few", "one_look"), [(5000, 300), (4, 300), (0, 0.001)])
def test_every_way_shows_the_same(
    db: Database, few: int, one_look: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "FEW", few)
    monkeypatch.setattr(selection, "FIRST_STEP", 3)
    monkeypatch.setattr(selection, "GATHERED_STEP", 3)
    monkeypatch.setattr(wordindex, "ONE_LOOK", one_look)
    everything = list_articles(db, Filter(limit=None))
    for number, view in enumerate(random.Random(few).sample(list(views()), SAMPLED)):
        wanted = shown(db, view, everything)
        if number % 5 == 0:
            assert [one.id for one in every(db, view, 11)] == wanted, view
        assert count(db, view) == len(wanted), view
        known: selection.Known = {}
        counted = total(db, view, 50, known)
        assert counted.number <= min(len(wanted), 50), view
        assert counted.more == (counted.number < len(wanted)), view
        first = page(db, view, known)
        assert [one.id for one in first.articles] == wanted[:7], view
        assert (first.older is None) == (len(wanted) <= 7), view


def test_facets_count_what_is_shown(db: Database) -> None:
    view = View(Filter(outlet="kabar"), query="kpk")
    ids = shown(db, view, list_articles(db, Filter(limit=None)))
    facets = every_facet(db, view)["province"]
    assert facets is not None
    assert 0 < sum(one.count for one in facets) <= len(ids)
    assert sum(one.count for one in every_facet(db, view)["outlet"] or ()) > len(ids)


def test_a_view_too_long_to_count_says_at_least_how_many(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "FEW", 1)
    monkeypatch.setattr(selection, "FIRST_STEP", 5)
    monkeypatch.setattr("store.views.EFFORT", 1)
    counted = total(db, View(advertorial=False), 50, {})
    assert counted.more and 0 < counted.number < 10

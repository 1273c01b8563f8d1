"""add: a missed article by hand, with the reason why it is or is not about the topic."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler import reactor
from crawler.candidates import fetchable
from crawler.casebook import CaseBook
from crawler.explanation import why_not
from crawler.outlets import Outlet
from crawler.passes import Run, guard_connections
from crawler.pool import ReadingFailed
from crawler.reading import SAVED_PAGE, Occasion
from crawler.snapshots import pages_of
from crawler.topics import load_topics
from crawler.urls import BadURL, canonicalise
from scheduler.commands.crawling import opened, shipped_and_own
from scheduler.commands.lists import show_head, show_reasons
from scheduler.terminal import complain, say, say_json, wrapped
from store.articles import get_article
from store.asked import PageRow, page_at
from store.export import article_json
from store.records import Article, Candidate, StoredArticle
from store.snapshots import read_page_snapshot

NOR = "Nor, by the words of that topic, is it about the"


@dataclass(frozen=True, slots=True)
class Found:
    """What became of an added address: the contract's ending, the article if there is one, and
    what to say of it otherwise."""

    url: str
    ending: str
    stored: StoredArticle | None = None
    words: tuple[str, ...] = ()
    new: bool = False


def add(args: argparse.Namespace) -> int:
    """Fetches one address by the path of every crawl; exit 1 when it could not be had."""
    outlet, page = chosen(args.url, args.db)
    guard_connections([outlet], {})
    with opened(args, "add", {}, args.json) as run:
        run.begin([outlet], datetime.now(UTC))
        found = reactor.run(lambda: bring_in(run, outlet, page))
        run.end("finished", datetime.now(UTC))
    return report(found, args.json)


def chosen(url: str, db: Path) -> tuple[Outlet, Candidate]:
    """The outlet an address belongs to, and the address as a candidate. Wrong use when it is none
    or no outlet of the catalogue has its host."""
    try:
        host = urlsplit(url).hostname or ""
        outlets = [o for o in shipped_and_own(db).values() if host in o.all_hosts]
        # Desks of one host differ in their home.
        outlets.sort(key=lambda o: url.startswith(o.home.rstrip("/")) * len(o.home), reverse=True)
        if not outlets:
            known = "`pantau outlets list` names those that do"
            raise argparse.ArgumentTypeError(f"{url}: no outlet has this host; {known}")
        return outlets[0], wanted(url, outlets[0])
    except (BadURL, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{url}: not an address ({error})") from error


def wanted(url: str, outlet: Outlet) -> Candidate:
    """An address a person gave, as a candidate. Raises BadURL."""
    return Candidate(canonicalise(url, outlet.family), fetchable(url.strip()))


async def bring_in(run: Run, outlet: Outlet, asked: Candidate) -> Found:
    """Visits the address and says what became of it."""
    page = page_of(run, asked)
    refusal = refused(outlet, page)
    if refusal is not None:
        return Found(asked.url, "refused_gate", words=(refusal,))
    said = overheard(run)
    tally = await run.fetch(outlet, asked)
    page = page_of(run, asked)
    if page is None or not tally.pages:
        return Found(asked.url, "failed", words=tuple(said[-1:]))
    ending = next(iter(tally.pages.values()))
    if ending == "article" and page.article_id is not None:
        stored = get_article(run.db, page.article_id)
        return Found(page.url, ending, stored, new=tally.new > 0)
    if ending != "off_topic":
        return Found(page.url, ending, words=(page.error or ending,))
    article = await read_again(run, outlet, asked, read_page_snapshot(run.db, page.url))
    kpk, *others = load_topics(run.pool.topics)
    words = [*why_not(article, kpk.vocabulary, outlet), *(f"{NOR} {one.name}." for one in others)]
    return Found(page.url, ending, words=tuple(words))


def page_of(run: Run, asked: Candidate) -> PageRow | None:
    """What is known of the address, under whichever of its spellings."""
    return page_at(run.db, asked.url) or page_at(run.db, asked.fetch_url)


def refused(outlet: Outlet, page: PageRow | None) -> str | None:
    """Why nothing may be fetched of this outlet; None when it may."""
    if outlet.terms == "off":
        return f'{outlet.slug} is left alone (terms = "off"): nothing is fetched from it'
    if outlet.terms == "metadata-only" and (page is None or page.hint_title is None):
        return f"{outlet.slug} allows only what its feed says, and that has not named this address"
    return None


def overheard(run: Run) -> list[str]:
    """The lines of progress that will be shown, kept as well: the last one says why nothing was
    fetched."""
    said: list[str] = []
    show = run.say

    def say_and_keep(slug: str, line: str) -> None:
        said.append(line)
        show(slug, line)

    run.say = say_and_keep
    return said


async def read_again(
    run: Run, outlet: Outlet, asked: Candidate, snapshot: bytes | None
) -> Article | None:
    """The page that was not kept, read to its end all the same, so that it can be explained."""
    if snapshot is None:
        return None
    now = datetime.now(UTC)
    occasion = Occasion(outlet, asked, now, CaseBook(run.db).now(now))
    try:
        return (
            await run.pool.pages(pages_of(snapshot, asked.fetch_url), occasion, SAVED_PAGE)
        ).article
    except ReadingFailed:
        return None


def report(found: Found, as_json: bool) -> int:
    """Says what became of the address, and gives the exit code."""
    kept = found.stored is not None
    if as_json:
        rest = article_json(found.stored) if found.stored else {"url": found.url}
        say_json({**rest, "ending": found.ending, "why": list(found.words)})
        return 0 if kept or found.ending == "off_topic" else 1
    if found.stored is not None:
        show_head(found.stored)
        show_reasons(found.stored.article)
        state = "Stored" if found.new else "Known before; stored"
        say(f"{state} as article {found.stored.id}; `pantau show {found.stored.id}` for its text.")
        return 0
    if found.ending == "off_topic":
        say(f"Not kept: {found.url} is not about the KPK.")
        for line in found.words:
            say(wrapped(line))
        return 0
    complain(f"{found.url}: {found.ending}: {'; '.join(found.words)}")
    return 1

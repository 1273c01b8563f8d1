"""Finds the older pages of a source, and tells when known ground is reached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.candidates import SourceReading
from crawler.dates import parse_feed_date, url_date
from crawler.families import Family
from crawler.outlets import Outlet
from store.gap_records import OlderPage
from store.records import Candidate

PINNED = 2  # entries a site keeps on top whatever their age
UNKNOWN_BEHIND = 3  # entries behind pinned ones that must be unknown before a gap is believed


def reaches_known(known: Sequence[bool]) -> bool:
    """Whether a page of entries, each known from an earlier poll or not, meets what was known.

    One or two known ones at the very top of many unknown ones are pinned there and prove nothing.
    """
    pinned = 0
    while pinned < min(PINNED, len(known)) and known[pinned]:
        pinned += 1
    rest = known[pinned:]
    if len(rest) >= UNKNOWN_BEHIND:
        return any(rest)
    return any(known)


def first_older(kind: str, url: str, reading: SourceReading, family: Family) -> list[OlderPage]:
    """The pages behind a source's newest one, nearest first: the next page it links to, the rest
    of a sitemap index, or its address by the family's rule. Empty when none can be known."""
    return following(OlderPage(kind, url, 1, url), reading, family)


def following(page: OlderPage, reading: SourceReading, family: Family) -> list[OlderPage]:
    """The page behind this one, if there is one; behind an index, all its other sitemaps."""
    number = page.number + 1
    if reading.sitemaps:
        return [OlderPage("sitemap", inner, number, inner) for inner in reading.sitemaps]
    if reading.older is not None and reading.older != page.url:
        return [OlderPage(page.kind, reading.older, number, page.base)]
    rule = family.older.get(page.kind)
    if rule is None:
        return []
    return [
        OlderPage(page.kind, page_address(page.base, rule, number, family.step), number, page.base)
    ]


def page_address(base: str, rule: str, number: int, step: int) -> str:
    """The address of a source's page `number` (2 or more) by a family's rule."""
    skipped = number - 1
    added = rule.format(
        page=number, skipped=skipped, offset=skipped * step, start=skipped * step + 1
    )
    parts = urlsplit(base)
    if not added.startswith("?"):
        path = re.sub(r"/+$", "", parts.path) + added
        return urlunsplit(parts._replace(path=path, fragment=""))
    items = added[1:].split("&")
    names = {item.partition("=")[0] for item in items}
    kept = [i for i in parts.query.split("&") if i and i.partition("=")[0] not in names]
    return urlunsplit(parts._replace(query="&".join([*kept, *items]), fragment=""))


def index_page(outlet: Outlet, family: Family) -> OlderPage:
    """Where the outlet lists its older articles, for sources that cannot be paged."""
    url = urljoin(outlet.home, family.index)
    return OlderPage("listing", url, 1, url)


def day_of(
    candidate: Candidate, zone: tzinfo, now: datetime, changed: str | None = None
) -> date | None:
    """The outlet's local day a candidate is from, by its source's word or its address, else the
    latest it can be from: when its page was changed last."""
    for said in (candidate.published, url_date(candidate.url), changed):
        if isinstance(said, date):
            return said
        moment = parse_feed_date(said, zone, now) if said else None
        if moment is not None:
            return moment.at.astimezone(zone).date()
    return None


def all_before(days: Iterable[date | None], until: date | None) -> bool:
    """Whether every dated entry is from before the day `until`, and there is one."""
    dated = [day for day in days if day is not None]
    return until is not None and bool(dated) and max(dated) < until

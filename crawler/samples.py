"""Reads a page now and then although it is off the topic: else an outlet that rarely writes about
ours could change its layout, and nobody would know for weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.pool import ReadingFailed
from crawler.reading import UNDECIDED, Occasion, PageInput, PageReading, Wish
from store.polls import last_reading
from store.records import Candidate

if TYPE_CHECKING:
    from crawler.fetching import Answer
    from crawler.session import Session

EVERY = timedelta(hours=4)  # it costs 20 ms of a reading child, and no request
EMPTY = ("empty", "unreadable")


def is_due(session: Session) -> bool:
    """Whether the page at hand should be read whatever it is about: when the daemon has read none
    of the outlet for four hours, and while the last one read gave no text."""
    tally = session.tally
    if session.replay is not None or tally.samples["read"] or tally.endings["article"]:
        return False
    if tally.samples["empty"]:
        return True
    last = last_reading(session.db, session.outlet.slug)
    return last is not None and (last.bad or session.clock.now() - last.at >= EVERY)


async def first_reading(
    session: Session, pages: Sequence[PageInput], occasion: Occasion, known: bool
) -> PageReading:
    """What the page comes to; one that is known is read whatever it is about now. Raises
    ReadingFailed."""
    if not known and is_due(session):
        return await sample(session, pages, occasion)
    return await session.pool.pages(pages, occasion, Wish(whatever_topic=known))


async def sample(session: Session, pages: Sequence[PageInput], occasion: Occasion) -> PageReading:
    """What the page comes to, as if it had not been read whatever it is about; what reading it
    showed is counted. Raises ReadingFailed."""
    reading = await session.pool.pages(pages, occasion, Wish(whatever_topic=True))
    if reading.ending == "off_topic" and reading.article is not None:
        session.tally.samples["read"] += 1
        undated = reading.article.published_source == "first_seen"
        session.tally.samples["undated"] += undated
        return replace(reading, article=None)
    if reading.ending not in EMPTY:
        return reading
    plain = await session.pool.pages(pages, occasion, UNDECIDED)
    session.tally.samples["empty"] += plain.ending == "off_topic"
    return plain


async def is_block_page(session: Session, answer: Answer) -> bool:
    """Whether what came instead of a source is a page that keeps robots out."""
    if answer.ending is not None or session.replay is not None:
        return False
    page = PageInput(answer.url, answer.body, answer.content_type)
    occasion = Occasion(session.outlet, Candidate(answer.url, answer.url), session.clock.now())
    try:
        reading = await session.pool.pages((page,), occasion)
    except ReadingFailed:
        return False
    return reading.ending == "blocked"

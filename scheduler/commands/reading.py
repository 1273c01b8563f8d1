"""extract: one saved page, or lines of them, through the whole reading path; nothing is stored."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.case_reading import filed
from crawler.cases import join
from crawler.outlets import SHIPPED, Outlet, load_catalogue
from crawler.pool import ReadingFailed, ReadingPool
from crawler.reading import SAVED_PAGE, Occasion, PageInput, PageReading
from crawler.topics import TopicFile, active_topics
from crawler.urls import BadURL, canonicalise
from scheduler.commands.topics import of_topic
from scheduler.terminal import complain, say, say_json, wrapped
from store.case_records import Case
from store.export import article_json
from store.records import Candidate, StoredArticle

Outlets = Mapping[str, Outlet]
LONG_AGO = date(1970, 1, 1)
SHOWN = ("published_at", "published_source", "event_date", "place", "byline")
WINDOW = 16  # lines read ahead, so that both children are busy


class CaseStream:
    """The cases that the lines of a stream have taught so far."""

    def __init__(self) -> None:
        self.cases: tuple[Case, ...] = ()

    def learn(self, reading: PageReading) -> PageReading:
        """Takes in what a line taught, and tags its article with the cases. Its day limits nothing
        before it: the order of lines is the order of events, and a line without a date counts as
        read today."""
        known = join(self.cases, reading.evidence)
        self.cases = tuple(replace(case, first_on=LONG_AGO) for case in known)
        if reading.article is None:
            return reading
        return replace(reading, article=filed(reading.article, reading.evidence, self.cases))


def extract(args: argparse.Namespace) -> int:
    """One page, or with --jsonl one article a line; exit 1 if an input is unreadable."""
    outlets = load_catalogue(SHIPPED)[0]
    if args.stream and not args.jsonl:
        raise argparse.ArgumentTypeError("--stream goes with --jsonl: cases are learned from lines")
    named = of_topic(args)
    files = active_topics(args.db.parent, [named] if named else [])
    if args.jsonl:
        stream = CaseStream() if args.stream else None
        return asyncio.run(extract_lines(args.file, outlets, files, stream))
    try:
        body = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
    except OSError as error:
        complain(f"{args.file}: cannot be read ({error.strerror})")
        return 1
    result = asyncio.run(extract_page(args.url, body, outlets, files))
    if args.json:
        say_json(result)
    else:
        show_reading(result)
    return 1 if result["ending"] == "unreadable" else 0


async def extract_page(
    url: str, body: bytes, outlets: Outlets, files: Sequence[TopicFile]
) -> dict[str, Any]:
    """One page, read in a child process like any other."""
    with ReadingPool(workers=1, topics=files) as pool:
        return await read_one({"url": url, "html": body}, outlets, pool)


async def extract_lines(
    file: str, outlets: Outlets, files: Sequence[TopicFile], stream: CaseStream | None
) -> int:
    """Lines {url, html} or {url, title, text} in, articles out, in order; a bad line gives an
    error line and the rest goes on. With a stream, each line is read after the one before it has
    taught its cases."""
    bad = False
    window: deque[asyncio.Task[dict[str, Any]]] = deque()

    async def put_out() -> None:
        nonlocal bad
        result = await window.popleft()
        bad = bad or result["ending"] == "unreadable"
        say_json(result)

    with ReadingPool(workers=2, topics=files) as pool:
        for line in input_lines(file):
            if line.strip():
                work = line_result(line, outlets, pool, stream)
                window.append(asyncio.create_task(work))
            if stream is not None or len(window) >= WINDOW:
                await put_out()
        while window:
            await put_out()
    return 1 if bad else 0


async def line_result(
    line: str, outlets: Outlets, pool: ReadingPool, stream: CaseStream | None
) -> dict[str, Any]:
    """What one input line comes to."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"url": None, "ending": "unreadable", "error": f"not JSON: {error}"}
    if not isinstance(item, dict) or not isinstance(item.get("html", item.get("text")), str):
        url = item.get("url") if isinstance(item, dict) else None
        return {
            "url": url,
            "ending": "unreadable",
            "error": "needs url and html, or title and text",
        }
    return await read_one(item, outlets, pool, stream)


def input_lines(file: str) -> Iterator[str]:
    """The lines of a file or of standard input; bytes that are no UTF-8 are replaced."""
    with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
        for line in stream:
            yield line.decode("utf-8", "replace")


async def read_one(
    item: dict[str, Any], outlets: Outlets, pool: ReadingPool, stream: CaseStream | None = None
) -> dict[str, Any]:
    """One input as the contract's article JSON plus its ending."""
    url = item.get("url") if isinstance(item.get("url"), str) else ""
    outlet = outlet_for(url or "", outlets)
    cases = stream.cases if stream else ()
    occasion = Occasion(outlet, Candidate(url or "", url or ""), datetime.now(UTC), cases)
    try:
        if "html" in item:
            html = item["html"]
            body = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
            kind = "text/html" if isinstance(html, bytes) else "text/html; charset=utf-8"
            page = PageInput(url or f"{outlet.home}artikel", body, kind)
            reading = await pool.pages([page], occasion, SAVED_PAGE)
        else:
            title = item.get("title")
            reading = await pool.text(str(title or ""), item["text"], occasion)
    except ReadingFailed as failure:
        reading = PageReading(failure.ending, problem=str(failure))
    if stream is not None:
        reading = stream.learn(reading)
    return as_json(reading, url or "", occasion)


def outlet_for(url: str, outlets: Outlets) -> Outlet:
    """The catalogue's outlet of that host, else one that is known by its host alone."""
    try:
        host = urlsplit(url).hostname or "localhost"
    except ValueError:
        host = "localhost"
    for outlet in outlets.values():
        if host in outlet.all_hosts:
            return outlet
    return Outlet(slug="", name=host, home=f"https://{host}/", family="custom", province="")


def as_json(reading: PageReading, url: str, occasion: Occasion) -> dict[str, Any]:
    """A reading as JSON; one without an article has its address, ending and problem."""
    outlet = occasion.outlet
    if reading.article is None:
        result = {"url": url, "ending": reading.ending}
        return result | ({"error": reading.problem} if reading.problem else {})
    try:
        address = reading.canonical or canonicalise(url, outlet.family)
    except BadURL:
        address = url
    stored = StoredArticle(
        id=0,
        url=address,
        outlet=outlet.slug,
        outlet_name=outlet.name,
        zone=outlet.timezone,
        article=reading.article,
        first_seen_at=occasion.now,
        revision=1,
    )
    return {**article_json(stored), "ending": reading.ending}


def show_reading(result: dict[str, Any]) -> None:
    """A reading for a person: what would be kept, and why."""
    if "title" not in result:
        say(f"{result['ending']}: {result.get('error', 'nothing to keep')}")
        return
    say(result["title"])
    for key in (*SHOWN, "topic", "relevance"):
        say(f"  {key}: {result[key]}")
    for reason in result["reasons"]:
        say(wrapped(f"why: {reason['rule']}: {reason['quote']}"))
    for removal in result["removed"]:
        say(wrapped(f"cut: {removal['rule']}: {removal['text']}"))
    say()
    for paragraph in result["text"].split("\n"):
        say(wrapped(paragraph, ""))

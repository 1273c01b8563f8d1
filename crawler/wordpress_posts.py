"""Reads the list of posts WordPress gives as JSON at /wp-json/wp/v2/posts (kind wp_rest)."""

from __future__ import annotations

import json
from typing import Any

from crawler.candidates import (
    MAX_CANDIDATES,
    SourceReading,
    UnreadableSource,
    candidate,
    distinct,
)
from crawler.outlets import Outlet
from store.records import Candidate


def read_posts(body: bytes, url: str, outlet: Outlet) -> SourceReading:
    """The posts of the answer, in its order. Raises UnreadableSource for anything else, with what
    WordPress says when it refuses."""
    try:
        posts = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(f"{url}: not a list of posts ({str(error)[:120]})") from error
    if not isinstance(posts, list):
        said = posts.get("message") if isinstance(posts, dict) else None
        raise UnreadableSource(f"{url}: not a list of posts ({str(said or 'no list')[:120]})")
    found = distinct(post_candidate(post, url, outlet) for post in posts[:MAX_CANDIDATES])
    if posts and not found:
        raise UnreadableSource(f"{url}: none of its {len(posts)} posts has an article's address")
    return SourceReading(found)


def post_candidate(post: Any, url: str, outlet: Outlet) -> Candidate | None:
    """One post; the instant in UTC where it is given, else the site's own time."""
    if not isinstance(post, dict):
        return None
    utc = post.get("date_gmt")
    known = isinstance(utc, str) and utc[:4].isdigit() and not utc.startswith("0000")
    return candidate(
        post.get("link"),
        url,
        outlet,
        title=rendered(post.get("title")),
        published=f"{utc}Z" if known else post.get("date"),
        summary=rendered(post.get("excerpt")),
    )


def rendered(value: Any) -> Any:
    """A field's HTML: WordPress wraps it as {"rendered": ".."}."""
    return value.get("rendered") if isinstance(value, dict) else value

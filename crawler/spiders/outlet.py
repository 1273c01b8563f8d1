"""The spider of an outlet: walks the one path and yields every article it stored or revised."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, ClassVar

import scrapy

from crawler.errand import Errand
from crawler.pipeline import OutletPass
from store.articles import get_article
from store.export import article_json

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.outlets import Outlet

SessionOpener = Callable[["Crawler", "Outlet"], None]


class OutletSpider(scrapy.Spider):
    """Each outlet appears to Scrapy as a subclass of this, under its own name."""

    name = "outlet"
    outlet: ClassVar[Outlet]
    # Under `scrapy` nobody puts a session on the crawler; the loader says who opens one then.
    open_session: ClassVar[SessionOpener | None] = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> OutletSpider:
        """With the session our commands put on the crawler, or one of its own under `scrapy`."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if cls.open_session is not None and not hasattr(crawler, "pantau"):
            cls.open_session(crawler, cls.outlet)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yields the contract's article JSON of what is new. Requests are made inside, one after
        the other, so that no request can be lost between Scrapy's queues."""
        session = self.crawler.pantau  # type: ignore[attr-defined]
        work = OutletPass(self.crawler) if session.errand is None else Errand(self.crawler)
        async for article_id in work.run():
            stored = get_article(session.db, article_id)
            if stored is not None:
                yield article_json(stored)


def spider_for(outlet: Outlet, open_session: SessionOpener | None = None) -> type[OutletSpider]:
    """The spider class of an outlet."""
    name = f"{outlet.slug.title().replace('-', '')}Spider"
    opener = staticmethod(open_session) if open_session else None
    # A setting of the crawl, so that one outlet's broken chain lowers nobody else's guard.
    verified = {"DOWNLOAD_VERIFY_CERTIFICATES": outlet.tls == "verified"}
    members = {
        "name": outlet.slug,
        "outlet": outlet,
        "open_session": opener,
        "custom_settings": verified,
    }
    return type(name, (OutletSpider,), members)

"""One page a person asked for, by the same path as all others: gate, politeness, pool, store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pipeline import OutletPass
from store.asked import lease_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Errand(OutletPass):
    """A pass that asks no source and visits the one page of the session's errand."""

    async def walk(self) -> AsyncIterator[int]:
        """Yields the id of its article when it was stored or revised. A page that somebody else
        is fetching is left to them."""
        session = self.session
        assert session.errand is not None
        if not await self.patience.at_first():
            return
        slug, now = session.outlet.slug, session.clock.now()
        page = lease_page(session.db, slug, session.errand, session.run_id, now)
        if page is None:
            session.say(f"{session.errand.url}: another process is fetching it right now")
            return
        saved = await self.visit(page)
        if saved is not None and saved.kind != "same":
            yield saved.article_id

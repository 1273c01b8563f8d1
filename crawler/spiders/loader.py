"""Makes every outlet of the catalogue a Scrapy spider of its own name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.outlets import SHIPPED, load_catalogue
from crawler.spiders.outlet import OutletSpider, spider_for
from crawler.standalone import standalone_session

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.settings import BaseSettings


class CatalogueLoader:
    """Scrapy's spider loader over the shipped catalogue. A plain class: the interface in
    scrapy.interfaces is deprecated."""

    def __init__(self) -> None:
        outlets, self.problems = load_catalogue(SHIPPED)
        self._outlets = outlets

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> CatalogueLoader:
        return cls()

    def load(self, spider_name: str) -> type[OutletSpider]:
        """The spider of that name; KeyError, as Scrapy expects, when there is none."""
        if spider_name not in self._outlets:
            raise KeyError(f"Spider not found: {spider_name}; `scrapy list` names them")
        return spider_for(self._outlets[spider_name], standalone_session)

    def find_by_request(self, request: Request) -> list[str]:
        """The outlets whose host a request goes to."""
        host = urlsplit(request.url).hostname or ""
        return sorted(slug for slug, o in self._outlets.items() if host in o.all_hosts)

    def list(self) -> list[str]:
        """The slugs of all outlets."""
        return sorted(self._outlets)

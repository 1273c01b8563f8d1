"""Scrapy's settings, for our own commands and for `scrapy list`, `crawl` and `shell` alike."""

from __future__ import annotations

from typing import Any

BOT_NAME = "pantau"
SPIDER_LOADER_CLASS = "crawler.spiders.loader.CatalogueLoader"
SPIDER_MODULES: list[str] = []

# Politeness is ours (crawler/politeness.py): turns, robots.txt, pauses. Scrapy only carries.
ROBOTSTXT_OBEY = False
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = False
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
RETRY_ENABLED = False  # the frontier tries again, later
DOWNLOADER_MIDDLEWARES = {
    "crawler.politeness.PolitenessMiddleware": 1000,  # next to the downloader
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
}

# One gate: two schemes, one handler, the resolver that refuses addresses that are not public.
DOWNLOAD_HANDLERS = {
    "http": "crawler.handlers.PantauHandler",
    "https": "crawler.handlers.PantauHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TWISTED_DNS_RESOLVER = "crawler.reactor.GateResolver"
DNSCACHE_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Limits: 8 MB after decompression, 5 redirects, 30 s for a whole answer.
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
REDIRECT_MAX_TIMES = 5

LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
CLOSESPIDER_ERRORCOUNT = 0
STATS_DUMP = False


def scrapy_settings(**more: Any) -> dict[str, Any]:
    """These settings as AsyncCrawlerRunner takes them, with more laid over."""
    mine = {name: value for name, value in globals().items() if name.isupper()}
    return {**mine, "LOG_ENABLED": False, **more}

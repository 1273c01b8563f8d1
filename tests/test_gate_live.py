"""The gate, end to end: whatever a site names or redirects to, no socket opens to what is not the
outlet's. A counting server on 127.0.0.1 and ::1 stands for every forbidden place."""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import default_settings

from crawler.outlet_keys import CatalogueError, Keys
from crawler.pool import ReadingPool
from crawler.settings import scrapy_settings
from tests import reaching
from tests.live_pass import REPOSITORY, WEB, Job, Result, article_page, feed, live_pass
from tests.local_web import LocalWeb, Page
from tests.pantau import pantau

HOME = "contoh.example"
PUBLIC = "93.184.216.34"  # judged only: the witness behind the gate sends nothing
# What answers to these names: all, or one of several, or the second answer is forbidden.
NAMES = {
    "localhost": [["127.0.0.1"]],
    "dalam.contoh.example": [["127.0.0.1"]],
    "campur.contoh.example": [[WEB, "127.0.0.1"]],
    "sempit.contoh.example": [["10.0.0.7"]],
    "ganti.contoh.example": [[PUBLIC], ["127.0.0.1"]],
    "putar.contoh.example": [[WEB], ["127.0.0.1"]],
}


def forms(port: int) -> list[str]:
    """Ways to write an address that must not be reached; a port where the form has room for it."""
    return [
        f"http://127.0.0.1:{port}/x",
        f"http://127.1:{port}/x",
        f"http://127.0.1:{port}/x",
        f"http://0x7f.1:{port}/x",
        f"http://0x7f000001:{port}/x",
        f"http://2130706433:{port}/x",
        f"http://0177.0.0.1:{port}/x",
        f"http://017700000001:{port}/x",
        f"http://127.0.0.1.:{port}/x",
        f"http://127.0.0.1%2f:{port}/x",
        f"http://%31%32%37.0.0.1:{port}/x",
        f"http://[::1]:{port}/x",
        f"http://[::ffff:127.0.0.1]:{port}/x",
        f"http://[::ffff:7f00:1]:{port}/x",
        f"http://[::]:{port}/x",
        f"http://0.0.0.0:{port}/x",
        f"http://0:{port}/x",
        f"http://localhost.:{port}/x",
        "http://100.64.0.1/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1%25lo]/x",
        "http://10.0.0.1/x",
        f"http://{HOME}@127.0.0.1:{port}/x",
        f"http://{HOME}:{port}@127.0.0.1:{port}/x",
        f"http://127.0.0.1:{port}\\@{HOME}:{port}/x",
        f"http:\\\\127.0.0.1:{port}\\x",
        f"http://127.0.0.1:{port}\t/x",
        f"http://127.0.\n0.1:{port}/x",
        f"https://127.0.0.1:{port}/x",
        f"//127.0.0.1:{port}/x",
        f"http:127.0.0.1:{port}/x",
        f"http:///127.0.0.1:{port}/x",
        "file:///etc/hostname",
        f"gopher://127.0.0.1:{port}/x",
        f"ftp://127.0.0.1:{port}/x",
        "data:text/html,<h1>KPK</h1>",
        f"http://c\u043entoh.example:{port}/x",
        f"http://\u2460\u2461\u2466.0.0.1:{port}/x",
        f"http://{HOME}.:{port}/x",
        f"http://{HOME}:22/x",
        f"http://{HOME}:6379/x",
        f"http://{HOME}:99999/x",
        "http://[::1/x",
        *(f"http://{name}:{port}/x" for name in NAMES),  # hosts of the outlet, all of them
    ]


class Forbidden:
    """Counts who connects to a port of 127.0.0.1 and ::1."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connections = 0
        self._selector = selectors.DefaultSelector()
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            listener = socket.socket(family)
            try:
                listener.bind((address, port))
            except OSError:
                listener.close()
                if family == socket.AF_INET:
                    raise
                continue  # a machine without IPv6
            listener.listen(64)
            listener.setblocking(False)
            self._selector.register(listener, selectors.EVENT_READ)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _count(self) -> None:
        while not self._over.is_set():
            for key, _ in self._selector.select(0.05):
                listener = key.fileobj
                assert isinstance(listener, socket.socket)
                listener.accept()[0].close()
                self.connections += 1

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._selector.close()


class Site:
    """The outlets' web on 127.0.0.2, the forbidden server on the same port of 127.0.0.1."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Page] = {}
        for _ in range(20):
            self.web = LocalWeb(self.answer, WEB)
            try:
                self.forbidden = Forbidden(self.web.port)
                return
            except OSError:
                self.web.close()
        raise AssertionError("no port is free on both addresses")

    @property
    def port(self) -> int:
        return int(self.web.port)

    def answer(self, host: str, path: str) -> Page:
        name = host.partition(":")[0]
        return self.answers.get((name, path), Page(b"", 404))

    def url(self, path: str, host: str = HOME) -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self, path: str, body: str, kind: str = "text/html", host: str = HOME) -> str:
        self.answers[host, path] = Page(body.encode(), headers={"Content-Type": kind})
        return self.url(path, host)

    def redirect(self, path: str, to: str, host: str = HOME) -> str:
        # What no header can hold is sent as a browser's address bar would make it.
        location = to.replace("\n", "%0a").encode("utf-8").decode("latin-1")
        self.answers[host, path] = Page(b"", 302, {"Location": location})
        return self.url(path, host)

    def asked(self, path: str) -> int:
        """How often the outlets' web was asked for this path, at whatever host."""
        return self.web.paths().count(path)

    def close(self) -> None:
        self.web.close()
        self.forbidden.close()


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    yield opened
    opened.close()


def outlet(site: Site, slug: str, **keys: Any) -> dict[str, Any]:
    """A made-up outlet that allows everything one can allow."""
    return {
        "slug": slug,
        "name": "Contoh",
        "home": site.url("/"),
        "family": "custom",
        "province": "19",
        "delay": 0.0,
        "ports": [site.port],
        "hosts": [HOME, *NAMES],
        **keys,
    }


def crawl(site: Site, folder: Path, *outlets: dict[str, Any], **more: Any) -> Result:
    return live_pass(Job(str(folder / "pantau.db"), list(outlets), site.port, NAMES, **more))


def sitemap_index(*links: str) -> str:
    rows = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)
    return f"<sitemapindex>{rows}</sitemapindex>"


def is_allowed_as_home(form: str) -> bool:
    """Whether a catalogue may name it: what is no http address is refused when it is loaded."""
    try:
        Keys({}, Path("contoh.toml")).check_url("home", form)
    except CatalogueError:
        return False
    return True


def articles(site: Site) -> dict[str, Any]:
    """Articles that redirect, a feed that names the forms themselves, pages that go on there. A
    good one after each, or the pass would soon believe that nothing can be had here."""
    named = []
    for n, form in enumerate(forms(site.port)):
        named.append(site.redirect(f"/2025/05/01/artikel-{n}/", form))
        path = f"/2025/05/01/terbelah-{n}/"
        site.redirect(f"{path}2/", form)
        pager = f'<div class="page-links"><a href="{path}2/">2</a><a href="{form}">3</a></div>'
        meta = f'<link rel="next" href="{form}"><meta http-equiv="refresh" content="0;url={form}">'
        named.append(site.serve(path, article_page(pager, meta)))
        named.append(site.serve(f"/2025/05/01/baik-{n}/", article_page()))
    source = site.serve("/feed/", feed(*named, *forms(site.port)), "application/rss+xml")
    return outlet(site, "artikel", family="wordpress", sources=[("feed", source)])


def planted(site: Site) -> dict[str, list[str]]:
    """The forms as articles of an outlet, which no source would pass on; a name has an outlet of
    its own."""
    named = [form for form in forms(site.port) if is_of_a_name(form)]
    others = [form for form in forms(site.port) if not is_of_a_name(form)]
    return {"langsung": others, **{f"nama-{n}": [form] for n, form in enumerate(named)}}


def is_of_a_name(form: str) -> bool:
    return any(f"//{name}:" in form for name in NAMES)


def sources(site: Site, kind: str) -> dict[str, Any]:
    """[[source]] tables that name the forms, and addresses that redirect there."""
    redirecting = [site.redirect(f"/{kind}-{n}", form) for n, form in enumerate(forms(site.port))]
    named = [(kind, url) for url in (*forms(site.port), *redirecting)]
    return outlet(site, kind, sources=named)


def sitemap_indexes(site: Site) -> dict[str, Any]:
    """Indexes whose sitemaps redirect, and that name the forms."""
    named = []
    for n, form in enumerate(forms(site.port)):
        inner = site.redirect(f"/dalam-{n}.xml", form)
        body = sitemap_index(inner, form.replace("<", "%3c").replace("&", "&amp;"))
        named.append(("sitemap", site.serve(f"/indeks-{n}.xml", body, "text/xml")))
    return outlet(site, "indeks", sources=named)


def robots(site: Site) -> dict[str, Any]:
    """Hosts whose robots.txt redirects."""
    hosts = [f"robots{n}.example" for n in range(len(forms(site.port)))]
    for host, form in zip(hosts, forms(site.port), strict=True):
        site.redirect("/robots.txt", form, host)
    named = [("feed", site.url("/feed/", host)) for host in hosts]
    return outlet(site, "robots", hosts=[*hosts, *NAMES], sources=named)


def homes(site: Site) -> list[dict[str, Any]]:
    """Home pages that redirect, and the forms as home pages."""
    outlets = []
    for n, form in enumerate(forms(site.port)):
        host = f"desa{n}.example"
        site.redirect("/", form, host)
        own = {"home": site.url("/", host), "hosts": [HOME, *NAMES, host]}
        outlets.append(outlet(site, f"alih-{n}", **own))
        if is_allowed_as_home(form):
            outlets.append(outlet(site, f"langsung-{n}", home=form))
    return outlets


def declared_feeds(site: Site) -> list[dict[str, Any]]:
    """Home pages that declare the forms as feeds, and feeds that redirect there."""
    outlets = []
    wanted = list(enumerate(forms(site.port)))
    for first in range(0, len(wanted), 3):
        host = f"kota{first}.example"
        hrefs = []
        for n, form in wanted[first : first + 3]:
            hrefs += [site.redirect(f"/umpan-{n}.xml", form, host), form]
        link = '<link rel="alternate" type="application/rss+xml" href="{}">'
        site.serve("/", article_page(head="".join(map(link.format, hrefs))), host=host)
        own = {"home": site.url("/", host), "hosts": [HOME, *NAMES, host]}
        outlets.append(outlet(site, f"kota-{first}", **own))
    return outlets


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Result]]:
    """All of it in one run: every form, direct and by redirect, on every path."""
    site = Site()
    # The name is looked up again for the page: the connection to its first address is gone.
    closing = Page(b"", 404, {"Connection": "close"})
    site.answers["putar.contoh.example", "/robots.txt"] = closing
    direct = planted(site)
    outlets = [outlet(site, slug, sources=[("feed", site.url("/feed/"))]) for slug in direct]
    outlets += [articles(site), *(sources(site, kind) for kind in ("feed", "sitemap", "listing"))]
    outlets += [sitemap_indexes(site), robots(site), *homes(site), *declared_feeds(site)]
    folder = tmp_path_factory.mktemp("walked")
    yield site, crawl(site, folder, *outlets, planted=direct)
    site.close()


def test_there_are_enough_forms() -> None:
    assert len(set(forms(8080))) >= 40


def test_nothing_leads_into_the_house(walked: tuple[Site, Result]) -> None:
    site, result = walked
    assert site.forbidden.connections == 0
    reached = {address for address, _ in result.passed}
    # The name that changes its answer is public when first asked; the witness sent nothing.
    assert reached == {WEB, PUBLIC}


def test_a_name_is_connected_to_where_it_was_judged(walked: tuple[Site, Result]) -> None:
    site, result = walked
    assert [PUBLIC, site.port] in result.passed


def test_a_name_that_changes_its_answer_is_judged_again(walked: tuple[Site, Result]) -> None:
    site, result = walked
    url = site.url("/x", "putar.contoh.example")
    assert result.lookups.count("putar.contoh.example") >= 2
    assert result.pages[url] == "refused_gate"
    told = [message for _, address, message in result.errors if address == url]
    reason = "putar.contoh.example: 127.0.0.1 is not a public address"
    assert told[0] == f"{url}: the gate refuses {reason}"
    asked = {path for _, host, path in site.web.requests if host.startswith("putar.")}
    assert asked == {"/robots.txt"}


def test_each_article_was_refused_by_redirect(walked: tuple[Site, Result]) -> None:
    site, result = walked
    for n, form in enumerate(forms(site.port)):
        path = f"/2025/05/01/artikel-{n}"
        assert site.asked(f"{path}/") >= 1
        ending = result.pages[f"https://{HOME}:{site.port}{path}"]
        # A Location without // means the host it comes from.
        own = "gone" if form.startswith(("http:1", "http:///")) else "refused_gate"
        # A name's robots.txt is asked for first, and cannot be had.
        assert ending in ({"refused_gate", "failed"} if is_of_a_name(form) else {own}), form


def test_each_article_was_refused_direct(walked: tuple[Site, Result]) -> None:
    site, result = walked
    for form in forms(site.port):
        expected = {"refused_gate", "failed"} if is_of_a_name(form) else {"refused_gate"}
        assert result.pages[form] in expected, form


def test_what_is_refused_keeps_nothing_else_from_being_stored(
    walked: tuple[Site, Result],
) -> None:
    site, result = walked
    good = [f"https://{HOME}:{site.port}/2025/05/01/baik-{n}" for n in range(len(forms(1)))]
    assert {result.pages[url] for url in good} == {"article"}


@pytest.mark.parametrize(
    "path",
    [
        "/2025/05/01/terbelah-{}/2/",
        "/feed-{}",
        "/sitemap-{}",
        "/listing-{}",
        "/dalam-{}.xml",
        "/umpan-{}.xml",
    ],
)
def test_each_redirect_was_tried(path: str, walked: tuple[Site, Result]) -> None:
    site, _ = walked
    unasked = [form for n, form in enumerate(forms(site.port)) if not site.asked(path.format(n))]
    # An index that names what is no address at all may be refused whole.
    assert set(unasked) <= {"http://[::1/x"}


def test_each_robots_txt_and_home_page_was_asked_for(walked: tuple[Site, Result]) -> None:
    site, _ = walked
    asked = {(host.partition(":")[0], path) for _, host, path in site.web.requests}
    for n in range(len(forms(site.port))):
        assert (f"robots{n}.example", "/robots.txt") in asked
        assert (f"desa{n}.example", "/") in asked


def test_each_failing_source_is_told_with_its_address(walked: tuple[Site, Result]) -> None:
    site, result = walked
    told = {url for kind, url, _ in result.errors if kind == "source"}
    assert told >= {site.url(f"/{kind}-{n}") for kind in ("feed", "listing") for n in range(9)}


@pytest.fixture
def forbidden() -> Iterator[Forbidden]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    opened = Forbidden(port)
    yield opened
    opened.close()


def in_a_process(policy: str, *calls: str) -> list[Any]:
    """What the calls to tests.reaching give in a process under this policy."""
    code = (
        "import json\nfrom crawler.gate import CONNECTIONS, ConnectionPolicy\n"
        f"from tests import reaching\nCONNECTIONS.enforce({policy})\n"
        f"print(json.dumps([{', '.join(calls)}]))"
    )
    process = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", code],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    results: list[Any] = json.loads(process.stdout)
    return results


@pytest.mark.parametrize(
    "policy",
    [
        "ConnectionPolicy()",
        "ConnectionPolicy(offline=True)",
        "ConnectionPolicy(loopback=frozenset({('127.0.0.1', 1)}))",
    ],
)
def test_no_library_goes_round_the_gate(policy: str, forbidden: Forbidden) -> None:
    [tried] = in_a_process(policy, f"reaching.attempts({forbidden.port})")
    assert len(tried) > 30
    assert {way: what for way, what in tried.items() if what != "refused"} == {}
    assert forbidden.connections == 0


def test_the_same_ways_get_through_where_there_is_no_gate(forbidden: Forbidden) -> None:
    [tried] = in_a_process("None", f"reaching.attempts({forbidden.port})")
    assert tried["urllib"] != "refused"
    assert tried["connect 127.0.0.1"] == "got through"
    assert forbidden.connections > 3


def test_local_sockets_stay_open(tmp_path: Path) -> None:
    policy = "ConnectionPolicy(offline=True)"
    assert in_a_process(policy, f"reaching.local_socket({str(tmp_path)!r})") == ["got through"]


def test_an_offline_process_looks_up_no_name() -> None:
    [tried] = in_a_process("ConnectionPolicy(offline=True)", "reaching.lookups()")
    assert set(tried.values()) == {"refused"}


def test_a_reading_child_reaches_nothing(forbidden: Forbidden) -> None:
    with ReadingPool(1) as pool:
        tried = pool._pool.schedule(reaching.attempts, args=[forbidden.port]).result(60)
        asked = pool._pool.schedule(reaching.lookups).result(60)
    assert {way: what for way, what in tried.items() if what != "refused"} == {}
    assert set(asked.values()) == {"refused"}
    assert forbidden.connections == 0


CONTOH = """name = "Contoh"
home = "https://contoh.example/"
family = "wordpress"
province = "19"
delay = 0
hosts = ["dalam.contoh.example"]
[[source]]
kind = "feed"
url = "https://contoh.example/feed/"
"""


def test_under_map_only_the_mapped_port_is_reached(tmp_path: Path, site: Site) -> None:
    links = [site.redirect(f"/2025/05/01/artikel-{n}/", f) for n, f in enumerate(forms(site.port))]
    first = "https://www.contoh.example/2025/05/01/rantai/"
    site.redirect("/2025/05/01/rantai/", "http://contoh.example/2025/05/01/lanjut/")
    site.redirect("/2025/05/01/lanjut/", f"https://127.0.0.1:{site.port}/x")
    named = [link.replace(f":{site.port}", "") for link in links]
    site.serve("/feed/", feed(*named, first.replace("www.", "")), "application/rss+xml")
    catalogue = tmp_path / "catalogue"
    catalogue.mkdir()
    (catalogue / "contoh.toml").write_text(CONTOH)
    with LocalWeb(site.answer) as mapped:
        process = pantau(
            "crawl",
            *("--catalogue", catalogue, "--json"),
            *("--map", f"contoh.example=127.0.0.1:{mapped.port}"),
            db=tmp_path / "pantau.db",
        )
        asked = mapped.paths()
    counts = json.loads(process.stdout)["contoh"]
    # Four forms are read as paths of the host they come from.
    assert counts["endings"]["refused_gate"] >= len(forms(site.port)) - 4
    assert "/2025/05/01/lanjut/" in asked
    assert site.forbidden.connections == 0
    assert site.web.requests == []


def scrapy(*args: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("scrapy")), *args],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        cwd=REPOSITORY,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "PANTAU_DB": str(folder / "pantau.db"),
            **environment,
        },
    )


@pytest.mark.parametrize("address", ["http://127.0.0.1:{}/", "file:///etc/hostname"])
def test_scrapys_own_shell_has_the_same_gate(
    address: str, tmp_path: Path, forbidden: Forbidden
) -> None:
    url = address.format(forbidden.port)
    process = scrapy("shell", "-c", "print('body', response)", url, folder=tmp_path)
    assert "body None" in process.stdout
    assert forbidden.connections == 0


def test_scrapys_other_handlers_are_off() -> None:
    wanted = "crawler.handlers.PantauHandler"
    handlers = scrapy_settings()["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, path in handlers.items() if path == wanted} == {"http", "https"}
    assert {path for path in handlers.values() if path != wanted} == {None}
    by_default = set(default_settings.DOWNLOAD_HANDLERS_BASE)
    assert by_default <= set(handlers)


def test_a_proxy_of_the_environment_is_not_used(tmp_path: Path, site: Site) -> None:
    source = site.serve("/feed/", feed(), "application/rss+xml")
    proxy = f"http://127.0.0.1:{site.port}"
    job = Job(
        str(tmp_path / "pantau.db"),
        [outlet(site, "contoh", sources=[("feed", source)])],
        site.port,
    )
    result = live_pass(job, http_proxy=proxy, https_proxy=proxy, all_proxy=proxy)
    assert result.errors == []
    assert "/feed/" in site.web.paths()
    assert site.forbidden.connections == 0

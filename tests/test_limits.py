"""The limits: whatever a server sends, memory and time stay bounded, the ending is a counted word
with the address and the limit, and the next article is stored."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from crawler.handlers import within
from crawler.outlet_keys import CatalogueError
from crawler.outlets import outlet_from
from tests import hostile_web as hostile
from tests.hostile_web import HostileWeb, Way, coded, whole
from tests.live_pass import Job, Result, article_page, feed, live_pass
from tests.pantau import json_lines, pantau

HOST = "contoh.example"
TIMEOUT = 2.0  # seconds for a whole answer; 30 in production
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha ha ha ha ha ha ha ha ha ha">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefghijk", "bcdefghijkl", strict=True)
    )
    + "]>"
)
DEEP = "<div>" * 5_000 + "{}" + "</div>" * 5_000


SECRET = "katasandi-rahasia-3141"


def entity(path: str) -> str:
    """An XML document type whose entity is a file, or an address."""
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "{path}">]>'


MANY = b"<html><body><article>" + b"<p>KPK"
BYTES = "8,388,608 bytes"
HEADERS = "262,144 bytes of headers"
SECONDS = f"{TIMEOUT} seconds"
GARBLED = "does not decompress"
# By path: how it must end, and what its message must say besides the address.
ATTACKS = {
    "/gzip/": ("too_large", BYTES),
    "/deflate/": ("too_large", BYTES),
    "/brotli/": ("too_large", BYTES),
    "/zstd/": ("too_large", BYTES),
    "/nested/": ("too_large", BYTES),
    "/endless/": ("too_large", BYTES),
    "/boundless/": ("too_large", BYTES),
    "/announced/": ("too_large", BYTES),
    "/heads/": ("too_large", HEADERS),
    "/header/": ("too_large", HEADERS),
    "/folded/": ("too_large", HEADERS),
    "/trickle/": ("failed", SECONDS),
    "/slowly/": ("failed", SECONDS),
    "/silence/": ("failed", SECONDS),
    "/bad-gzip/": ("unreadable", GARBLED),
    "/bad-deflate/": ("unreadable", GARBLED),
    "/bad-brotli/": ("unreadable", GARBLED),
    "/bad-zstd/": ("unreadable", GARBLED),
    "/loop/": ("failed", "more than 5 redirects"),
    "/port/": ("refused_gate", "Port out of range"),
    "/bracket/": ("refused_gate", "Invalid IPv6"),
    "/not-http/": ("failed", "DownloadFailedError"),
    "/cut-off/": ("failed", "cut off"),
    "/paragraphs/": ("too_large", "3,000,000 bytes"),
    "/elements/": ("too_large", "20,000 elements"),
    "/few-elements/": ("too_large", "20,000 elements"),
    "/divs/": ("article", ""),
    "/hangs/": ("timed_out", "3 s"),
    "/exits/": ("unreadable", "exit code 7"),
    "/killed/": ("unreadable", "reading process died"),
    "/swells/": ("unreadable", "1,073,741,824 bytes"),
}


def served() -> dict[str, Way]:
    """How each of them is served."""
    article = whole(article_page().encode())
    return {
        "/gzip/": coded("gzip", hostile.gzip_bomb()),
        "/deflate/": coded("deflate", hostile.deflate_bomb()),
        "/brotli/": coded("br", hostile.brotli_bomb()),
        "/zstd/": coded("zstd", hostile.zstd_bomb()),
        "/nested/": coded("gzip, gzip", gzip.compress(hostile.gzip_bomb(), 1)),
        "/endless/": hostile.endless_body,
        "/boundless/": hostile.boundless_body,
        "/announced/": hostile.announced_body,
        "/heads/": hostile.endless_head,
        "/header/": hostile.endless_header,
        "/folded/": hostile.folded_header,
        "/trickle/": hostile.trickling_body,
        "/slowly/": hostile.trickling_head,
        "/silence/": hostile.silence,
        "/bad-gzip/": coded("gzip", b"no gzip"),
        "/bad-deflate/": coded("deflate", b"no zlib"),
        "/bad-brotli/": coded("br", b"no brotli"),
        "/bad-zstd/": coded("zstd", b"no zstd"),
        "/loop/": hostile.redirect("/loop/"),
        "/port/": hostile.redirect(f"http://{HOST}:99999/"),
        "/bracket/": hostile.redirect("http://[::1/"),
        "/not-http/": hostile.no_http,
        "/cut-off/": hostile.cut_off,
        "/paragraphs/": whole(MANY + b"<p>" * 2_700_000),
        "/elements/": whole(MANY + b"<p>" * 900_000),
        "/few-elements/": whole(MANY + b"<p>" * 30_000),
        "/divs/": whole(DEEP.format(article_page()).encode()),
        **dict.fromkeys(("/hangs/", "/exits/", "/killed/", "/swells/"), article),
    }


def numbered(n: int) -> str:
    return f"/2025/05/01/baik-{n}/"


class Listener:
    """Counts who connects to its port on 127.0.0.1."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.server.getsockname()[1]

    @property
    def connections(self) -> int:
        self.server.settimeout(0)
        count = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self.server.accept()[0].close()
                count += 1
        return count

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.close()


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HostileWeb, Result]]:
    """One pass over a feed of attacks, with a good article after each."""
    good = whole(article_page().encode())
    web = HostileWeb({**served(), **{numbered(n): good for n in range(len(ATTACKS))}})
    home = f"http://{HOST}:{web.port}"
    named = [f"{home}{path}" for n, bad in enumerate(ATTACKS) for path in (bad, numbered(n))]
    web.ways["/feed/"] = whole(feed(*named).encode(), "application/rss+xml")
    folder = tmp_path_factory.mktemp("survived")
    yield web, attacked(web, folder, sources=[("feed", f"{home}/feed/")])
    web.close()


def made_up(web: HostileWeb, slug: str = "contoh", **keys: Any) -> dict[str, Any]:
    """A made-up outlet on this web."""
    return {
        "slug": slug,
        "name": "Contoh",
        "home": f"http://{HOST}:{web.port}/",
        "family": "wordpress",
        "province": "19",
        "delay": 0.0,
        "ports": [web.port],
        **keys,
    }


def attacked(web: HostileWeb, folder: Path, **keys: Any) -> Result:
    """A pass over a made-up outlet on this web, quickly out of patience."""
    job = Job(
        str(folder / "pantau.db"),
        [made_up(web, **keys)],
        web.port,
        settings={"DOWNLOAD_TIMEOUT": TIMEOUT},
        reading_timeout=3.0,
        harm={
            **{"/hangs/": "hang", "/exits/": "exit", "/killed/": "kill", "/swells/": "swell"},
            **{"/feed-hangs": "hang", "/feed-dies": "exit"},
        },
    )
    return live_pass(job)


@pytest.mark.parametrize("path", ATTACKS)
def test_each_attack_ends_in_a_word_and_a_row(
    path: str, survived: tuple[HostileWeb, Result]
) -> None:
    web, result = survived
    ending, said = ATTACKS[path]
    url = f"https://{HOST}:{web.port}{path.rstrip('/')}"
    assert result.pages[url] == ending
    rows = [(kind, message) for kind, address, message in result.errors if address == url]
    if ending != "article":
        [(kind, message)] = rows
        assert kind == ending
        assert path in message
        assert said in message


def test_the_article_after_each_attack_is_stored(survived: tuple[HostileWeb, Result]) -> None:
    web, result = survived
    good = [f"https://{HOST}:{web.port}{numbered(n).rstrip('/')}" for n in range(len(ATTACKS))]
    assert [url for url in good if result.pages.get(url) != "article"] == []


def test_redirects_are_followed_five_times(survived: tuple[HostileWeb, Result]) -> None:
    assert survived[0].requests.count("/loop/") == 6


def test_memory_and_time_stay_bounded(survived: tuple[HostileWeb, Result]) -> None:
    _, result = survived
    assert_bounded(result)
    assert result.seconds < 100  # 10 on an idle machine


def assert_bounded(result: Result) -> None:
    if not result.rss["parent"]:
        pytest.skip("this system has no /proc to look at")
    assert result.rss["parent"] < 400_000  # kB
    assert result.rss["child"] < 1_200_000


# Sources that mean harm: kind, and what the row of the error must say besides the address.
SOURCES = {
    "/feed-gzip": ("feed", BYTES),
    "/feed-large": ("feed", BYTES),
    "/feed-endless": ("feed", BYTES),
    "/feed-garbled": ("feed", GARBLED),
    "/feed-hangs": ("feed", "3 s"),
    "/feed-dies": ("feed", "exit code 7"),
    "/sitemap-laughs": ("sitemap", "not a sitemap"),
    "/sitemap-announced": ("sitemap", "52,428,800 bytes"),
    "/sitemap-gzip": ("sitemap", "52,428,800 bytes"),
    "/sitemap.xml.gz": ("sitemap", "50,000,000 bytes"),
    "/listing-large": ("listing", "3,000,000 bytes"),
    "/listing-elements": ("listing", "20,000 elements"),
}
# These hold a good article each, and more: laughs, an entity that is a file or an address, 45 MB.
HARMLESS = {
    "/feed-laughs": "feed",
    "/feed-file": "feed",
    "/feed-address": "feed",
    "/sitemap-file": "sitemap",
    "/sitemap-address": "sitemap",
    "/sitemap-long": "sitemap",
}


def named_once(link: str, entity: str = "&a;") -> str:
    """A feed's items: one address, and a title that is the entity."""
    item = f"<item><title>KPK {entity}</title><link>{link}</link></item>"
    return f'<rss version="2.0"><channel><title>{entity}</title>{item}</channel></rss>'


def mapped_once(link: str, more: str = "") -> str:
    """A sitemap: one address."""
    return f"<urlset>{more}<url><loc>{link}</loc><lastmod>2025-05-01</lastmod></url></urlset>"


def served_sources(home: str, secret: Path, listener: int) -> dict[str, Way]:
    """How they are served."""
    links = {path: f"{home}{numbered(n)}" for n, path in enumerate(HARMLESS)}
    file, address = entity(secret.as_uri()), entity(f"http://127.0.0.1:{listener}/x")
    padding = f"<!--{'x' * 1_000_000}-->" * 45
    texts = {
        "/feed-file": file + named_once(links["/feed-file"]),
        "/feed-address": address + named_once(links["/feed-address"]),
        "/sitemap-file": file + mapped_once(links["/sitemap-file"], "<x>&a;</x>"),
        "/sitemap-address": address + mapped_once(links["/sitemap-address"], "<x>&a;</x>"),
        "/sitemap-long": mapped_once(links["/sitemap-long"], padding),
        "/feed-laughs": LAUGHS + named_once(links["/feed-laughs"], "&l;"),
        "/sitemap-laughs": LAUGHS + "&l;" + mapped_once(f"{home}/tertawa/", "<x>&l;</x>"),
        "/feed-large": named_once(f"{home}/x/", "x" * 9_000_000),
        "/feed-hangs": named_once(f"{home}/x/", ""),
        "/feed-dies": named_once(f"{home}/x/", ""),
        "/listing-large": "<p>" * 1_200_000,
        "/listing-elements": "<p>" * 30_000,
    }
    bomb = hostile.gzip_bomb()
    return {
        "/feed-gzip": coded("gzip", bomb, "application/rss+xml"),
        "/feed-endless": hostile.endless_body,
        "/feed-garbled": coded("gzip", b"no gzip", "application/rss+xml"),
        "/sitemap-announced": hostile.announced_body,
        "/sitemap-gzip": coded("gzip", bomb, "text/xml"),
        "/sitemap.xml.gz": whole(bomb, "application/gzip"),
        **{path: whole(text.encode(), "text/xml") for path, text in texts.items()},
    }


@pytest.fixture(scope="module")
def listed(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[HostileWeb, Result, Listener]]:
    """One pass over all these sources."""
    folder = tmp_path_factory.mktemp("listed")
    secret = folder / "rahasia.txt"
    secret.write_text(SECRET)
    good = whole(article_page().encode())
    web = HostileWeb({numbered(n): good for n in range(len(HARMLESS))})
    home = f"http://{HOST}:{web.port}"
    sources = [(kind, home + path) for path, (kind, _) in SOURCES.items()]
    sources += [(kind, home + path) for path, kind in HARMLESS.items()]
    with Listener() as listener:
        web.ways |= served_sources(home, secret, listener.port)
        yield web, attacked(web, folder, sources=sources), listener
    web.close()


@pytest.mark.parametrize("path", SOURCES)
def test_a_hostile_source_is_told_with_its_address_and_the_limit(
    path: str, listed: tuple[HostileWeb, Result, Listener]
) -> None:
    web, result, _ = listed
    url = f"http://{HOST}:{web.port}{path}"
    [message] = [message for kind, address, message in result.errors if address == url]
    assert url in message
    assert SOURCES[path][1] in message


def test_the_other_sources_of_the_outlet_are_read(
    listed: tuple[HostileWeb, Result, Listener],
) -> None:
    web, result, _ = listed
    good = [f"https://{HOST}:{web.port}{numbered(n).rstrip('/')}" for n in range(len(HARMLESS))]
    assert {url: result.pages.get(url) for url in good} == dict.fromkeys(good, "article")


def test_an_external_entity_reads_no_file_and_asks_no_host(
    listed: tuple[HostileWeb, Result, Listener],
) -> None:
    _, result, listener = listed
    assert listener.connections == 0
    assert SECRET not in result.stored


def test_hostile_sources_are_read_in_bounded_memory(
    listed: tuple[HostileWeb, Result, Listener],
) -> None:
    assert_bounded(listed[1])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's side of TLS with a certificate nobody has signed but itself."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "both.pem").write_bytes(key.private_bytes(*plain) + signed.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@pytest.mark.parametrize("tls", ["verified", "unverified"])
def test_a_certificate_nobody_signed_is_refused_unless_the_outlet_says_so(
    tls: str, certificate: ssl.SSLContext, tmp_path: Path
) -> None:
    web = HostileWeb({numbered(0): whole(article_page().encode())}, certificate)
    home = f"https://{HOST}:{web.port}"
    web.ways["/feed/"] = whole(feed(home + numbered(0)).encode(), "application/rss+xml")
    result = attacked(web, tmp_path, home=f"{home}/", tls=tls, sources=[("feed", f"{home}/feed/")])
    web.close()
    assert (numbered(0) in web.requests) == (tls == "unverified")
    assert result.new == (tls == "unverified")
    assert bool(result.errors) == (tls == "verified")


def test_one_outlets_broken_chain_lowers_nobody_elses_guard(
    certificate: ssl.SSLContext, tmp_path: Path
) -> None:
    web = HostileWeb({}, certificate)
    outlets = [
        made_up(web, slug, home=f"https://{slug}.example:{web.port}/", tls=tls)
        for slug, tls in (("longgar", "unverified"), ("ketat", "verified"))
    ]
    live_pass(Job(str(tmp_path / "pantau.db"), outlets, web.port))
    web.close()
    assert {host.partition(":")[0] for host in web.hosts} == {"longgar.example"}


def test_status_says_whose_certificates_are_not_verified(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue"
    catalogue.mkdir()
    keys = 'name = "Contoh"\nhome = "https://contoh.example/"\nfamily = "custom"\nprovince = "19"\n'
    (catalogue / "contoh.toml").write_text(keys + 'tls = "unverified"\n')
    (catalogue / "lain.toml").write_text(keys)
    db = tmp_path / "pantau.db"
    switched = pantau("outlets", "enable", "contoh", "--catalogue", catalogue, db=db)
    assert switched.returncode == 0, switched.stderr
    rows = {row["slug"]: row["tls"] for row in json_lines(pantau("status", "--json", db=db))}
    assert rows == {"contoh": "unverified", "lain": "verified"}
    lines = pantau("status", db=db).stdout.splitlines()
    told = [line.split()[0] for line in lines if "certificates are not verified" in line]
    assert told == ["contoh"]


def test_another_word_for_tls_is_refused_with_the_remedy() -> None:
    keys = {"name": "C", "home": "https://c.example/", "family": "custom", "province": "19"}
    with pytest.raises(CatalogueError, match="tls: 'off' is not one of verified, unverified"):
        outlet_from({**keys, "tls": "off"}, "contoh", Path("contoh.toml"))


def test_a_recorded_body_is_held_to_the_same_limit() -> None:
    recorded = Response("https://contoh.example/", body=b"abcd")
    assert within(4, recorded) is recorded
    with pytest.raises(DownloadCancelledError):
        within(3, recorded)

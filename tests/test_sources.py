"""Feeds, sitemaps, listings and lists of posts as outlets serve them, broken ones included."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.families import load_families
from crawler.outlet_keys import FAMILIES, SOURCE_KINDS
from crawler.outlets import Outlet
from crawler.sources import SourceReading, UnreadableSource, declared_feeds, read_source
from store.database import open_store
from store.sources import known_sources
from tests.local_web import FIXTURES, LocalWeb, Page
from tests.passes import Passes, passes_process

FEEDS = Path(__file__).parent / "data" / "feeds"
HOME = "https://kabar.example/"
KABAR = Outlet(slug="kabar", name="Kabar", home=HOME, family="wordpress", province="31")
ITEM = (
    "<item><title>{title}</title><link>{link}</link><guid>{guid}</guid>"
    "<pubDate>Rab, 30 Apr 2025 14:12:45 WIB</pubDate><description>{summary}</description></item>"
)
ARTICLE = "https://kabar.example/2025/04/30/kpk-tahan-bupati-nonaktif/"
# What is read of each broken feed: its titles, or a part of what is said of it.
BROKEN: dict[str, list[str] | str] = {
    "bare-ampersand.xml": ["Suap & gratifikasi: KPK panggil sekda"],
    "blank-first-line.xml": ["KPK tahan bupati nonaktif"],
    "blank.xml": "not a feed",
    "control-characters.xml": ["KPK tahan bupati"],
    "cut-off-before-an-item.xml": "breaks off before its first entry",
    "cut-off.xml": ["KPK tahan bupati nonaktif"],
    "empty.xml": "not a feed",
    "encoding-nobody-knows.xml": ["KPK tahan bupati nonaktif"],
    "encoding-of-broken-bytes.xml": ["KPK tahan bupati nonaktif"],
    "entities-upon-entities.xml": ["a" * 500],
    "file-entity.xml": ["KPK"],
    "home-page-as-link.xml": "none of its 3 entries names an article",
    "html-page.xml": "not a feed",
    "latin1-called-utf8.xml": ["Café milik tersangka disita KPK"],
    "no-declaration.xml": ["KPK tahan bupati nonaktif"],
    "no-items.xml": [],
    "no-links.xml": "none of its 1 entries names an article",
    "only-a-declaration.xml": "not a feed",
    "php-error.xml": ["KPK tahan bupati nonaktif"],
    "unclosed-cdata.xml": "none of its 1 entries names an article",
    "undeclared-entity.xml": ["Harga naik — KPK turun tangan"],
    "undeclared-prefix.xml": ["KPK tahan bupati nonaktif"],
    "utf16.xml": ["KPK tahan bupati nonaktif"],
    "windows-quotes.xml": ["“Kami hormati KPK” kata bupati"],
}


def read(kind: str, body: str | bytes, outlet: Outlet = KABAR, url: str = HOME) -> SourceReading:
    """A source's reading, with the listing selectors of the outlet's family."""
    raw = body.encode() if isinstance(body, str) else body
    selectors = load_families()[outlet.family].listing
    return read_source(kind, raw, "", url, outlet, selectors)


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def item(title: str = "Judul", link: str = ARTICLE, guid: str = "", summary: str = "") -> str:
    return ITEM.format(title=title, link=link, guid=guid, summary=summary)


@pytest.mark.parametrize("file", sorted(FEEDS.iterdir()), ids=lambda file: file.name)
def test_a_broken_feed_gives_its_items_or_says_what_is_wrong(file: Path) -> None:
    expected = BROKEN[file.name]
    try:
        found = read("feed", file.read_bytes())
    except UnreadableSource as error:
        assert isinstance(expected, str) and expected in str(error)
        assert str(error).startswith(HOME) and "\n" not in str(error)
    else:
        assert [candidate.title for candidate in found.candidates] == expected


def test_a_feeds_date_is_handed_on_as_it_was_written() -> None:
    assert read("feed", rss(item())).candidates[0].published == "Rab, 30 Apr 2025 14:12:45 WIB"


def test_titles_in_cdata_and_escaped_markup_come_as_plain_words() -> None:
    titles = [
        "<![CDATA[KPK & BPK: <b>rakor</b> &#8220;bersih&#8221;]]>",
        "KPK &amp;amp; BPK: &lt;b&gt;rakor&lt;/b&gt; &amp;#8220;bersih&amp;#8221;",
    ]
    for title in titles:
        found = read("feed", rss(item(title))).candidates[0]
        assert found.title == "KPK & BPK: rakor “bersih”"


def test_a_summary_comes_without_its_markup() -> None:
    summary = "<![CDATA[<p>KPK menahan</p><p>bupati. <img src='x.jpg'/></p>]]>"
    assert read("feed", rss(item(summary=summary))).candidates[0].summary == "KPK menahan bupati."


@pytest.mark.parametrize(
    ("link", "guid", "address"),
    [
        ("/2025/04/30/a-b-c-d/", "", "https://kabar.example/2025/04/30/a-b-c-d/"),
        (
            "https://www.kabar.example/a-b-c-d/?utm_source=rss#x",
            "",
            "https://kabar.example/a-b-c-d",
        ),
        ("", ARTICLE, ARTICLE),
        (HOME, ARTICLE, ARTICLE),
        ("http://feeds.pihak-ketiga.example/~r/1", ARTICLE, ARTICLE),
    ],
)
def test_an_entry_is_found_under_its_own_address(link: str, guid: str, address: str) -> None:
    found = read("feed", rss(item(link=link, guid=guid))).candidates[0]
    assert found.url == address.rstrip("/")


def test_entries_of_other_hosts_and_listings_are_left_out() -> None:
    others = ("https://lain.example/a-b-c-d/", "https://kabar.example/tag/kpk/", HOME)
    reading = read("feed", rss(*(item(link=link) for link in (*others, ARTICLE))))
    assert [candidate.fetch_url for candidate in reading.candidates] == [ARTICLE]


def test_a_feed_whose_every_link_is_the_home_page_proves_itself_not() -> None:
    with pytest.raises(UnreadableSource, match="none of its 2 entries names an article"):
        read("feed", rss(item(link=HOME, guid=HOME), item(link="/", guid=HOME)))


def test_an_atom_feed_is_read_with_its_next_page() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        '<link rel="next" href="/feeds/posts/default?start-index=26"/>'
        f'<entry><title type="html">KPK &amp;amp; BPK</title><link rel="replies" href="/x"/>'
        f'<link rel="alternate" href="{ARTICLE}"/><published>2025-04-30T14:12:45+07:00</published>'
        "<updated>2025-05-02T00:00:00Z</updated></entry></feed>"
    )
    reading = read("feed", atom)
    assert reading.candidates[0].title == "KPK & BPK"
    assert reading.candidates[0].published == "2025-04-30T14:12:45+07:00"
    assert reading.older == "https://kabar.example/feeds/posts/default?start-index=26"


def test_an_rdf_feed_is_read() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<item rdf:about="{ARTICLE}"><title>Judul</title><link>{ARTICLE}</link>'
        "<dc:date>2025-04-30T14:12:45+07:00</dc:date></item></rdf:RDF>"
    )
    assert read("feed", rdf).candidates[0].published == "2025-04-30T14:12:45+07:00"


def urlset(*entries: str, head: str = "<urlset>") -> str:
    return f"{head}{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>"


NEWS = (
    f"<image:image><image:loc>https://kabar.example/x.jpg</image:loc><image:title>Foto"
    f"</image:title></image:image><loc>{ARTICLE}</loc><news:news><news:publication>"
    "<news:name>Kabar</news:name></news:publication><news:publication_date>2025-04-30T14:12+07:00"
    "</news:publication_date><news:title>KPK tahan bupati</news:title></news:news>"
)


@pytest.mark.parametrize(
    "head",
    [
        "<urlset>",
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        '\n<?xml version="1.0"?><urlset xmlns="https://salah.example/0.9"'
        ' xmlns:news="https://salah.example/news" xmlns:image="x">',
    ],
)
def test_a_news_sitemap_is_read_whatever_its_namespaces(head: str) -> None:
    found = read("sitemap", urlset(NEWS, head=head)).candidates
    assert [(c.fetch_url, c.title, c.published) for c in found] == [
        (ARTICLE, "KPK tahan bupati", "2025-04-30T14:12+07:00")
    ]


def test_a_plain_sitemap_gives_its_newest_pages_first_and_claims_no_date() -> None:
    entries = [
        f"<loc>https://kabar.example/satu-dua-tiga-{n}/</loc><lastmod>2025-0{n}-01</lastmod>"
        for n in (1, 3, 2)
    ]
    found = read("sitemap", urlset(*entries)).candidates
    assert [c.url[-1] for c in found] == ["3", "2", "1"]
    assert {c.published for c in found} == {None}
    assert read("sitemap", urlset(*entries)).changed[found[0].url] == "2025-03-01"


def test_a_packed_sitemap_is_unpacked_within_bounds() -> None:
    assert read("sitemap", gzip.compress(urlset(NEWS).encode())).candidates
    with pytest.raises(UnreadableSource, match="over 50,000,000 bytes"):
        read("sitemap", gzip.compress(b" " * 60_000_000, 1))
    with pytest.raises(UnreadableSource, match="not a packed sitemap"):
        read("sitemap", b"\x1f\x8bxxxxxxxxxxxx")


def test_an_index_names_news_first_and_terms_last() -> None:
    names = ["category", "post", "post2", "author", "news"]
    rows = "".join(
        f"<sitemap><loc>/{name}-sitemap.xml</loc><lastmod>2025-01-0{n + 1}</lastmod></sitemap>"
        for n, name in enumerate(names)
    )
    rows += "<sitemap><loc>https://lain.example/post-sitemap.xml</loc></sitemap>"
    reading = read("sitemap", f"<sitemapindex>{rows}</sitemapindex>")
    assert [url.rpartition("/")[2].partition("-")[0] for url in reading.sitemaps] == [
        "news",
        "post2",
        "post",
        "author",
        "category",
    ]


@pytest.mark.parametrize("body", ["", "<html><body>404</body></html>", "bukan xml", "<urlset"])
def test_what_is_no_sitemap_is_told(body: str) -> None:
    if body == "<urlset":
        assert read("sitemap", body).candidates == ()
        return
    with pytest.raises(UnreadableSource, match="not a sitemap"):
        read("sitemap", body)


def test_an_entity_in_a_sitemap_reads_no_file() -> None:
    head = '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset>'
    found = read("sitemap", urlset(f"<loc>{ARTICLE}</loc><title>&x;</title>", head=head)).candidates
    assert [candidate.title for candidate in found] == [None]


def test_a_listing_gives_its_main_column_and_its_next_page() -> None:
    page = f"""
      <body class="right-sidebar">
      <nav><h2 class="entry-title"><a href="/menu-a-b-c/">M</a></h2></nav>
      <main><h2 class="entry-title"><a href="{ARTICLE}"> KPK tahan\n bupati </a></h2>
      <h2 class="entry-title"><a href="/foto-a-b-c/" title="Judul foto"><img></a></h2>
      <div class="nav-links"><a class="page-numbers" href="/page/2/">2</a>
      <a class="next page-numbers" href="/page/2/">Berikutnya</a></div></main>
      <aside><h3 class="entry-title"><a href="/samping-a-b-c/">S</a></h3></aside>
      <div class="widget-area"><h3 class="entry-title"><a href="/populer-a-b-c/">P</a></h3></div>
    """
    reading = read("listing", page)
    assert [c.title for c in reading.candidates] == ["KPK tahan bupati", "Judul foto"]
    assert reading.older == "https://kabar.example/page/2/"


def test_a_bacakoran_listing_skips_categories_and_the_sidebar() -> None:
    home = "https://contohpos.bacakoran.co/"
    outlet = Outlet(slug="c", name="C", home=home, family="bacakoran", province="16")
    page = """
      <div class="media-content"><p class="text-uppercase"><a href="/kategori/5/kota">KOTA</a></p>
      <h2 class="media-heading"><a href="/read/24321/wakil-wali-kota">Rakor KPK</a></h2></div>
      <div class="sidebar"><h4 class="media-heading"><a href="/read/9/lama">Lama</a></h4></div>
      <ul class="pagination"><li class="active"><a>1</a></li>
      <li><a href="/30" data-ci-pagination-page="2" rel="next">2</a></li></ul>
    """
    reading = read("listing", page, outlet, home)
    assert [c.url for c in reading.candidates] == [f"{home}read/24321/wakil-wali-kota"]
    assert reading.older == f"{home}30"


def test_antaras_pager_is_read_from_the_hosts_root() -> None:
    home = "https://contoh.antaranews.example/"
    outlet = Outlet(slug="c", name="C", home=home, family="antara", province="18")
    page = """
      <article class="simple-post"><header><h3><a href="/berita/7/kpk-rakor">KPK</a></h3></header>
      </article><ul class="pagination"><li class="active"><a href="#">2</a></li>
      <li><a href="terkini/3" aria-label="Next">»</a></li></ul>
    """
    assert read("listing", page, outlet, f"{home}terkini/2").older == f"{home}terkini/3"


def test_a_listing_without_articles_is_told() -> None:
    with pytest.raises(UnreadableSource, match="no links to articles"):
        read("listing", "<h1>Beranda</h1>")


def test_the_listings_of_the_recordings_are_read() -> None:
    for slug, date in (("prabumulihpos", "2025-11-14"), ("sumateraekspres", "2024-08-14")):
        folder = FIXTURES / slug / date
        answers = json.loads((folder / "responses.json").read_text())["responses"]
        home = next(a for a in answers if a["url"].endswith(".co/"))
        outlet = Outlet(slug=slug, name="", home=home["url"], family="bacakoran", province="16")
        assert len(read("listing", (folder / home["file"]).read_bytes(), outlet).candidates) >= 3


def test_the_posts_of_wordpress_are_read() -> None:
    post = {
        "id": 7,
        "date": "2025-04-30T14:12:45",
        "date_gmt": "2025-04-30T07:12:45",
        "link": ARTICLE,
        "title": {"rendered": "KPK &#8220;tahan&#8221; bupati"},
        "excerpt": {"rendered": "<p>KPK menahan bupati. [&hellip;]</p>\n"},
    }
    local = {"link": "/a-b-c-d/", "date": "2025-04-30T14:12:45", "date_gmt": "0000-00-00T00:00:00"}
    found = read("wp_rest", json.dumps([post, local, {"link": None}, "x"])).candidates
    assert [(c.title, c.published, c.summary) for c in found] == [
        ("KPK “tahan” bupati", "2025-04-30T07:12:45Z", "KPK menahan bupati. […]"),
        (None, "2025-04-30T14:12:45", None),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"code":"rest_forbidden","message":"Maaf, tidak boleh."}', "Maaf, tidak boleh"),
        ("<html>", "not a list of posts"),
        ("[" * 100_000, "not a list of posts"),
        ('[{"link": "https://lain.example/x"}]', "none of its 1 posts"),
    ],
)
def test_what_is_no_list_of_posts_is_told(body: str, words: str) -> None:
    with pytest.raises(UnreadableSource, match=words):
        read("wp_rest", body)


def test_the_sites_feed_goes_before_those_of_categories_and_comments_are_none() -> None:
    links = [
        ("Kabar » Umpan Komentar", "/comments/feed/"),
        ("Kabar » Kategori Hukum", "/category/hukum/feed/"),
        ("Kabar » Feed Komentar", "/beranda/feed/"),
        ("Kabar", "/feed/"),
        ("Posts", "https://www.kabar.example/feeds/posts/default"),
        ("Comments", "/feeds/7/comments/default"),
        ("Kabar", "https://lain.example/feed/"),
    ]
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'
        for title, href in links
    )
    assert declared_feeds(head.encode(), "text/html", HOME, KABAR) == (
        "https://kabar.example/feed/",
        "https://www.kabar.example/feeds/posts/default",
        "https://kabar.example/category/hukum/feed/",
    )
    assert declared_feeds(b"%PDF-1.7", "", HOME, KABAR) == ()


def outlet_of(family: str) -> Outlet:
    return Outlet(slug="x", name="X", home=HOME, family=family, province="31")


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from((*SOURCE_KINDS, "lain")),
    family=st.sampled_from(FAMILIES),
    body=st.binary(max_size=400),
)
def test_any_bytes_are_read_or_refused(kind: str, family: str, body: bytes) -> None:
    outlet = outlet_of(family)
    try:
        assert isinstance(read(kind, body, outlet), SourceReading)
    except UnreadableSource as error:
        assert "\n" not in str(error)


WHOLE = {
    "feed": rss(item(title="KPK", guid=ARTICLE, summary="<![CDATA[<p>x</p>]]>"), item()).encode(),
    "sitemap": urlset(NEWS, NEWS, head='<?xml version="1.0" encoding="utf-8"?><urlset>').encode(),
    "listing": b'<h2 class="entry-title"><a href="/a-b-c-d/">x</a></h2><a rel="next" href="/2">',
    "wp_rest": b'[{"link": "/a-b-c-d/", "title": {"rendered": "x"}, "date": "2025"}]',
}


@settings(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from(SOURCE_KINDS),
    cuts=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 30), st.binary(max_size=6))),
)
def test_a_mangled_source_is_read_or_refused(kind: str, cuts: list[tuple[int, int, bytes]]) -> None:
    body = WHOLE[kind]
    for place, length, junk in cuts:
        body = body[:place] + junk + body[place + length :]
    try:
        assert isinstance(read(kind, body), SourceReading)
    except UnreadableSource as error:
        assert "\n" not in str(error)


@pytest.fixture(scope="module")
def passes() -> Iterator[Passes]:
    with passes_process() as process:
        yield process


def found_source(
    passes: Passes, folder: Path, pages: Mapping[str, str], **keys: Any
) -> tuple[list[tuple[str, str, int]], list[str]]:
    """The sources one pass over an outlet with these pages keeps, and the paths it asked for."""
    outlet = {"slug": "kabar", "name": "Kabar", "home": HOME, "family": "wordpress"}
    outlet |= {"province": "31", "delay": 0.0, **keys}

    def answer(host: str, path: str) -> Page:
        body = pages.get(path)
        return Page(b"", 404) if body is None else Page(body.encode())

    with LocalWeb(answer) as web:
        passes.order(db=folder / "pantau.db", outlet=outlet, port=web.port)
        asked = web.paths()
    with closing(open_store(folder / "pantau.db")) as db:
        sources = known_sources(db, "kabar")
    return [(s.kind, s.url.removeprefix(HOME), s.items) for s in sources], asked


DECLARED = '<link rel="alternate" type="application/rss+xml" href="/umpan">'
ROBOTS = f"User-agent: *\nSitemap: {HOME}peta.xml\nSitemap: {HOME}peta-news.xml\n"


def test_a_declared_feed_is_kept_and_nothing_else_is_probed(passes: Passes, tmp_path: Path) -> None:
    pages = {"/robots.txt": ROBOTS, "/": DECLARED, "/umpan": rss(item()), "/peta.xml": "<urlset/>"}
    sources, asked = found_source(passes, tmp_path, pages)
    assert sources == [("feed", "umpan", 1)]
    assert asked[:3] == ["/robots.txt", "/", "/umpan"]
    assert "/peta.xml" not in asked and "/peta-news.xml" not in asked


def test_the_sitemaps_robots_txt_names_are_probed_before_anything_is_guessed(
    passes: Passes, tmp_path: Path
) -> None:
    index = "<sitemapindex><sitemap><loc>/isi.xml</loc></sitemap></sitemapindex>"
    pages = {"/robots.txt": ROBOTS, "/": "<h1>Kabar</h1>", "/peta.xml": index}
    sources, asked = found_source(passes, tmp_path, {**pages, "/isi.xml": urlset(NEWS)})
    assert sources == [("sitemap", "peta.xml", 1)]
    assert asked[:5] == ["/robots.txt", "/", "/peta-news.xml", "/peta.xml", "/isi.xml"]


def test_a_feed_that_names_only_the_home_page_gives_way_to_the_listing(
    passes: Passes, tmp_path: Path
) -> None:
    home = DECLARED + '<h2 class="entry-title"><a href="/a-b-c-d/">KPK</a></h2>'
    pages = {"/": home, "/umpan": rss(item(link=HOME, guid=HOME))}
    sources, asked = found_source(passes, tmp_path, pages)
    assert sources == [("listing", "", 1)]
    assert asked.count("/") == 1


def test_a_named_list_of_posts_is_asked_and_nothing_is_probed(
    passes: Passes, tmp_path: Path
) -> None:
    path = "/wp-json/wp/v2/posts"
    named = [("wp_rest", f"{HOME}{path[1:]}")]
    sources, asked = found_source(
        passes, tmp_path, {path: json.dumps([{"link": ARTICLE}])}, sources=named
    )
    assert sources == [("wp_rest", path[1:], 1)]
    assert "/" not in asked


def test_an_outlet_that_is_left_alone_is_not_even_asked_for_its_robots_txt(
    passes: Passes, tmp_path: Path
) -> None:
    pages = {"/": DECLARED, "/umpan": rss(item())}
    assert found_source(passes, tmp_path, pages, terms="off") == ([], [])

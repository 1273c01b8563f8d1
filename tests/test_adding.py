"""A missed article, added by hand: the same path as in a crawl, and words for what became of it."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.cases import case_of
from crawler.explanation import why_not
from crawler.outlets import Outlet
from crawler.relevance import judge
from crawler.terms import load_vocabulary
from scheduler.commands.adding import chosen
from store.case_records import CaseEvidence, CaseTerm
from store.cases import confirm, record
from store.database import open_store
from store.frontier import discover
from store.outlets import sync_outlets
from store.records import Article, Candidate, OutletRow
from tests.live_pass import article_page
from tests.local_web import LocalWeb, Page
from tests.pantau import pantau
from tests.passes import Passes, passes_process
from tests.test_store_samples import NOW

HOME = "https://kabar.example/"
OUTLET = {
    "slug": "kabar",
    "name": "Kabar",
    "home": HOME,
    "family": "wordpress",
    "province": "31",
    "delay": 0.0,
}
VOCABULARY = load_vocabulary()
MATHS = (
    "<h1>Siswa SD belajar FPB dan KPK</h1><article><p>Guru mengajarkan kelipatan persekutuan "
    "terkecil (KPK) dan FPB kepada siswa kelas lima di sekolah dasar itu dengan permainan.</p>"
    "<p>Permainan itu membuat siswa senang belajar berhitung bersama teman-temannya.</p></article>"
)
HARVEST = (
    "<h1>Panen raya di Desa Contoh</h1><article><p>Petani memanen padi di sawah yang luas sekali "
    "dan hasilnya lebih banyak daripada tahun lalu, kata kepala desa di balai desa.</p></article>"
)
TRIAL = (
    "<h1>Sidang mantan bupati ditunda</h1><article><p>Sidang perkara suap izin pasar dengan "
    "terdakwa mantan Bupati Muara Contoh Rahmat Wiradinata ditunda sepekan karena saksi sakit.</p>"
    "<p>Jaksa menyanggupi menghadirkan lima saksi pada sidang pekan depan di pengadilan.</p>"
    "</article>"
)
PAGES = {
    "/sidang-mantan-bupati-ditunda/": Page(TRIAL.encode()),
    "/kpk-menahan-bupati-contoh/": Page(article_page().encode()),
    "/siswa-belajar-fpb-dan-kpk/": Page(MATHS.encode()),
    "/panen-raya-di-desa-contoh/": Page(HARVEST.encode()),
    "/rusak-sementara-di-server/": Page(b"", 500),
    "/rahasia-dapur-redaksi-kpk/": Page(article_page().encode()),
    "/robots.txt": Page(b"User-agent: *\nDisallow: /rahasia\n"),
}


@dataclass
class Desk:
    """A database, and the web of one outlet in it."""

    passes: Passes
    db: Path
    web: LocalWeb

    def add(self, path: str, **keys: Any) -> dict[str, Any]:
        outlet = {**OUTLET, **keys}
        url = path if "://" in path else HOME.rstrip("/") + path
        return self.passes.order(db=self.db, outlet=outlet, port=self.web.port, url=url)

    def titles(self) -> list[str]:
        with closing(open_store(self.db)) as db:
            return [row["title"] for row in db.conn.execute("SELECT title FROM articles")]


@pytest.fixture(scope="module")
def passes() -> Iterator[Passes]:
    with passes_process() as process:
        yield process


@pytest.fixture
def desk(tmp_path: Path, passes: Passes) -> Iterator[Desk]:
    with LocalWeb(lambda host, path: PAGES.get(path.partition("?")[0], Page(b"", 404))) as web:
        yield Desk(passes, tmp_path / "pantau.db", web)


def test_a_missed_article_is_stored_by_the_same_path(desk: Desk) -> None:
    found = desk.add("/kpk-menahan-bupati-contoh/?utm_source=wa#komentar")
    assert (found["ending"], found["new"]) == ("article", True)
    assert desk.titles() == [found["title"]] == ["KPK menahan Bupati Contoh"]
    # robots.txt is asked first, the outlet's sources not at all.
    assert desk.web.paths() == ["/robots.txt", "/kpk-menahan-bupati-contoh/?utm_source=wa"]


def test_an_article_that_is_known_is_not_stored_twice(desk: Desk) -> None:
    desk.add("/kpk-menahan-bupati-contoh/")
    again = desk.add("/kpk-menahan-bupati-contoh/?amp=1")
    assert (again["ending"], again["new"]) == ("article", False)
    assert desk.titles() == ["KPK menahan Bupati Contoh"]


def test_a_page_on_something_else_is_explained_and_not_kept(desk: Desk) -> None:
    maths = desk.add("/siswa-belajar-fpb-dan-kpk/")
    assert (maths["ending"], desk.titles()) == ("off_topic", [])
    assert "mean something else here (trap.maths" in maths["words"][0]
    harvest = desk.add("/panen-raya-di-desa-contoh/")
    assert (harvest["ending"], "names the KPK" in harvest["words"][0]) == ("off_topic", True)


def test_an_item_of_a_case_is_explained_as_one(desk: Desk) -> None:
    terms = (CaseTerm("person", "rahmat wiradinata"), CaseTerm("office", "bupati: muara contoh"))
    lesson = CaseEvidence("suap", "Suap", terms, f"{HOME}x", NOW.date())
    with closing(open_store(desk.db)) as db:
        record(db, [lesson], case_of, None, NOW)
        confirm(db, 1, "penguji", NOW)
    found = desk.add("/sidang-mantan-bupati-ditunda/", only_dateline=("Wartain Banten",))
    assert (found["ending"], desk.titles()) == ("off_topic", [])
    assert "not of this desk" in found["words"][0]


def test_what_could_not_be_fetched_is_told_and_waits_in_the_frontier(desk: Desk) -> None:
    assert "HTTP 500" in desk.add("/rusak-sementara-di-server/")["words"][0]
    assert desk.add("/tidak-ada-di-sini-lagi/")["ending"] == "gone"
    assert desk.add("/rahasia-dapur-redaksi-kpk/")["ending"] == "refused_robots"
    assert "/rahasia-dapur-redaksi-kpk/" not in desk.web.paths()
    with closing(open_store(desk.db)) as db:
        states = dict(db.conn.execute("SELECT ending, state FROM pages").fetchall())
    assert states == {"failed": "discovered", "gone": "gone", "refused_robots": "refused"}


def test_the_gate_stands_before_an_added_address_too(desk: Desk) -> None:
    for url in (
        "https://orang:sandi@kabar.example/a-b-c-d/",
        "https://kabar.example:8443/a-b-c-d/",
    ):
        assert desk.add(url)["ending"] == "refused_gate"
    assert desk.web.paths() in ([], ["/robots.txt"])


def test_an_outlet_that_is_left_alone_is_not_asked(desk: Desk) -> None:
    found = desk.add("/kpk-menahan-bupati-contoh/", terms="off")
    assert (found["ending"], desk.web.paths()) == ("refused_gate", [])
    assert 'terms = "off"' in found["words"][0]


def test_where_only_the_feed_may_be_kept_no_page_is_fetched(desk: Desk) -> None:
    found = desk.add("/kpk-menahan-bupati-contoh/", terms="metadata-only")
    assert (found["ending"], desk.web.paths()) == ("refused_gate", [])
    url = f"{HOME}kpk-menahan-bupati-contoh"
    with closing(open_store(desk.db)) as db:
        discover(
            db, "kabar", [Candidate(url, url, "KPK tahan bupati", summary="KPK menahan.")], NOW
        )
    found = desk.add("/kpk-menahan-bupati-contoh/", terms="metadata-only")
    assert (found["ending"], desk.titles()) == ("article", ["KPK tahan bupati"])
    assert "/kpk-menahan-bupati-contoh/" not in desk.web.paths()


def test_a_page_that_was_set_aside_is_tried_again(desk: Desk) -> None:
    url = f"{HOME}kpk-menahan-bupati-contoh"
    with closing(open_store(desk.db)) as db:
        row = OutletRow("kabar", "Kabar", HOME, "wordpress", "31", "Asia/Jakarta")
        sync_outlets(db, [row], NOW)
        discover(db, "kabar", [Candidate(url, url)], NOW)
        db.conn.execute("UPDATE pages SET state = 'quarantined', attempts = 5")
    assert desk.add("/kpk-menahan-bupati-contoh/")["ending"] == "article"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://bukan-katalog.example/a/", "no outlet has this host"),
        ("bukan alamat", "no outlet has this host"),
        ("http://[", "not an address"),
    ],
)
def test_an_address_of_no_outlet_is_refused_in_one_line(
    tmp_path: Path, url: str, words: str
) -> None:
    with pytest.raises(ArgumentTypeError, match=words):
        chosen(url, tmp_path / "pantau.db")


def test_the_command_takes_an_address_and_no_local_web(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    process = pantau("add", "https://bukan-katalog.example/a/", db=db)
    assert (process.returncode, process.stderr.count("\n")) == (2, 1)
    assert not db.exists()
    process = pantau("add", f"{HOME}a/", "--map", "kabar.example=127.0.0.1:1", db=db)
    assert process.returncode == 2


def test_the_command_says_why_nothing_could_be_fetched(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    keys = 'name = "Lokal"\nhome = "http://localhost/"\nfamily = "wordpress"\nprovince = "31"\n'
    (tmp_path / "outlets" / "lokal.toml").write_text(keys)
    process = pantau("add", "http://localhost/kpk-tahan-bupati/", db=tmp_path / "pantau.db")
    assert process.returncode == 1
    assert "the gate refuses localhost" in process.stderr
    assert process.stderr.splitlines()[-1].startswith("pantau: https://localhost/kpk-tahan-bupati")


def article(title: str, *paragraphs: str) -> Article:
    judged = judge(title, paragraphs, VOCABULARY, date(2025, 5, 1))
    return Article(
        title, "\n".join(paragraphs), NOW, NOW.date(), "day", "meta", relevance=judged.relevance
    )


@pytest.mark.parametrize(
    ("title", "text", "words"),
    [
        ("Panen raya", "Petani memanen padi.", "Neither title nor text names the KPK"),
        ("Siswa belajar FPB dan KPK", "Kelipatan persekutuan terkecil (KPK).", "something else"),
        ("KPK Malaysia tahan menteri", "KPK Malaysia menahan menteri.", "not Indonesia's KPK"),
        ("Rakor KPK", "KPK menggelar rakor.", "not of this desk"),
    ],
)
def test_each_reason_why_not_has_its_words(title: str, text: str, words: str) -> None:
    outlet = Outlet("x", "X", HOME, "wordpress", "36", only_dateline=("Wartain Banten",))
    found = why_not(article(title, text), VOCABULARY, outlet)
    assert words in found[0]
    assert why_not(None, VOCABULARY, outlet)


@settings(max_examples=100, deadline=None)
@given(title=st.text(max_size=60), text=st.text(max_size=200))
def test_any_text_is_explained(title: str, text: str) -> None:
    outlet = Outlet("x", "X", HOME, "wordpress", "36")
    assert why_not(article(title, text), VOCABULARY, outlet)

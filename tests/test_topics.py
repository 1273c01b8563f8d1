"""Topics beside the KPK: off unless switched on, told by their own words, written by users."""

from __future__ import annotations

import html
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.configuration import ConfigurationError, load_configuration
from crawler.outlets import Outlet
from crawler.reading import Occasion, PageReading, Tools, load_tools, read_text
from crawler.rejudging import rejudged
from crawler.relevance import judge
from crawler.rescoring import rules_version
from crawler.term_keys import ANCHORS, VocabularyError
from crawler.topics import ONLY_KPK, active_topics, known_topics, load_topic
from scheduler.commands.alerting import wanted
from scheduler.parser import build_parser
from store.case_records import Case, CaseTerm
from store.database import open_store
from store.records import Article, Candidate
from tests.local_web import FIXTURES
from tests.pantau import json_lines, pantau

NOW = datetime(2025, 6, 10, 3, tzinfo=UTC)
ON = date(2025, 6, 10)
OUTLET = Outlet("contoh", "Contoh", "https://contoh.example/", "wordpress", "16")
URL = "https://contoh.example/judul-berita"
OPINION = (
    "Pemkab Randu Raih Opini WTP Kesepuluh",
    "RANDU - Bupati menerima LHP atas LKPD 2024 dari Badan Pemeriksa Keuangan (BPK) Perwakilan "
    "Sumatera Selatan.\nOpini Wajar Tanpa Pengecualian itu yang kesepuluh.",
)
BOTH = (
    "KPK Tahan Bupati Randu",
    "RANDU - KPK menahan bupati, Rabu.\nKasus itu bermula dari temuan BPK, dan BPK menyerahkan "
    "hasil auditnya kepada penyidik.",
)
NAMED_BY_THE_WAY = (
    "BPK Temukan Kelebihan Bayar di Dinas PUPR",
    "RANDU - BPK menemukan kekurangan volume pada 12 paket pekerjaan jalan.\nKepala dinas berjanji "
    "menyetor.\nBPK memberi waktu 60 hari.\nMasyarakat menunggu.\nProyek selesai tahun lalu.\n"
    "Ia menampik kabar bahwa hal itu pernah dilaporkan ke KPK.",
)
OWN = """\
[topic]
name = "KPKNL"
borrow = ["pemda"]

[[term]]
id = "kpknl"
kind = "entity"
forms = ["KPKNL"]
"""


@pytest.fixture(scope="module")
def alone() -> Tools:
    return load_tools()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    return load_tools(active_topics(tmp_path_factory.mktemp("desk"), ["bpk"]))


def read(tools: Tools, item: Sequence[str], cases: tuple[Case, ...] = ()) -> PageReading:
    hint = Candidate(URL, URL, published="2025-06-09T09:00:00+07:00")
    return read_text(item[0], item[1], Occasion(OUTLET, hint, NOW, cases), tools)


def found(tools: Tools, item: Sequence[str]) -> Article:
    article = read(tools, item).article
    assert article is not None
    return article


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_only_the_kpk_is_looked_for_by_default(tmp_path: Path, alone: Tools) -> None:
    assert active_topics(tmp_path) == ONLY_KPK
    assert list(known_topics(tmp_path)) == ["kpk", "bpk"]
    assert read(alone, OPINION).ending == "off_topic"
    assert not alone.prefilter.may_matter(b"<p>Pemkab raih opini WTP dari BPK</p>")


def test_an_item_about_the_second_topic_is_kept_with_its_reasons_and_tags(both: Tools) -> None:
    reading = read(both, OPINION)
    article = found(both, OPINION)
    assert (reading.ending, article.topic, article.relevance) == ("article", "bpk", "about")
    assert {"bpk.full:acting", "opini"} & {reason.rule for reason in article.reasons}
    for reason in article.reasons:
        text = article.title
        if reason.paragraph is not None:
            text = article.text.split("\n")[reason.paragraph]
        assert text[reason.start : reason.end] in reason.quote
    tags = {(tag.kind, tag.slug) for tag in article.tags}
    assert {("programme", "opini"), ("programme", "lhp"), ("korsup", "korsup-ii")} <= tags


@pytest.mark.parametrize("item", [BOTH, NAMED_BY_THE_WAY, OPINION, ("KPK", "KPK hadir.")])
def test_what_is_about_the_kpk_reads_the_same_whatever_else_is_on(
    item: tuple[str, str], alone: Tools, both: Tools
) -> None:
    kpk, together = read(alone, item), read(both, item)
    assert kpk.article is not None
    if kpk.article.relevance == "about":
        assert together == kpk
    assert together.evidence == kpk.evidence


def test_of_two_topics_the_stronger_has_the_article_and_the_kpk_where_they_are_equal(
    alone: Tools, both: Tools
) -> None:
    assert found(both, BOTH).topic == "kpk"
    assert found(alone, NAMED_BY_THE_WAY).relevance == "mentions"
    stronger = found(both, NAMED_BY_THE_WAY)
    assert (stronger.topic, stronger.relevance) == ("bpk", "about")
    assert not any(reason.rule.startswith("kpk") for reason in stronger.reasons)
    equal = ("Panen Raya", "Petani panen.\nIrigasi dipantau inspektorat, BPK dan KPK.")
    assert (found(both, equal).topic, found(both, equal).relevance) == ("kpk", "mentions")


def test_an_article_of_another_topic_teaches_no_case(both: Tools) -> None:
    arrested = (
        "BPK Ungkap Suap Anggota Auditornya",
        "RANDU - BPK mengungkap suap. Bupati Randu Sulaiman Wirakarta ditetapkan sebagai tersangka "
        "dan ditahan.\nBPK menyerahkan hasil audit itu.",
    )
    reading = read(both, arrested)
    assert reading.article is not None
    assert (reading.article.topic, reading.evidence) == ("bpk", ())


def test_an_item_of_an_active_case_is_the_kpks(both: Tools) -> None:
    terms = (
        CaseTerm("person", "sulaiman wirakarta"),
        CaseTerm("office", "bupati: randu"),
        CaseTerm("region", "randu"),
        CaseTerm("affair", "fee proyek irigasi"),
    )
    case = Case("irigasi-randu", "Irigasi Randu", terms, date(2025, 5, 1), date(2025, 6, 1))
    trial = (
        "Sidang Eks Bupati Randu, Auditor BPK Jadi Saksi",
        "RANDU - Terdakwa Sulaiman Wirakarta menjalani sidang perkara fee proyek irigasi.\n"
        "Auditor BPK memberi keterangan di depan majelis hakim.",
    )
    assert found(both, trial).topic == "bpk"
    article = read(both, trial, (case,)).article
    assert article is not None
    assert (article.topic, article.relevance) == ("kpk", "about")
    assert article.reasons[0].rule.startswith("case:")


def test_a_stored_article_is_judged_again_for_all_topics(alone: Tools, both: Tools) -> None:
    occasion = Occasion(OUTLET, Candidate(URL, URL), NOW)
    article = found(both, OPINION)
    assert rejudged(article, occasion, both).topic == "bpk"
    off = rejudged(article, occasion, alone)
    assert (off.topic, off.relevance) == ("kpk", "not")


@pytest.mark.parametrize(
    ("title", "text", "relevance"),
    [
        ("DPRD Bahas LHP BPK", "DPRD membentuk pansus untuk membahas LHP BPK.", "about"),
        ("Auditor Negara Soroti Aset", "Auditor negara menyoroti aset pemkot.", "about"),
        ("Raih WTP", "Pemprov menerima opini WTP atas laporan keuangan 2024.", "about"),
        ("Bupati Serahkan LKPD", "Bupati menyerahkan LKPD unaudited kepada BPK.", "about"),
        ("Petugas BPK Gadungan Ditangkap", "Pria itu mengaku sebagai auditor BPK.", "mentions"),
        ("Relawan BPK Padamkan Api", "Barisan Pemadam Kebakaran (BPK) tiba.", "not"),
        ("Siswa SMAK BPK Penabur Juara", "Siswa BPK Penabur meraih emas.", "not"),
        ("Menikmati BPK", "Rumah makan itu menyajikan babi panggang Karo (BPK).", "not"),
        ("Pameran di BPK Wilayah IV", "Balai Pelestarian Kebudayaan (BPK) berpameran.", "not"),
        ("Ketua BPK Dilantik", "Badan Permusyawaratan Kampung (BPK) dilantik camat.", "not"),
        ("BPKAD dan BPKP Rapat", "BPKAD dan BPKP membahas risiko.", "not"),
        ("Mengenang Bpk. Sutrisno", "Bpk Sutrisno wafat kemarin.", "not"),
        ("PDAM Bangun WTP", "Water treatment plant (WTP) itu dibangun PDAM.", "not"),
        ("Baznas Raih WTP", "Opini WTP diberikan Kantor Akuntan Publik.", "not"),
        ("Guru Susun LKPD", "Lembar kerja peserta didik (LKPD) dibagikan.", "not"),
    ],
)
def test_the_second_topic_is_told_from_what_looks_like_it(
    title: str, text: str, relevance: str, both: Tools
) -> None:
    assert judge(title, [text], both.others[0].vocabulary, ON).relevance == relevance


FORMS = [
    form
    for file in known_topics(Path("tidak-ada")).values()
    for term in load_topic(file).vocabulary.anchors
    for form in term.forms
]
FILL = st.sampled_from(["rapat bupati", "audit anggaran", "temuan pemeriksaan", "panen raya"])


@settings(max_examples=200, deadline=None)
@given(words=st.lists(st.one_of(st.sampled_from(FORMS), FILL), min_size=1, max_size=4))
def test_the_prefilter_skips_nothing_that_any_topic_could_keep(
    words: list[str], both: Tools
) -> None:
    text = " ".join(words)
    vocabularies = [both.vocabulary, *(topic.vocabulary for topic in both.others)]
    if any(judge(text, [text], each, ON).relevance != "not" for each in vocabularies):
        page = f"<p>{html.escape(text).replace(' ', '&nbsp;')}</p>"
        assert both.prefilter.may_matter(page.encode())


def test_a_users_words_are_laid_over_a_topic(tmp_path: Path) -> None:
    off = '[[term]]\nid = "opini"\noff = true\n'
    overlay = write(tmp_path, "vocabulary-bpk.toml", off)
    file = known_topics(tmp_path)["bpk"]
    assert file.overlay == overlay
    assert "opini" not in {term.id for term in load_topic(file).vocabulary.terms}


def test_a_topic_borrows_what_is_shipped_and_can_be_met(tmp_path: Path) -> None:
    text = OWN.replace('["pemda"]', '["rakor", "tersangka", "other", "fake-officer", "ipkd.short"]')
    write(tmp_path, "topics/kpknl.toml", text)
    terms = {t.id: t for t in load_topic(known_topics(tmp_path)["kpknl"]).vocabulary.terms}
    assert {"kpknl", "rakor", "rakor.seen", "tersangka.word", "polri", "kejaksaan"} <= set(terms)
    assert terms["rakor.seen"].needs == ("entity",)  # of "entity", "mcp" and "mcsp"
    assert "ipkd.short" in terms and "mcp" not in terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OWN.replace('name = "KPKNL"\n', ""), r"kpknl\.toml: \[topic\], key 'name'"),
        (OWN.replace("borrow", "borow"), r"kpknl\.toml: \[topic\], unknown key 'borow'"),
        (OWN.replace('"pemda"', '"pmda"'), r"kpknl\.toml: \[topic\], key 'borrow': 'pmda'"),
        (OWN.replace('"pemda"', '"entity"'), r"key 'borrow': 'entity'"),
        (OWN.replace('["pemda"]', "3"), r"key 'borrow': give a list"),
        (OWN.partition("\n\n")[2], r"kpknl\.toml: has no \[topic\] table"),
        (OWN.partition("[[term]]")[0], r"kpknl\.toml: no term names the topic"),
        ("topic = 3\n", r"key 'topic' must be written as one \[topic\] table"),
        (OWN + "wieght = 1\n", r"kpknl\.toml: term 'kpknl', unknown key 'wieght'"),
        (OWN + "[[term\n", r"kpknl\.toml: is not valid TOML"),
    ],
)
def test_a_topics_file_that_cannot_be_used_is_named_with_its_remedy(
    tmp_path: Path, text: str, words: str
) -> None:
    write(tmp_path, "topics/kpknl.toml", text)
    write(tmp_path, "pantau.toml", 'topics = ["kpk", "kpknl"]\n')
    with pytest.raises(VocabularyError, match=words):
        active_topics(tmp_path)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('["kpk", "bkp"]', r"pantau\.toml: topics: there is no topic 'bkp'; known are kpk, bpk"),
        ('"bpk"', "must be a list of names"),
        ("[1]", "must be a list of names"),
        ('["kpk", "../bpk"]', "there is no topic"),
    ],
)
def test_a_wrong_switch_is_named_with_file_key_and_remedy(
    tmp_path: Path, value: str, words: str
) -> None:
    write(tmp_path, "pantau.toml", f"topics = {value}\n")
    with pytest.raises(ConfigurationError, match=words):
        active_topics(tmp_path)


def test_the_kpk_is_on_whatever_is_switched_on_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "pantau.toml", 'topics = ["bpk"]\n')
    assert [file.slug for file in active_topics(tmp_path)] == ["kpk", "bpk"]


@pytest.mark.parametrize("name", ["kpk.toml", "Dua Kata.toml"])
def test_a_file_that_no_topic_may_have_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"topics/{name}", OWN)
    with pytest.raises(ConfigurationError, match=name):
        known_topics(tmp_path)


def test_a_users_laid_over_file_has_no_topic_table(tmp_path: Path) -> None:
    write(tmp_path, "vocabulary.toml", OWN)
    with pytest.raises(VocabularyError, match="belongs in the topic's own file"):
        active_topics(tmp_path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("apa-saja")


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80))
def test_whatever_a_topics_file_holds_is_refused_in_words(folder: Path, text: str) -> None:
    write(folder, "topics/apa.toml", text)
    with pytest.raises(VocabularyError):
        load_topic(known_topics(folder)["apa"])


def test_the_rules_have_another_name_when_a_topic_is_switched_or_changed(tmp_path: Path) -> None:
    names = [rules_version(), rules_version(active_topics(tmp_path, ["bpk"]))]
    write(tmp_path, "vocabulary-bpk.toml", '[[term]]\nid = "opini"\noff = true\n')
    names.append(rules_version(active_topics(tmp_path, ["bpk"])))
    for extra in ("", "weight = 0.9\n"):
        write(tmp_path, "topics/kpknl.toml", OWN + extra)
        names.append(rules_version(active_topics(tmp_path, ["kpknl"])))
    assert len(set(names)) == len(names)
    assert rules_version(active_topics(tmp_path)) == names[0]


def test_every_shipped_topic_loads_and_names_itself() -> None:
    for file in known_topics(Path("tidak-ada")).values():
        topic = load_topic(file)
        kinds = {term.kind for term in topic.vocabulary.terms}
        assert "entity" in kinds & set(ANCHORS), file
        assert topic.name == topic.slug.upper()
    assert load_configuration(Path("tidak-ada")).topics == ("kpk",)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a user with a topic of their own, in which a recording was replayed."""
    folder = tmp_path_factory.mktemp("meja")
    write(folder, "topics/kpknl.toml", OWN)
    write(folder, "pantau.toml", 'topics = ["kpk", "kpknl"]\n')
    process = pantau("replay", FIXTURES / "kilaukelinjau", "--json", db=folder / "pantau.db")
    assert process.returncode == 0, process.stderr
    yield folder
    shutil.rmtree(folder)


def test_a_users_own_topic_is_found_by_a_crawl_and_listed_by_itself(desk: Path) -> None:
    db = desk / "pantau.db"
    own = json_lines(pantau("inbox", "--topic", "kpknl", "--json", db=db))
    assert [(item["topic"], item["relevance"]) for item in own] == [("kpknl", "about")]
    assert all(reason["rule"].startswith("kpknl") for reason in own[0]["reasons"])
    exported = json_lines(pantau("export", "--topic", "kpk", db=db))
    assert exported and {item["topic"] for item in exported} == {"kpk"}
    assert "[kpknl]" in pantau("inbox", db=db).stdout


def test_a_topic_that_is_switched_off_leaves_with_the_next_rescore(desk: Path) -> None:
    copy = desk.with_name("salinan")
    shutil.copytree(desk, copy)
    write(copy, "pantau.toml", 'topics = ["kpk"]\n')
    process = pantau("rescore", "--json", db=copy / "pantau.db")
    turned = json.loads(process.stdout)["turned"]
    assert [(flip["before"], flip["after"]) for flip in turned] == [("about", "not")]
    with closing(open_store(copy / "pantau.db")) as db:
        rows = db.conn.execute("SELECT DISTINCT topic FROM articles").fetchall()
    assert [row["topic"] for row in rows] == ["kpk"]


def test_extract_tries_a_topic_that_is_off(tmp_path: Path) -> None:
    line = json.dumps({"url": URL, "title": OPINION[0], "text": OPINION[1]})
    db = tmp_path / "pantau.db"
    tried = json_lines(pantau("extract", "-", "--jsonl", "--topic", "bpk", db=db, input=line))
    assert (tried[0]["ending"], tried[0]["topic"]) == ("article", "bpk")
    assert list(tmp_path.iterdir()) == []


def test_the_topics_are_listed_and_a_broken_one_is_named(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    listed = json_lines(pantau("topics", "--json", db=db))
    assert [(topic["topic"], topic["on"]) for topic in listed] == [("kpk", True), ("bpk", False)]
    write(tmp_path, "topics/rusak.toml", OWN + "forms = []\n")
    broken = pantau("topics", db=db)
    assert (broken.returncode, "rusak.toml" in broken.stderr) == (1, True)


def test_an_unknown_topic_is_wrong_use(tmp_path: Path) -> None:
    process = pantau("export", "--topic", "bkp", db=tmp_path / "pantau.db")
    assert process.returncode == 2
    assert process.stderr == "pantau: no topic 'bkp'; there are kpk, bpk\n"


def test_an_alert_may_tell_of_one_topic_only(tmp_path: Path) -> None:
    switches = ["alerts", "add", "lhp", "--channel", "redaksi", "--topic", "bpk"]
    args = build_parser().parse_args([*switches, "--db", str(tmp_path / "pantau.db")])
    assert wanted(args).chosen.topic == "bpk"


def test_a_broken_topic_stops_a_crawl_before_it_begins(tmp_path: Path) -> None:
    write(tmp_path, "pantau.toml", 'topics = ["kpk", "bkp"]\n')
    process = pantau("replay", FIXTURES / "kilaukelinjau", db=tmp_path / "pantau.db")
    assert process.returncode == 1
    assert "there is no topic 'bkp'" in process.stderr
    assert not (tmp_path / "pantau.db").exists()

"""Cases: items that never name the KPK are found by what items that do have taught."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.affairs import affairs_in, overlap, speaks_of, telling_words
from crawler.case_learning import learn
from crawler.case_reading import filed
from crawler.case_scores import CaseMatch
from crawler.case_spellings import key_of
from crawler.case_words import load_case_words
from crawler.cases import CaseReader, is_active, join, match
from crawler.names import companies_in, names_in
from crawler.passages import passages_of
from crawler.regions import load_gazetteer
from crawler.relevance import Judgement, judge
from crawler.tagging import tag
from crawler.terms import load_vocabulary
from store.case_records import Case, CaseEvidence, CaseTerm
from store.records import Article
from tests.pantau import json_lines, pantau

KPK = load_vocabulary()
WORDS = load_case_words()
REGIONS = load_gazetteer()
DATA = Path(__file__).parent / "data"
# Streams of every kind; and streams of names hard to read: of one word, in capitals, with titles
# and nicknames, spelt in several ways, and of places that begin like another.
ITEMS, NAMED = (
    [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]
    for name in ("case_streams.jsonl", "case_names.jsonl")
)
ON = date(2025, 3, 4)
URL = "https://kabar.example/1"
FIRST = (
    "KPK Tahan Bupati Muara Contoh dalam Kasus Suap Proyek Irigasi",
    "KPK menahan Bupati Muara Contoh, Rahmat Wiradinata (RW), dan Kepala Dinas PUPR Muara Contoh"
    " Yusman Halimsyah sebagai tersangka suap proyek irigasi.",
    "Direktur PT Karya Contoh Abadi, Lukas Bataradewa, juga ditahan.",
    '"Kami tahan 20 hari," kata Juru Bicara KPK Lukman Danuraja.',
)


def judged(title: str, paragraphs: Sequence[str], on: date = ON) -> Judgement:
    return judge(title, paragraphs, KPK, on)


def article(title: str, paragraphs: Sequence[str], judgement: Judgement, on: date) -> Article:
    return Article(
        title=title,
        text="\n".join(paragraphs),
        published_at=datetime(on.year, on.month, on.day, tzinfo=UTC),
        published_day=on,
        published_precision="day",
        published_source="meta",
        relevance=judgement.relevance,
        score=judgement.score,
        reasons=judgement.reasons,
        tags=tag(title, paragraphs, None, KPK, REGIONS, on),
    )


def taught(title: str, *paragraphs: str, on: date = ON) -> tuple[CaseEvidence, ...]:
    return learn(article(title, paragraphs, judged(title, paragraphs, on), on), URL, WORDS)


CASES = join((), taught(*FIRST))


def found(title: str, *paragraphs: str, on: date = ON, cases: Sequence[Case] = CASES) -> bool:
    assert judged(title, paragraphs, on).relevance != "about"
    return match(title, paragraphs, cases, on, WORDS) is not None


def streams() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name, items in groupby(ITEMS + NAMED, key=lambda item: str(item["stream"])):
        yield name, list(items)


def misses(items: Sequence[dict[str, Any]]) -> list[str]:
    """The items of a stream that end on the wrong side."""
    cases: tuple[Case, ...] = ()
    wrong = []
    for item in items:
        on, title, paragraphs = (
            date.fromisoformat(item["on"]),
            item["title"],
            item["text"].split("\n"),
        )
        judgement = judged(title, paragraphs, on)
        if judgement.relevance != "about":
            case = match(title, paragraphs, cases, on, WORDS)
            if case is not None:
                judgement = Judgement("about", case.score, case.reasons)
        if (judgement.relevance == "about") != (item["expect"] == "about"):
            wrong.append(f"{item['kind']}: {title}")
        read = article(title, paragraphs, judgement, on)
        cases = join(cases, learn(read, item["url"], WORDS))
    return wrong


@pytest.mark.parametrize(("name", "items"), list(streams()))
def test_a_stream_is_told_apart(name: str, items: list[dict[str, Any]]) -> None:
    assert misses(items) == []


def test_no_follow_up_names_the_kpk() -> None:
    for item in ITEMS + NAMED:
        if item["kind"] == "followup":
            text = f"{item['title']} {item['text']}".lower()
            assert "kpk" not in text
            assert "antirasuah" not in text


def test_the_command_learns_from_line_to_line(tmp_path: Path) -> None:
    given_items = [item for item in ITEMS if item["kind"] != "expired"]
    lines = "".join(
        json.dumps({key: item[key] for key in ("url", "title", "text")}) + "\n"
        for item in given_items
    )
    (tmp_path / "lines.jsonl").write_text(lines, "utf-8")
    db = tmp_path / "pantau.db"
    read = json_lines(pantau("extract", "--jsonl", "--stream", "lines.jsonl", db=db))
    assert [item["url"] for item in given_items] == [result["url"] for result in read]
    for item, result in zip(given_items, read, strict=True):
        assert (result["relevance"] == "about") == (item["expect"] == "about"), item["title"]
    told = [r for i, r in zip(given_items, read, strict=True) if i["kind"] in ("first", "followup")]
    assert all(any(tag["kind"] == "case" for tag in result["tags"]) for result in told)


def test_without_stream_no_case_is_learned(tmp_path: Path) -> None:
    items = [item for item in ITEMS if item["stream"] == "muara-lunas"][:2]
    (tmp_path / "lines.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
    read = json_lines(pantau("extract", "--jsonl", "lines.jsonl", db=tmp_path / "pantau.db"))
    assert [result["relevance"] for result in read] == ["about", "not"]


def test_stream_goes_with_jsonl(tmp_path: Path) -> None:
    process = pantau("extract", "--stream", "x.html", db=tmp_path / "pantau.db")
    assert process.returncode == 2
    assert "--jsonl" in process.stderr


def test_suspects_offices_matter_and_firm_are_learned() -> None:
    (lesson,) = taught(*FIRST)
    assert set(lesson.terms) >= {
        CaseTerm("person", "rahmat wiradinata"),
        CaseTerm("person", "yusman halimsyah"),
        CaseTerm("person", "lukas bataradewa"),
        CaseTerm("initials", "RW"),
        CaseTerm("office", "bupati: muara contoh"),
        CaseTerm("office", "kepala dinas: muara contoh"),
        CaseTerm("region", "muara contoh"),
        CaseTerm("affair", "proyek irigasi"),
        CaseTerm("company", "pt karya contoh abadi"),
    }
    assert "menahan Bupati Muara Contoh" in lesson.quote


def test_who_speaks_for_the_kpk_is_no_suspect() -> None:
    (lesson,) = taught(*FIRST)
    assert not any("danuraja" in term.form for term in lesson.terms)


def test_a_list_of_suspects_is_read() -> None:
    (lesson,) = taught(
        "KPK Tetapkan Tiga Tersangka Suap",
        "KPK menetapkan tiga orang sebagai tersangka suap izin pasar, yakni:",
        "1. Rahmat Wiradinata, Bupati Muara Contoh;",
        "2. Yusman Halimsyah selaku pihak swasta.",
        "KPK menyita uang.",
    )
    assert {t.form for t in lesson.terms if t.kind == "person"} == {
        "rahmat wiradinata",
        "yusman halimsyah",
    }


@pytest.mark.parametrize(
    ("title", "paragraph"),
    [
        (
            "Rakor KPK di Muara Contoh",
            "Bupati Muara Contoh Rahmat Wiradinata hadir dalam rapat koordinasi KPK soal MCSP.",
        ),
        (
            "Massa Desak KPK Tetapkan Bupati Tersangka",
            "Massa mendesak KPK menetapkan Bupati Muara Contoh Rahmat Wiradinata tersangka.",
        ),
        (
            "KPK Supervisi Kasus Kejari",
            "KPK menyupervisi Kejaksaan Negeri. Kejari menahan mantan Bupati Muara Contoh Rahmat"
            " Wiradinata sebagai tersangka korupsi lahan.",
        ),
        (
            "KPK Panggil Sekda Sebagai Saksi",
            "KPK memanggil Sekretaris Daerah Rahmat Wiradinata sebagai saksi.",
        ),
    ],
)
def test_no_suspect_is_learned_where_the_kpk_accuses_nobody(title: str, paragraph: str) -> None:
    lessons = taught(title, paragraph)
    assert not any(term.kind == "person" for lesson in lessons for term in lesson.terms)


def test_an_item_found_by_a_case_keeps_it_alive_and_teaches_no_words() -> None:
    slug = CASES[0].slug
    later = ON + timedelta(days=200)
    title, text = (
        "Sidang Rahmat Wiradinata",
        "Terdakwa Rahmat Wiradinata dan Doni Saksikarta hadir.",
    )
    case = match(title, [text], CASES, later, WORDS)
    assert case is not None
    judgement = Judgement("about", case.score, case.reasons)
    lessons = learn(article(title, [text], judgement, later), "https://b.example", WORDS)
    assert [(lesson.slug, lesson.terms) for lesson in lessons] == [(slug, ())]
    (grown,) = join(CASES, lessons)
    assert (grown.terms, grown.last_on) == (CASES[0].terms, later)


def test_a_reason_points_at_the_words_of_the_case() -> None:
    title = "Kuasa Hukum Rahmat Wiradinata Soroti Saksi"
    case = match(title, ["Sidang suap proyek irigasi dilanjutkan."], CASES, ON, WORDS)
    assert isinstance(case, CaseMatch)
    reason = case.reasons[0]
    assert reason.rule == f"case:{CASES[0].slug}"
    assert title[reason.start : reason.end] == "Rahmat Wiradinata"
    assert (case.tag.kind, case.tag.slug) == ("case", CASES[0].slug)


@pytest.mark.parametrize(
    ("title", "paragraph"),
    [
        ("Vonis Rahmat Wiradinata Dibacakan", "Majelis hakim Tipikor membacakan vonis."),
        ("Eks Bupati Muara Contoh Dituntut Tujuh Tahun", "JPU membacakan tuntutan."),
        ("Kuasa Hukum Eks Bupati Soroti Saksi", "Sidang suap proyek irigasi masih berlanjut."),
        (
            "Bupati Nonaktif Muara Contoh Jalani Sidang",
            "Sidang digelar di PN Tipikor. Jaksa penuntut umum membacakan dakwaan suap.",
        ),
        ("Bos PT Karya Contoh Abadi Didakwa Menyuap", "Terdakwa tertunduk."),
        ("Mantan Kadis PUPR Muara Contoh Ditahan", "Ia tersangka suap proyek irigasi."),
        ("Polisi Jaga Sidang Eks Bupati Muara Contoh", "Terdakwa Rahmat Wiradinata tiba."),
    ],
)
def test_a_follow_up_is_found(title: str, paragraph: str) -> None:
    assert found(title, paragraph)


@pytest.mark.parametrize(
    ("title", "paragraph"),
    [
        ("Rahmat Wiradinata Cetak Dua Gol", "Penyerang itu membawa klubnya juara liga."),
        ("Rahmat Wiradinata Unggul Hitung Cepat", "Pilkada Muara Contoh diikuti tiga paslon."),
        ("Masa Kecil Rahmat Wiradinata", "Ia lahir di Muara Contoh."),
        ("Pencuri Motor Divonis", "Terdakwa Rahmat Wiradinata mencuri motor. Kasus pencurian."),
        ("Kejari Tahan Eks Bupati Muara Contoh", "Kejaksaan menahan tersangka suap irigasi."),
        ("Polda Periksa Rahmat Wiradinata", "Polda memeriksa tersangka soal ijazah palsu."),
        ("Sidang Korupsi Irigasi", "JPU Kejari mendakwa mantan Kadis PUPR Muara Contoh."),
        ("Proyek Irigasi Muara Contoh Rampung", "Warga Muara Contoh senang."),
        ("Plt Bupati Muara Contoh Lantik Pejabat", "Ia meminta tidak ada suap."),
        ("Sidang Suap Proyek Irigasi", "Eks Bupati Lembah Uji, Karta Sumantaka, didakwa."),
        ("Eks Kades Muara Contoh Divonis", "Terdakwa Paimin Suradika korupsi dana desa."),
        (
            "MK Sidangkan Sengketa Pilkada Muara Contoh",
            "Kuasa hukum dan saksi hadir; Rahmat Wiradinata tidak.",
        ),
    ],
)
def test_what_only_looks_like_the_case_is_not(title: str, paragraph: str) -> None:
    assert not found(title, paragraph)


def test_an_everyday_name_alone_is_not_enough() -> None:
    case = replace(CASES[0], terms=(CaseTerm("person", "budi santoso"),))
    title, text = "Budi Santoso Divonis", "Hakim memvonis terdakwa Budi Santoso."
    assert not found(title, text, cases=[case])


def test_a_case_tells_for_eighteen_months_after_its_last_evidence() -> None:
    title, text = "Eks Bupati Muara Contoh Divonis", "Terdakwa Rahmat Wiradinata divonis."
    assert found(title, text, on=ON + timedelta(days=500))
    assert not found(title, text, on=ON + timedelta(days=600))


def test_a_confirmed_case_tells_until_it_is_ended() -> None:
    later = ON + timedelta(days=2000)
    assert is_active(replace(CASES[0], status="confirmed"), later)
    assert not is_active(replace(CASES[0], status="ended"), ON)


def test_what_was_written_long_before_the_case_does_not_belong_to_it() -> None:
    title, text = "Sidang Rahmat Wiradinata", "Saksi Rahmat Wiradinata, eks Bupati Muara Contoh."
    assert not found(title, text, on=ON - timedelta(days=400))


def test_the_same_suspect_is_the_same_case() -> None:
    more = taught("KPK Tahan Lagi", "KPK menahan tersangka Rahmat Wiradinata dan Joni Sukmajati.")
    (case,) = join(CASES, more)
    assert "joni sukmajati" in case.forms("person")


def test_the_same_office_and_matter_is_the_same_case() -> None:
    more = taught(
        "KPK Geledah Rumah",
        "KPK menggeledah rumah tersangka mantan Bupati Muara Contoh terkait suap proyek irigasi.",
        on=ON + timedelta(days=300),
    )
    assert len(join(CASES, more)) == 1


def test_another_regency_is_another_case() -> None:
    more = taught("KPK OTT", "KPK menahan Bupati Lembah Uji Karta Sumantaka, tersangka suap pasar.")
    assert len({case.slug for case in join(CASES, more)}) == 2


def test_slugs_are_the_same_whenever_learned() -> None:
    assert [case.slug for case in join((), taught(*FIRST))] == ["proyek-irigasi-muara-contoh"]


def test_a_taken_slug_gets_the_year() -> None:
    lesson = replace(taught(*FIRST)[0], terms=(CaseTerm("person", "orang lain"),))
    assert [c.slug for c in join(CASES, [lesson])][-1] == "proyek-irigasi-muara-contoh-2025"


def test_a_page_of_a_case_is_never_skipped() -> None:
    reader = CaseReader(CASES, WORDS)
    for item in ITEMS:
        cases: tuple[Case, ...] = ()
        for other in ITEMS:
            if other["stream"] == item["stream"] and other["kind"] == "first":
                on = date.fromisoformat(other["on"])
                cases = join(cases, taught(other["title"], *other["text"].split("\n"), on=on))
        if item["kind"] == "followup":
            reader = CaseReader(cases, WORDS)
            page = f"<h1>{item['title']}</h1><p>{item['text']}</p>"
            assert reader.may_matter([page.encode()]), item["title"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Rahmat Wiradinata",
                "eks Bupati Muara Contoh",
                "PT Karya Contoh Abadi",
                "sidang",
                "terdakwa",
                "suap proyek irigasi",
                "hakim",
                "Muara Contoh",
                "RW",
                "Kejari menahan",
                "pilkada",
                ". ",
                "Yusman",
            ]
        ),
        max_size=14,
    )
)
def test_what_matches_is_let_through_by_the_prefilter(words: list[str]) -> None:
    text = " ".join(words)
    if match("Kabar", [text], CASES, ON, WORDS) is not None:
        assert CaseReader(CASES, WORDS).may_matter([f"<p>{text}</p>".encode()])


def test_ordinary_pages_are_skipped() -> None:
    assert not CaseReader(CASES, WORDS).may_matter([b"<p>Panen raya di Muara Contoh</p>"])
    assert not CaseReader((), WORDS).may_matter([b"<p>Rahmat Wiradinata</p>"])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=200), max_size=4))
def test_any_text_can_be_read(title: str, paragraphs: list[str]) -> None:
    match(title, paragraphs, CASES, ON, WORDS)
    learn(article(title, paragraphs, Judgement("about", 1.0, ()), ON), URL, WORDS)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(" ".join(FIRST).split()), max_size=60))
def test_any_order_of_words_teaches_without_fail(words: list[str]) -> None:
    taught("KPK Tahan Tersangka", " ".join(words))


def test_a_name_behind_an_office_is_cut_from_its_place() -> None:
    told = names_in(
        passages_of(
            "", ["Pemkab Muara Contoh berduka. Bupati Muara Contoh Rahmat Wiradinata ditahan."]
        ),
        WORDS,
    )
    assert [person.name for person in told.persons] == ["Rahmat Wiradinata"]
    assert "muara contoh" in told.places


def test_titles_and_degrees_are_no_part_of_a_name() -> None:
    told = names_in(
        passages_of("", ["Ia menemui Dr. H. Rahmat Wiradinata, S.E., M.Si., kemarin."]), WORDS
    )
    assert [person.form for person in told.persons] == ["rahmat wiradinata"]


def named(text: str) -> tuple[list[str], list[str]]:
    """The names of two words or more, and those of one."""
    found = names_in(passages_of("", [text]), WORDS)
    return [p.form for p in found.persons], [p.form for p in found.singles]


@pytest.mark.parametrize(
    "text",
    [
        "KABAR - BUPATI MUARA CONTOH HASAN WIRAGUNA DITAHAN SEBAGAI TERSANGKA SUAP PASAR.",
        "Hakim memvonis mantan Bupati HASAN WIRAGUNA empat tahun penjara.",
        "Terdakwa Ir. H. Hasan Wiraguna S.E., M.Si. hadir.",
    ],
)
def test_capitals_titles_and_degrees_hide_no_name(text: str) -> None:
    assert "hasan wiraguna" in named(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "Sebelum ditahan, tersangka Paimin diperiksa.",
        "Pemkab Contoh diam. Bupati Contoh Paimin ditahan.",
        "Yang ditahan Paimin (PM) dan Rahmat Wiradinata.",
        "Mereka adalah Joni Sukmajati, Paimin, dan Rahmat Wiradinata.",
    ],
)
def test_a_name_of_one_word_is_known_by_what_stands_around(text: str) -> None:
    assert named(text)[1] == ["paimin"]


@pytest.mark.parametrize(
    "text",
    ["Bupati Contoh ditahan.", "Kata dia, Senin, KPK pergi.", "Sopir Paimin Sukardi ditahan."],
)
def test_a_single_word_is_not_simply_a_name(text: str) -> None:
    assert named(text)[1] == []


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("Oemi Soekarti", "Umi Sukarti"),
        ("Muhammad Zulkifli", "M. Zulkipli"),
        ("Moch. Sofyan", "Muhamad Sopian"),
        ("Abdul Rachman", "Abd. Rahman"),
        ("Sjamsul Bachri", "Syamsul Bahri"),
        ("Hassan Djaelani", "Hasan Jailani"),
    ],
)
def test_a_name_is_known_however_it_is_spelt(written: str, other: str) -> None:
    assert key_of(written.lower()) == key_of(other.lower())


@pytest.mark.parametrize(
    "words",
    ["alias Acoan", "yang akrab disapa Acoan", "(Acoan)", ", M.Si., yang biasa dipanggil Acoan,"],
)
def test_a_nickname_is_learned(words: str) -> None:
    text = f"KPK menahan tersangka suap pasar, Hendrik Tanujaya {words} kemarin."
    text = text.replace(" ,", ",")
    (lesson,) = taught("KPK Tahan Pengusaha", text)
    assert "acoan" in {term.form for term in lesson.terms if term.kind == "person"}


def single(text: str, title: str = "Sidang Digelar") -> bool:
    office = CaseTerm("office", "bupati: contoh")
    terms = (CaseTerm("person", "paimin"), office, CaseTerm("region", "contoh"))
    case = replace(CASES[0], terms=terms)
    return match(title, [text], [case], ON, WORDS) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Eks Bupati Contoh Paimin didakwa menerima suap.",
        "Terdakwa Paimin menangis di Pengadilan Tipikor.",
    ],
)
def test_a_name_of_one_word_with_a_second_sign_is_the_suspects(text: str) -> None:
    assert single(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hakim memvonis Paimin, pencuri sawit di Contoh.",
        "Kades Paimin didakwa korupsi dana desa di Contoh.",
        "Paimin Sukardi didakwa korupsi dana desa di Contoh.",
        "Terdakwa Paimin, eks Bupati Lembah Uji, didakwa menerima suap.",
        "Terdakwa Paimin diadili.",
    ],
)
def test_a_name_of_one_word_alone_is_anybodys(text: str) -> None:
    assert not single(text)


def test_a_place_that_only_begins_alike_is_another() -> None:
    for who in ("Bupati Muara Contoh Timur", "Wali Kota Muara Contoh"):
        assert not found("Sidang Korupsi", f"Eks {who} didakwa menerima suap di Tipikor.")


def test_a_deputys_words_belong_to_the_case_only_right_after_the_arrest() -> None:
    title, text = "Plt Bupati Minta ASN Tenang", "Plt Bupati Muara Contoh bicara pasca-OTT."
    assert found(title, text)
    assert not found(title, text, on=ON + timedelta(days=100))


def test_an_item_that_teaches_is_tagged_with_its_case() -> None:
    read = article(FIRST[0], FIRST[1:], judged(FIRST[0], FIRST[1:]), ON)
    tags = filed(read, learn(read, URL, WORDS), CASES).tags
    assert [tag.slug for tag in tags if tag.kind == "case"] == [CASES[0].slug]


def test_a_firm_is_no_person() -> None:
    text = "Direktur PT Karya Contoh Abadi, Lukas Bataradewa, hadir."
    assert companies_in(text) == ("pt karya contoh abadi",)
    assert named(text)[0] == ["lukas bataradewa"]


def test_the_matter_is_what_follows_the_offence() -> None:
    assert affairs_in(
        "tersangka kasus dugaan suap jual beli jabatan di kabupaten contoh", WORDS
    ) == ("jual beli jabatan",)
    assert affairs_in("komisi pemberantasan korupsi resmi menahan dia", WORDS) == ()


def test_a_matter_is_known_by_two_of_its_words() -> None:
    words = frozenset("sidang jual beli jabatan berlanjut".split())
    assert speaks_of("jual beli jabatan", words, WORDS)
    assert not speaks_of("jual beli jabatan", frozenset({"jabatan", "kosong"}), WORDS)
    assert overlap(telling_words(["proyek jalan lingkar"], WORDS), ["jalan lingkar utara"])
    assert not overlap(telling_words(["proyek jalan"], WORDS), ["proyek irigasi"])

"""Search: any text is a legal query, and a word finds its synonyms."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store.articles import save_article
from store.filters import Filter
from store.search import Term, fts_query, parse, search
from store.synonyms import SHIPPED, SynonymError, load_synonyms, merge
from tests.test_store_samples import ARTICLE, NOW, URL, numbered, sample_store

MARKS = "\"'*-+()[]{}:^~<>|&,;.!?\\/%_#@$= \t\n\x00"
LETTERS = "éßİ字😀“”²\u0301\u200b\ud83d"
WORDS = ("AND", "OR", "NOT", "NEAR(", "title:", "kpk", "rapat", "koordinasi")
SYNTAX = [*MARKS, *LETTERS, *WORDS]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def keep(db: Database, *texts: str) -> None:
    for number, text in enumerate(texts):
        save_article(db, "kabar", f"{URL}-{number}", numbered(number, text=text), NOW)


def found(db: Database, query: str) -> list[int]:
    return sorted(int(stored.url.rsplit("-", 1)[1]) for stored in search(db, query))


def test_every_word_must_be_there_in_any_order(db: Database) -> None:
    keep(db, "KPK memanggil bupati.", "Bupati hadir.", "KPK hadir.")
    assert found(db, "bupati KPK") == [0]


def test_words_in_quotes_stand_together(db: Database) -> None:
    keep(db, "Mie Go baru", "Go ke Mie")
    assert found(db, '"Mie Go"') == [0]
    assert found(db, "“Mie Go”") == [0]
    assert found(db, '"Mie Go') == [0]


def test_a_minus_leaves_articles_out(db: Database) -> None:
    keep(db, "KPK dan iklan layanan", "KPK tanpa promosi")
    assert found(db, "kpk -iklan") == [1]
    assert found(db, 'kpk -"iklan layanan"') == [1]


def test_a_star_finds_beginnings(db: Database) -> None:
    keep(db, "Pangkalpinang", "Pangkalan Bun", "Bangka")
    assert found(db, "pangkal*") == [0, 1]
    assert found(db, '"pangkalan bu"*') == [1]


def test_accents_and_capitals_do_not_matter(db: Database) -> None:
    keep(db, "Rapat di Kafé RANDU")
    assert found(db, "kafe") == found(db, "KAFÉ") == found(db, "randu") == [0]


def test_titles_are_searched_too(db: Database) -> None:
    save_article(db, "kabar", URL + "-7", replace(ARTICLE, title="Judul Langka"), NOW)
    assert found(db, "langka") == [7]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("rakor", "rapat koordinasi"),
        ("antikorupsi", "anti korupsi"),
        ("antikorupsi", "anti-korupsi"),
        ("tatakelola", "tata kelola"),
        ("MCP", "MCSP"),
        ("MCP", "Monitoring Center for Prevention"),
        ("sekda", "sekretaris daerah"),
        ("pemkot", "pemerintah kota"),
        ("pemkab", "Pemerintah Kabupaten"),
        ("pemprov", "pemerintah provinsi"),
        ("wako", "wali kota"),
        ("walikota", "wali kota"),
        ("wawako", "wakil wali kota"),
        ("wabup", "wakil bupati"),
        ("pj", "penjabat"),
    ],
)
def test_a_short_form_finds_the_long_one_and_the_other_way_round(
    db: Database, short: str, long: str
) -> None:
    keep(db, f"Ada {long} di sini.", f"Ada {short} di sini.")
    for query in (short, long, f'"{long}"', f"ada {long}", f"{short} sini", f'"ada {short} di"'):
        assert found(db, query) == [0, 1], query


def test_a_synonym_is_left_out_with_its_word(db: Database) -> None:
    keep(db, "KPK gelar rapat koordinasi", "KPK gelar pelatihan")
    assert found(db, "kpk -rakor") == [1]


def test_the_words_of_a_long_form_may_still_stand_apart(db: Database) -> None:
    keep(db, "Rapat itu butuh koordinasi")
    assert found(db, "rapat koordinasi") == [0]


def test_the_longest_form_counts(db: Database) -> None:
    keep(db, "Wawako hadir", "Wako hadir")
    assert found(db, "wakil wali kota") == [0]


def test_the_latest_published_comes_first(db: Database) -> None:
    keep(db, *["KPK"] * 5)
    assert [stored.url[-1] for stored in search(db, "kpk", limit=3)] == ["4", "3", "2"]


def test_a_filter_narrows_the_search(db: Database) -> None:
    keep(db, "KPK", "KPK")
    save_article(db, "warta", URL + "-8", replace(ARTICLE, text="KPK"), NOW)
    (stored,) = search(db, "kpk", chosen=Filter(outlet="warta"))
    assert stored.url == URL + "-8"


@pytest.mark.parametrize("query", ["", "   ", "!!!", '""', "-iklan", "*", "\x00", "- -"])
def test_a_query_without_a_word_to_look_for_finds_nothing(db: Database, query: str) -> None:
    keep(db, "KPK")
    assert search(db, query) == []


def test_two_thousand_random_strings_never_break_the_search(db: Database) -> None:
    keep(db, "KPK gelar rapat koordinasi", "Rakor")
    chance = random.Random(20250501)
    for _ in range(2000):
        query = "".join(chance.choices(SYNTAX, k=chance.randint(1, 14)))
        search(db, query, limit=1)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_legal_query(tmp_path_factory: pytest.TempPathFactory, query: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any-text.db"
    with closing(sample_store(file)) as db:
        search(db, query, limit=1)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab "*-()é'), max_size=40))
def test_words_reach_the_index_only_inside_quotes(query: str) -> None:
    expression = fts_query(query, {})
    if expression is not None:
        outside = "".join(expression.split('"')[::2])
        assert re.fullmatch(r"(AND|OR|NOT|[ ()*])*", outside)


def test_a_pasted_page_is_cut(db: Database) -> None:
    keep(db, "KPK")
    assert search(db, "kata " * 50_000) == []
    assert search(db, "rakor sekda pemkot wako " * 500) == []


def test_a_query_is_read_as_a_person_means_it() -> None:
    assert list(parse('rakor "Mie Go" pangkal* -iklan anti-korupsi')) == [
        Term(("rakor",)),
        Term(("mie", "go"), phrase=True),
        Term(("pangkal",), prefix=True),
        Term(("iklan",), excluded=True),
        Term(("anti", "korupsi"), phrase=True),
    ]


def test_the_shipped_synonyms_are_lower_case_words_in_one_group_each() -> None:
    synonyms = load_synonyms()
    assert len(synonyms) > 150
    for form, together in synonyms.items():
        assert form in together and len(together) > 1
        for words in together:
            assert synonyms[words] == together
            assert [term.words for term in parse(" ".join(words))] == [(word,) for word in words]


def test_a_form_in_two_groups_means_all_of_both() -> None:
    synonyms = merge([["a", "b"], ["b", "c"]])
    assert set(synonyms[("a",)]) == {("a",), ("b",), ("c",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("same = 3", "list of lists"),
        ('same = [["rakor"]]', "two or more"),
        ('sama = [["a", "b"]]', "unknown key 'sama'"),
        ("same = [", "synonyms.toml"),
    ],
)
def test_a_broken_file_of_synonyms_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "synonyms.toml"
    file.write_text(text)
    with pytest.raises(SynonymError, match=message):
        load_synonyms(file)


def test_a_users_own_synonyms_can_be_passed_in(db: Database) -> None:
    keep(db, "Komisi antirasuah")
    synonyms = merge([["kpk", "komisi antirasuah"]])
    assert len(search(db, "kpk", synonyms=synonyms)) == 1
    assert SHIPPED.name == "synonyms.toml"

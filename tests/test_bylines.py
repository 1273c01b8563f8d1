"""Names of writers and editors, and accounts that are nobody's name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.bylines import Bylines, clean_name, is_generic, read_bylines, read_credits
from crawler.document import parse
from crawler.headline import find_headline, own_names

OWN = own_names(["Kabar Contoh"], "https://kabar-contoh.example/a")


def bylines(body: str, people: tuple[str, ...] = (), **metas: str) -> Bylines:
    tree = parse(
        f"<html><body><h1>Judul berita contoh</h1>{body}</body></html>".encode(), None
    ).tree
    headline = find_headline(tree, ["Judul berita contoh"], OWN)
    return read_bylines(headline, (people, ()), {key: [text] for key, text in metas.items()}, OWN)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Nama Contoh - detikSumbagsel", "Nama Contoh"),
        ("by Siti Rahmawati", "Siti Rahmawati"),
        ("Oleh - Budi Contoh", "Budi Contoh"),
        ("Penulis. : Budi Contoh", "Budi Contoh"),
        ("Laporan Wartawan TribunContoh.com, Moh Contoh", "Moh Contoh"),
        ("Laporan Tika Ayu", "Tika Ayu"),
        ("Budi Contoh | Editor: Ani", "Budi Contoh"),
        ("Laporan Keuangan Daerah", "Laporan Keuangan Daerah"),
        ("https://facebook.example/budi", None),
        ("Hari ini ada sepuluh kata yang jelas bukan nama siapa pun", None),
        ("", None),
    ],
)
def test_a_name_is_freed_from_label_and_desk(raw: str, name: str | None) -> None:
    assert clean_name(raw) == name


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin2",
        "Redaksi",
        "Tim Redaksi",
        "super user",
        "Kabar Contoh",
        "redaksi kabar contoh",
        "kabar-contoh.example",
        "Administrator",
        "Humas",
    ],
)
def test_accounts_are_generic(name: str) -> None:
    assert is_generic(name, OWN)


@pytest.mark.parametrize("name", ["Prabu", "Budi Contoh", "Moh. Salam", "Dona"])
def test_people_are_not_generic(name: str) -> None:
    assert not is_generic(name, OWN)


@pytest.mark.parametrize(
    ("line", "writers", "editors"),
    [
        ("Reporter : Prabu", ["Prabu"], []),
        ("Penulis: Budi | Editor: Ani", ["Budi"], ["Ani"]),
        (
            "Pewarta: Budi ContohEditor: Ani Contoh Copyright © KABAR 2026",
            ["Budi Contoh"],
            ["Ani Contoh Copyright © KABAR 2026"],
        ),
        ("RABU, 07 APRIL 2021 | 15:49 WIB | LAPORAN: BUDI CONTOH", ["BUDI CONTOH"], []),
        ("Laporan hasil audit diserahkan ke DPRD", [], []),
        ("Bupati menjawab: tidak", [], []),
    ],
)
def test_credit_lines_are_taken_apart(line: str, writers: list[str], editors: list[str]) -> None:
    credit = read_credits(line)
    assert [clean_name(raw) for raw in credit.writers] == [clean_name(raw) for raw in writers]
    assert [clean_name(raw) for raw in credit.editors] == [clean_name(raw) for raw in editors]


def test_lines_after_breaks_name_reporter_and_editor() -> None:
    found = bylines("<div><span>x</span><br>Reporter : Prabu<br>Editor : Dahlia</div>")
    assert found == Bylines("Prabu", None, "Dahlia")


def test_a_label_and_its_bold_name_belong_together() -> None:
    assert bylines("<p>Reporter: <b>Prabu Contoh</b></p><p><b>Editor:</b> Dahlia</p>") == Bylines(
        "Prabu Contoh", None, "Dahlia"
    )


def test_an_account_does_not_hide_the_person_in_the_text() -> None:
    found = bylines("<p>Isi.</p><p>Penulis: Tirta Wulandari</p>", people=("Redaksi",))
    assert (found.byline, found.generic) == ("Tirta Wulandari", "Redaksi")


def test_an_editor_given_as_author_yields_to_the_writer() -> None:
    found = bylines(
        "", people=("Yoga Contoh",), content_author="Isna Contoh", content_editor="Yoga Contoh"
    )
    assert (found.byline, found.editor) == ("Isna Contoh", "Yoga Contoh")


def test_several_authors_are_joined() -> None:
    assert bylines("", people=("Ani", "Budi", "Ani")).byline == "Ani, Budi"


def test_an_author_in_a_sidebar_wrote_something_else() -> None:
    assert bylines('<div class="sidebar"><span class="author">Orang Lain</span></div>') == Bylines()


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=120), st.sampled_from(["Reporter: ", "Laporan ", "Oleh - ", "| EDITOR:", ""])
)
def test_any_line_can_be_asked_for_names(text: str, label: str) -> None:
    clean_name(label + text)
    read_credits(text + label + text)
    is_generic(text, OWN)

"""The headline: which words it has, and what stands near it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.document import parse
from crawler.headline import find_headline, own_names, without_outlet

OWN = own_names(["Kabar Contoh", "KABARCONTOH.EXAMPLE"], "https://bangka.kabarcontoh.example/a")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bupati Hadiri Rakor - Kabar Contoh", "Bupati Hadiri Rakor"),
        ("Bupati Hadiri Rakor|Kabar Contoh|Berita Terkini", "Bupati Hadiri Rakor"),
        ("Bupati Hadiri Rakor - Kompas.com", "Bupati Hadiri Rakor"),
        ("Kabar Contoh - Bupati Hadiri Rakor", "Bupati Hadiri Rakor"),
        ("Bupati Hadiri Rakor - Page 2 of 3", "Bupati Hadiri Rakor"),
        ("Jalan Namang - Koba Dilapis Ulang", "Jalan Namang - Koba Dilapis Ulang"),
        ("KPK: Tidak Ada yang Kebal - Hukum", "KPK: Tidak Ada yang Kebal - Hukum"),
        ("Sejarah Kabar Contoh", "Sejarah Kabar Contoh"),
    ],
)
def test_only_the_outlets_name_is_cut(title: str, expected: str) -> None:
    assert without_outlet(title, OWN) == expected


def test_the_heading_that_agrees_with_the_claims_is_found_among_many() -> None:
    page = "<h1>Hukum</h1><div><h1>Bupati Contoh Hadiri Rakor</h1></div><h1>Judul Lain Sekali</h1>"
    found = find_headline(parse(page.encode(), None).tree, ["Bupati Contoh Hadiri Rakor"], OWN)
    assert found.title == "Bupati Contoh Hadiri Rakor"
    assert found.element is not None


def test_nearness_counts_levels_and_knows_sidebars() -> None:
    page = "<div><h1>Judul</h1><p id='x'></p></div><p id='y'></p><aside><p id='z'></p></aside>"
    tree = parse(page.encode(), None).tree
    found = find_headline(tree, ["Judul"], OWN)
    levels = [found.nearness(tree.get_element_by_id(name)) for name in "xyz"]
    assert levels == [0, 1, None]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="Kabar Contoh-|:–» ", max_size=60) | st.text(max_size=60))
def test_any_title_keeps_some_words(title: str) -> None:
    cut = without_outlet(title, OWN)
    assert bool(cut) or not any(letter.isalnum() for letter in title)

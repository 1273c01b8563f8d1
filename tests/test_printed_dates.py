"""The visible head of an article tells its date; everything around it does not."""

from __future__ import annotations

import pytest

from crawler.document import parse
from crawler.headline import find_headline, own_names
from crawler.printed_dates import date_clues

OWN = own_names([], "https://kabar.example/a")


def page_dates(body: str, url: str = "https://kabar.example/a") -> list[str]:
    tree = parse(f"<body>{body}</body>".encode(), None).tree
    headline = find_headline(tree, ["Judul Berita Contoh"], OWN)
    return [clue.raw for clue in date_clues(headline, (), {}, url)]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div class='read__info__date'>{}</div>", "- Selasa, 24 Februari 2026 | 08:50 WIB"),
        ("<div class='jeg_meta_date'><a>{}</a></div>", "24/07/25 - 19:09"),
        ("<span class='date'>{}</span>", "Rabu 09-07-2025,16:32 WIB"),
        ("<div class='createdAt'>{}</div>", "Selasa, 14 Oktober 2025 - 10:11:00 WIB"),
        ("<li class='list-inline-item mr-2'>{}</li>", "Senin, 11 Juli 2024 16:22 WIB"),
        ("<p>{}</p>", "Jum'at, 24 Juli 2026 | 07:08 WIB"),
    ],
)
def test_each_familys_date_line_is_found(markup: str, text: str) -> None:
    assert page_dates("<h1>Judul Berita Contoh</h1>" + markup.format(text)) == [text]


def test_a_date_before_the_headline_counts() -> None:
    body = "<div class='date-detail'>Senin, 15 Februari 2016, 16:15 WIB</div>"
    assert page_dates(f"<div>{body}<h2>Judul Berita Contoh</h2></div>") == [
        "Senin, 15 Februari 2016, 16:15 WIB"
    ]


def test_a_wrapper_is_kept_where_it_adds_the_time() -> None:
    body = "<div class='post-info'><span class='date'>22 Maret 2023</span> <i>10:20 WIB</i></div>"
    assert page_dates("<h1>Judul Berita Contoh</h1>" + body)[0] == "22 Maret 2023 10:20 WIB"


def test_cards_far_from_the_headline_are_other_articles() -> None:
    cards = "<ul>" + "<li><span class='date'>1 Mei 2025</span></li>" * 3 + "</ul>"
    body = "<div><h1>Judul Berita Contoh</h1><span class='date'>3 Mei 2025 10:00</span></div>"
    assert page_dates(body + cards) == ["3 Mei 2025 10:00"]


def test_the_address_is_a_clue_only_with_a_date_in_it() -> None:
    url = "https://kabar.example/2025/04/30/judul"
    assert page_dates("<h1>Judul Berita Contoh</h1>", url) == [url]
    assert page_dates("<h1>Judul Berita Contoh</h1>") == []

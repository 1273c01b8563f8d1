"""The five documents, word for word: what may leave each is named line by line, by rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.local_web import FIXTURES, shipped_recordings
from tests.pantau import json_lines, pantau

DOCUMENTS = FIXTURES / "documents"


def without(document: str, *tails: str, lines: tuple[str, ...] = ()) -> list[str]:
    """A document's paragraphs less the lines that match and the tails that are cut off."""
    kept = [line.strip() for line in document.splitlines() if line.strip()]
    kept = [line for line in kept if not any(re.fullmatch(rule, line) for rule in lines)]
    for tail in tails:
        assert kept[-1].endswith(tail)
        kept[-1] = kept[-1].removesuffix(tail).rstrip()
    return kept


TITLE_001 = "Wakil Wali Kota Prabumulih Hadiri Rakor KPK, Tegaskan Komitmen Tata Kelola Bersih"
RELATED = r"BACA JUGA:.*"
# outlet -> document, what leaves its end, which whole lines leave it
CUTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "aksaranewsroom": ("000-aksaranewsroom-rakor-bmd.txt", ("(ADV/*)",), ()),
    "prabumulihpos": (
        "001-prabumulihpos-wawako-rakor-kpk.txt",
        (),
        (RELATED, re.escape(TITLE_001), re.escape(f"{TITLE_001}--")),
    ),
    "radarokuraya": ("002-radarokuraya-rakor-mcp.txt", ("*(dona).",), ()),
    "wartain-banten": ("003-wartain-banten-rakor-kpk.txt", ("(WartainBanten)",), ()),
    "sumateraekspres": ("004-sumateraekspres-percontohan-antikorupsi.txt", (), (RELATED,)),
}
FACTS: dict[str, dict[str, Any]] = {
    "aksaranewsroom": {
        "title": "Pejabat Pemkot Ikuti Rakor Pemberantasan Korupsi Pengelolaan BMD Bersama KPK RI",
        "province": "19",
        "region": "19.71",
        "published_source": "jsonld",
        "event_date": "2025-04-30",
        "place": "Pangkalpinang",
        "advertorial": True,
    },
    "prabumulihpos": {
        "title": TITLE_001,
        "province": "16",
        "region": "16.74",
        "published_source": "page",
        "event_date": None,
        "place": "Prabumulih",
        "byline": "Prabu",
        "advertorial": False,
    },
    "radarokuraya": {
        "title": "Rakor Pimpinan Program Pemberantasan Korupsi Dihadiri Pj Sekda OKU",
        "province": "16",
        "region": "16.01",
        "published_source": "meta",
        "event_date": "2023-03-21",
        "place": "Baturaja OKU",
        "byline": "dona",
        "advertorial": False,
    },
    "wartain-banten": {
        "title": "Gubernur Banten Tegaskan Komitmen Wujudkan Pemerintahan Akuntabel, Terbuka dan"
        " Partisipatif",
        "province": "36",
        "region": "36",
        "published_at": "2025-08-12",
        "published_source": "dateline",
        "event_date": "2025-08-12",
        "place": None,
        "byline": "WartainBanten",
        "advertorial": False,
    },
    "sumateraekspres": {
        "title": "Palembang dan Musi Rawas Calon Daerah Percontohan Antikorupsi di Sumsel",
        "province": "16",
        "region": "16",
        "published_source": "page",
        "event_date": "2024-08-12",
        "place": "Palembang",
        "advertorial": False,
    },
}


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the recordings around the documents gave, by outlet."""
    db = tmp_path_factory.mktemp("documents") / "pantau.db"
    process = pantau("replay", *shipped_recordings(), db=db)
    assert process.returncode == 0, process.stderr
    return {article["outlet"]: article for article in json_lines(pantau("export", db=db))}


@pytest.mark.parametrize("outlet", CUTS)
def test_no_sentence_is_lost_and_none_is_added(
    outlet: str, articles: dict[str, dict[str, Any]]
) -> None:
    name, tails, lines = CUTS[outlet]
    document = (DOCUMENTS / name).read_text(encoding="utf-8")
    assert articles[outlet]["text"].split("\n") == without(document, *tails, lines=lines)


@pytest.mark.parametrize("outlet", CUTS)
def test_what_left_the_text_is_kept_with_its_rule(
    outlet: str, articles: dict[str, dict[str, Any]]
) -> None:
    name, tails, lines = CUTS[outlet]
    removed = " ".join(removal["text"] for removal in articles[outlet]["removed"])
    document = (DOCUMENTS / name).read_text(encoding="utf-8").splitlines()
    gone = [line.strip() for line in document if any(re.fullmatch(r, line) for r in lines)]
    for words in (*tails, *gone):
        assert words.strip("*.") in removed


@pytest.mark.parametrize("outlet", FACTS)
def test_the_facts_of_each_document_are_right(
    outlet: str, articles: dict[str, dict[str, Any]]
) -> None:
    found = {key: articles[outlet][key] for key in FACTS[outlet]}
    assert found == FACTS[outlet]


@pytest.mark.parametrize("outlet", FACTS)
def test_the_reasons_point_at_the_words_they_name(
    outlet: str, articles: dict[str, dict[str, Any]]
) -> None:
    article = articles[outlet]
    paragraphs = article["text"].split("\n")
    assert article["relevance"] == "about"
    assert article["reasons"]
    for reason in article["reasons"]:
        where = reason["paragraph"]
        text = article["title"] if where is None else paragraphs[where]
        assert reason["quote"] in text
        assert text[reason["start"] : reason["end"]] in reason["quote"]
        assert reason["start"] < reason["end"]


def test_the_documents_stand_as_they_came() -> None:
    stray = (DOCUMENTS / CUTS["sumateraekspres"][0]).read_text(encoding="utf-8")
    assert "termasuk stakeholder lainnya. U\n" in stray
    assert len(list(Path(DOCUMENTS).glob("*.txt"))) == 5

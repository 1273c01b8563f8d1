"""The vocabulary file: what it may say, and what is said of a mistake."""

from __future__ import annotations

import contextlib
import pickle
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.terms import Term, Vocabulary, VocabularyError, load_vocabulary

GOOD = '[[term]]\nid = "kpk"\nkind = "entity"\nforms = ["KPK"]\n'


def write(folder: Path, text: str, name: str = "topic.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def term_of(vocabulary: Vocabulary, name: str) -> Term:
    return next(term for term in vocabulary.terms if term.id == name)


EVENTS = """ott tersangka penahanan penggeledahan pemeriksaan-saksi sidang rakor sosialisasi
komitmen penghargaan pelaporan aspirasi kelembagaan"""


def test_the_shipped_vocabulary_loads_with_its_thirteen_events() -> None:
    events = load_vocabulary().of_kind("event")
    assert " ".join(term.id for term in events if "." not in term.id) == " ".join(EVENTS.split())


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("wieght = 0.5", "'wieght'"),
        ('weight = "high"', "'weight'"),
        ("weight = 1.5", "'weight'"),
        ("weight = true", "'weight'"),
        ("case = 1", "'case'"),
        ('from = "2025"', "'from'"),
        ("from = 2025-01-01T00:00:00", "'from'"),
        ('needs = "kpk"', "'needs'"),
        ('needs = ["nobody"]', "'needs'"),
        ('within = "page"', "'within'"),
        ('off = "yes"', "'off'"),
        ("from = 2025-01-01\nuntil = 2024-01-01", "'until'"),
    ],
)
def test_a_mistake_is_named_with_file_term_and_key(tmp_path: Path, line: str, named: str) -> None:
    file = write(tmp_path, GOOD + line + "\n")
    with pytest.raises(VocabularyError) as raised:
        load_vocabulary(file)
    assert str(file) in str(raised.value)
    assert "'kpk'" in str(raised.value)
    assert named in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        '[[term]]\nkind = "entity"\nforms = ["KPK"]\n',
        '[[term]]\nid = "Two Words"\nkind = "entity"\nforms = ["KPK"]\n',
        '[[term]]\nid = "kpk"\nforms = ["KPK"]\n',
        '[[term]]\nid = "kpk"\nkind = "entity"\n',
        '[[term]]\nid = "kpk"\nkind = "thing"\nforms = ["KPK"]\n',
        '[[term]]\nid = "kpk"\nkind = "entity"\nforms = []\n',
        '[[term]]\nid = "kpk"\nkind = "entity"\nforms = [" KPK"]\n',
        '[[term]]\nid = "kpk"\nkind = "entity"\nforms = ["-"]\n',
        '[[term]]\nid = "kpk"\nkind = "entity"\nforms = [7]\n',
        '[[term]]\nid = "x"\nkind = "event"\nforms = [\'/(/\']\n',
        '[[term]]\nid = "x"\nkind = "event"\nforms = [\'/a*/\']\n',
        '[[term]]\nid = "x"\nkind = "entity"\nforms = [\'/kpk+/\']\n',
        GOOD + GOOD,
        "title = 3\n",
        "term = 3\n",
        "[[term\n",
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(VocabularyError):
        load_vocabulary(write(tmp_path, text))


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"none\.toml"):
        load_vocabulary(tmp_path / "none.toml")


def test_a_users_file_takes_a_term_away(tmp_path: Path) -> None:
    overlay = write(tmp_path, '[[term]]\nid = "hakordia"\noff = true\n', "mine.toml")
    names = {term.id for term in load_vocabulary(overlay=overlay).terms}
    assert "hakordia" not in names
    assert "mcp" in names


def test_taking_a_term_away_does_not_break_those_that_need_it(tmp_path: Path) -> None:
    overlay = write(tmp_path, '[[term]]\nid = "mcp"\noff = true\n', "mine.toml")
    assert "mcsp" in {term.id for term in load_vocabulary(overlay=overlay).terms}


def test_taking_away_an_unknown_term_is_an_error(tmp_path: Path) -> None:
    overlay = write(tmp_path, '[[term]]\nid = "hakordya"\noff = true\n', "mine.toml")
    with pytest.raises(VocabularyError, match="hakordya"):
        load_vocabulary(overlay=overlay)


def test_a_users_file_changes_one_key_and_keeps_the_rest(tmp_path: Path) -> None:
    overlay = write(tmp_path, '[[term]]\nid = "hakordia"\nweight = 0.9\n', "mine.toml")
    term = term_of(load_vocabulary(overlay=overlay), "hakordia")
    assert term.weight == 0.9
    assert "Hakordia" in term.forms


def test_a_users_file_adds_a_term(tmp_path: Path) -> None:
    text = '[[term]]\nid = "sipemda"\nkind = "programme"\nforms = ["SiPemda Bersih"]\n'
    overlay = write(tmp_path, text, "mine.toml")
    assert term_of(load_vocabulary(overlay=overlay), "sipemda").kind == "programme"


def test_a_dated_term_weighs_less_outside_its_years() -> None:
    term = term_of(load_vocabulary(), "mcp")
    assert 0 < term.weight_on(date(2026, 1, 1)) < term.weight_on(date(2023, 1, 1))


def test_a_slug_is_what_stands_before_the_dot() -> None:
    assert term_of(load_vocabulary(), "spi.short").slug == "spi"


def test_a_vocabulary_reaches_a_worker_process() -> None:
    vocabulary = load_vocabulary()
    assert pickle.loads(pickle.dumps(vocabulary)) == vocabulary


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_a_vocabulary_or_an_error(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("v") / "topic.toml"
    file.write_text(text.encode("utf-8", "replace").decode(), encoding="utf-8")
    with contextlib.suppress(VocabularyError):
        load_vocabulary(file)

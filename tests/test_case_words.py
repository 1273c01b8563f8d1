"""The word lists of cases: shipped as data, a user's laid over them, mistakes named."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.case_words import SHIPPED, load_case_words
from crawler.term_keys import VocabularyError
from crawler.topics import MAIN, known_topics
from tests.pantau import pantau


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cases.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_lists_can_be_used() -> None:
    words = load_case_words()
    assert words.suspect.search("ditetapkan sebagai tersangka")
    assert {"bupati", "wali kota"} <= words.single
    assert "kepala desa" not in words.single


def test_a_users_words_are_added_and_taken_away(tmp_path: Path) -> None:
    text = '[offices]\n"ketua baznas" = ["ketua baznas"]\n[words]\ntitles = ["tuan -kompol"]\n'
    words = load_case_words(overlay=own(tmp_path, text))
    assert words.office.search("eks ketua baznas contoh")
    assert "tuan" in words.titles
    assert "kompol" not in words.titles


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[kata]\nx = ['a']\n", "unknown key 'kata'"),
        ("[forms]\nsuspek = ['a']\n", r"\[forms\] suspek: there is no such list; known are"),
        ("[forms]\nsuspect = 'a'\n", r"\[forms\] suspect: give a list of words"),
        ("[forms]\nsuspect = ['(']\n", r"\[forms\] suspect: '\(' is no regular expression"),
        ("[forms]\nsuspect = ['a?']\n", r"\[forms\] suspect: 'a\?' matches nothing at all"),
        ("[phrases]\nlegal = ['di(?:sita)']\n", "must be plain words; write each form out"),
        ("[words]\ntitles = ['Tuan']\n", "write 'Tuan' in lower case"),
        ("[words]\ntitles = ['-xyz']\n", "'xyz' is not in the list"),
        ("[words\n", "is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_remedy(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(VocabularyError, match=problem) as caught:
        load_case_words(overlay=own(tmp_path, text))
    assert "cases.toml" in str(caught.value)


def test_a_list_that_is_missing_is_named(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8").replace("\nbribe = ", "\nwitness2 = ")
    with pytest.raises(VocabularyError, match="witness2: there is no such list"):
        load_case_words(own(tmp_path, text))
    with pytest.raises(VocabularyError, match=r"\[forms\] suspect: is missing; add the list"):
        load_case_words(own(tmp_path, "[offices]\n"))


def test_a_file_beside_the_database_is_found(tmp_path: Path) -> None:
    path = own(tmp_path, '[words]\ntitles = ["tuan"]\n')
    assert known_topics(tmp_path)[MAIN].cases == path


def test_the_command_names_a_mistake(tmp_path: Path) -> None:
    own(tmp_path, "[words]\ntitle = ['a']\n")
    process = pantau("topics", db=tmp_path / "pantau.db")
    assert process.returncode == 1
    assert "[words] title: there is no such list" in process.stderr

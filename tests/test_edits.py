"""Edits: what changed, and which changes are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.edits import Change, edit_kind, folded, word_diff

TEXT = "KPK menahan Rahmat Wiradinata selama 20 hari.\nIa disangka menerima suap."


@pytest.mark.parametrize(
    "after",
    [
        TEXT.replace("suap.", "suap. Dibaca 1.204 kali"),
        TEXT + "\nDiperbarui: Kamis, 1 Mei 2025 10:22 WIB",
        TEXT.replace(" menahan", "  menahan"),
        TEXT.replace("suap.", "suap …"),
        TEXT.replace("suap", "“suap”"),
    ],
)
def test_counters_stamps_and_typography_are_cosmetic(after: str) -> None:
    assert edit_kind("Judul", TEXT, "Judul", after) == "cosmetic"


@pytest.mark.parametrize(
    "after",
    [TEXT.replace("20", "40"), TEXT.replace("menerima", "memberi"), TEXT + "\nKPK membantah."],
)
def test_other_words_are_an_edit_of_the_text(after: str) -> None:
    assert edit_kind("Judul", TEXT, "Judul", after) == "text"


def test_a_new_title_alone_is_an_edit_of_the_title() -> None:
    assert edit_kind("KPK Tahan Bupati", TEXT, "KPK Tahan Eks Bupati", TEXT) == "title"
    assert edit_kind("KPK Tahan Bupati", TEXT, "KPK tahan bupati", TEXT) == "cosmetic"
    assert edit_kind("KPK Tahan Bupati", TEXT, "KPK Tahan Bupati", TEXT) == "none"


def test_the_changed_words_are_shown() -> None:
    changes = word_diff("menerima suap besar", "memberi suap besar")
    assert changes == (
        Change("removed", "menerima"),
        Change("added", "memberi"),
        Change("equal", " suap besar"),
    )


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_both_versions_can_be_read_back_from_the_changes(before: str, after: str) -> None:
    changes = word_diff(before, after)
    assert "".join(c.text for c in changes if c.kind != "added") == before
    assert "".join(c.text for c in changes if c.kind != "removed") == after


def test_a_very_long_text_is_compared_by_paragraphs() -> None:
    lines = [f"kata {number} kalimat\n" for number in range(5000)]
    changes = word_diff("".join(lines), "".join([*lines[:-1], "lain\n"]))
    assert [change.kind for change in changes] == ["equal", "removed", "added"]


def test_equal_parts_are_folded_for_showing() -> None:
    shown = folded(word_diff("a " * 200 + "x", "a " * 200 + "y"))
    assert len(shown[0].text) < 120
    assert [change.text for change in shown[1:]] == ["x", "y"]


def test_folding_cuts_no_word_in_two() -> None:
    words = " ".join(f"kata{number}" for number in range(200))
    head, tail = folded((Change("added", "x"), Change("equal", words), Change("removed", "y")))[
        1
    ].text.split(" [...] ")
    assert words.startswith(f"{head} ") and words.endswith(f" {tail}")

"""Folding and sentences: what matching reads must lead back to the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.passages import fold, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in split_sentences(text)]


def test_sentences_end_at_their_marks() -> None:
    text = 'Rapat dibuka. "Kami siap," kata dia. Rapat ditutup!'
    assert sentences(text) == ["Rapat dibuka.", '"Kami siap," kata dia.', "Rapat ditutup!"]


@pytest.mark.parametrize("text", ["Komjen Pol Drs. Setyo hadir", "Dr. H. Wirya dan Ir. Sari"])
def test_a_title_of_honour_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("text", ["anti-korupsi", "anti\u2011korupsi", "Anti\u00a0Korupsi"])
def test_spellings_fold_into_one(text: str) -> None:
    assert fold(text).lower == "anti korupsi"


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=120))
def test_every_folded_character_has_its_origin(text: str) -> None:
    folded = fold(text)
    places = [folded.origin(place) for place in range(len(folded.lower))]
    assert places == sorted(set(places))
    assert all(0 <= place < len(text) for place in places)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_sentences_cover_the_text_without_gaps(text: str) -> None:
    assert "".join(text[start:end] for start, end in split_sentences(text)) == text

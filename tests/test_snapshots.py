"""Snapshots: what was fetched comes back byte for byte, and nothing else passes for one."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.reading import PageInput
from crawler.snapshots import BadSnapshot, pack, pages_of, unpack

pages = st.lists(st.builds(PageInput, st.text(), st.binary(), st.text()), max_size=4)


@given(pages)
@settings(max_examples=200, deadline=None)
def test_what_was_packed_is_unpacked(given_pages: list[PageInput]) -> None:
    assert unpack(pack(given_pages)) == tuple(given_pages)


def test_a_snapshot_that_was_cut_off_is_refused() -> None:
    whole = pack([PageInput("https://a.example/1", b"<p>satu</p>")])
    with pytest.raises(BadSnapshot, match="not whole"):
        unpack(whole[:-1])


@given(st.binary())
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_pages_or_refused(data: bytes) -> None:
    with suppress(BadSnapshot):
        unpack(data)


def test_bytes_kept_before_there_were_parts_are_one_page() -> None:
    assert pages_of(b"<p>satu</p>", "https://a.example/1") == (
        PageInput("https://a.example/1", b"<p>satu</p>"),
    )

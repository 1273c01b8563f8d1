"""Bytes of pages: their encoding, their limits, and what is no page."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.document import MAX_BYTES, TooLarge, Unreadable, parse


def test_the_header_tells_the_encoding_before_the_page_does() -> None:
    body = b'<meta charset="utf-8"><p>\x93kata\x94</p>'
    read = parse(body, "text/html; charset=windows-1252")
    assert (read.encoding, "“kata”" in read.text) == ("cp1252", True)


def test_a_byte_order_mark_outranks_the_header() -> None:
    read = parse("\ufeff<p>é</p>".encode(), "text/html; charset=iso-8859-1")
    assert "<p>é</p>" in read.text
    assert parse("<p>é</p>".encode("utf-16"), "text/html").tree.text_content() == "é"


def test_the_page_tells_its_encoding_where_the_header_is_silent() -> None:
    assert parse('<meta charset="koi8-r"><p>да</p>'.encode("koi8-r"), None).text.endswith(
        "<p>да</p>"
    )


def test_undeclared_bytes_are_utf8_and_otherwise_windows_1252() -> None:
    assert parse("<p>é</p>".encode(), None).encoding == "utf-8"
    assert "“x”" in parse(b"<p>\x93x\x94</p>", None).text


def test_a_latin1_header_over_utf8_is_not_believed() -> None:
    assert "“" in parse("<p>“kata”</p>".encode(), "text/html; charset=iso-8859-1").text


def test_one_broken_byte_does_not_make_utf8_another_encoding() -> None:
    body = "<meta charset=utf-8><p>“satu” “dua”</p>".encode() + b"\xff"
    assert parse(body, None).encoding == "utf-8"


@pytest.mark.parametrize("name", ["hex", "unicode_escape", "idna", "nonsense", "utf-7", "base64"])
def test_encodings_that_are_none_for_text_are_ignored(name: str) -> None:
    assert parse("<p>é</p>".encode(), f"text/html; charset={name}").encoding == "utf-8"


@pytest.mark.parametrize(
    "body", [b"", b" \n ", b"%PDF-1.7 x", b"\x89PNG\r\n", bytes(range(256)) * 4, b"<!-- x -->"]
)
def test_nothing_and_binaries_are_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(body, None)


def test_an_image_by_its_header_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="image/jpeg"):
        parse(b"<p>x</p>", "image/jpeg")


def test_limits_name_themselves() -> None:
    with pytest.raises(TooLarge) as too_long:
        parse(b"x" * (MAX_BYTES + 1), None)
    with pytest.raises(TooLarge) as too_many:
        parse(b"<p>a" * 21_000, None)
    assert (too_long.value.limit, too_many.value.limit) == ("bytes", "elements")


def test_control_characters_leave_the_page() -> None:
    read = parse(b"<p>" + b"kata " * 20 + b"a\x00b\x08c&#0;</p>", None)
    assert "\x00" not in read.text
    assert "abc" in read.tree.text_content()


@pytest.mark.parametrize("tag", ["div", "span", "blockquote"])
def test_deep_nesting_loses_no_text(tag: str) -> None:
    body = f"<{tag}>" * 5_000 + "<p>dalam</p>" + f"</{tag}>" * 5_000 + "<p>akhir</p>"
    text = parse(body.encode(), None).tree.text_content()
    assert "dalam" in text
    assert "akhir" in text


def test_comments_and_an_xml_declaration_do_no_harm() -> None:
    read = parse(b'<?xml version="1.0" encoding="latin-1"?><p>a<!-- b -->c</p>', None)
    assert read.tree.text_content() == "ac"


@pytest.mark.parametrize(
    "piece", [b"<div>", b"<", b"<a ", b"&", b"<!--", b"</p>", b"<table><tr><td>", b"<svg><math>"]
)
def test_hostile_pages_of_the_largest_size_end_soon(piece: bytes) -> None:
    start = time.perf_counter()
    with suppress(TooLarge, Unreadable):
        parse(piece * (MAX_BYTES // len(piece)), None)
    assert time.perf_counter() - start < 3


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_any_bytes_are_a_document_or_are_refused(body: bytes, content_type: str | None) -> None:
    with suppress(TooLarge, Unreadable):
        parse(body, content_type)

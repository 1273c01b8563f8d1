"""Articles as a sheet of a spreadsheet program (XLSX): the CSV's columns, every cell inert."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO

import xlsxwriter

from store.export import KEYS, article_values
from store.records import StoredArticle

# The format's own limits (ECMA-376 as Excel keeps it).
MOST_ROWS = 1_048_576
MOST_CHARS = 32_767
CUT = " […]"
WIDTHS = {"title": 60, "text": 60, "url": 40, "outlet": 20, "published_at": 26, "tags": 40}
# What XML 1.0 cannot hold.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class TooManyRows(Exception):
    """More articles than a sheet has rows; the message says what to do."""


def write_xlsx(rows: Iterable[StoredArticle], stream: BinaryIO) -> None:
    """Write one sheet: a header that stays in sight, then one row an article.

    Times are text with their offset, as in the JSON. A cell that is longer than a spreadsheet
    takes ends in "[…]"; no cell is a formula or a link. TooManyRows beyond 1,048,575 articles.
    """
    # constant_memory: a row is written out when the next begins, whatever the number of rows.
    book = xlsxwriter.Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet("Pantau")
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, key in enumerate(KEYS):
        sheet.set_column(column, column, WIDTHS.get(key, 14))
        sheet.write_string(0, column, key, bold)
    sheet.autofilter(0, 0, 0, len(KEYS) - 1)
    for number, stored in enumerate(rows, start=1):
        if number >= MOST_ROWS:
            raise TooManyRows("more articles than a sheet has rows; narrow the list, or take CSV")
        for column, value in enumerate(article_values(stored)):
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, _cell(value))
    book.close()


def _cell(value: str) -> str:
    text = NOT_XML.sub("\ufffd", value)
    return text if len(text) <= MOST_CHARS else text[: MOST_CHARS - len(CUT)] + CUT

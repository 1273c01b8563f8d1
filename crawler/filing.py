"""How an outlet files an item: under which address and desk, and whether as paid copy."""

from __future__ import annotations

import re

from crawler.metadata import Metadata
from crawler.outlets import Outlet
from crawler.rules import Rules
from crawler.urls import BadURL, canonicalise, same_site


def is_filed_as_paid(title: str, meta: Metadata, rules: Rules) -> bool:
    """Whether the outlet marks the item as paid or official copy outside its text: by its section
    ("Advertorial", "Pariwara"), a tag, or a mark that opens the title ("ADV: ...")."""
    marks = rules.tail.advertorial
    filed = {words.casefold() for words in (meta.section or "", *meta.keywords)}
    opening = re.match(r"\W*(\w+)\s*[:|)\]]", title)
    return not filed.isdisjoint(marks) or bool(opening and opening[1].casefold() in marks)


def of_this_desk(opening: str, meta: Metadata, outlet: Outlet) -> bool:
    """Whether a page of a national host belongs to the desk the outlet stands for: its text opens
    with the desk's dateline, or it is filed under the desk's category."""
    if not (outlet.only_dateline or outlet.only_category):
        return True
    begins = opening.casefold().lstrip()
    if any(begins.startswith(words.casefold()) for words in outlet.only_dateline):
        return True
    filed = (meta.section or "").casefold()
    return any(filed == name.casefold() for name in outlet.only_category)


def canonical_of(meta: Metadata, url: str, outlet: Outlet) -> str:
    """The address an article goes by: the page's own word if it names this site, else the one it
    was found at; both in canonical form."""
    own = meta.canonical
    if own and same_site(own, outlet.all_hosts):
        try:
            canonical = canonicalise(own, outlet.family)
        except BadURL:
            canonical = None
        if canonical and canonical != canonicalise(outlet.home, outlet.family):
            return canonical
    return canonicalise(url, outlet.family)

"""What else a suspect is called: "alias Acoan", "akrab disapa Cek Zul", "(Pepen)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.case_runs import Person
from crawler.case_words import CaseWords

DEGREES = re.compile(r"(?:,? (?:[A-Z][a-z]{0,4}\.? ?){1,3}(?=[,. ]))*")
NICKNAME = r"[\"“'‘]?(?P<name>(?:[A-Z][\w'’] )?[A-Z][\w'’]{2,}(?: [A-Z][\w'’]{2,})?)"
CALLED = re.compile(
    r",? \(?(?:yang )?(?:juga )?(?:akrab |biasa |kerap |karib |sering )?"
    r"(?:alias|disapa|dipanggil|dikenal|dijuluki|atau)"
    r"(?: dengan)?(?: sebutan| panggilan| nama| sebagai)? " + NICKNAME
)
IN_BRACKETS = re.compile(r" ?\(" + NICKNAME + r"[\"”'’]?\)")


def nicknames_of(person: Person, words: CaseWords) -> Iterator[str]:
    """The other names that stand right behind a person's, degrees between them; lower case."""
    text = person.passage.text[person.end : person.end + 120]
    degrees = DEGREES.match(text)
    for rest in dict.fromkeys((text, text[degrees.end() :] if degrees else text)):
        for pattern in (CALLED, IN_BRACKETS):
            match = pattern.match(rest)
            if match is None or match["name"].isupper():
                continue
            name = match["name"].lower()
            if words.never_names.isdisjoint(name.split()):
                yield name

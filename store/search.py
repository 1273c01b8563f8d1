"""Finding articles by their words, the newest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from sqlite_utils import Database

from store.article_rows import stored_articles
from store.filters import NEWEST_FIRST, Filter, conditions, sql_limit
from store.records import StoredArticle
from store.synonyms import Synonyms, Words, load_synonyms

# Bounds what a query can cost: nobody types more, and pasted pages are cut.
MAX_TERMS = 32
MAX_QUERY_CHARS = 2000
MAX_VARIANTS = 24

_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))(\*?)')
_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: words that stand together, in this order."""

    words: Words
    prefix: bool = False
    excluded: bool = False
    phrase: bool = False


def search(
    db: Database,
    query: str,
    limit: int | None = 50,
    chosen: Filter | None = None,
    synonyms: Synonyms | None = None,
) -> list[StoredArticle]:
    """The articles that hold every term, the latest published first.

    `"words together"`, `-without`, `begin*`; a word also finds its synonyms. Any text is a legal
    query; one without a word to look for finds nothing. chosen narrows the result (its own limit
    does not count), synonyms None means the shipped ones.
    """
    expression = fts_query(query, load_synonyms() if synonyms is None else synonyms)
    if expression is None:
        return []
    chosen = replace(chosen or Filter(), limit=limit)
    wanted, values = conditions(chosen)
    where = " AND ".join(["articles_fts MATCH ?", *wanted])
    # CROSS JOIN keeps the index of words as the outer loop; only ids are sorted, never texts.
    rows = db.conn.execute(
        "SELECT a.id FROM articles_fts CROSS JOIN articles a ON a.id = articles_fts.rowid"
        f" WHERE {where} {NEWEST_FIRST}",
        (expression, *values, sql_limit(chosen)),
    )
    return stored_articles(db.conn, [row["id"] for row in rows])


def fts_query(query: str, synonyms: Synonyms) -> str | None:
    """The query in FTS5's language, None if there is nothing to look for. Words reach FTS5 only
    inside quotes, so nothing a person types is ever syntax."""
    terms = list(islice(parse(query), MAX_TERMS))
    wanted = [t for t in terms if not t.excluded]
    without = [t for t in terms if t.excluded]
    if not wanted:
        return None
    expression = " AND ".join(_clauses(wanted, synonyms))
    if without:
        expression = f"({expression}) NOT ({' OR '.join(_clauses(without, synonyms))})"
    return expression


def parse(query: str) -> Iterator[Term]:
    """The terms of a query as a person typed it."""
    text = unicodedata.normalize("NFC", query[:MAX_QUERY_CHARS]).translate(_QUOTES)
    for minus, quoted, bare, star in _TERM.findall(text):
        words = tuple(_WORD.findall((quoted or bare).casefold()))
        if not words:
            continue
        yield Term(
            words=words,
            prefix=bool(star) or bare.endswith("*"),
            excluded=bool(minus),
            phrase=bool(quoted) or len(words) > 1,
        )


def _clauses(terms: Sequence[Term], synonyms: Synonyms) -> Iterator[str]:
    """One FTS5 clause a term; words typed one after the other that are a synonym's form together
    (rapat koordinasi) become one clause, which the short form (rakor) satisfies too."""
    at = 0
    while at < len(terms):
        run = _plain_run(terms, at)
        form = _longest_form(run, 0, synonyms)
        if len(form) > 1:
            apart = " AND ".join(_quoted(word) for word in form)
            others = [_phrase(words) for words in synonyms[form] if words != form]
            yield f"(({apart}) OR {' OR '.join(others)})"
            at += len(form)
        else:
            yield _clause(terms[at], synonyms)
            at += 1


def _plain_run(terms: Sequence[Term], at: int) -> Words:
    run: list[str] = []
    for term in terms[at:]:
        if term.prefix or term.phrase or term.excluded:
            break
        run += term.words
    return tuple(run)


def _longest_form(words: Words, at: int, synonyms: Synonyms) -> Words:
    for end in range(min(len(words), at + 8), at, -1):
        if words[at:end] in synonyms:
            return words[at:end]
    return ()


def _clause(term: Term, synonyms: Synonyms) -> str:
    if term.prefix:
        return _phrase(term.words) + " *"
    variants = list(islice(_variants(term.words, synonyms), MAX_VARIANTS))
    if len(variants) == 1:
        return _phrase(variants[0])
    return f"({' OR '.join(map(_phrase, variants))})"


def _variants(words: Words, synonyms: Synonyms) -> Iterator[Words]:
    """The words, and the words with each synonym in place of its form; the words first."""
    choices: list[tuple[Words, ...]] = []
    at = 0
    while at < len(words):
        form = _longest_form(words, at, synonyms)
        if form:
            choices.append((form, *(other for other in synonyms[form] if other != form)))
        else:
            choices.append(((words[at],),))
        at += len(form) or 1
    for choice in product(*choices):
        yield tuple(word for part in choice for word in part)


def _phrase(words: Words) -> str:
    return _quoted(" ".join(words))


def _quoted(text: str) -> str:
    return f'"{text}"'

"""From the bytes of a page to a judged article: the pure stages in their order, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.body import Body, fuller, read_body
from crawler.case_reading import taught_by, with_case
from crawler.case_words import CaseWords, load_case_words
from crawler.cases import CaseReader, reader_of
from crawler.cleaning import clean
from crawler.dateline import read_dateline
from crawler.dates import DateClue
from crawler.document import TooLarge, Unreadable, parse
from crawler.event_dates import dateline_date, event_date
from crawler.filing import canonical_of, is_filed_as_paid, of_this_desk
from crawler.metadata import Metadata, read_metadata
from crawler.outlets import Outlet
from crawler.pagekind import page_kind
from crawler.parts import continuation
from crawler.prefilter import Prefilter
from crawler.publication import choose_publication
from crawler.regions import Gazetteer, load_gazetteer, main_region
from crawler.relevance import judge
from crawler.rules import Rules, load_rules
from crawler.tagging import tag
from crawler.terms import SHIPPED, Vocabulary
from crawler.topic_choice import of_strongest_topic
from crawler.topics import ONLY_KPK, Topic, TopicFile, load_topics
from store.case_records import Case, CaseEvidence
from store.records import Article, Candidate


@dataclass(frozen=True, slots=True)
class Tools:
    """What reading needs besides the page: rules and vocabularies, loaded once. vocabulary is the
    KPK's; others are further topics that are on; the prefilter is of all of them."""

    rules: Rules
    vocabulary: Vocabulary
    gazetteer: Gazetteer
    prefilter: Prefilter
    case_words: CaseWords
    others: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class PageInput:
    """One fetched address: where it was finally found, and what it gave."""

    url: str
    body: bytes
    content_type: str = "text/html"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Of which outlet a page is, what its source said of it, when it was fetched (aware), and the
    cases that are active then."""

    outlet: Outlet
    hint: Candidate
    now: datetime
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """How far to read. complete: what is there is all there is, so name no further part;
    whatever_topic: give the article even when it is not about ours."""

    complete: bool = False
    whatever_topic: bool = False


UNDECIDED = Wish()
SAVED_PAGE = Wish(complete=True, whatever_topic=True)
ALL_PARTS = Wish(complete=True)


@dataclass(frozen=True, slots=True)
class PageReading:
    """What a page turned out to be. article is set when the ending is "article"; next_page is
    the address of a further part that has not been read yet, kept how many of the parts given
    go before it (none: that address holds the whole article); evidence is what it teaches of
    cases."""

    ending: str
    article: Article | None = None
    canonical: str | None = None
    next_page: str | None = None
    kept: int = 0
    problem: str | None = None
    evidence: tuple[CaseEvidence, ...] = ()


def load_tools(files: Sequence[TopicFile] = ONLY_KPK) -> Tools:
    """The shipped rules, and the vocabularies of these topics, the KPK's first.

    Raises VocabularyError or RulesError, naming file, key and remedy.
    """
    kpk, *others = load_topics(files)
    terms = [term for topic in (kpk, *others) for term in topic.vocabulary.terms]
    return Tools(
        rules=load_rules(SHIPPED / "cleaning.toml"),
        vocabulary=kpk.vocabulary,
        gazetteer=load_gazetteer(SHIPPED / "regions.toml"),
        prefilter=Prefilter(Vocabulary(tuple(terms))),
        case_words=load_case_words(overlay=files[0].cases),
        others=tuple(others),
    )


def read_pages(
    pages: Sequence[PageInput], occasion: Occasion, tools: Tools, wish: Wish = UNDECIDED
) -> PageReading:
    """What the parts of one article, in order, say together.

    Never raises for anything a page may hold: what cannot be read ends in a word. While a further
    part is named (next_page), the caller fetches it and reads all of them again.
    """
    outlet = occasion.outlet
    try:
        documents = [parse(page.body, page.content_type) for page in pages]
    except TooLarge as error:
        return PageReading("too_large", problem=str(error))
    except Unreadable as error:
        ending = "unreadable" if pages[-1].body.strip() else "empty"
        return PageReading(ending, problem=str(error))
    head = documents[0]
    meta = read_metadata(head.tree, pages[0].url, outlet.name, outlet.brands, outlet.family)
    canonical = canonical_of(meta, pages[0].url, outlet)
    kind = page_kind(head.tree, pages[0].url, 200, meta.title)
    instead = occasion.hint.content if kind in ("empty", "blocked") else None
    if kind != "article" and not instead:
        return PageReading(kind, canonical=canonical, problem=f"no article but {kind}")
    following = continuation(documents[-1].tree, pages[-1].url, outlet.family)
    if following is not None and not wish.complete:
        kept = 0 if following.whole else len(pages)
        return PageReading("part", canonical=canonical, next_page=following.url, kept=kept)
    if not wish.whatever_topic and not may_matter(pages, occasion, tools):
        return PageReading("off_topic", canonical=canonical)
    title = meta.title or occasion.hint.title or ""
    body = read_body([] if instead else documents, outlet, title, pages[0].url, tools.rules)
    body = fuller(body, occasion.hint.content, outlet, title, tools.rules)
    if not body.paragraphs:
        return PageReading("empty", canonical=canonical, problem="no article text on the page")
    article = judged(title, body, meta, occasion, tools)
    wanted = article.relevance != "not" and of_this_desk(body.opening, meta, outlet)
    if wanted:
        taught = taught_by(article, canonical, tools.case_words)
        return PageReading("article", article, canonical, evidence=taught)
    return PageReading("off_topic", article if wish.whatever_topic else None, canonical)


def read_summary(occasion: Occasion, tools: Tools) -> PageReading:
    """An article from what the source itself says of it, for outlets whose terms forbid fetching
    the article: title, link, date and the source's summary, nothing else."""
    hint = occasion.hint
    body = Body(tuple(p for p in (hint.summary,) if p), (), None, False)
    article = judged(hint.title or "", body, Metadata(), occasion, tools)
    if article.relevance == "not":
        return PageReading("off_topic", canonical=hint.url)
    taught = taught_by(article, hint.url, tools.case_words)
    return PageReading("article", article, hint.url, evidence=taught)


def may_matter(pages: Sequence[PageInput], occasion: Occasion, tools: Tools) -> bool:
    """Whether the parts of an article could make it one of a topic or of an active case."""
    content = occasion.hint.content or ""
    bodies = [*(page.body for page in pages), content.encode("utf-8", "replace")]
    if any(tools.prefilter.may_matter(body) for body in bodies):
        return True
    return cases_of(occasion, tools).may_matter(bodies)


def cases_of(occasion: Occasion, tools: Tools) -> CaseReader:
    """The occasion's cases, ready to be sought; kept with the vocabulary until they change."""
    return reader_of(occasion.cases, tools.case_words, tools.vocabulary.derived)


def read_text(title: str, text: str, occasion: Occasion, tools: Tools) -> PageReading:
    """An article from text that somebody else extracted: paragraphs by lines, cleaned, judged."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    cleaned = clean(lines, tools.rules, title, occasion.outlet.brands)
    body = Body(cleaned.paragraphs, cleaned.removed, cleaned.byline, cleaned.advertorial)
    article = judged(title, body, Metadata(), occasion, tools)
    ending = "off_topic" if article.relevance == "not" else "article"
    url = occasion.hint.url
    return PageReading(ending, article, url, evidence=taught_by(article, url, tools.case_words))


def judged(title: str, body: Body, meta: Metadata, occasion: Occasion, tools: Tools) -> Article:
    """The finished article: dated, placed, judged and tagged."""
    outlet, now = occasion.outlet, occasion.now
    opening = body.opening
    publication = choose_publication(
        clues_of(meta, occasion.hint, opening, outlet), outlet.zone, first_seen=now
    )
    judgement = judge(title, body.paragraphs, tools.vocabulary, publication.day)
    known = publication.day if publication.source != "first_seen" else None
    event = event_date(body.paragraphs, known, outlet.zone)
    place = read_dateline(opening, outlet.brands).place
    conflicts = [text for text in (publication.conflict, event.problem) if text]
    article = Article(
        title=title,
        text=body.text,
        published_at=publication.at,
        published_day=publication.day,
        published_precision=publication.precision,
        published_source=publication.source,
        event_date=event.day,
        date_conflict="; ".join(conflicts) or None,
        byline=meta.byline or body.byline or meta.generic_byline,
        place=place,
        province=outlet.province or None,
        region=main_region(title, body.paragraphs, place, outlet.province, tools.gazetteer),
        advertorial=body.advertorial or is_filed_as_paid(title, meta, tools.rules),
        relevance=judgement.relevance,
        score=judgement.score,
        reasons=judgement.reasons,
        tags=tag(
            title,
            body.paragraphs,
            outlet.province,
            tools.vocabulary,
            tools.gazetteer,
            publication.day,
        ),
        removed=body.removed,
    )
    article = with_case(article, cases_of(occasion, tools))
    return of_strongest_topic(article, tools.others, tools.gazetteer)


def clues_of(meta: Metadata, hint: Candidate, opening: str, outlet: Outlet) -> tuple[DateClue, ...]:
    """Every word on the day of publication: the page's, its source's, its dateline's."""
    clues = list(meta.clues)
    if hint.published:
        clues.append(DateClue("feed", hint.published))
    dateline = dateline_date(opening, outlet.zone)
    if dateline:
        clues.append(DateClue("dateline", dateline))
    return tuple(clues)

"""What a case is about, as the few words that tell it from another: "jual beli jabatan"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.case_words import CaseWords

VERB = re.compile(r"(?:me(?:ng|m|n|ny)|di(?!gital))\w{4,}")
WORD = re.compile(r"\w+")
FIGURE = re.compile(r"(?:rp)?\d+$")
# "pengadaan 40 perahu sekolah", not "20 hari" or "5 persen".
HOW_MANY = re.compile(
    r"\d{1,3} (?!persen|hari|jam|menit|orang|saksi|tersangka|kali|juta|miliar|ribu|triliun|tahun"
    r"|bulan)[a-z]{3}"
)
# "jalan Sulang–Sumber", "Pasar Girian": what is built has a name of its own.
OBJECT = re.compile(
    r"\b(?:[Jj]alan|[Rr]uas|[Jj]embatan|[Pp]asar|[Ww]aduk|[Bb]endungan|[Ss]tadion|[Tt]erminal"
    r"|[Ii]rigasi|[Ee]mbung|[Dd]ermaga|[Pp]elabuhan|[Tt]alud|[Bb]andara)"
    r" [A-Z][a-z]{2,}(?: ?[–-] ?[A-Z][a-z]{2,})?"
)
MAX_WORDS = 6


def affairs_in(folded: str, words: CaseWords, places: Iterable[str] = ()) -> tuple[str, ...]:
    """The matters a folded sentence speaks of, each as its two to six telling words in order.
    places are cut off: "jual beli jabatan muara contoh" is the same matter."""
    names = {word for place in places for word in place.split()}
    found: dict[str, None] = {}
    for opening in words.opening.finditer(folded):
        told = list(_telling(folded[opening.end() : opening.end() + 120], names, words))
        if len(told) >= 2 and is_telling(told, words):
            found.setdefault(" ".join(told))
    for idiom in words.idiom.finditer(folded):
        found.setdefault(idiom[0])
    for code in words.code_names.finditer(folded):
        told = WORD.findall(code[1])
        if len(told) == 2 and is_telling(told, words):
            found.setdefault(" ".join(told))
    return tuple(found)


def objects_in(text: str, words: CaseWords, places: Iterable[str] = ()) -> tuple[str, ...]:
    """What a sentence, as it is written, names that is built or repaired ("jalan sulang sumber");
    what only bears the name of a place of the case tells nothing."""
    names = {word for place in places for word in place.split()}
    found: dict[str, None] = {}
    for match in OBJECT.finditer(text):
        told = WORD.findall(match[0].lower())
        own = set(told[1:]) - names
        if not own <= words.never_names | words.generic | words.stopped:
            found.setdefault(" ".join(told))
    return tuple(found)


def kinds_in(folded: str, words: CaseWords) -> tuple[str, ...]:
    """The bare offences named: "suap", "pemerasan" .."""
    return tuple(kind for kind, pattern in words.offences.items() if pattern.search(folded))


def is_telling(told: Iterable[str], words: CaseWords) -> bool:
    """Whether the words hold one that not every affair has."""
    wanted = set(told)
    return bool(wanted - words.generic) or {"jual", "beli"} <= wanted


def speaks_of(affair: str, said: frozenset[str], words: CaseWords) -> bool:
    """Whether a sentence, given as its words, is about a matter: two of the matter's words, one of
    them telling, or one that is a matter by itself."""
    met = set(affair.split()) & said
    telling = met - words.generic
    two = len(met) >= 2 and (len(telling) >= 1 or {"jual", "beli"} <= met)
    return two or bool(met & words.alone)


def names_itself(affair: str, said: frozenset[str], words: CaseWords) -> bool:
    """Whether a sentence is about a matter so plainly that it needs no place: two words met that
    hardly another matter has ("poros bontoa")."""
    return len(rare(affair, words) & said) >= 2


def rare(affair: str, words: CaseWords) -> frozenset[str]:
    """The words of a matter that hardly another has; none if it has only one of them."""
    found = frozenset(affair.split()) - words.generic - words.everyday
    return found if len(found) > 1 else frozenset()


def telling_words(affairs: Iterable[str], words: CaseWords) -> frozenset[str]:
    """Of some matters the words by which two of them are one."""
    told = {word for affair in affairs for word in affair.split()} - words.generic
    return frozenset(told - {word for kind in words.offences for word in kind.split()})


def overlap(telling: Iterable[str], affairs: Iterable[str]) -> bool:
    """Whether matters share one of these telling words."""
    return not frozenset(telling).isdisjoint(word for a in affairs for word in a.split())


def _telling(text: str, names: set[str], words: CaseWords) -> Iterator[str]:
    end = re.search(r"[,.;:!?\"“”]|[–—]\s|\s[–—]", text)
    count = 0
    for match in WORD.finditer(text[: end.start()] if end else text):
        word = match[0]
        if HOW_MANY.match(text, match.start()):
            continue
        if word in words.stopped or word in names or FIGURE.match(word) or VERB.match(word):
            return
        if count == MAX_WORDS:
            return
        if word in words.skipped:
            if count and word not in ("dan", "atau"):
                return
            continue
        count += 1
        yield word

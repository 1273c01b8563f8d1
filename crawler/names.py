"""The people, places and companies an Indonesian text names, told apart by what stands around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.case_words import NEVER_NAMES, TITLES
from crawler.passages import Passage, fold

WORD = re.compile(r"[^\W\d_][\w'’]*(?:-\w+)*\.?")
PARTICLES = frozenset(("bin", "binti", "al", "el"))
COMPANY = re.compile(r"\b(?:PT|CV|UD)\.? ((?:[A-Z][\w&'-]*\.? ?){1,5})")
# What stands right before a place, and what before a place or the person in that office.
OF_A_PLACE = re.compile(
    r"(?:kabupaten|kab\.?|pemkab|pemkot|pemko|pemprov|provinsi|prov\.?|(?<!wali )kota|kepulauan"
    r"|dprd|polres\w*|polda|kejari|kejati|kecamatan|kelurahan|desa|pn|negeri|tipikor|rsud|pupr"
    r"|dinas(?: \w+){1,5}|bkpsdm|bkd|lapas|rutan|wilayah|di|ke|se|sungai"
    r"|jembatan|jalan|ruas|bandara|pelabuhan|pasar|waduk|bendungan|banjir"
    r"|irigasi|kawasan|gedung|stadion|hotel|embung) $"
)
STRICTLY_A_PLACE = re.compile(r"(?:kabupaten|kab\.?|pemkab|pemkot|pemko|pemprov|provinsi) $")
OF_AN_OFFICE = re.compile(
    r"(?:bupati|wabup|wali ?kota|gubernur|wagub|sekda|sekretaris daerah|kadis\w*|kepala badan"
    r"|camat|nonaktif|non aktif)(?: nonaktif| non aktif| terpilih| \(nonaktif\))? $"
)
LONGEST = 5


@dataclass(frozen=True, slots=True)
class Person:
    """A full name (two words or more, without titles) where it stands; start and end are code
    points within the passage."""

    name: str
    passage: Passage
    start: int
    end: int

    @property
    def form(self) -> str:
        return fold(self.name).lower


@dataclass(frozen=True, slots=True)
class Named:
    """Who and where a text names. places are folded forms."""

    persons: tuple[Person, ...]
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Run:
    """Capitalised words in a row, and how they are introduced."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    passage: Passage
    cue: str

    def part(self, begin: int, end: int | None = None) -> str:
        return " ".join(self.words[begin:end])

    def person(self, begin: int = 0) -> Person | None:
        if len(self.words) - begin < 2:
            return None
        return Person(
            self.part(begin), self.passage, self.spans[begin][0], self.spans[len(self.words) - 1][1]
        )


def names_in(passages: Sequence[Passage], places: Iterable[str] = ()) -> Named:
    """Everybody a text names in full, and its places. Titles are believed only where the body
    names the same person, since there every word may have a capital. places are those already
    known ("Muara Enim")."""
    common = {word for p in passages for word in re.findall(r"\b[a-z]{3,}\b", p.text)}
    runs = [run for passage in passages for run in _runs(passage, common)]
    known = {fold(place).lower for place in places}
    free = _uncued(runs)
    body = "\n".join(fold(p.text).lower for p in passages if p.index is not None)
    known |= _places([run for run in runs if _is_believed(run, body)], known, free)
    persons = [person for run in runs for person in _split(run, known, free)]
    sure = {person.form for person in persons if person.passage.index is not None}
    kept = [p for p in persons if p.form not in known and (p.form in sure)]
    return Named(tuple(kept), frozenset(known))


def short_mentions(named: Named, passage: Passage, start: int, end: int) -> Iterator[Person]:
    """Where a stretch of a passage calls somebody by one word of a name that the text gives in
    full elsewhere; words that two people share are left out."""
    bearers: dict[str, set[str]] = {}
    for person in named.persons:
        for word in person.name.split():
            bearers.setdefault(word, set()).add(person.name)
    for match in re.finditer(r"\b[A-Z]\w{3,}", passage.text[start:end]):
        names = bearers.get(match[0], set())
        if len(names) == 1:
            yield Person(next(iter(names)), passage, start + match.start(), start + match.end())


def _uncued(runs: Iterable[_Run]) -> set[str]:
    """The longer names that stand by themselves at least as often as behind "Bupati", "di" ..;
    titles do not count."""
    balance: Counter[str] = Counter()
    for run in runs:
        if run.passage.index is not None and len(run.words) > 1:
            balance[fold(run.part(0)).lower] += -1 if run.cue else 1
    return {form for form, more in balance.items() if more > 0}


def companies_in(text: str) -> tuple[str, ...]:
    """The firms a text names, folded, with their legal form ("pt karya contoh")."""
    found = (f"{m[0][:2]} {m[1].strip(' .')}" for m in COMPANY.finditer(text))
    return tuple(dict.fromkeys(fold(name).lower for name in found if " " in name.strip()))


def _runs(passage: Passage, common: set[str]) -> Iterator[_Run]:
    text = passage.text
    words: list[str] = []
    spans: list[tuple[int, int]] = []

    def close() -> Iterator[_Run]:
        if words:
            yield _Run(tuple(words), tuple(spans), passage, _cue(text, spans[0][0]))
        words.clear()
        spans.clear()

    starts = {start for start, _ in passage.sentences}
    firms = {place for m in COMPANY.finditer(text) for place in range(*m.span())}
    for match in WORD.finditer(text):
        if match.start() in firms:
            yield from close()
            continue
        word = match[0]
        if spans and (text[spans[-1][1] : match.start()] != " " or len(words) >= LONGEST):
            yield from close()
        end = match.end()
        short = len(word) <= 4 and word[:1].isupper()
        if word.endswith(".") and not short:
            word, end = word[:-1], end - 1
        bare = word.rstrip(".").lower()
        initial = len(bare) == 1 and not words
        if (bare in TITLES or initial) and word[:1].isupper():
            yield from close()
            continue
        if not _is_name_word(word, bare, bool(words), match.start() in starts, common):
            yield from close()
            continue
        words.append(word)
        spans.append((match.start(), end))
        if match[0].endswith(".") and not short:
            yield from close()
    yield from close()


def _is_name_word(word: str, bare: str, inside: bool, opens: bool, common: set[str]) -> bool:
    if bare in PARTICLES and inside:
        return True
    if not word[:1].isupper() or bare in NEVER_NAMES:
        return False
    if len(bare) > 1 and word.isupper():
        return False
    return not (opens and bare in common)


def _cue(text: str, start: int) -> str:
    """How a run is introduced: "" is nothing in particular."""
    before = fold(text[max(0, start - 60) : start]).lower
    before = re.sub(r"(?:\b(?:h|hj|dr|drs|ir|prof)\. ?)+$", "", before)
    if STRICTLY_A_PLACE.search(before):
        return "strict"
    if OF_AN_OFFICE.search(before):
        return "office"
    return "place" if OF_A_PLACE.search(before) else ""


def _is_believed(run: _Run, body: str) -> bool:
    """Whether a run may be a place: in a title ("Eks Bupati Soroti Saksi") only what the body
    says too."""
    return run.passage.index is not None or fold(run.part(0)).lower in body


def _places(runs: Sequence[_Run], known: set[str], free: set[str]) -> set[str]:
    """Names behind "Kabupaten", "Bupati" ..; the shortest first, since "Bupati Muara Contoh" in
    one sentence tells how to cut "Bupati Muara Contoh Rahmat Wiradinata" in another."""
    found = set(known)
    cued = [run for run in runs if run.cue]
    for run in sorted(cued, key=lambda run: (len(run.words), run.cue != "strict")):
        form = fold(run.part(0)).lower
        if form in free and run.cue != "strict":
            continue
        if _known_prefix(run, found) or _person_tail(run, free):
            continue
        if len(run.words) <= 2 or (run.cue == "strict" and len(run.words) == 3):
            found.add(form)
        else:
            found.add(fold(run.part(0, max(1, len(run.words) - 2))).lower)
    return found


def _known_prefix(run: _Run, places: set[str]) -> int:
    for length in range(len(run.words), 0, -1):
        if fold(run.part(0, length)).lower in places:
            return length
    return 0


def _person_tail(run: _Run, free: set[str]) -> int:
    for begin in range(1, len(run.words) - 1):
        if fold(run.part(begin)).lower in free:
            return begin
    return 0


def _split(run: _Run, places: set[str], free: set[str]) -> Iterator[Person]:
    begin = _known_prefix(run, places)
    if not begin and run.cue:
        begin = _person_tail(run, free)
    person = run.person(begin)
    if person is not None:
        yield person

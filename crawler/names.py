"""The people, places and companies an Indonesian text names, told apart by what stands around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.case_capitals import dateline_of
from crawler.case_holders import is_held, is_introduced, is_titled, known_prefix
from crawler.case_runs import COMPANY, Person, Run, firm_end, runs_in
from crawler.case_words import CaseWords
from crawler.passages import Passage, fold

__all__ = ["Named", "Person", "companies_in", "names_in", "short_mentions"]

COMPASS = frozenset("timur selatan utara barat tengah tenggara raya baru kota".split())
# What stands around a name of one word: "tersangka Suparman", "Suparman (SP)", ", Mesranita,".
LISTED = re.compile(
    r"(?:, |\bdan |\byakni |\byaitu |antaranya |\b(?:koordinator lapangan|korlap|kontraktor"
    r"|pengusaha|rekanan|ajudan(?:nya)?|staf(?:nya)?|makelar|perantara|bendahara|pemilik \w+) )$"
)
LISTED_ON = re.compile(r"(?:,| dan |\.|;| sebagai | selaku | alias | \()")
# What stands between an office and who holds it: its place, "nonaktif".
BETWEEN = re.compile(r" (?:(?:[A-Z][\w.]*|nonaktif|terpilih|non-?aktif) )*")
# "ajudan bupati Rahmat Wiradinata": no place follows.
OF_THE_HEADS = re.compile(
    r"\b(?:ahli|ajudan|staf|khusus|sopir|adik|kakak|istri|anak|kepercayaan|ipar|keponakan)"
    r" (?:bupati|wali ?kota|gubernur) $"
)
# Behind a lesser office a row of two is its holder once the text's own place is known.
LESSER = re.compile(
    r"\b(?:kadis\w*|kepala (?:dinas|badan|bidang|b[kp]\w+|bappe\w+|d[ip]\w+)|kabid|sekda"
    r"|sekretaris daerah|ppk|kaban\w*|direktur|camat)(?: \w+)? $"
)
CAPITAL = frozenset(("jakarta",))
# "Camat Merapi Timur": no person.
DIRECTIONS = frozenset(("timur", "selatan", "utara", "barat", "tengah"))
INITIALS = re.compile(r" ?\((?:[A-Z]{2,4}|\d{2}(?: tahun| th)?)\)")
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Named:
    """Who and where a text names. persons have two words or more, singles one: less sure. places
    are folded forms."""

    persons: tuple[Person, ...]
    places: frozenset[str]
    singles: tuple[Person, ...] = ()


def names_in(passages: Sequence[Passage], words: CaseWords, places: Iterable[str] = ()) -> Named:
    """Everybody a text names in full, and its places. Titles are believed only where the body
    names the same person, since there every word may have a capital. places are those already
    known ("Muara Enim")."""
    common = {word for p in passages for word in re.findall(r"\b[a-z]{3,}\b", p.text)}
    runs = [run for passage in passages for run in runs_in(passage, common, words)]
    known = {fold(place).lower for place in places}
    known |= {place for p in passages if (place := dateline_of(p)) is not None}
    free = _uncued(runs) | {run.form() for run in runs if _is_somebody(run, words)}
    known |= _regions(runs, free, words)
    if (known & words.regions) - CAPITAL:
        # Its regions are known by name: behind their offices stands who holds them.
        places = known | {run.form() for run in runs if run.cue == "strict"}
        free |= {run.form() for run in runs if is_held(run, places)}
    body = "\n".join(p.text for p in passages if p.index is not None)
    known |= _places([run for run in runs if _is_believed(run, body)], known, free)
    found = [person for run in runs for person in _split(run, known, free)]
    sure = {p.form for p in found if p.passage.index is not None or is_titled(p, known, words)}
    sure -= known
    full = tuple(p for p in found if " " in p.form and p.form in sure)
    parts = {word for person in full for word in person.form.split()}
    alone = [p for p in found if " " not in p.form and p.form in sure - parts - COMPASS]
    singles = {p.form for p in alone if p.passage.index is not None and _is_told(p, words)}
    return Named(full, frozenset(known), tuple(p for p in alone if p.form in singles))


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


def companies_in(text: str) -> tuple[str, ...]:
    """The firms a text names, folded, with their legal form ("pt karya contoh")."""
    found = (
        f"{m[0][:2]} {text[m.start(1) : firm_end(text, m)].strip(' .')}"
        for m in COMPANY.finditer(text)
    )
    return tuple(dict.fromkeys(fold(name).lower for name in found if " " in name.strip()))


def _uncued(runs: Iterable[Run]) -> set[str]:
    """The names that stand by themselves at least as often as behind "Bupati", "di" ..; titles do
    not count. A single word must never stand where only a place does."""
    balance: Counter[str] = Counter()
    for run in runs:
        form = run.form()
        if run.passage.index is None:
            continue
        if len(run.words) > 1:
            balance[form] += -1 if run.cue else 1
        else:
            balance[form] += {"": 1, "office": 0}.get(run.cue, -99)
    return {form for form, more in balance.items() if more > 0}


def _is_somebody(run: Run, words: CaseWords) -> bool:
    """Whether a row behind an office is a person and no place: an everyday name begins it, or
    initials follow."""
    if run.cue != "office" or len(run.words) < 2:
        return False
    start, end = run.spans[0][0], run.spans[-1][1]
    after = run.passage.text[end : end + 12]
    if known_prefix(run, words.regions):
        return False
    if OF_THE_HEADS.search(fold(run.passage.text[max(0, start - 50) : start]).lower):
        return True
    return run.words[0].lower() in words.common_names or INITIALS.match(after) is not None


def _regions(runs: Iterable[Run], free: set[str], words: CaseWords) -> set[str]:
    """The names of regions with which rows behind "Bupati", "di" .. begin."""
    found = set()
    for run in runs:
        if run.cue and not (run.cue == "office" and run.form() in free):
            length = known_prefix(run, words.regions)
            whole = run.cue == "office" and is_introduced(run)
            found.add("" if whole and length < len(run.words) else run.form(0, length))
    return found - {""}


def _is_believed(run: Run, body: str) -> bool:
    """Whether a run may be a place: in a title ("Eks Bupati Soroti Saksi") only what the body
    says too."""
    name = " ".join(run.words)
    return run.passage.index is not None or name in body or name.upper() in body


def _places(runs: Sequence[Run], known: set[str], free: set[str]) -> set[str]:
    """Names behind "Kabupaten", "Bupati" ..; the shortest first, since "Bupati Muara Contoh" in
    one sentence tells how to cut "Bupati Muara Contoh Rahmat Wiradinata" in another."""
    found = set(known)
    cued = [run for run in runs if run.cue]
    for run in sorted(cued, key=lambda run: (_is_lesser(run), len(run.words), run.cue != "strict")):
        form = run.form()
        if found - CAPITAL and len(run.words) == 2 and _is_lesser(run):
            continue
        if form in free and run.cue != "strict":
            continue
        closed = run.cue in ("strict", "city") and len(run.words) == 2
        if closed and run.form(1) not in free:
            found.add(form)
        elif not (known_prefix(run, found) or _person_tail(run, free)):
            whole = len(run.words) <= 2 or (run.cue == "strict" and len(run.words) == 3)
            found.add(form if whole else run.form(0, max(1, len(run.words) - 2)))
    return found


def _is_lesser(run: Run) -> bool:
    start = run.spans[0][0]
    return LESSER.search(fold(run.passage.text[max(0, start - 40) : start]).lower) is not None


def _person_tail(run: Run, free: set[str]) -> int:
    for begin in range(1, len(run.words)):
        if run.form(begin) in free:
            return begin
    return 0


def _split(run: Run, places: set[str], free: set[str]) -> Iterator[Person]:
    begin = known_prefix(run, places)
    if not begin and run.cue:
        begin = _person_tail(run, free)
    if begin == 1 and not run.cue and len(run.words) == 2 and run.form(1) not in free:
        # "Bima Aryadana" by itself is no Aryadana of Bima.
        begin = 0
    if len(run.words) > begin:
        person = run.person(begin)
        a_part = person.form.rpartition(" ")[2] in DIRECTIONS
        if len(person.form) >= SHORTEST and person.form not in places and not a_part:
            yield person


def _is_told(person: Person, words: CaseWords) -> bool:
    """Whether what stands around a single word says that it is somebody: an office or "tersangka"
    before it, its initials or an age behind it, other names before and behind."""
    text = person.passage.text
    before = fold(text[max(0, person.start - 80) : person.start]).lower.rpartition(". ")[2]
    after = text[person.end : person.end + 20]
    if INITIALS.match(after) or re.search(r"\b(?:tersangka|terdakwa|terpidana) $", before):
        return True
    offices = list(words.office.finditer(before))
    if offices:
        between = text[person.start - len(before) + offices[-1].end() : person.start]
        if BETWEEN.fullmatch(between):
            return True
    return LISTED.search(before) is not None and LISTED_ON.match(after) is not None

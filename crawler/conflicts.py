"""What two texts say that cannot both be said of one event: days, places, office holders, names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from crawler.text_dates import text_dates
from store.records import Article

FAR_APART = 14  # days between publications: outlets take a release over within days
TOLD_WITHIN = 330  # days of the other's publication; a year off is a mistyped year
NAMED = 2  # times a name must stand in a text to be one it is about
SAME_LENGTH = 0.8  # of the longer text: neither left out what the other is about
OWN_NAMES = 2  # names on each side that the other never says: another cast
MAX_FIGURES = 3

# A word that opens a sentence or a quotation is a capital by its place.
_CAPITAL = re.compile(r"(?<![.!?:”\"]\s)(?<![“\"‘(])\b[A-Z]\w{2,}")
_NAME = r"[A-Z][\w.’'\-]*"
_OFFICE = re.compile(
    r"\b(?P<office>(?:Wakil |Penjabat |Pj\.? |Plt\.? |Plh\.? )?(?:Bupati|Wali ?[Kk]ota|Gubernur)"
    r"|Wa(?:bup|gub|wako|wali)|Sekda|Sekretaris Daerah|Camat|Lurah|Kepala Desa|Kades|Kapolres"
    r"|Kajari|Inspektur|Ketua DPRD)"
    rf"(?: \([\w ]+\))?(?:,? {_NAME}){{1,6}}"
)
_VILLAGE = re.compile(
    rf"\b(?:Desa|Kelurahan|Kecamatan|Nagari|Gampong|Kampung|Distrik|Pekon|Kalurahan|Dusun)"
    rf" (?P<name>{_NAME}(?: {_NAME})?)"
)
_NO_VILLAGE = re.compile(r"Anti|Percontohan|Binaan|Wisata|Maju|Berintegritas|Se[- ]|PDTT|Sejahtera")
_FIGURE = re.compile(r"(?<![\d/.,])\d{1,3}(?:[.,]\d+)+(?![\d/])|(?<![\d/.,])\d{2,3}(?![\d/.,])")
# Words that come and go with an outlet's way of writing; no one's name.
# fmt: off
_STYLE = frozenset((
    "adv", "anggota", "antikorupsi", "asn", "badan", "bapak", "barang", "bidang", "bmd", "bpk",
    "bpkp", "bupati", "camat", "daerah", "deputi", "desa", "dinas", "direktorat", "direktur",
    "dprd", "drs", "gubernur", "hj", "ibu", "indonesia", "inspektorat", "inspektur", "jakarta",
    "jumat", "kab", "kabar", "kabupaten", "kamis", "kantor", "kata", "kecamatan", "kelurahan",
    "kementerian", "kepala", "ketua", "komisi", "koordinasi", "korsup", "korupsi", "kota",
    "kpk", "mcp", "mcsp", "menteri", "milik", "minggu", "monitoring", "negara", "news", "opd",
    "pemberantasan", "pemda", "pemerintah", "pemkab", "pemkot", "pemprov", "pencegahan",
    "penindakan", "penjabat", "pidana", "pimpinan", "pj", "plh", "plt", "program", "provinsi",
    "rabu", "rakor", "rapat", "republik", "ri", "sabtu", "sekda", "sekretaris", "selasa",
    "senin", "sosialisasi", "spi", "supervisi", "survei", "tim", "tindak", "wabup", "wagub",
    "wakil", "wali", "walikota", "wawako", "wawali", "wib", "wilayah", "wit", "wita",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says of when, where and who. main_day is the day of its event; region its main
    region, regions all of them, often the regencies it names twice or more."""

    published: date | None
    main_day: date | None
    days: frozenset[date]
    region: str | None
    regions: frozenset[str]
    often: frozenset[str]
    villages: frozenset[str]
    offices: dict[str, frozenset[str]]
    names: Counter[str]
    said: frozenset[str]
    text: str


def facts_of(article: Article) -> Facts:
    """The facts of an article, from its text, its judged dates and its region tags."""
    paragraphs = article.text.split("\n")
    noon = datetime.combine(article.published_day, time(12), UTC)
    found = text_dates(paragraphs, UTC, noon)
    days = [text_date.day for text_date in found if text_date.day]
    strong = [text_date.day for text_date in found if text_date.day and text_date.strong]
    main_day = article.event_date or next(iter(strong), None)
    regions = {tag.slug: tag.evidence for tag in article.tags if tag.kind == "region"}
    whole = f"{article.title}\n{article.text}"
    folded = whole.casefold()
    names = Counter(name.casefold() for name in _CAPITAL.findall(article.text))
    return Facts(
        published=article.published_day if article.published_source != "first_seen" else None,
        main_day=main_day,
        days=frozenset((*days, *((main_day,) if main_day else ()))),
        region=article.region or next((code for code in regions if "." in code), None),
        regions=frozenset((*regions, *((article.region,) if article.region else ()))),
        often=frozenset(
            code
            for code, words in regions.items()
            if "." in code and folded.count(words.casefold()) >= NAMED
        ),
        villages=frozenset(_villages(article.text)),  # titles are capitals throughout
        offices=_offices(article.text),
        names=names,
        said=frozenset(re.findall(r"\w+", folded)),
        text=article.text,
    )


def conflicts(a: Facts, b: Facts) -> tuple[str, ...]:
    """What speaks against one event, each a few words for a person; empty if nothing does.
    Figures alone do not: outlets correct them."""
    found = (_days(a, b), _regions(a, b), _village(a, b), _office(a, b), _cast(a, b))
    against = tuple(conflict for conflict in found if conflict)
    return against + _figures(a, b) if against else ()


def tells_of_later(later: Facts, earlier: Facts) -> bool:
    """Whether a text tells of a day after the other's publication that the other does not
    announce. A day of another year is a mistyped one."""
    day = later.main_day
    if day is None or earlier.published is None or day in earlier.days:
        return False
    return 0 < (day - earlier.published).days <= TOLD_WITHIN


def published_apart(a: Facts, b: Facts) -> int:
    """Days between the publications, 0 if one of them is not known."""
    if a.published is None or b.published is None:
        return 0
    return abs((a.published - b.published).days)


def _days(a: Facts, b: Facts) -> str | None:
    if tells_of_later(a, b) or tells_of_later(b, a):
        return f"event day {a.main_day or '?'} / {b.main_day or '?'}"
    if not a.days or not b.days:
        return None
    one, other = a.main_day or min(a.days), b.main_day or min(b.days)
    days_a, days_b = ({_in_its_year(day, a, b) for day in side.days} for side in (a, b))
    if days_a & days_b and (
        _in_its_year(one, a, b) in days_b or _in_its_year(other, a, b) in days_a
    ):
        return None
    return f"event day {one} / {other}"


def _in_its_year(day: date, a: Facts, b: Facts) -> tuple[int, ...]:
    """A day to compare: without its year, which reporters mistype, when both texts are of the
    same weeks anyway."""
    near = a.published and b.published and published_apart(a, b) <= FAR_APART
    return (day.month, day.day) if near else (day.year, day.month, day.day)


def _regions(a: Facts, b: Facts) -> str | None:
    """Another main region: the shorter text's is never named in the longer one. The other way
    round would blame a shortened release for what it left out."""
    if not a.regions or not b.regions:
        return None
    shorter, longer = (a, b) if len(a.text) <= len(b.text) else (b, a)
    strange = shorter.region is not None and shorter.region not in longer.regions
    if not strange and "." in str(longer.region) and longer.region not in shorter.regions:
        strange = len(shorter.text) >= SAME_LENGTH * len(longer.text)
    if strange:
        return f"region {a.region} / {b.region}"
    own_a, own_b = a.often - b.regions, b.often - a.regions
    return f"region {min(own_a)} / {min(own_b)}" if own_a and own_b else None


def _village(a: Facts, b: Facts) -> str | None:
    if not a.villages or not b.villages or a.villages & b.villages:
        return None
    return f"place {min(a.villages)} / {min(b.villages)}"


def _villages(text: str) -> Iterator[str]:
    for match in _VILLAGE.finditer(text):
        if not _NO_VILLAGE.match(match["name"]):
            yield match["name"].casefold().rstrip(".")


def _office(a: Facts, b: Facts) -> str | None:
    """Every office both speak of is held by somebody else, whom the other text never names."""
    shared = sorted(a.offices.keys() & b.offices.keys())
    if not shared or any(a.offices[office] & b.offices[office] for office in shared):
        return None
    for office in shared:
        strange = [sorted(a.offices[office] - b.said), sorted(b.offices[office] - a.said)]
        if all(strange):
            return f"{office} {' / '.join(' '.join(names[:3]) for names in strange)}"
    return None


def _offices(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for match in _OFFICE.finditer(text):
        office = _office_name(match["office"])
        rest = match.group()[len(match["office"]) :]
        # Degrees ("S.Kom", "MM.") belong to many.
        words = {word.casefold() for word in re.findall(r"(?<![\w.])[A-Z]\w{2,}(?!\.?\w)", rest)}
        found.setdefault(office, set()).update(words - _STYLE)
    return {office: frozenset(words) for office, words in found.items() if words}


def _office_name(office: str) -> str:
    name = office.casefold().replace("wali kota", "walikota")
    name = re.sub(r"^(?:penjabat|pj\.?|plt\.?|plh\.?) ", "", name)
    short = {
        "wabup": "wakil bupati",
        "wagub": "wakil gubernur",
        "wawako": "wakil walikota",
        "wawali": "wakil walikota",
        "sekretaris daerah": "sekda",
        "kades": "kepala desa",
    }
    return short.get(name, name)


def _cast(a: Facts, b: Facts) -> str | None:
    """Each text keeps naming what the other never says: a template filled in anew."""
    own_a, own_b = _own_names(a, b), _own_names(b, a)
    if len(own_a) < OWN_NAMES or len(own_b) < OWN_NAMES:
        return None
    return f"names {', '.join(own_a[:2])} / {', '.join(own_b[:2])}"


def _own_names(text: Facts, other: Facts) -> list[str]:
    return sorted(
        name
        for name, times in text.names.items()
        if times >= NAMED and name not in other.said and name not in _STYLE
    )


def _figures(a: Facts, b: Facts) -> tuple[str, ...]:
    figures_a, figures_b = (set(_FIGURE.findall(side.text)) for side in (a, b))
    own_a, own_b = sorted(figures_a - figures_b), sorted(figures_b - figures_a)
    if not own_a or not own_b:
        return ()
    shown = (" ".join(own[:MAX_FIGURES]) for own in (own_a, own_b))
    return (f"figures {' / '.join(shown)}",)

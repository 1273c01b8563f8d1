"""Releases as outlets take them over: every edit that leaves a copy a copy."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from benchmarks.releases import DATE, Release, first_words, long_day

POOL = (
    "pihaknya sejumlah tersebut melalui seluruh kegiatan acara dalam upaya terus secara juga"
    " para itu ini hal bersama guna demi agar supaya kemudian selanjutnya berbagai daerah"
).split()


def edited(release: Release, rng: random.Random, share: float) -> Release:
    """That share of the words replaced, dropped or doubled, anywhere."""
    paragraphs = []
    for paragraph in release.paragraphs:
        words = []
        for word in paragraph.split():
            if rng.random() >= share:
                words.append(word)
                continue
            words += rng.choice(([rng.choice(POOL)], [], [word, rng.choice(POOL)]))
        paragraphs.append(" ".join(words))
    return replace(release, paragraphs=tuple(p for p in paragraphs if p))


def lead_rewritten(release: Release, rng: random.Random) -> Release:
    place, who = release.places[-1], release.people[0]
    lead = (
        f"{place.upper()} – Upaya mencegah korupsi di {place} kembali jadi perhatian. {who} bersama"
        f" jajarannya mengikuti pertemuan yang digagas lembaga antirasuah itu, {long_day(release)}."
    )
    return replace(
        release, title=f"{who} Ikut Bahas Pencegahan Korupsi di {place}",
        paragraphs=(lead, *release.paragraphs[1:]),
    )  # fmt: skip


def shortened(release: Release, rng: random.Random, share: float = 0.4) -> Release:
    return replace(release, paragraphs=tuple(first_words(release.paragraphs, share)))


def second_half(release: Release, rng: random.Random) -> Release:
    reverse = [" ".join(p.split()[::-1]) for p in release.paragraphs[::-1]]
    tail = [" ".join(p.split()[::-1]) for p in first_words(reverse, 0.5)][::-1]
    return replace(release, title=f"{release.title} (2)", paragraphs=tuple(tail))


def quotes_retold(release: Release, rng: random.Random) -> Release:
    """Every other quotation, as when the words were spoken in another language."""
    turn = iter(range(10**6))

    def retell(match: re.Match[str]) -> str:
        if next(turn) % 2:
            return match.group()
        return f"Ia menyebut {len(match.group().split())} hal yang perlu dibenahi bersama"

    return replace(
        release,
        paragraphs=tuple(re.sub(r"[“\"][^“”\"]+[”\"]", retell, p) for p in release.paragraphs),
    )


def retyped(release: Release, rng: random.Random) -> Release:
    text = release.text.translate(str.maketrans("“”‘’—–", "\"\"''--")).replace(" KPK", "  KPK")
    return replace(release, title=release.title.upper(), paragraphs=tuple(text.split("\n")))


def date_in_words(release: Release, rng: random.Random) -> Release:
    paragraphs = tuple(DATE.sub(long_day(release), p) for p in release.paragraphs)
    return replace(release, paragraphs=paragraphs)


def date_without_year(release: Release, rng: random.Random) -> Release:
    short = f"({release.day.day}/{release.day.month})"
    return replace(release, paragraphs=tuple(DATE.sub(short, p) for p in release.paragraphs))


def year_mistyped(release: Release, rng: random.Random) -> Release:
    dated = f"({release.day.day}/{release.day.month}/{release.day.year - 1})"
    return replace(release, paragraphs=tuple(DATE.sub(dated, p) for p in release.paragraphs))


def framed(release: Release, rng: random.Random) -> Release:
    """Another dateline, a closing of the outlet's own."""
    first = re.sub(r"^[^—–]{3,60}[—–] ?", "", release.paragraphs[0])
    close = (
        "Redaksi Kabar Andaian menerima siaran ini dari bagian humas. Pembaca dapat menyampaikan"
        " pendapat melalui kanal resmi redaksi, dan berita lain tersedia di laman yang sama."
    )
    paragraphs = (f"JAKARTA, KabarAndaian.example – {first}", *release.paragraphs[1:], close)
    return replace(release, title=f"{release.title} - Kabar Andaian", paragraphs=paragraphs)


def spelled_out(release: Release, rng: random.Random) -> Release:
    text = release.text
    for short, long in LONG_FORMS.items():
        text = re.sub(rf"\b{short}\b", long, text)
    return replace(release, paragraphs=tuple(text.split("\n")))


def merged(release: Release, rng: random.Random) -> Release:
    pairs = zip(release.paragraphs[::2], (*release.paragraphs[1::2], ""), strict=False)
    return replace(release, paragraphs=tuple(" ".join(pair).strip() for pair in pairs))


LONG_FORMS = {
    "Sekda": "Sekretaris Daerah",
    "Pemkot": "Pemerintah Kota",
    "Pemprov": "Pemerintah Provinsi",
    "rakor": "rapat koordinasi",
    "Rakor": "Rapat koordinasi",
    "KPK RI": "KPK",
}
Edit = Callable[[Release, random.Random], Release]
COPIES: dict[str, Edit] = {
    "word for word": lambda release, rng: release,
    "retyped": retyped,
    "5 % of words edited": lambda release, rng: edited(release, rng, 0.05),
    "10 % of words edited": lambda release, rng: edited(release, rng, 0.10),
    "lead rewritten": lead_rewritten,
    "lead rewritten, 5 % edited": lambda r, rng: edited(lead_rewritten(r, rng), rng, 0.05),
    "shortened to 40 %": shortened,
    "shortened to 40 %, 5 % edited": lambda r, rng: edited(shortened(r, rng), rng, 0.05),
    "shortened to 60 %, 10 % edited": lambda r, rng: edited(shortened(r, rng, 0.6), rng, 0.10),
    "second half": second_half,
    "second half, 5 % edited": lambda r, rng: edited(second_half(r, rng), rng, 0.05),
    "quotes retold": quotes_retold,
    "date in words": date_in_words,
    "date without year": date_without_year,
    "year mistyped": year_mistyped,
    "own dateline and closing": framed,
    "framed, 10 % edited": lambda r, rng: edited(framed(r, rng), rng, 0.10),
    "abbreviations spelled out": spelled_out,
    "paragraphs merged": merged,
}

"""The pages that benchmarks/extraction.py reads, each with the text it should give."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, the text it should give, and whether other stories' titles in it are marked."""

    group: str
    html: str
    title: str
    text: str
    family: str = "custom"
    url: str = "https://warta.example/1"
    marked: bool = False


STORY = (
    "PANGKALAN, Warta – Pemerintah kota mengikuti rapat koordinasi pencegahan korupsi yang "
    "digelar Komisi Pemberantasan Korupsi (KPK) di aula wali kota, Rabu (30/4/2025).",
    "Rapat itu dihadiri para kepala dinas.",
    "“Kami siap memperbaiki tata kelola aset daerah,” ujar Sekda seusai rapat.",
    "Ya.",
    "Ia menambahkan bahwa pendataan aset akan selesai pada akhir tahun ini, lalu diserahkan "
    "kepada inspektorat untuk diperiksa sebelum dilaporkan ke KPK.",
)


def related_samples() -> Iterator[Sample]:
    """Every related-link variant in the middle of a page of three families."""
    raw = (ROOT / "tests" / "data" / "related_links.toml").read_text(encoding="utf-8")
    for variant in tomllib.loads(raw)["variant"]:
        for family, name in (
            ("wordpress", "entry-content"),
            ("disway", "post text-black-1"),
            ("tribun", "side-article txt-article"),
        ):
            parts = ["".join(f"<p>{x}</p>" for x in half) for half in (STORY[:2], STORY[2:])]
            body = f"{parts[0]}{variant['html']}{parts[1]}"
            text = "\n".join([*STORY[:2], *variant.get("keep", []), *STORY[2:]])
            html = (
                "<html><head><title>Rakor KPK</title></head><body><h1>Rakor KPK</h1>"
                f'<div class="{name}">{body}</div></body></html>'
            )
            yield Sample("related", html, "Rakor KPK", text, family, marked=True)


def family_samples() -> Iterator[Sample]:
    """The made-up page of each family."""
    raw = (ROOT / "tests" / "data" / "family_pages.toml").read_text(encoding="utf-8")
    pieces = {
        "{title}": "Rakor Pencegahan Korupsi Digelar",
        "{head}": "".join(f"<p>{x}</p>" for x in STORY[:3]),
        "{tail}": "".join(f"<p>{x}</p>" for x in STORY[3:]),
        "{lines}": "<br><br>".join(STORY),
        "{divs}": "".join(f"<div>{x}</div>" for x in STORY),
        "{cards}": '<article><h4><a href="/x">Judul Kisah Khayal</a></h4><p>Ringkasan kisah khayal '
        "yang cukup panjang untuk dibaca orang.</p></article>" * 5,
        "{other}": "<p>Cerita lain tentang bupati yang khayal itu panjang sekali.</p>" * 20,
    }
    for page in tomllib.loads(raw)["page"]:
        html = page["html"]
        for name, piece in pieces.items():
            html = html.replace(name, piece)
        html = f"<html><body>{html}</body></html>"
        title = pieces["{title}"]
        yield Sample("families", html, title, "\n".join(STORY), page["family"], marked=True)


def recorded_samples() -> Iterator[Sample]:
    """The one-page articles of the recordings whose text is expected word for word."""
    for expected in sorted(ROOT.glob("fixtures/*/20*/expected.json")):
        folder = expected.parent
        responses = json.loads((folder / "responses.json").read_text(encoding="utf-8"))["responses"]
        files = {r["url"].rstrip("/"): r.get("file") for r in responses}
        for article in json.loads(expected.read_text(encoding="utf-8")).get("articles", []):
            url = article["url"].rstrip("/")
            parted = any(other != url and other.startswith(url) for other in files)
            if "text" in article and files.get(url) and not parted:
                html = (folder / files[url]).read_text(encoding="utf-8")
                yield Sample("recordings", html, article["title"], article["text"], url=url)


def public_samples(data: Path) -> Iterator[Sample]:
    """The pages with ground truth under data: aeb and indonesian, each if it is there."""
    truth = data / "aeb" / "ground-truth.json"
    if truth.exists():
        for name, row in json.loads(truth.read_text(encoding="utf-8")).items():
            raw = gzip.decompress((data / "aeb" / "html" / f"{name}.html.gz").read_bytes())
            html = raw.decode("utf-8", "replace")
            yield Sample("aeb", html, "", row["articleBody"], url=row["url"])
    gold = data / "indonesian" / "gold.json"
    if gold.exists():
        for row in json.loads(gold.read_text(encoding="utf-8")):
            if row["text"]:
                raw = (data / "indonesian" / row["file"]).read_bytes()
                html = raw.decode("utf-8", "replace")
                yield Sample("indonesian", html, row["title"], row["text"], url=row["url"])

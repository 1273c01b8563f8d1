"""What was kept of an article, as one file to hand on when it is gone at its source."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO

from sqlite_utils import Database

from store.articles import get_article
from store.encoding import to_text
from store.export import article_json
from store.redactions import redaction
from store.reviews import history
from store.revisions import Revision, revisions
from store.snapshots import snapshots_of

README = """\
Pantau: evidence of one article / bukti satu artikel

article.json     what Pantau read, and why it kept it / yang dibaca Pantau, dan alasannya
history.json     what people decided / keputusan orang
revisions/N.txt  title and text of every version / judul dan teks setiap versi
pages/           the pages as fetched, byte for byte; do not open them in a browser on-line: they
                 are what the outlet sent, scripts and all / halaman seperti diterima, apa adanya
manifest.json    times (UTC) and addresses, and the SHA-256 sum of every file here /
                 waktu (UTC), alamat, dan jumlah SHA-256 setiap berkas

To check / untuk memeriksa: sha256sum FILE, and compare with / dan bandingkan dengan manifest.json.
pages/2-1.html is the first part of the page from which revision 2 was read / bagian pertama halaman
yang menjadi dasar revisi 2.
"""


def write_evidence(db: Database, article_id: int, stream: BinaryIO, by: str, now: datetime) -> bool:
    """Write a ZIP of the article as read, every revision, every page still kept as it was fetched,
    the decisions, and a manifest with times and SHA-256 sums. Of a redacted article only the entry
    that says so is there. False, and nothing written, for an unknown article."""
    stored = get_article(db, article_id)
    if stored is None:
        return False
    versions = revisions(db, article_id)
    parts = [
        (kept, f"pages/{kept.revision}-{number}.html", part)
        for kept in snapshots_of(db, article_id)
        for number, part in enumerate(kept.parts, start=1)
    ]
    order = redaction(db, article_id)
    files: dict[str, bytes] = {
        "README.txt": README.encode(),
        "article.json": _json(article_json(stored)),
        "history.json": _json(
            [
                {"at": to_text(r.at), "by": r.by, "action": r.action, "value": r.value}
                for r in history(db, article_id)
            ]
        ),
    }
    files |= {f"revisions/{one.number}.txt": _text(one) for one in versions}
    files |= {name: part.body for _, name, part in parts}
    manifest = {
        "format": 1,
        "url": stored.url,
        "outlet": stored.outlet,
        "first_seen_at": to_text(stored.first_seen_at),
        "gone_at": to_text(stored.gone_at) if stored.gone_at else None,
        "redacted": {"at": to_text(order.at), "by": order.by} if order else None,
        "taken_at": to_text(now),
        "taken_by": by,
        "revisions": [
            {"number": one.number, "seen_at": to_text(one.seen_at), "edit": str(one.edit)}
            for one in versions
        ],
        "pages": [
            {"file": name, "url": part.url, "fetched_at": to_text(kept.taken_at)}
            | {"content_type": part.content_type, "revision": kept.revision}
            for kept, name, part in parts
        ],
        "sha256": {name: sha256(body).hexdigest() for name, body in files.items()},
    }
    files["manifest.json"] = _json(manifest)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            # The moment it was taken, so that the same evidence gives the same bytes.
            entry = zipfile.ZipInfo(f"pantau-{article_id}/{name}", now.timetuple()[:6])
            archive.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return True


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _text(revision: Revision) -> bytes:
    return f"{revision.title}\n\n{revision.text}\n".encode("utf-8", "replace")

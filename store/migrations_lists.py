"""What lists of a million articles are walked by."""

from __future__ import annotations

from sqlite_utils import Database


def m019_lists_of_a_million(db: Database) -> None:
    """Indexes for the articles of a regency, for those with a star, and for the places of some
    thousand articles in a list without a look at their rows."""
    db.execute("CREATE INDEX articles_region ON articles(region, published_at DESC, id DESC)")
    db.execute("CREATE INDEX articles_place ON articles(id, published_at)")
    db.execute("CREATE INDEX reviews_starred ON reviews(article_id) WHERE action = 'star'")

"""copies: which articles are one text, and a person's word against the rules."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from sqlite_utils import Database

from scheduler.commands.reviewing import reviewer_name
from scheduler.terminal import say, say_json, table
from store.articles import get_article
from store.clusters import cluster_decisions, members, merge, split, withdraw
from store.database import StoreError, open_store

SAYING = {"split": split, "merge": merge, "withdraw": withdraw}


def copies(args: argparse.Namespace) -> int:
    """show: the cluster of an article, its lead first. split: these are another text than the
    rest; merge: these are one; withdraw: leave them to the rules again. A person's word stands."""
    if args.action == "merge" and len(set(args.ids)) < 2:
        raise argparse.ArgumentTypeError("merge: name two articles or more")
    db = open_store(args.db)
    try:
        for article_id in args.ids:
            if get_article(db, article_id) is None:
                raise StoreError(f"no article {article_id} in {args.db}; `pantau inbox` lists them")
        if args.action in SAYING:
            SAYING[args.action](db, args.ids, reviewer_name(args), datetime.now(UTC))
        show(db, args.ids, args.json)
    finally:
        db.close()
    return 0


def show(db: Database, ids: list[int], as_json: bool) -> None:
    """The clusters these articles stand in, and what people said of them."""
    for cluster in dict.fromkeys(members(db, article_id) for article_id in ids):
        stored = [found for one in cluster if (found := get_article(db, one)) is not None]
        said = [(d.by, d.says, d.pair) for d in cluster_decisions(db, cluster[0])]
        if as_json:
            say_json({"lead": cluster[0], "articles": list(cluster), "said": said})
            continue
        table([(str(each.id), each.outlet_name, each.article.title) for each in stored])
        for by, says, pair in said:
            say(f"  {by}: {pair[0]} and {pair[1]} {says}")
        say()

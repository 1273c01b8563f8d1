"""show --diff and --revision: the versions of an article, and the words an edit changed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from scheduler.terminal import say, say_json, wrapped
from store.corrections import corrections
from store.database import StoreError
from store.edits import Change, folded, word_diff
from store.labels import label_of
from store.redactions import redaction
from store.reviews import Review
from store.revisions import Revision, revisions

MARKS = {"equal": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def amendments(db: Database, article_id: int) -> list[str]:
    """What a person put over what was read, and that a person had the text removed: a line each."""
    lines = [
        f"corrected by {c.by} on {c.at:%Y-%m-%d}: {c.field} is {c.value or '-'}"
        f" (read: {c.machine or '-'})"
        for c in corrections(db, article_id)
    ]
    entry = redaction(db, article_id)
    if entry is not None:
        reason = f": {entry.reason}" if entry.reason else ""
        lines.append(f"redacted by {entry.by} on {entry.at:%Y-%m-%d}{reason}")
    return lines


def said_of(entry: Review) -> str:
    """The value of an entry of the log for a person."""
    value = entry.value or ""
    if entry.action in ("tag", "untag"):
        return label_of(value)
    if entry.action != "correct" or not value.startswith("{"):
        return value
    said = json.loads(value)
    return f"{said['field']} = {said['value'] or '-'}"


def show_version(db: Database, args: argparse.Namespace) -> int:
    """One version of the article, or with --diff what changed since the one before."""
    versions = revisions(db, args.id)
    number = args.revision or len(versions)
    if not 1 <= number <= len(versions):
        words = f"it has revisions 1 to {len(versions)}" if len(versions) > 1 else "it has one only"
        raise StoreError(f"article {args.id} has no revision {number}; {words}")
    if args.diff:
        show_diff(args.id, versions, number, args.json)
    else:
        show_whole(args.id, versions[number - 1], args.json)
    return 0


def show_whole(article_id: int, version: Revision, as_json: bool) -> None:
    """A version as the outlet had it."""
    if as_json:
        say_json({**head(article_id, version), "title": version.title, "text": version.text})
        return
    say_head(version)
    say(version.title)
    for paragraph in version.text.split("\n"):
        say()
        say(wrapped(paragraph, ""))


def show_diff(article_id: int, versions: Sequence[Revision], number: int, as_json: bool) -> None:
    """The changed words between a version and the one before it."""
    version = versions[number - 1]
    before = versions[number - 2] if number > 1 else None
    title = word_diff(before.title, version.title) if before else ()
    text = word_diff(before.text, version.text) if before else ()
    if as_json:
        changes = {"title": as_json_list(title), "text": as_json_list(text)}
        say_json({**head(article_id, version), "changes": changes})
        return
    say_head(version)
    if before is None:
        say("There is no earlier version to compare it with.")
        return
    say(marked(title))
    say()
    say(marked(folded(text)))


def head(article_id: int, version: Revision) -> dict[str, object]:
    """What JSON says of a version besides its words."""
    return {
        "id": article_id,
        "revision": version.number,
        "kind": version.edit.kind,
        "reverts": version.edit.reverts,
        "seen_at": version.seen_at.isoformat(),
    }


def say_head(version: Revision) -> None:
    """Which version it is, when it was seen, and what kind of edit made it."""
    say(f"revision {version.number} ({version.edit}), seen {version.seen_at:%Y-%m-%d %H:%M} UTC")
    say()


def as_json_list(changes: Iterable[Change]) -> list[dict[str, str]]:
    """The changes whole, not folded."""
    return [{"kind": change.kind, "text": change.text} for change in changes]


def marked(changes: Iterable[Change]) -> str:
    """Changed words between [- -] and {+ +}, as git marks them."""
    return "".join(MARKS[change.kind].format(change.text) for change in changes)

"""topics: what can be looked for, what is on, and whether its words can be read."""

from __future__ import annotations

import argparse

from crawler.configuration import load_configuration
from crawler.term_keys import VocabularyError
from crawler.topics import TopicFile, known_topics, load_topic
from scheduler.terminal import complain, say, say_json, table


def topics(args: argparse.Namespace) -> int:
    """A line a topic, on or off; exit 1 when a file cannot be used, saying what is wrong."""
    folder = args.db.parent
    on = load_configuration(folder).topics
    known = known_topics(folder)
    rows = [("TOPIC", "NAME", "IS", "TERMS", "FILES")]
    broken = [f"{slug!r} is on and has no file" for slug in on if slug not in known]
    for slug, file in known.items():
        try:
            topic = load_topic(file)
        except VocabularyError as error:
            broken.append(str(error))
            continue
        state, paths = "on" if slug in on else "off", files_of(file)
        terms = len(topic.vocabulary.terms)
        if args.json:
            said = {"topic": slug, "name": topic.name, "on": slug in on, "terms": terms}
            say_json({**said, "files": paths})
        rows.append((slug, topic.name, state, str(terms), ", ".join(paths)))
    if not args.json:
        table(rows)
        say('Switch one on in pantau.toml beside the database: topics = ["kpk", "NAME"].')
    for line in broken:
        complain(line)
    return 1 if broken else 0


def files_of(file: TopicFile) -> list[str]:
    """Where the words of a topic stand."""
    return [str(path) for path in file.files]


def of_topic(args: argparse.Namespace) -> str | None:
    """The topic --topic names, None for all. Wrong use when there is none of that name."""
    if args.topic is not None and args.topic not in known_topics(args.db.parent):
        known = ", ".join(known_topics(args.db.parent))
        raise argparse.ArgumentTypeError(f"no topic {args.topic!r}; there are {known}")
    chosen: str | None = args.topic
    return chosen

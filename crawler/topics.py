"""Topics: which there are, which of them are on, and where the words of each stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.case_words import load_case_words
from crawler.configuration import MAIN_TOPIC, ConfigurationError, load_configuration
from crawler.term_keys import VocabularyError
from crawler.terms import KPK, SHIPPED, Vocabulary, load_vocabulary

MAIN = MAIN_TOPIC
FOLDER = "topics"
SHIPPED_TOPICS = SHIPPED / FOLDER
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class TopicFile:
    """A topic's file, and the user's files that are laid over it and over the words of its cases,
    if there are any."""

    slug: str
    path: Path
    overlay: Path | None = None
    cases: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return tuple(path for path in (self.path, self.overlay, self.cases) if path is not None)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic ready to be looked for."""

    slug: str
    name: str
    vocabulary: Vocabulary


ONLY_KPK = (TopicFile(MAIN, KPK),)


def known_topics(folder: Path) -> dict[str, TopicFile]:
    """Every topic by its slug, the KPK first: the shipped ones, and the user's in `topics` beside
    a database, folder being that database's; a user's file replaces a shipped one of its name.
    Raises ConfigurationError for a file whose name cannot be a topic's."""
    found = {MAIN: KPK}
    found |= {path.stem: path for path in sorted(SHIPPED_TOPICS.glob("*.toml"))}
    for path in sorted((folder / FOLDER).glob("*.toml")):
        if path.stem == MAIN:
            raise ConfigurationError(
                f"{path}: the KPK's words are shipped; lay yours over them in"
                f" {folder / 'vocabulary.toml'}"
            )
        if not SLUG.fullmatch(path.stem):
            raise ConfigurationError(
                f"{path}: the file's name is the topic's: give it one of a-z, 0-9 and '-'"
            )
        found[path.stem] = path
    own = folder / "cases.toml"
    cases = {MAIN: own} if own.exists() else {}
    return {
        slug: TopicFile(slug, path, _overlay(folder, slug), cases.get(slug))
        for slug, path in found.items()
    }


def active_topics(folder: Path, also: Iterable[str] = ()) -> tuple[TopicFile, ...]:
    """The topics that are on for a database's folder, the KPK first: those of `topics` in its
    pantau.toml, and also those known ones. All their files can be loaded. Raises
    ConfigurationError or VocabularyError, naming file, key and remedy."""
    chosen = load_configuration(folder).topics
    known = known_topics(folder)
    for slug in chosen:
        if slug not in known:
            raise ConfigurationError(
                f"{folder / 'pantau.toml'}: topics: there is no topic {slug!r}; known are"
                f" {', '.join(known)}; correct it, or write {folder / FOLDER / 'NAME.toml'}"
            )
    wanted = dict.fromkeys((*chosen, *also))
    files = tuple(known[slug] for slug in sorted(wanted, key=lambda slug: slug != MAIN))
    if files != ONLY_KPK:  # the shipped vocabulary of the KPK is known to load
        load_topics(files)
    return files


def load_topics(files: Sequence[TopicFile]) -> tuple[Topic, ...]:
    """The topics of these files, in their order. Raises VocabularyError."""
    return tuple(load_topic(file) for file in files)


def load_topic(file: TopicFile) -> Topic:
    """The topic of a file. Raises VocabularyError."""
    vocabulary = load_vocabulary(file.path, file.overlay)
    if file.cases is not None:
        load_case_words(overlay=file.cases)
    if file.slug != MAIN and not vocabulary.name:
        raise VocabularyError(
            f'{file.path}: has no [topic] table; begin the file with [topic] and name = "..."'
        )
    if not vocabulary.anchors:
        raise VocabularyError(
            f"{file.path}: no term names the topic, so that nothing could be about it; add a"
            " [[term]] of kind 'entity'"
        )
    return Topic(file.slug, vocabulary.name or file.slug.upper(), vocabulary)


def _overlay(folder: Path, slug: str) -> Path | None:
    path = folder / ("vocabulary.toml" if slug == MAIN else f"vocabulary-{slug}.toml")
    return path if path.exists() else None

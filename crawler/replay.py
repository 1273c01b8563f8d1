"""Plays a recording: which answer a request gets, in the order it was recorded."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from w3lib.url import safe_url_string

from crawler.recordings import Recorded, Recording


class UnrecordedRequest(Exception):
    """A replay asked for something its recording does not hold."""


@dataclass(slots=True)
class Replay:
    """A recording being played: which answer comes next, and what was asked for in vain."""

    recording: Recording
    missed: list[str] = field(default_factory=list)
    _answers: dict[tuple[str, str], tuple[Recorded, ...]] = field(default_factory=dict)
    _played: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for (method, url), answers in self.recording.answers.items():
            self._answers[method, safe_url_string(url)] = answers

    def answer(self, method: str, url: str) -> Recorded:
        """The next recorded answer; the last one repeats. Raises UnrecordedRequest."""
        key = (method, url)
        answers = self._answers.get(key)
        if answers is None:
            self.missed.append(f"{method} {url}")
            folder = self.recording.folder
            raise UnrecordedRequest(f"{method} {url} is not in {folder}; add it to responses.json")
        turn = self._played[key]
        self._played[key] += 1
        return answers[min(turn, len(answers) - 1)]

    def holds(self, url: str) -> bool:
        """Whether a GET of this address was recorded."""
        return ("GET", safe_url_string(url)) in self._answers

    def bodies(self) -> dict[str, str]:
        """The SHA-256 of the first body recorded for each address."""
        return {
            url: hashlib.sha256(answers[0].body()).hexdigest()
            for (_, url), answers in self._answers.items()
            if answers[0].status == 200 and answers[0].file
        }

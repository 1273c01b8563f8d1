"""Recordings that must fail, each in its own way, with one line that says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.recordings import RecordingError, load_recording
from crawler.urls import canonicalise
from tests.local_web import FIXTURES
from tests.pantau import pantau

BROKEN = FIXTURES / "_broken"
UNLOADABLE = {
    "missing-file": ("responses.json", "is missing beside responses.json"),
    "bad-responses": ("responses.json", "correct it"),
    "unknown-key": ("outlet.toml: provinsi", "did you mean 'province'?"),
    "broken-toml": ("outlet.toml", "line 1"),
}
REPLAYABLE = sorted(path.name for path in BROKEN.iterdir() if path.name not in UNLOADABLE)


@pytest.mark.parametrize("case", UNLOADABLE)
def test_a_broken_recording_is_named_with_its_remedy(case: str) -> None:
    file, remedy = UNLOADABLE[case]
    with pytest.raises(RecordingError) as caught:
        load_recording(BROKEN / case, {})
    message = str(caught.value)
    assert message.startswith(f"{BROKEN / case}/{file}")
    assert remedy in message
    assert "\n" not in message


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """Counts by recording, and what was complained of, of one replay of all that can be loaded."""
    db = tmp_path_factory.mktemp("broken") / "pantau.db"
    folders = [BROKEN / case for case in REPLAYABLE]
    process = pantau("replay", *folders, "--json", db=db)
    assert process.returncode == 1
    return json.loads(process.stdout), process.stderr


@pytest.mark.parametrize("case", REPLAYABLE)
def test_each_page_ends_in_its_own_word_and_the_run_goes_on(
    case: str, replayed: tuple[dict[str, Any], str]
) -> None:
    counts = replayed[0][f"{case}/{case}"]
    expected = json.loads((BROKEN / case / "expected.json").read_text())
    for url, word in expected.get("endings", {}).items():
        assert counts["pages"].get(canonicalise(url, "wordpress")) == word


def test_an_unrecorded_request_is_told(replayed: tuple[dict[str, Any], str]) -> None:
    assert "unrecorded request: GET https://unrecorded.example/tidak-terekam/" in replayed[1]


def test_an_unreadable_feed_is_told_with_its_remedy(tmp_path: Path) -> None:
    process = pantau("replay", BROKEN / "unreadable-feed", db=tmp_path / "pantau.db")
    assert process.returncode == 1
    assert "unreadable-feed.example/feed/: not a feed" in process.stderr


def test_a_broken_recording_does_not_stop_the_others(tmp_path: Path) -> None:
    folders = [BROKEN / "bad-responses", BROKEN / "empty-page"]
    process = pantau("replay", *folders, db=tmp_path / "pantau.db")
    assert process.returncode == 1
    assert "empty-page/empty-page" in process.stdout

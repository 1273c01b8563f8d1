"""Every recording is a test: replayed through the live path, compared with its expected.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler.outlets import SHIPPED, load_catalogue
from crawler.recordings import find_recordings, load_recording
from crawler.urls import canonicalise
from tests.local_web import FIXTURES
from tests.pantau import json_lines, pantau

RECORDINGS = find_recordings(FIXTURES)
NAMES = [f"{path.parent.name}/{path.name}" for path in RECORDINGS]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Counts by recording and articles by address, of one replay of all recordings."""
    db = tmp_path_factory.mktemp("replay") / "pantau.db"
    process = pantau("replay", "--all", "--json", db=db)
    assert process.returncode == 0, process.stderr
    articles = json_lines(pantau("export", db=db))
    return json.loads(process.stdout), {article["url"]: article for article in articles}


@pytest.mark.parametrize("folder", RECORDINGS, ids=NAMES)
def test_a_recording_gives_the_articles_it_expects(
    folder: Path, replayed: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    expected = load_recording(folder, load_catalogue(SHIPPED)[0]).expected
    for article in expected["articles"]:
        stored = replayed[1].get(article["url"])
        assert stored is not None, f"{article['url']} was not stored"
        found = {key: stored[key] for key in article}
        assert found == article


@pytest.mark.parametrize("folder", RECORDINGS, ids=NAMES)
def test_a_recording_ends_as_it_expects(
    folder: Path, replayed: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    recording = load_recording(folder, load_catalogue(SHIPPED)[0])
    counts = replayed[0][f"{recording.outlet.slug}/{folder.name}"]
    family = recording.outlet.family
    pages = {canonicalise(url, family): word for url, word in counts["pages"].items()}
    endings: Mapping[str, str] = recording.expected["endings"]
    assert pages == {canonicalise(url, family): word for url, word in endings.items()}
    for word, number in recording.expected.get("counts", {}).items():
        assert {**counts, **counts["endings"]}.get(word, 0) == number
    assert counts["unrecorded"] == 0


def test_the_inbox_holds_the_five_documents_and_nothing_else(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    assert pantau("replay", db=db).returncode == 0
    inbox = json_lines(pantau("inbox", "--json", db=db))
    assert sorted(article["outlet"] for article in inbox) == [
        "aksaranewsroom",
        "prabumulihpos",
        "radarokuraya",
        "sumateraekspres",
        "wartain-banten",
    ]
    again = pantau("replay", "--json", db=db)
    assert again.returncode == 0
    for counts in json.loads(again.stdout).values():
        assert (counts["new"], counts["revised"]) == (0, 0)
    assert json_lines(pantau("inbox", "--json", db=db)) == inbox

"""What a second pass does with a page that changed, and with one that did not."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.rechecks import next_check
from tests.local_web import FIXTURES
from tests.pantau import json_lines, pantau

FOUND = datetime(2025, 5, 1, tzinfo=UTC)


def copied(tmp_path: Path, day: str) -> Path:
    """A copy of a recording, under the name of another day."""
    folder = tmp_path / "radarokuraya" / day
    shutil.copytree(FIXTURES / "radarokuraya" / "2023-03-23", folder)
    return folder


def correct(folder: Path, before: str, after: str) -> None:
    """Changes one word of the article, as an editor would."""
    changed = 0
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        if before in text and "Dharmawan Irianto" in text:
            page.write_text(text.replace(before, after), encoding="utf-8")
            changed += 1
    assert changed


def test_a_page_changed_in_between_makes_a_revision_not_a_second_article(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    folder = copied(tmp_path, "2023-03-23")
    assert pantau("replay", folder, db=db).returncode == 0
    correct(folder, "tatakelola desa", "tata kelola kelurahan")
    again = pantau("replay", folder, "--json", db=db)
    assert again.returncode == 0, again.stderr
    assert [(c["new"], c["revised"]) for c in json.loads(again.stdout).values()] == [(0, 1)]
    articles = json_lines(pantau("export", db=db))
    assert [article["revision"] for article in articles] == [2]
    assert "tata kelola kelurahan" in articles[0]["text"]
    assert len(json_lines(pantau("search", "kelurahan", "--json", db=db))) == 1


def test_a_recording_of_a_later_day_finds_the_change_by_itself(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    first, second = copied(tmp_path, "2023-03-23"), copied(tmp_path, "2023-03-24")
    correct(second, "tatakelola desa", "tata kelola kelurahan")
    responses = json.loads((second / "responses.json").read_text())
    responses["recorded_at"] = "2023-03-24T08:00:00+07:00"
    (second / "responses.json").write_text(json.dumps(responses))
    process = pantau("replay", second, first, "--json", db=db)
    assert process.returncode == 0, process.stderr
    counts = list(json.loads(process.stdout).values())
    assert [(c["new"], c["revised"]) for c in counts] == [(1, 0), (0, 1)]


def test_a_young_article_is_looked_at_again_and_an_old_one_is_not() -> None:
    hours = [1, 6, 24, 72, 168]
    moments = [FOUND]
    while (again := next_check(FOUND, moments[-1])) is not None:
        moments.append(again)
    assert [moment - FOUND for moment in moments[1:]] == [timedelta(hours=h) for h in hours]

"""The same release at two outlets: one story in the inbox, both addresses named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.local_web import FIXTURES
from tests.pantau import json_lines, pantau

OUTLET = """
name = "Salinan Raya"
home = "https://salinan.example/"
family = "wordpress"
province = "16"
brands = ["Salinan Raya"]
"""


def another_outlet(tmp_path: Path) -> Path:
    """A recording of a made-up outlet that printed the same release a day later."""
    folder = tmp_path / "salinan" / "2023-03-24"
    shutil.copytree(FIXTURES / "radarokuraya" / "2023-03-23", folder)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("radarokuraya.com", "salinan.example"), encoding="utf-8")
    responses = json.loads((folder / "responses.json").read_text())
    responses |= {"outlet": "salinan", "recorded_at": "2023-03-24T08:00:00+07:00"}
    (folder / "responses.json").write_text(json.dumps(responses))
    (folder / "outlet.toml").write_text(OUTLET)
    return folder


def test_one_release_at_two_outlets_is_one_story(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    first = FIXTURES / "radarokuraya" / "2023-03-23"
    process = pantau("replay", first, another_outlet(tmp_path), db=db)
    assert process.returncode == 0, process.stderr
    articles = {article["outlet"]: article for article in json_lines(pantau("export", db=db))}
    assert articles["salinan"]["copies"] == [articles["radarokuraya"]["url"]]
    assert articles["radarokuraya"]["copies"] == [articles["salinan"]["url"]]
    inbox = json_lines(pantau("inbox", "--json", db=db))
    assert [article["outlet"] for article in inbox] == ["radarokuraya"]


def test_a_persons_word_on_copies_stands(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    folders = FIXTURES / "radarokuraya" / "2023-03-23", another_outlet(tmp_path)
    assert pantau("replay", *folders, db=db).returncode == 0
    assert json_lines(pantau("copies", "show", 1, "--json", db=db))[0]["articles"] == [1, 2]
    assert pantau("copies", "split", 2, db=db).returncode == 0
    assert len(json_lines(pantau("inbox", "--json", db=db))) == 2
    assert pantau("replay", *folders, db=db).returncode == 0
    assert len(json_lines(pantau("inbox", "--json", db=db))) == 2
    merged = pantau("copies", "merge", 1, 2, "--json", db=db)
    assert json_lines(merged)[0] == {
        "lead": 1,
        "articles": [1, 2],
        "said": [["penguji", "apart", [1, 2]], ["penguji", "together", [1, 2]]],
    }
    assert pantau("copies", "merge", 1, db=db).returncode == 2
    assert pantau("copies", "show", 9, db=db).returncode == 1

"""Correcting, redacting, comparing and rescoring as a person does it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.regions import load_gazetteer
from scheduler.cli import main
from scheduler.commands.amending import a_date, a_region
from tests.local_web import FIXTURES
from tests.pantau import json_lines, pantau

NOW = datetime(2025, 5, 1, 1, 0, tzinfo=UTC)
WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A recording, and one of the next day in which the article no longer speaks of the KPK."""
    folders = []
    for day in ("2023-03-23", "2023-03-24"):
        folder = tmp_path_factory.mktemp("recordings") / "radarokuraya" / day
        shutil.copytree(FIXTURES / "radarokuraya" / "2023-03-23", folder)
        folders.append(folder)
    responses = json.loads((folders[1] / "responses.json").read_text())
    responses["recorded_at"] = "2023-03-24T08:00:00+07:00"
    (folders[1] / "responses.json").write_text(json.dumps(responses))
    for page in folders[1].glob("*.html"):
        text = page.read_text(encoding="utf-8")
        if "Dharmawan Irianto" in text:
            for word, other in (
                ("KPK", "Bapenda"),
                ("Program Pemberantasan Korupsi", "Program Pendapatan"),
                ("pemberantasan korupsi", "pendapatan"),
                ("pencegahan korupsi", "peningkatan pajak"),
                ("Monitoring Center for Prevention", "Sistem Pajak"),
                ("MCP", "SP"),
                ("Deputi Bidang Koordinasi dan Supervisi", "Deputi"),
                ("Didik", "Budi"),
            ):
                text = text.replace(word, other)
            page.write_text(text, encoding="utf-8")
    return folders


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory, recordings: list[Path]) -> Path:
    """A database with that article: decided, then turned by its outlet's correction."""
    db = tmp_path_factory.mktemp("turned") / "pantau.db"
    assert pantau("replay", recordings[0], db=db).returncode == 0
    assert pantau("decide", 1, "relevant", db=db).returncode == 0
    assert pantau("replay", recordings[1], db=db).returncode == 0
    return db


def test_an_article_that_left_the_topic_is_kept_and_reviewed_again(
    turned: Path, command: Command
) -> None:
    article = json.loads(command("inbox", "--json", db=turned).out)
    assert (article["relevance"], article["verdict"], article["revision"]) == ("not", "new", 2)
    assert article["notes"][0]["by"] == "pantau"
    assert "turned it from about to not" in article["notes"][0]["text"]
    assert "Reopened: revision 2" in " ".join(command("inbox", db=turned).out.split())


def test_the_changed_words_are_shown(turned: Path, command: Command) -> None:
    shown = command("show", 1, "--diff", db=turned).out
    assert "revision 2 (a changed text)" in shown
    assert "([-MCP-]{+SP+})" in shown
    diff = json.loads(command("show", 1, "--diff", "--json", db=turned).out)
    assert diff["kind"] == "text"
    assert {"kind": "removed", "text": "MCP"} in diff["changes"]["text"]


def test_an_earlier_version_can_be_read(turned: Path, command: Command) -> None:
    assert "Didik Widjarnako" in command("show", 1, "--revision", 1, db=turned).out
    wrong = command("show", 1, "--revision", 3, db=turned)
    assert wrong.code == 1
    assert "it has revisions 1 to 2" in wrong.err


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command in this process: what needs no network and starts no children."""
    monkeypatch.setenv("PANTAU_REVIEWER", "penguji")

    def run(*arguments: object, db: Path) -> Said:
        capsys.readouterr()
        try:
            code = main([*map(str, arguments), "--db", str(db)])
        except SystemExit as end:
            code = int(str(end.code))
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def db(tmp_path: Path, turned: Path) -> Path:
    """A database of its own with the article in it."""
    return Path(shutil.copy(turned, tmp_path / "pantau.db"))


def test_a_correction_is_shown_with_what_was_read_and_undone(db: Path, command: Command) -> None:
    corrected = command("correct", 1, "date", "2023-03-20 10:00", "--json", db=db)
    article = json.loads(corrected.out)
    assert article["published_at"] == "2023-03-20T10:00:00+07:00"
    assert (article["published_precision"], article["published_source"]) == ("time", "meta")
    shown = command("show", 1, db=db).out
    assert "corrected by penguji" in shown
    assert "(read: 2023-03-22T02:41:00Z)" in shown
    assert "penguji: correct date = 2023-03-20T10:00:00+07:00" in shown
    assert "correct date" in command("undo", db=db).out
    assert "corrected by" not in command("show", 1, db=db).out


def test_a_redacted_text_is_gone_and_the_entry_shows(db: Path, command: Command) -> None:
    done = command("redact", 1, "--reason", "putusan 12", "--json", db=db)
    assert json.loads(done.out)["reason"] == "putusan 12"
    assert b"Widjarnako" not in b"".join(p.read_bytes() for p in db.parent.glob("pantau.db*"))
    assert "redacted by penguji" in command("show", 1, db=db).out
    assert command("inbox", "--json", db=db).out == ""


def test_a_rescore_says_what_turns_and_then_turns_it(db: Path) -> None:
    dry = json_lines(pantau("rescore", "--dry-run", "--json", db=db))[0]
    assert (dry["looked"], dry["changed"], dry["rescored"]) == (1, 0, None)
    # The words that took it off the topic become the topic's own.
    (db.parent / "vocabulary.toml").write_text(
        '[[term]]\nid = "pendapatan"\nkind = "programme"\nforms = ["Program Pendapatan"]\n',
        encoding="utf-8",
    )
    shown = pantau("rescore", db=db)
    assert "not -> about: Rakor Pimpinan" in shown.stdout, shown.stderr
    assert "1 rescored." in shown.stdout
    (article,) = json_lines(pantau("export", db=db))
    assert (article["relevance"], article["revision"]) == ("about", 2)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["correct", "1", "date", "kemarin"], 2, "'kemarin' is no date; write 2025-05-01"),
        (["correct", "1", "date", "2099-01-01"], 2, "no article came out that day"),
        (["correct", "1", "region", "Banjar"], 2, "32.79 Kota Banjar, 63.03 Kabupaten Banjar"),
        (["correct", "1", "region", "Atlantis"], 2, "no region; give a Kemendagri code"),
        (["correct", "1", "title", "-"], 2, "a title has 1 to 500"),
        (["correct", "1", "text", "x"], 2, "invalid choice"),
        (["correct", "9", "place", "x"], 1, "no article 9"),
        (["correct", "1", "place", "x", "--as", "pantau"], 1, "nobody's name here"),
        (["redact", "9"], 1, "no article 9"),
        (["rescore", "--outlet", "tidak-ada"], 2, "no outlet tidak-ada"),
        (["relevance"], 2, "required: action"),
    ],
)
def test_wrong_use_names_the_remedy(
    turned: Path, command: Command, arguments: list[str], code: int, words: str
) -> None:
    said = command(*arguments, db=turned)
    assert said.code == code
    assert words in said.err.splitlines()[-1]


def test_a_date_without_a_zone_is_the_outlets() -> None:
    assert a_date("2025-04-30 08:30", WIB, NOW) == "2025-04-30T08:30:00+07:00"
    assert a_date("2025-04-30T01:30:00Z", WIB, NOW) == "2025-04-30T01:30:00+00:00"
    assert a_date("2025-04-30", WIB, NOW) == "2025-04-30"


def test_a_region_goes_by_code_or_official_name() -> None:
    gazetteer = load_gazetteer()
    assert a_region("16.71", gazetteer) == "16.71"
    assert a_region("kota pangkal pinang", gazetteer) == "19.71"
    assert a_region("Kabupaten Banjar", gazetteer) == "63.03"

"""Secrets of channels, planted in a real daemon that delivers, fails, is killed and asked about
everything, are found in nothing it wrote, said or served."""

from __future__ import annotations

import base64
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from crawler.configuration import ConfigurationError, load_configuration
from crawler.outlets import load_catalogue
from scheduler.channels import variable
from store.alerts import Rule, add_rule
from store.articles import save_article
from store.database import open_store
from store.outlets import sync_outlets
from store.records import OutletRow
from tests.mail_server import MailServer
from tests.newsroom import Newsroom, Town
from tests.pantau import pantau
from tests.review_client import ReviewServer
from tests.telegram_server import TelegramServer
from tests.test_store_samples import numbered
from tests.test_watch_daemon import daemon, rows, switches, wait_for
from tests.webhook_receiver import Receiver

PLANTED = {
    "mail": "sandiSurelZx81tanam",
    "wrong mail": "sandiSalahZx82tanam",
    "telegram": "AAFbotZx83tanamQWERTYuiopasdfghjkl",
    "key": "kunciKaitZx84tanam",
    "path": "alamatKaitZx85tanam",
    "user": "penggunaZx86tanam",
    "unknown": "layananZx87tanam",
}
TOKEN = f"8131227001:{PLANTED['telegram']}"
CHANNELS = "kait surel telegram salah hilang orang asing".split()
QUICK = "delay = 0\ninterval = 1"


def forms(secret: str) -> list[bytes]:
    """The secret as it may stand somewhere: as it is, and in Base64 at any of three offsets."""
    found = [secret.encode()]
    for offset in range(3):
        whole = base64.b64encode(b"x" * offset + secret.encode())
        found.append(whole[4:-4])
    return found


@dataclass
class Story:
    """What a daemon with planted secrets went through, and all that is left of it."""

    folder: Path
    said: dict[str, str] = field(default_factory=dict)
    served: dict[str, bytes] = field(default_factory=dict)
    problems: dict[str, set[str | None]] = field(default_factory=dict)
    kait: Receiver = field(default_factory=lambda: Receiver(PLANTED["key"], 500))
    mails: int = 0
    telegrams: int = 0


def environment(story: Story, mail: MailServer, telegram: TelegramServer) -> dict[str, str]:
    """Three channels that work, and four that do not, each in its way."""
    key, secret = variable, PLANTED["key"]
    nobody = socket.socket()
    nobody.bind(("127.0.0.1", 0))
    port = nobody.getsockname()[1]
    nobody.close()
    return {
        key("kait"): f"http://127.0.0.1:{story.kait.port}/{PLANTED['path']}?t={PLANTED['path']}",
        key("kait", "_SECRET"): secret,
        key("surel"): mail.address(),
        key("surel", "_HOST"): mail.host,
        key("telegram"): f"tgram://{TOKEN}/-1001234567",
        key("telegram", "_HOST"): telegram.host,
        key("salah"): mail.address(PLANTED["wrong mail"]),
        key("salah", "_HOST"): mail.host,
        key("hilang"): f"http://127.0.0.1:{port}/{PLANTED['path']}",
        key("hilang", "_SECRET"): secret,
        key("orang"): f"https://{PLANTED['user']}:{PLANTED['user']}@kait.example/",
        key("orang", "_SECRET"): secret,
        key("asing"): f"tak-dikenal://{PLANTED['unknown']}@layanan.example",
        **telegram.environment,
    }


def prepare(town: Town) -> None:
    """News of half an hour ago, and an alert a channel that has waited for it."""
    room, now = town.rooms[0], datetime.now(UTC)
    outlet = OutletRow(room.slug, room.slug, f"https://{room.host}/", room.family, "16", "UTC")
    with closing(open_store(town.db)) as db:
        for channel in CHANNELS:
            add_rule(db, Rule(f"untuk-{channel}", channel), now - timedelta(hours=1))
        sync_outlets(db, [outlet], now)
        url = f"https://{room.host}/berita/lama/"
        save_article(db, room.slug, url, numbered(7), now - timedelta(minutes=30))


def live(story: Story, town: Town, given: dict[str, str], port: int) -> None:
    """The daemon until it has tried everything once; asked meanwhile, and then aborted."""
    more = {**given, "PYTHONFAULTHANDLER": "1"}
    with daemon(town, "--log=json", f"--metrics={port}", **more) as process:
        tried = "SELECT count(*) FROM outbox WHERE attempts = 0"
        made = "SELECT count(*) FROM outbox"
        wait_for(
            lambda: (
                process.poll() is not None
                or (rows(town.db, made) == [(7,)] and rows(town.db, tried) == [(0,)])
            )
        )
        assert process.poll() is None, process.communicate()
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            story.served["metrics"] = answer.read()
        process.send_signal(signal.SIGABRT)
        output, _ = process.communicate(timeout=30)
    story.said["daemon"] = output
    for channel, error in rows(town.db, "SELECT channel, error FROM outbox"):
        story.problems.setdefault(channel, set()).add(error)


def ask(story: Story, town: Town) -> None:
    """Every command that has to do with it, in the same environment."""
    for words in (
        "alerts list --json",
        "alerts test kait",
        "alerts test salah --json",
        "status",
        "status --json",
        f"backup {town.folder / 'cadangan.db'}",
        "export",
    ):
        process = pantau(*words.split(), db=town.db)
        story.said[words] = process.stdout + process.stderr


def look(story: Story, folder: Path) -> None:
    """The review page over a copy of it."""
    folder.mkdir()
    (folder / "pantau.db").write_bytes((story.folder / "cadangan.db").read_bytes())
    server = ReviewServer(folder)
    try:
        for path in ("/", "/health", "/items/1", "/inbox.atom"):
            story.served[path] = server.ask("GET", path).body
    finally:
        server.close()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder, keys = tmp_path_factory.mktemp("kota"), tmp_path_factory.mktemp("telegram")
    story = Story(folder)
    with ExitStack() as stack:
        mail = stack.enter_context(MailServer(password=PLANTED["mail"]))
        telegram = stack.enter_context(TelegramServer(keys, TOKEN))
        stack.enter_context(story.kait)
        town = stack.enter_context(Town(folder, [Newsroom(keys=QUICK, articles=2)]))
        given = environment(story, mail, telegram)
        prepare(town)
        free = socket.socket()
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        live(story, town, given, port)
        story.mails, story.telegrams = len(mail.mails), len(telegram.sent)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in given.items():
            patch.setenv(name, value)
        ask(story, town)
        with closing(sqlite3.connect(town.db)) as db:
            db.execute("UPDATE outbox SET not_before = created_at WHERE channel = 'kait'")
            db.commit()
        again = pantau(*switches(town), "--once", db=town.db)
        story.said["once"] = again.stdout + again.stderr
        look(story, tmp_path_factory.mktemp("meja") / "review")
        yield story


def test_each_channel_is_tried_and_its_failure_named(story: Story) -> None:
    assert story.mails == story.telegrams == 1
    assert story.problems == {
        "kait": {"the webhook answered HTTP 500"},
        "surel": {None},
        "telegram": {None},
        "salah": {"the mail server answered 535"},
        "hilang": {"the webhook cannot be reached (ConnectionRefusedError)"},
        "orang": {
            "PANTAU_CHANNEL_ORANG holds a user or a password: a webhook is known by its"
            " signature; set PANTAU_CHANNEL_ORANG_SECRET alone"
        },
        "asing": {"Apprise does not know this kind of address, or something in it"},
    }


def test_what_failed_comes_again_with_its_key_after_a_crash_and_nothing_comes_twice(
    story: Story,
) -> None:
    alerts = [key for key in story.kait.keys if key.startswith("alert/")]
    assert len(alerts) == 2  # the first was answered with a 500
    assert len(set(alerts)) == 1
    assert {key for key in story.kait.messages if key.startswith("alert/")} == set(alerts)
    assert story.kait.refused == []


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
def test_a_secret_would_be_found_as_it_is_and_in_base64(before: bytes) -> None:
    for secret in PLANTED.values():
        encoded = base64.b64encode(before + secret.encode() + before)
        assert [form for form in forms(secret) if form in encoded]
        assert [form for form in forms(secret) if form in f"mailto://x:{secret}@y".encode()]


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_secret_is_in_no_file(story: Story, what: str) -> None:
    files = [path for path in story.folder.rglob("*") if path.is_file()]
    assert {"pantau.db", "cadangan.db"} <= {path.name for path in files}
    for path in files:
        body = path.read_bytes()
        assert not [form for form in forms(PLANTED[what]) if form in body], path


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_secret_is_said_nowhere(story: Story, what: str) -> None:
    assert "Fatal Python error" in story.said["daemon"]
    assert '"event": "not sent"' in story.said["daemon"]
    assert "kait (webhook): delivered." in story.said["alerts test kait"]
    assert "surel" in story.said["alerts list --json"]
    for where, text in story.said.items():
        body = text.encode()
        assert not [form for form in forms(PLANTED[what]) if form in body], where


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_secret_is_served_nowhere(story: Story, what: str) -> None:
    assert b"pantau_messages" in story.served["metrics"]
    for where, body in story.served.items():
        assert not [form for form in forms(PLANTED[what]) if form in body], where


@pytest.mark.parametrize(
    "line",
    [
        'PANTAU_CHANNEL_SUREL = "mailto://pantau:{}@surat.example"',
        '[channel]\nredaksi = "tgram://{}/1"',
        'webhook_secret = "{}"',
        'tokens = ["{}"]',
        'smtp_password = "{}"',
    ],
)
def test_the_configuration_takes_no_secret(tmp_path: Path, line: str) -> None:
    (tmp_path / "pantau.toml").write_text(line.format("rahasiaZx81"))
    with pytest.raises(ConfigurationError, match="stand in the environment only") as error:
        load_configuration(tmp_path)
    assert "rahasia" not in str(error.value)


def test_a_daemon_does_not_start_with_a_secret_in_its_configuration(tmp_path: Path) -> None:
    (tmp_path / "pantau.toml").write_text('smtp_password = "rahasiaZx81"')
    told = pantau("watch", "--once", db=tmp_path / "pantau.db")
    assert told.returncode == 1
    assert "smtp_password: addresses of channels and secrets stand" in told.stderr
    assert "rahasia" not in told.stdout + told.stderr


@pytest.mark.parametrize("contact", ["https://orang:rahasia@x.example/", "https://[rahasia/"])
def test_a_contact_with_a_password_is_not_told_to_outlets(tmp_path: Path, contact: str) -> None:
    (tmp_path / "pantau.toml").write_text(f'contact = "{contact}"')
    with pytest.raises(ConfigurationError, match="every outlet reads it") as error:
        load_configuration(tmp_path)
    assert "rahasia" not in str(error.value)


def test_an_outlets_address_with_a_password_is_refused_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "kabar.toml").write_text(
        'name = "Kabar"\nhome = "https://orang:rahasia@kabar.example/"\n'
        'family = "wordpress"\nprovince = "16"\n'
    )
    outlets, (problem,) = load_catalogue(tmp_path)
    assert outlets == {}
    assert "user and password" in str(problem)
    assert "rahasia" not in str(problem)

"""Mail, Telegram and webhooks as processes of their own: what arrives, and what is said if not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from scheduler.channels import NAME, Channel, channel_of, names_set, only, variable
from scheduler.delivery import reason
from scheduler.webhook import NotDelivered
from store.outbox import Message
from tests.mail_server import MailServer
from tests.pantau import json_lines, pantau
from tests.telegram_server import HOST, TelegramServer

TOKEN = "8131227001:AAF9-rahasia_bot_Zx81tanamQWERTYuio"
HOSTILE = Message(
    "alert/1/2",
    "surel",
    "Bupati <b>ditahan</b>\r\nBcc: lain@surat.example",
    'Kabar, 2025-05-01 15:00\nKPK <script>alert(1)</script>\nhttps://kabar.example/1?a=1&b="2"\n',
)


def deliver(message: Message, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The finished process of one delivery."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "scheduler.delivery"],
        input=json.dumps(asdict(message)),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def surel(server: MailServer, password: str | None = None) -> dict[str, str]:
    return {
        variable("surel"): server.address(password),
        variable("surel", "_HOST"): server.host,
    }


def test_mail_arrives_as_plain_text_with_one_subject_and_one_recipient() -> None:
    with MailServer() as server:
        process = deliver(HOSTILE, surel(server))
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
    (mail,) = server.mails
    assert mail.get_content_type() == "text/plain"
    assert mail["Subject"] == "Bupati <b>ditahan</b> Bcc: lain@surat.example"
    assert mail["Bcc"] is None
    assert mail.get_content().split() == HOSTILE.body.split()


def test_a_mail_server_that_refuses_is_told_by_its_number() -> None:
    with MailServer() as server:
        wrong = deliver(HOSTILE, surel(server, "sandi-salah-Zx81"))
        server.rejecting = True
        later = deliver(HOSTILE, surel(server))
    assert server.mails == []
    assert (wrong.returncode, wrong.stdout) == (1, "the mail server answered 535\n")
    assert (later.returncode, later.stdout) == (1, "the mail server answered 451\n")
    assert wrong.stderr == later.stderr == ""


def test_a_local_mail_server_passes_the_gate_only_by_its_name() -> None:
    with MailServer() as server:
        address = {variable("surel"): server.address()}
        process = deliver(HOSTILE, address)
    assert server.mails == []
    assert process.stdout == (
        "the gate refuses its server: not a public address, or an unusual port;"
        " name it as HOST:PORT in PANTAU_CHANNEL_SUREL_HOST\n"
    )


def test_a_mail_server_that_is_not_there_is_said_so() -> None:
    with MailServer() as server:
        gone = surel(server)
    assert deliver(HOSTILE, gone).stdout == "its server cannot be reached, or broke off\n"


def test_telegram_is_told_over_tls_and_nothing_else_is_reached(tmp_path: Path) -> None:
    with TelegramServer(tmp_path, TOKEN) as telegram:
        channel = {
            variable("telegram"): f"tgram://{TOKEN}/-1001234567",
            variable("telegram", "_HOST"): telegram.host,
            **telegram.environment,
        }
        process = deliver(Message("k", "telegram", "KPK <menahan>", "isi & tautan"), channel)
        stranger = deliver(
            Message("k", "telegram", "s", "b"),
            {**channel, variable("telegram"): "tgram://8131227001:AAFsalah/-1001234567"},
        )
        telegram.asked.clear()
        telegram.moved = True
        moved = deliver(Message("k", "telegram", "s", "b"), channel)
        del channel[variable("telegram", "_HOST")]
        unnamed = deliver(Message("k", "telegram", "s", "b"), channel)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
    (sent,) = telegram.sent
    assert sent["chat_id"] in (-1001234567, "-1001234567")
    assert "&lt;menahan&gt;" in sent["text"] or sent.get("parse_mode") is None
    assert set(telegram.connected) == {f"{HOST}:443"}
    assert stranger.stdout == "the service answered HTTP 401\n"
    assert moved.stdout == "the service answered HTTP 307\n"
    assert telegram.asked == [f"/bot{TOKEN}/sendMessage"]
    assert "the gate refuses its server" in unnamed.stdout


def test_an_address_apprise_does_not_know_is_not_shown() -> None:
    process = deliver(HOSTILE, {variable("surel"): f"tak-dikenal://{TOKEN}@x.example"})
    assert process.returncode == 1
    assert "does not know this kind of address" in process.stdout
    assert TOKEN not in process.stdout + process.stderr


def test_a_library_that_breaks_and_talks_gives_nothing_away(tmp_path: Path) -> None:
    (tmp_path / "apprise.py").write_text(
        "class AppriseAsset:\n    def __init__(self, **more): pass\n"
        "class Apprise:\n    def __init__(self, **more): pass\n"
        "    def add(self, address):\n        print('on my way to', address)\n"
        "        raise RuntimeError(address)\n"
    )
    address = f"tgram://{TOKEN}/1"
    process = deliver(HOSTILE, {variable("surel"): address, "PYTHONPATH": str(tmp_path)})
    assert (process.returncode, process.stderr) == (1, "")
    assert process.stdout == "delivery failed (RuntimeError)\n"


@pytest.mark.parametrize("extra", ["token", "https://orang:Zx81@kait.example/x"])
def test_what_services_say_never_becomes_part_of_the_reason(extra: str) -> None:
    said = [f"Failed to send to {extra}: {extra}, error=404.", f"Socket Exception: {extra}"]
    assert reason(said, "X") == "the service answered HTTP 404"
    assert extra not in reason([f"A connection error occurred: {extra}"], "X")


def test_a_delivery_is_told_of_its_own_channel_alone() -> None:
    environment = {"PATH": "/bin", variable("a"): "1", variable("a", "_SECRET"): "2"}
    other = {variable("b"): "3", variable("a-b"): "4", variable("b", "_HOST"): "5"}
    assert only("a", {**environment, **other}) == environment


def test_no_channel_is_named_as_the_secret_of_another() -> None:
    assert NAME.fullmatch("redaksi-dua")
    assert not NAME.fullmatch("redaksi-secret")
    assert not NAME.fullmatch("redaksi_host")
    with pytest.raises(NotDelivered, match="is not set"):
        channel_of("a-secret", {variable("a", "_SECRET"): "https://x.example/"})


def test_a_channel_shows_nothing_of_itself() -> None:
    channel = Channel(f"tgram://{TOKEN}/1", "kunci", "127.0.0.1", 8080)
    assert repr(channel) == str(channel) == "Channel(tgram)"
    assert repr(Channel(TOKEN)) == "Channel(unknown)"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://orang:Zx81tanam@kait.example/x", "holds a user or a password"),
        ("https://[Zx81tanam/x", "is no address"),
        ("https:///Zx81tanam", "is no address"),
        ("https://kait.example:99999/Zx81tanam", "is no address"),
        ("http://kait.example/Zx81tanam\r\nX-Lain: 1", "is no address"),
    ],
)
def test_a_webhooks_address_is_judged_and_never_shown(address: str, why: str) -> None:
    environment = {variable("a"): address, variable("a", "_SECRET"): "s"}
    with pytest.raises(NotDelivered, match=f"PANTAU_CHANNEL_A {why}") as error:
        channel_of("a", environment)
    assert "Zx81" not in str(error.value)


@pytest.mark.parametrize("host", ["Zx81", "Zx81:", ":25", "Zx81:smtp", "Zx81:0", "Zx81:٢٥"])
def test_a_named_host_that_is_none_is_an_error(host: str) -> None:
    environment = {variable("a"): "mailto://x", variable("a", "_HOST"): host}
    with pytest.raises(NotDelivered, match="PANTAU_CHANNEL_A_HOST is not HOST:PORT") as error:
        channel_of("a", environment)
    assert "Zx81" not in str(error.value)


def test_channels_of_the_environment_are_found_by_name() -> None:
    environment = {
        variable("redaksi-dua"): "https://kait.example/",
        variable("redaksi-dua", "_SECRET"): "s",
        variable("kosong"): "",
        "PANTAU_CHANNEL_": "x",
        "PANTAU_DB": "pantau.db",
    }
    assert names_set(environment) == ["redaksi-dua"]


def test_the_test_says_of_each_channel_whether_it_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "pantau.db"
    added = pantau("alerts", "add", "ott", "--channel=belum-ada", db=db)
    assert added.returncode == 0
    with MailServer() as server, MailServer() as gone:
        for name, value in surel(server).items():
            monkeypatch.setenv(name, value)
        gone.rejecting = True
        monkeypatch.setenv(variable("operations"), gone.address())
        monkeypatch.setenv(variable("operations", "_HOST"), gone.host)
        told = pantau("alerts", "test", db=db)
        found = pantau("alerts", "test", "surel", "--json", db=db)
    assert told.returncode == 1
    assert told.stdout == "surel (mailto): delivered.\n"
    assert told.stderr.splitlines() == [
        "pantau: belum-ada: not delivered: channel 'belum-ada' is not set;"
        " set PANTAU_CHANNEL_BELUM_ADA",
        "pantau: operations (mailto): not delivered: the mail server answered 451",
    ]
    assert json_lines(found) == [
        {"channel": "surel", "kind": "mailto", "delivered": True, "problem": None}
    ]
    assert server.mails[0]["Subject"] == "Pantau: a test"

"""Alerts: each story once, signed, through the gate, and no secret anywhere."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlite_utils import Database

from scheduler import upkeep
from scheduler.alerts import Errands, operations_channel, send_due
from scheduler.channels import channel_of, variable
from scheduler.delivery import policy_of
from scheduler.journal import Journal
from scheduler.upkeep import Disk
from scheduler.webhook import NotDelivered, signature
from store import outbox, tidying
from store.alerts import Rule, add_rule, gather, is_due, remove_rule, rules
from store.articles import save_article
from store.copies import link, linked, save_fingerprints
from store.database import StoreError
from store.outbox import Message
from store.runs import Incident, record_error
from tests.pantau import json_lines, pantau
from tests.test_store_samples import NOW, numbered, sample_store

SECRET = "rahasia-Zx81-tanam"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = NOW + 15 * MINUTE


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


class Receiver:
    """A webhook's receiver that computes the signature on its own; answers: statuses to give, the
    last one stays."""

    def __init__(self, *answers: int) -> None:
        self.requests: list[tuple[Mapping[str, str], bytes]] = []
        waiting, receiver = list(answers or (204,)), self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((dict(self.headers), body))
                status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{receiver.port}/lain")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def environment(self) -> dict[str, str]:
        return {
            variable("redaksi"): f"http://127.0.0.1:{self.port}/kait?token={SECRET}",
            variable("redaksi", "_SECRET"): SECRET,
        }


def find(db: Database, number: int, at: datetime = NOW, **changes: object) -> int:
    article = numbered(number, **changes)
    return save_article(db, "kabar", f"https://kabar.example/{number}", article, at).article_id


def told(db: Database, at: datetime) -> list[str]:
    """The subjects of what the rules put into the outbox by then."""
    gather(db, at)
    return [posted.message.subject for posted in outbox.due(db, at)]


def rule(db: Database, **more: object) -> Rule:
    return add_rule(db, replace(Rule("semua", "redaksi"), **more), NOW)  # type: ignore[arg-type]


def test_a_story_is_told_once_it_has_settled(db: Database) -> None:
    rule(db)
    find(db, 1)
    assert told(db, NOW + 9 * MINUTE) == []
    assert told(db, NOW + 10 * MINUTE) == ["Berita 1"]
    assert told(db, NOW + 20 * MINUTE) == ["Berita 1"]  # still the one message


def test_of_copies_one_is_told_whenever_the_others_come(db: Database) -> None:
    rule(db)
    first, second = find(db, 1), find(db, 2)
    link(db, (first, second), "copy", 0.9, "")
    assert told(db, LATER) == ["Berita 1"]
    third = find(db, 3, LATER)
    link(db, (second, third), "copy", 0.9, "")
    assert told(db, LATER + HOUR) == ["Berita 1"]


def test_only_what_the_search_finds_is_told(db: Database) -> None:
    rule(db, query="waduk -cabai")
    find(db, 1)
    find(db, 2, text="KPK memeriksa proyek waduk.")
    find(db, 3, text="KPK memeriksa proyek waduk dan cabai.")
    assert told(db, LATER) == ["Berita 2"]


def test_what_only_mentions_the_kpk_is_not_told(db: Database) -> None:
    rule(db)
    find(db, 1, relevance="mentions")
    assert told(db, LATER) == []


def test_what_was_found_before_the_rule_is_not_told(db: Database) -> None:
    find(db, 1, NOW - HOUR)
    rule(db)
    assert told(db, LATER) == []


def test_a_daemon_that_stood_still_tells_it_later_but_no_old_news(db: Database) -> None:
    rule(db)
    find(db, 1, NOW + HOUR)
    assert told(db, NOW + 2 * DAY) == ["Berita 1"]
    find(db, 2, NOW + 2 * DAY)
    assert told(db, NOW + 9 * DAY) == ["Berita 1"]


def test_a_digest_lists_all_stories_of_its_time(db: Database) -> None:
    rule(db, rhythm="hourly")
    find(db, 1)
    find(db, 2)
    assert told(db, NOW + 59 * MINUTE) == []
    assert told(db, NOW + HOUR) == ["semua: 2 new stories"]
    (posted,) = outbox.due(db, NOW + HOUR)
    assert "https://kabar.example/1" in posted.message.body
    assert "https://kabar.example/2" in posted.message.body


def test_a_daily_digest_comes_at_its_local_hour() -> None:
    wib = ZoneInfo("Asia/Jakarta")
    last = datetime(2025, 5, 1, 7, 0, 5, tzinfo=wib)
    daily = Rule("pagi", "redaksi", rhythm="daily", hour=7, last_at=last)
    assert not is_due(daily, datetime(2025, 5, 2, 6, 59, tzinfo=wib))
    assert is_due(daily, datetime(2025, 5, 2, 7, 0, tzinfo=wib))
    assert is_due(daily, datetime(2025, 5, 5, 3, 0, tzinfo=wib))


def test_a_clock_set_back_tells_no_digest_twice() -> None:
    last = datetime(2025, 5, 1, 7, 0, 5, tzinfo=UTC)
    assert not is_due(Rule("x", "y", rhythm="hourly", last_at=last), last - HOUR)


def test_a_name_is_taken_once(db: Database) -> None:
    rule(db)
    with pytest.raises(StoreError, match="there is an alert"):
        rule(db)
    remove_rule(db, "semua")
    assert rules(db) == []
    with pytest.raises(StoreError, match="no alert"):
        remove_rule(db, "semua")


def test_a_message_stands_in_the_outbox_once(db: Database) -> None:
    message = Message("k", "redaksi", "s", "b")
    assert outbox.post(db, message, NOW)
    assert not outbox.post(db, message, NOW)


def test_what_did_not_arrive_is_tried_again_ever_later_and_given_up_after_days(
    db: Database,
) -> None:
    outbox.post(db, Message("k", "redaksi", "s", "b"), NOW)
    waits, now = [], NOW
    while posted := outbox.due(db, now):
        outbox.not_sent(db, posted[0], "no", now)
        row = db.conn.execute("SELECT not_before, given_up_at FROM outbox").fetchone()
        again = datetime.fromisoformat(row["not_before"])
        waits.append(again - now)
        now = again
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert max(waits) == 6 * HOUR
    assert row["given_up_at"] is not None
    assert now - NOW < 4 * DAY


def send(db: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> int:
    for name, value in receiver.environment.items():
        monkeypatch.setenv(name, value)
    return asyncio.run(send_due(db, Journal()))


def test_a_webhook_is_signed_over_time_and_body(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.post(db, Message("alert/1/2", "redaksi", "KPK menahan", "isi"), NOW)
    with Receiver() as receiver:
        assert send(db, receiver, monkeypatch) == 1
        ((headers, body),) = receiver.requests
    timestamp = headers["X-Pantau-Timestamp"]
    proof = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    assert headers["X-Pantau-Signature"] == f"sha256={proof.hexdigest()}"
    assert headers["Idempotency-Key"] == json.loads(body)["key"] == "alert/1/2"
    assert abs(int(timestamp) - time.time()) < 60
    assert outbox.due(db, datetime.now(UTC) + DAY) == []


def test_a_webhook_that_fails_gets_the_same_message_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.post(db, Message("k", "redaksi", "s", "b"), datetime.now(UTC) - MINUTE)
    with Receiver(500, 204) as receiver:
        assert send(db, receiver, monkeypatch) == 0
        db.conn.execute("UPDATE outbox SET not_before = created_at")
        assert send(db, receiver, monkeypatch) == 1
        keys = [headers["Idempotency-Key"] for headers, _ in receiver.requests]
    assert keys == ["k", "k"]


def test_a_redirect_is_not_followed(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.post(db, Message("k", "redaksi", "s", "b"), NOW)
    with Receiver(302) as receiver:
        assert send(db, receiver, monkeypatch) == 0
        assert len(receiver.requests) == 1
    assert db.conn.execute("SELECT error FROM outbox").fetchone()[0] == (
        "the webhook answered HTTP 302"
    )


def test_no_secret_is_found_in_database_log_or_crash(
    db: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outbox.post(db, Message("k", "redaksi", "s", "b"), NOW)
    with Receiver(500) as receiver:
        send(db, receiver, monkeypatch)
        told = pantau("alerts", "test", "redaksi", db=tmp_path / "pantau.db")
    outbox.post(db, Message("l", "redaksi", "s", "b"), NOW)
    with Receiver() as gone:
        pass
    send(db, gone, monkeypatch)
    written = capsys.readouterr()
    said = written.out + written.err + told.stdout + told.stderr
    assert told.returncode == 1
    assert "HTTP 500" in said
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("pantau.db*"))
    assert SECRET not in said
    assert SECRET.encode() not in kept


def test_a_delivery_reaches_its_named_target_and_nothing_else() -> None:
    environment = {variable("a"): "http://127.0.0.1:8123/x", variable("a", "_SECRET"): "s"}
    policy = policy_of(channel_of("a", environment))
    assert policy.refusal(("127.0.0.1", 8123)) is None
    for other in (("127.0.0.1", 8124), ("10.0.0.1", 80), ("203.0.113.9", 443)):
        assert policy.refusal(other) is not None


def test_a_service_of_apprise_reaches_public_addresses_only() -> None:
    policy = policy_of(channel_of("a", {variable("a"): "mailto://orang:kata@surat.example"}))
    assert policy.refusal(("8.8.8.8", 587)) is None
    for other in (("127.0.0.1", 25), ("169.254.169.254", 80), ("8.8.8.8", 6379)):
        assert policy.refusal(other) is not None


def test_a_named_mail_server_may_be_a_local_one() -> None:
    environment = {variable("a"): "mailto://x", variable("a", "_HOST"): "127.0.0.1:1025"}
    policy = policy_of(channel_of("a", environment))
    assert policy.refusal(("127.0.0.1", 1025)) is None
    assert policy.refusal(("127.0.0.1", 1026)) is not None


def test_a_webhook_without_a_secret_is_refused() -> None:
    with pytest.raises(NotDelivered, match="PANTAU_CHANNEL_A_SECRET"):
        channel_of("a", {variable("a"): "https://kait.example/x"})


def test_a_channel_that_is_not_set_is_named() -> None:
    with pytest.raises(NotDelivered, match="PANTAU_CHANNEL_REDAKSI_DUA"):
        channel_of("redaksi-dua", {})


def test_a_signature_depends_on_all_it_signs() -> None:
    proofs = {signature(s, t, b) for s in "ab" for t in "12" for b in (b"x", b"y")}
    assert len(proofs) == 8


def test_a_delivery_that_breaks_shows_no_trace() -> None:
    environment = {variable("a"): f"http://[{SECRET}", variable("a", "_SECRET"): SECRET}
    given = json.dumps(asdict(Message("k", "a", "s", "b")))
    process = subprocess.run(
        [sys.executable, "-P", "-m", "scheduler.delivery"],
        input=given,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert SECRET not in process.stdout + process.stderr
    assert "Traceback" not in process.stderr


def test_alerts_are_added_listed_and_removed(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    added = pantau("alerts", "add", "ott", "--query=OTT", "--channel=redaksi", db=db)
    assert added.returncode == 0
    assert "PANTAU_CHANNEL_REDAKSI" in added.stderr
    (listed,) = json_lines(pantau("alerts", "list", "--json", db=db))
    assert (listed["name"], listed["query"], listed["rhythm"]) == ("ott", "OTT", "immediate")
    assert pantau("alerts", "remove", "ott", db=db).returncode == 0
    assert pantau("alerts", "add", "x", "--channel=Bukan Nama", db=db).returncode == 2
    assert pantau("alerts", "remove", db=db).returncode == 2


def test_a_full_disk_stops_fetching_and_says_so(
    db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = Disk(tmp_path, room=1 << 60, room_again=1 << 60)
    errands = Errands(db, tmp_path / "pantau.db", Journal(), "operations", disk)
    tidying.chore_done(db, "tidy", datetime.now(UTC))

    async def look() -> None:
        await errands.see_to(datetime.now(UTC))
        await errands.end()

    asyncio.run(look())
    assert not errands.may_fetch()
    assert "nothing is fetched until there is more room" in capsys.readouterr().out
    assert len(outbox.due(db, datetime.now(UTC))) == 1
    disk.room_again = 0
    assert disk.look()
    assert errands.may_fetch()


def test_chores_are_done_once_a_night() -> None:
    night = datetime(2025, 5, 1, 19, 30, tzinfo=UTC)  # 2:30 in Jakarta
    assert upkeep.is_due(None, night)
    assert not upkeep.is_due(night, night + HOUR)
    assert not upkeep.is_due(night, night + 12 * HOUR)
    assert upkeep.is_due(night, night + 24 * HOUR)
    assert upkeep.is_due(night - 40 * HOUR, night + 8 * HOUR)


def test_chores_drop_old_errors_and_empty_the_log(db: Database, tmp_path: Path) -> None:
    record_error(db, 1, "kabar", Incident("failed", "lama"), NOW - 100 * DAY)
    record_error(db, 1, "kabar", Incident("failed", "baru"), NOW)
    gone = upkeep.tidy_if_due(tmp_path / "pantau.db", NOW)
    assert gone is not None
    assert gone["errors"] == 1
    assert (tmp_path / "pantau.db-wal").stat().st_size == 0
    assert upkeep.tidy_if_due(tmp_path / "pantau.db", NOW) is None


def test_chores_forget_the_fingerprints_of_old_articles_and_keep_their_links(
    db: Database, tmp_path: Path
) -> None:
    old, middle, fresh = (find(db, n, NOW - n * 40 * DAY) for n in (3, 2, 0))
    for article in (old, middle, fresh):
        save_fingerprints(db, article, {article, 1000, 2000})
    link(db, (old, fresh), "copy", 0.9, "")
    gone = upkeep.tidy_if_due(tmp_path / "pantau.db", NOW)
    assert gone is not None
    assert gone["fingerprints"] == 3
    kept = db.conn.execute("SELECT DISTINCT article_id FROM fingerprints ORDER BY 1").fetchall()
    assert [row[0] for row in kept] == [middle, fresh]
    assert linked(db, old) == {fresh}


def test_a_trouble_of_pantau_itself_goes_to_its_own_channel_alone(db: Database) -> None:
    rule(db)
    find(db, 1)
    Errands(db, Path("x"), Journal(), "operations").report("2 MB free", LATER)
    gather(db, LATER)
    sent = {posted.message.channel: posted.message.subject for posted in outbox.due(db, LATER)}
    assert sent == {"operations": "2 MB free", "redaksi": "Berita 1"}
    assert operations_channel({variable("operations"): "mailto://x"}) == "operations"
    assert operations_channel({variable("redaksi"): "mailto://x"}) is None


def test_no_test_of_this_file_reaches_beyond_loopback() -> None:
    with socket.socket() as s, pytest.raises(OSError, match="a test reached for"):
        s.connect(("198.51.100.1", 80))

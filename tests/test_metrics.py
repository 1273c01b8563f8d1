"""Metrics: off by default, for this machine alone, as Prometheus reads them, and as documented."""

from __future__ import annotations

import argparse
import http.client
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlite_utils import Database

from crawler.configuration import ConfigurationError, load_configuration
from crawler.gate import CONNECTIONS, ConnectionPolicy
from crawler.session import Tally
from scheduler.commands.watching import watch
from scheduler.endpoint import served
from scheduler.meter import Meter
from scheduler.metrics import METRICS, Metrics
from scheduler.parser import build_parser
from store import frontier, outbox
from store.articles import save_article
from store.database import StoreError
from store.measures import measure
from store.outbox import Message
from store.outlets import set_next_run, switch_outlet
from store.records import Candidate
from tests.newsroom import Newsroom, Town
from tests.test_store_samples import NOW, numbered, sample_store
from tests.test_watch_daemon import QUICK, daemon, stop, wait_for

DOCUMENT = Path(__file__).parents[1] / "docs" / "operating.md"
Read = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str = "/metrics", method: str = "GET", **headers: str) -> tuple[int, str]:
    """Status and body of an answer; Host is set by hand."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": f"127.0.0.1:{port}", **headers}.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def read(text: str) -> Read:
    """The samples of an answer, by name and labels, as Prometheus's own parser reads them."""
    return {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_daemon_serves_what_it_does(tmp_path: Path, port: int) -> None:
    def scraped(name: str, **labels: str) -> float:
        return read(ask(port)[1]).get((name, tuple(labels.items())), 0)

    with (
        Town(tmp_path, [Newsroom(keys=QUICK)]) as town,
        daemon(town, f"--metrics={port}") as process,
    ):
        wait_for(lambda: is_open(port))
        wait_for(lambda: scraped("pantau_passes_total", result="answered") > 0)
        found = read(ask(port)[1])
        seconds, output = stop(process)
        assert process.returncode == 0, output
        assert seconds < 10
        assert not is_open(port)
    assert found["pantau_pages_total", (("ending", "article"),)] == 1
    assert found["pantau_pages_total", (("ending", "off_topic"),)] == 2
    assert found["pantau_articles_total", (("change", "new"),)] == 1
    assert found["pantau_pages", (("state", "done"),)] == 1
    assert found["pantau_items_waiting", ()] == 1
    assert found["pantau_outlets", (("state", "well"),)] == 1
    assert found["pantau_outlets", (("state", "failing"),)] == 0
    assert found["pantau_requests_total", ()] >= 5
    assert found["pantau_database_readable", ()] == 1
    assert found["pantau_heartbeat_age_seconds", ()] < 10
    assert found["process_resident_memory_bytes", ()] > 1 << 20
    assert {name for name, _ in found} >= set(METRICS) - {"pantau_pages_total"}


def test_nothing_is_served_unless_it_is_asked_for(db: Database, tmp_path: Path, port: int) -> None:
    with served(None, tmp_path / "pantau.db", Meter()):
        assert not is_open(port)
    assert load_configuration(tmp_path).metrics is None


def test_the_configuration_can_ask_for_it(tmp_path: Path) -> None:
    file = tmp_path / "pantau.toml"
    file.write_text("metrics = 9464\n")
    assert load_configuration(tmp_path).metrics == 9464
    for wrong in ('"0.0.0.0:9464"', '"9464"', "0", "65536", "true"):
        file.write_text(f"metrics = {wrong}\n")
        with pytest.raises(ConfigurationError, match="metrics: must be a number from 1 to 65535"):
            load_configuration(tmp_path)


@pytest.mark.parametrize(
    "wrong", ["0.0.0.0:9464", "[::]:9464", "192.0.2.1:9464", "localhost:1", "0", "65536", "", "٩"]
)
def test_no_address_but_loopback_is_served(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["watch", f"--metrics={wrong}"])
    assert ended.value.code == 2
    assert "127.0.0.1 only" in capsys.readouterr().err


def test_a_port_is_named_with_its_address_or_without() -> None:
    for words in ("9464", "127.0.0.1:9464"):
        assert build_parser().parse_args(["watch", "--metrics", words]).metrics == 9464
    with pytest.raises(argparse.ArgumentTypeError, match="leave out --once"):
        watch(build_parser().parse_args(["watch", "--metrics=9464", "--once"]))


@contextmanager
def endpoint(db: Database, path: Path, port: int, meter: Meter | None = None) -> Iterator[None]:
    with served(port, path / "pantau.db", meter or Meter()):
        yield


def test_it_listens_on_loopback_alone(db: Database, tmp_path: Path, port: int) -> None:
    with endpoint(db, tmp_path, port):
        listening = [
            line.split()[1]
            for table in ("tcp", "tcp6")
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
            if line.split()[3] == "0A" and int(line.split()[1].rpartition(":")[2], 16) == port
        ]
    assert [address.partition(":")[0] for address in listening] == ["0100007F"]


@pytest.mark.parametrize("host", ["jahat.example", "127.0.0.1.jahat.example:80", "", "[::1]", "0"])
def test_a_name_that_was_led_here_is_refused(
    db: Database, tmp_path: Path, port: int, host: str
) -> None:
    with endpoint(db, tmp_path, port):
        status, body = ask(port, Host=host)
    assert status == 421
    assert "pantau_" not in body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:{}", "127.0.0.1:{}", "127.0.0.1"])
def test_this_machine_is_answered(db: Database, tmp_path: Path, port: int, host: str) -> None:
    with endpoint(db, tmp_path, port):
        assert ask(port, Host=host.format(port))[0] == 200


def test_there_is_nothing_else(db: Database, tmp_path: Path, port: int) -> None:
    with endpoint(db, tmp_path, port):
        assert ask(port, "/")[0] == ask(port, "/metrics/../pantau.db")[0] == 404
        assert ask(port, method="POST")[0] == 501
        assert ask(port, "/metrics?x=1")[0] == 200


def test_a_client_that_says_nothing_holds_up_nobody(
    db: Database, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.endpoint.Answer.timeout", 0.2)
    with endpoint(db, tmp_path, port), socket.create_connection(("127.0.0.1", port)):
        assert ask(port)[0] == 200


def test_a_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = f"metrics: 127.0.0.1:{port}: Address already in use; name another one"
        with pytest.raises(StoreError, match=said), served(port, tmp_path / "pantau.db", Meter()):
            pass


def test_it_needs_nothing_that_the_gate_refuses(db: Database, tmp_path: Path, port: int) -> None:
    CONNECTIONS.refused.clear()
    with socket.create_server(("127.0.0.1", 0)) as other:
        CONNECTIONS.enforce(
            ConnectionPolicy(loopback=frozenset({other.getsockname(), ("127.0.0.1", port)}))
        )
        try:
            with endpoint(db, tmp_path, port):
                assert ask(port)[0] == 200
        finally:
            CONNECTIONS.enforce(None)
    assert not CONNECTIONS.refused


def test_a_database_that_cannot_be_read_leaves_the_rest(tmp_path: Path, port: int) -> None:
    (tmp_path / "pantau.db").write_text("bukan basis data")
    with served(port, tmp_path / "pantau.db", Meter()):
        found = read(ask(port)[1])
    assert found["pantau_database_readable", ()] == 0
    assert ("pantau_outlets_due", ()) not in found
    assert found["pantau_threads", ()] >= 2
    assert found["pantau_disk_free_bytes", ()] > 0


def test_a_scrape_waits_for_no_writer(db: Database, tmp_path: Path) -> None:
    with closing(sample_store(tmp_path / "pantau.db")) as other:
        other.conn.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        names = {metric.name for metric in Metrics(tmp_path / "pantau.db", Meter()).collect()}
        other.conn.execute("ROLLBACK")
    assert "pantau_outlets" in names
    assert time.monotonic() - begun < 1


def test_a_meter_counts_passes_by_how_they_ended() -> None:
    meter = Meter()
    tally = Tally(sources_ok=1)
    tally.endings.update(article=2, gone=1)
    meter.passed(tally)
    meter.passed(Tally(sources_failed=1))
    assert meter.passes == {"answered": 1, "failed": 1}
    assert meter.endings == {"article": 2, "gone": 1}


def test_pages_that_are_due_and_since_when(db: Database) -> None:
    names = [Candidate(f"https://kabar.example/{n}", f"https://kabar.example/{n}") for n in (1, 2)]
    frontier.discover(db, "kabar", names, NOW - 30 * MINUTE)
    found = measure(db, NOW)
    assert (found.pages_due, found.page_due_since) == (2, NOW - 30 * MINUTE)
    assert found.pages == {"discovered": 2}
    switch_outlet(db, "kabar", False)
    found = measure(db, NOW)
    assert (found.pages_due, found.page_due_since) == (0, None)
    assert found.outlets == {"disabled": 1, "not asked yet": 1}


def test_an_outlet_that_is_overdue_is_seen(db: Database) -> None:
    set_next_run(db, "kabar", NOW - 5 * MINUTE)
    set_next_run(db, "warta", NOW + 5 * MINUTE)
    found = measure(db, NOW)
    assert (found.outlets_due, found.outlet_due_since) == (1, NOW - 5 * MINUTE)


def test_messages_are_told_by_what_became_of_them(db: Database) -> None:
    for number in range(3):
        outbox.post(db, Message(str(number), "redaksi", "s", "b"), NOW + number * MINUTE)
    first, second, _ = outbox.due(db, NOW + 5 * MINUTE)
    outbox.sent(db, first.id, NOW)
    outbox.not_sent(db, second, "the webhook answered HTTP 500", NOW)
    found = measure(db, NOW)
    assert found.messages == {"sent": 1, "failed": 1, "waiting": 1}
    assert found.unsent_since == NOW + MINUTE


def test_the_inbox_is_counted_as_it_is_shown(db: Database) -> None:
    for number in range(3):
        article = numbered(number, relevance="mentions" if number == 2 else "about")
        save_article(db, "kabar", f"https://kabar.example/{number}", article, NOW)
    assert measure(db, datetime.now(UTC)).waiting == 2


def test_the_document_names_every_metric_and_no_other() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(pantau_\w+)(?:\{(\w+)\})?` \| (\w+) \| (.+) \|$", text, re.M)
    assert [(name, label or None, kind, words) for name, label, kind, words in documented] == [
        (name, about.label, about.kind, about.words) for name, about in METRICS.items()
    ]

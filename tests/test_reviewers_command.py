"""The commands by which others get at the review page: reviewers, and the switches of review."""

from __future__ import annotations

import argparse
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.security import host_name
from scheduler.cli import main
from scheduler.commands.pageing import host_name_or_address
from store.database import open_store
from store.passwords import matches
from store.people import (
    add_person,
    credential,
)
from tests.pantau import COMMAND, pantau
from tests.test_review_people import KEPT, SECRET
from tests.test_store_samples import NOW


def test_the_wait_outlives_a_restart(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    with closing(open_store(db)) as made:
        add_person(made, "Rina", "reviewer", KEPT, NOW)
    with subprocess_page(db) as ask:
        for _ in range(5):
            assert ask("POST", "/login/send", wrong_form(), {})[0] == 401
    with subprocess_page(db) as ask:
        status, headers = ask("POST", "/login/send", wrong_form(), {})
        assert status == 429 and 0 < int(headers["retry-after"]) <= 30
        # There is no proxy: what the sender says of its address counts for nothing.
        elsewhere = {"X-Forwarded-For": "192.0.2.77"}
        assert ask("POST", "/login/send", wrong_form(), elsewhere)[0] == 429


def wrong_form() -> str:
    return urlencode({"name": "Rina", "password": "salah salah salah"})


Ask = Callable[[str, str, str, dict[str, str]], tuple[int, dict[str, str]]]


@contextmanager
def subprocess_page(db: Path) -> Iterator[Ask]:
    """The real command with --login; asks it, and looks that it says no secret."""
    command = [*COMMAND, "review", "--login", "--no-browser", "--port", "0", "--db", str(db)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        try:
            port = int(process.stdout.readline().split()[0].rstrip("/").rpartition(":")[2])

            def ask(
                method: str, path: str, body: str, headers: dict[str, str]
            ) -> tuple[int, dict[str, str]]:
                for _ in range(100):  # the socket listens a moment before the server answers
                    connection = HTTPConnection("127.0.0.1", port, timeout=10)
                    with closing(connection), suppress(ConnectionError):
                        connection.request(method, path, body, headers)
                        answer = connection.getresponse()
                        answer.read()
                        return answer.status, {k.lower(): v for k, v in answer.getheaders()}
                    time.sleep(0.05)
                raise AssertionError("the page never answered")

            yield ask
            process.send_signal(signal.SIGINT)
            said = "".join(process.communicate(timeout=10))
            assert process.returncode == 0 and "salah" not in said and "Traceback" not in said
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("switches", "remedy"),
    [
        (["--host", "0.0.0.0"], "--allowed-host NAME"),
        (["--host", "::"], "--allowed-host NAME"),
        (["--host", "pantau.example", "--allowed-host", "pantau.example"], "an address"),
        (["--login", "--as", "Rina"], "--as"),
        (["--host", "0.0.0.0", "--allowed-host", "http://pantau.example"], "without http://"),
        (["--host", "0.0.0.0", "--allowed-host", "*"], "neither a host name"),
    ],
)
def test_the_page_starts_for_others_only_when_it_is_safe(
    people_file: Path, capsys: pytest.CaptureFixture[str], switches: list[str], remedy: str
) -> None:
    with suppress(SystemExit):  # what argparse itself finds wrong
        code = main(["review", "--no-browser", "--db", str(people_file), *switches])
        assert code == 2
    assert remedy in capsys.readouterr().err


@pytest.mark.parametrize(
    "switches",
    [["--login"], ["--behind-https"], ["--allowed-host", "pantau.example"],
     ["--host", "0.0.0.0", "--allowed-host", "pantau.example"]],
)  # fmt: skip
def test_nobody_with_a_password_means_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], switches: list[str]
) -> None:
    db = tmp_path / "pantau.db"
    assert main(["review", "--no-browser", "--db", str(db), *switches]) == 2
    assert "pantau reviewers add NAME" in capsys.readouterr().err
    assert not db.exists()


@pytest.fixture(scope="module")
def people_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by the command."""
    db = tmp_path_factory.mktemp("command") / "pantau.db"
    added = pantau("reviewers", "add", "Rina  Wati", db=db, input=f"{SECRET}\n")
    assert added.returncode == 0 and "Rina Wati" in added.stdout, added.stderr
    return db


def test_people_are_added_listed_changed_and_removed(
    people_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*words: str, typed: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        assert main(["reviewers", *words, "--db", str(people_file)]) == 0
        return capsys.readouterr().out

    assert SECRET not in said("add", "Budi", "--role", "reader", typed=SECRET)
    listed = said("list", "--json")
    assert [(one["name"], one["role"]) for one in json.loads(listed)] == [
        ("Budi", "reader"), ("Rina Wati", "reviewer"),
    ]  # fmt: skip
    assert "scrypt" not in listed and "password" not in listed
    assert "reviewer" in said("role", "budi", "--role", "reviewer")
    assert "sessions" in said("password", "BUDI", typed="lain sekali ini\r\n")
    with closing(open_store(people_file)) as db:
        known = credential(db, "Budi")
    assert known is not None and known.person.role == "reviewer"
    assert matches("lain sekali ini", known.kept)
    said("remove", "Budi")
    assert "Budi" not in said("list")


@pytest.mark.parametrize(
    ("words", "typed", "code", "why"),
    [
        (["add"], "", 2, "whom?"),
        (["add", "Tono"], "", 2, "12 to 256 characters"),
        (["add", "Tono"], "pendek\n", 2, "12 to 256 characters"),
        (["add", "Tono"], "a" * 20, 2, "again and again"),
        (["add", "pantau"], SECRET, 2, "the program's own name"),
        (["add", "rina wati"], SECRET, 1, "already"),
        (["role", "Rina Wati"], "", 2, "which role?"),
        (["remove", "Tono"], "", 1, "nobody is called"),
        (["password", "Tono"], SECRET, 1, "nobody is called"),
        (["add", "Tono", "kata sandi di sini"], "", 2, "unrecognized"),
    ],
)
def test_what_is_wrong_with_a_person_is_said(
    people_file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    typed: str,
    code: int,
    why: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    try:
        ended: object = main(["reviewers", *words, "--db", str(people_file)])
    except SystemExit as error:  # what argparse itself finds wrong
        ended = error.code
    assert ended == code and why in capsys.readouterr().err


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abcZ09.-_:[]/@* %é", max_size=30))
def test_an_allowed_host_is_a_bare_name(text: str) -> None:
    with suppress(argparse.ArgumentTypeError):
        name = host_name_or_address(text)
        assert name == host_name(name) == host_name(f"{name}:8765")

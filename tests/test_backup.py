"""Copies of the database: taken while it is written to, brought back, made before migrating."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.backup import back_up, restore
from store.database import StoreError, open_store
from store.migrations import APPLICATION_ID, SCHEMA_VERSION
from tests.pantau import pantau

HOLDER = (
    "import sys; from store.database import open_store; db = open_store(sys.argv[1]);"
    "print('open', flush=True); sys.stdin.read()"
)


def write_note(file: Path, words: str) -> None:
    """A row that tells one state of a database from another."""
    with closing(open_store(file)) as db:
        db.conn.execute(
            "INSERT INTO jobs(kind, target, asked_by, asked_at) VALUES ('t', ?, '', '')", [words]
        )


def notes(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as conn:
        return [row[0] for row in conn.execute("SELECT target FROM jobs ORDER BY id")]


def older_database(file: Path) -> None:
    """A database as a Pantau left it that knew nothing of gaps."""
    with closing(open_store(file)) as db:
        db.conn.execute("DROP TABLE gaps")
        db.conn.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%_gaps_between_polls'")
        db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")


@contextmanager
def held_open(file: Path) -> Iterator[None]:
    """Another process has the database open, and does nothing."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDER, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdin is not None
    assert process.stdout.readline() == "open\n"
    yield
    process.stdin.close()
    process.stdout.close()
    process.wait()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pantau.db"
    write_note(path, "satu")
    return path


def test_a_backup_is_one_whole_file(file: Path, tmp_path: Path) -> None:
    with closing(open_store(file)):  # its latest writes still stand in the log
        back_up(file, tmp_path / "salinan.db")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pantau.db", "salinan.db"]
    assert notes(tmp_path / "salinan.db") == ["satu"]


def test_a_backup_is_one_moment_of_a_database_that_is_written_to(
    file: Path, tmp_path: Path
) -> None:
    done = threading.Event()

    def keep_writing() -> None:
        with closing(open_store(file)) as db:
            while not done.is_set():
                db.conn.execute("BEGIN")
                for words in ("a", "b"):
                    db.conn.execute(
                        "INSERT INTO jobs(kind, target, asked_by, asked_at) VALUES (?, ?, '', '')",
                        [words, "x" * 2000],
                    )
                db.conn.execute("COMMIT")

    writer = threading.Thread(target=keep_writing)
    writer.start()
    for number in range(5):
        back_up(file, tmp_path / f"{number}.db")
    done.set()
    writer.join()
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as conn:
            kinds = dict(conn.execute("SELECT kind, count(*) FROM jobs GROUP BY kind"))
            assert kinds.get("a", 0) == kinds.get("b", 0)
            assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_backup_replaces_an_older_one_and_nothing_else(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "salinan.db"
    back_up(file, target)
    write_note(file, "dua")
    back_up(file, target)
    assert notes(target) == ["satu", "dua"]
    letter = tmp_path / "surat.txt"
    letter.write_text("penting")
    for place in (letter, file, tmp_path, tmp_path / "tidak-ada" / "x.db"):
        with pytest.raises(StoreError, match=str(place.parent if "ada" in str(place) else place)):
            back_up(file, place)
    assert letter.read_text() == "penting"


def test_restore_brings_a_backup_back_and_keeps_what_stood_there(
    file: Path, tmp_path: Path
) -> None:
    back_up(file, tmp_path / "salinan.db")
    write_note(file, "dua")
    kept = restore(tmp_path / "salinan.db", file)
    assert kept == tmp_path / "pantau.db.before-restore"
    assert (notes(file), notes(kept)) == (["satu"], ["satu", "dua"])
    assert restore(kept, file) == tmp_path / "pantau.db.before-restore-2"
    assert notes(file) == ["satu", "dua"]


def test_restore_works_where_no_database_is(file: Path, tmp_path: Path) -> None:
    back_up(file, tmp_path / "salinan.db")
    assert restore(tmp_path / "salinan.db", tmp_path / "baru.db") is None
    assert notes(tmp_path / "baru.db") == ["satu"]


@pytest.mark.parametrize("damage", [b"sampah", b"SQLite format 3\x00" + b"\xff" * 9000])
def test_restore_replaces_a_database_that_is_damaged(
    file: Path, tmp_path: Path, damage: bytes
) -> None:
    back_up(file, tmp_path / "salinan.db")
    file.write_bytes(damage)
    kept = restore(tmp_path / "salinan.db", file)
    assert kept is not None
    assert (notes(file), kept.read_bytes()) == (["satu"], damage)


def test_restore_refuses_while_another_process_has_the_database_open(
    file: Path, tmp_path: Path
) -> None:
    back_up(file, tmp_path / "salinan.db")
    write_note(file, "dua")
    with held_open(file), pytest.raises(StoreError, match="another process has it open"):
        restore(tmp_path / "salinan.db", file)
    assert notes(file) == ["satu", "dua"]
    assert not (tmp_path / "pantau.db.before-restore").exists()
    restore(tmp_path / "salinan.db", file)
    assert notes(file) == ["satu"]


def test_restore_refuses_what_is_no_backup_of_pantau(file: Path, tmp_path: Path) -> None:
    other, newer, letter = (tmp_path / name for name in ("lain.db", "baru.db", "surat.txt"))
    with closing(sqlite3.connect(other)) as conn:
        conn.execute("CREATE TABLE t(x)")
    back_up(file, newer)
    with closing(sqlite3.connect(newer)) as conn:
        conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    letter.write_text("penting")
    for bad, words in (
        (other, "another program's database"),
        (newer, "newer Pantau"),
        (letter, "no SQLite database"),
        (tmp_path / "tidak-ada.db", "cannot be read"),
        (file, "is the database itself"),
    ):
        with pytest.raises(StoreError, match=words):
            restore(bad, file)
    assert notes(file) == ["satu"]


def test_restore_refuses_a_backup_with_damaged_pages(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "salinan.db"
    back_up(file, target)
    with target.open("r+b") as stream:
        stream.seek(3 * 16384)
        stream.write(b"\xee" * 16384 * 8)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        restore(target, file)
    assert notes(file) == ["satu"]


@settings(max_examples=60, deadline=None)
@given(junk=st.binary(max_size=300), headed=st.booleans())
def test_no_file_whatever_is_in_it_harms_the_database(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, headed: bool
) -> None:
    folder = tmp_path_factory.mktemp("acak")
    (folder / "x").write_bytes((b"SQLite format 3\x00" if headed else b"") + junk)
    with pytest.raises(StoreError):
        restore(folder / "x", folder / "pantau.db")
    assert not (folder / "pantau.db").exists()


def test_a_database_of_an_older_schema_is_backed_up_before_it_is_migrated(
    file: Path, tmp_path: Path
) -> None:
    older_database(file)
    assert [p.name for p in tmp_path.iterdir()] == ["pantau.db"]
    with closing(open_store(file)) as db:
        assert db.conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        assert db["gaps"].exists()
    kept = tmp_path / f"pantau.db.before-m{SCHEMA_VERSION}"
    with closing(sqlite3.connect(kept)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION - 1
        assert conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert notes(kept) == ["satu"]


def test_opening_an_up_to_date_or_a_fresh_database_copies_nothing(
    file: Path, tmp_path: Path
) -> None:
    open_store(file).close()
    open_store(tmp_path / "baru.db").close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["baru.db", "pantau.db"]


def test_a_database_that_cannot_be_backed_up_is_not_migrated(file: Path, tmp_path: Path) -> None:
    older_database(file)
    (tmp_path / f"pantau.db.before-m{SCHEMA_VERSION}").mkdir()
    with pytest.raises(StoreError, match="was not brought up to date"):
        open_store(file)
    with closing(sqlite3.connect(file)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION - 1


def test_the_commands_say_what_they_did(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "salinan.db"
    process = pantau("backup", copy, db=file)
    assert (process.returncode, "whole and checked copy" in process.stdout) == (0, True)
    write_note(file, "dua")
    process = pantau("restore", copy, db=file)
    assert process.returncode == 0
    assert "kept as" in process.stdout and "before-restore" in process.stdout
    assert notes(file) == ["satu"]
    assert pantau("doctor", db=file).returncode == 0
    process = pantau("restore", tmp_path / "tidak-ada.db", db=file)
    assert (process.returncode, process.stderr.count("\n")) == (1, 1)

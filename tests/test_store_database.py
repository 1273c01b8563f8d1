"""Opening, migrating and sharing the database file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.database import StoreError, open_store, transaction
from store.migrations import SCHEMA_VERSION, migrations
from store.outlets import list_outlets, sync_outlets
from tests.test_store_samples import NOW, OUTLETS, count, sample_store

TRIGGERS = {
    "articles_fts_insert",
    "articles_fts_delete",
    "articles_fts_update",
    "reviews_cache",
    "reviews_no_update",
    "reviews_no_delete",
    "cluster_decisions_no_delete",
    "cluster_decisions_no_update",
    "clusters_lead",
    "people_end_sessions",
    "unplaced_changed",
    "unplaced_new",
    "cases_inserted",
    "cases_updated",
    "case_terms_inserted",
}


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-W", "error", "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_missing_folder_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"absent: no such folder; create it or .*--db"):
        open_store(tmp_path / "absent" / "pantau.db")


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)


def test_a_text_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database at all, just words " * 100)
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"notes\.txt is not a SQLite database"):
        open_store(file)
    assert file.read_bytes() == before


def test_a_broken_database_is_named_as_damaged(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    file.write_bytes(b"SQLite format 3\x00" + os.urandom(5000))
    with pytest.raises(StoreError, match=r"pantau\.db"):
        open_store(file)


def test_a_second_connection_takes_no_lock_from_the_first(tmp_path: Path) -> None:
    """Or else another process that closes the database deletes the log the first one writes to."""
    file = tmp_path / "pantau.db"
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1])\n" + (
        "print(c.execute('SELECT count(*) FROM outlets').fetchone()[0]); c.close()"
    )
    with closing(open_store(file)) as db:
        open_store(file, readonly=True).close()
        for known in ("0", "2"):
            said = subprocess.run(
                [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
            )
            assert said.stdout.strip() == known
            sync_outlets(db, OUTLETS, NOW)


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("CREATE TABLE bookmarks (url TEXT)")
    before = file.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        open_store(file)
    assert file.read_bytes() == before


def test_a_file_from_a_newer_pantau_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    with closing(open_store(file)) as db:
        db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StoreError, match="from a newer Pantau; update Pantau"):
        open_store(file)
    with pytest.raises(StoreError, match="from a newer Pantau; update Pantau"):
        open_store(file, readonly=True)


def test_reading_a_database_that_is_not_there_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database there yet"):
        open_store(tmp_path / "pantau.db", readonly=True)
    assert list(tmp_path.iterdir()) == []


def test_a_readonly_connection_reads_and_cannot_write(tmp_path: Path) -> None:
    file = tmp_path / "with space & 100%.db"
    sample_store(file).close()
    with closing(open_store(file, readonly=True)) as db:
        assert [outlet.slug for outlet in list_outlets(db)] == ["kabar", "warta"]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.conn.execute("DELETE FROM outlets")


def test_a_locked_file_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    open_store(file).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            closing(open_store(file, busy_s=0.05)) as db,
            pytest.raises(StoreError, match="locked by another process; wait"),
        ):
            sync_outlets(db, OUTLETS, NOW)
        other.execute("ROLLBACK")


def test_a_fresh_file_that_another_process_holds_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked by another process; wait"):
            open_store(file, busy_s=0.05)
        other.execute("ROLLBACK")


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    with closing(open_store(file)) as db:
        first = db.schema
        migrations.apply(db)
        assert db.schema == first
    with closing(open_store(file)) as db:
        assert db.schema == first
        assert len(migrations.applied(db)) == SCHEMA_VERSION
        assert migrations.pending(db) == []


def test_a_file_that_was_only_just_created_is_migrated(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    with closing(open_store(file)) as db:
        whole = db.schema
    file.unlink()
    with closing(sqlite3.connect(file, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
    with closing(open_store(file)) as db:
        assert db.schema == whole


def test_the_triggers_are_all_there(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "pantau.db")) as db:
        assert {trigger.name for trigger in db.triggers} == TRIGGERS


def test_our_tables_are_strict(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "pantau.db")) as db:
        loose = {
            name
            for name in db.table_names()
            if not name.startswith(("articles_fts", "_sqlite_migrations")) and not db[name].strict
        }
    assert loose == set()


def test_two_processes_open_a_fresh_file_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from store.database import open_store; print('ready', flush=True);"
        "sys.stdin.readline(); open_store(sys.argv[1]).close()"
    )
    for attempt in range(3):
        file = tmp_path / f"{attempt}.db"
        children = [start(code, str(file)) for _ in range(2)]
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        for child in children:
            _, errors = child.communicate(timeout=30)
            assert (child.returncode, errors) == (0, "")
        with closing(open_store(file)) as db:
            assert len(migrations.applied(db)) == SCHEMA_VERSION


def test_two_processes_write_at_once_and_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    sample_store(file).close()
    code = (
        "import sys; from datetime import UTC, datetime\n"
        "from store.database import open_store\n"
        "from store.hosts import failed\n"
        "db = open_store(sys.argv[1])\n"
        "for _ in range(200): failed(db, 'kabar.example')\n"
        "db.close()"
    )
    children = [start(code, str(file)) for _ in range(2)]
    for child in children:
        _, errors = child.communicate(timeout=60)
        assert (child.returncode, errors) == (0, "")
    with closing(open_store(file)) as db:
        assert db.conn.execute("SELECT failures FROM hosts").fetchone()[0] == 400


def test_a_transaction_that_raises_leaves_nothing(tmp_path: Path) -> None:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        with pytest.raises(KeyError), transaction(db) as conn:
            conn.execute("DELETE FROM runs")
            raise KeyError("in the middle")
        assert count(db, "runs") == 1
        assert not db.conn.in_transaction


def test_an_inner_transaction_that_raises_undoes_only_itself(tmp_path: Path) -> None:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        with transaction(db) as conn:
            conn.execute("UPDATE runs SET status = 'kept'")
            with pytest.raises(KeyError), transaction(db):
                conn.execute("DELETE FROM runs")
                raise KeyError("inside")
        assert db.conn.execute("SELECT status FROM runs").fetchone()[0] == "kept"


def test_a_reader_is_not_blocked_by_a_writer(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    with closing(sample_store(file)) as writer, transaction(writer) as conn:
        conn.execute("UPDATE outlets SET name = 'changing'")
        with closing(open_store(file, readonly=True, busy_s=0.05)) as reader:
            assert [outlet.name for outlet in list_outlets(reader)] == [
                "Kabar Randu",
                "Warta Timur",
            ]


def test_sqlite_utils_finds_the_search_index(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    sample_store(file).close()
    with closing(Database(str(file))) as db:
        assert db["articles"].detect_fts() == "articles_fts"
        assert db["pages"].foreign_keys


def test_datasette_reads_the_file_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    sample_store(file).close()
    code = (
        "import asyncio, sys\n"
        "from datasette.app import Datasette\n"
        "async def main():\n"
        "    client = Datasette([sys.argv[1]]).client\n"
        "    page = await client.get('/pantau/outlets.json?_shape=array')\n"
        "    print(page.status_code, [row['slug'] for row in page.json()])\n"
        "    page = await client.get('/pantau/articles?_search=kpk')\n"
        "    print(page.status_code)\n"
        "asyncio.run(main())"
    )
    # A process of its own: Datasette leaves connections open.
    answer = subprocess.run(
        [sys.executable, "-P", "-c", code, str(file)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.stdout == "200 ['kabar', 'warta']\n200\n", answer.stderr


def test_a_connection_belongs_to_its_thread(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def use(db: Database) -> None:
        try:
            list_outlets(db)
        except sqlite3.ProgrammingError as error:
            errors.append(error)

    with closing(sample_store(tmp_path / "pantau.db")) as db:
        thread = threading.Thread(target=use, args=(db,))
        thread.start()
        thread.join()
    assert len(errors) == 1

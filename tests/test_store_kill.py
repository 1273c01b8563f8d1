"""kill -9 in the middle of writing an outcome: nothing is half stored, nothing is lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from store.database import open_store
from store.doctor import check
from store.frontier import discover, finish, lease, recover
from tests.test_store_samples import DAY, NOW, OUTCOME, candidate, count, leased_page, sample_store

ROOT = str(Path(__file__).parents[1])

# Kills itself before the n-th statement of finish(); prints how many there were if it lives.
AT_A_STATEMENT = """
import os, signal, sys
sys.path.insert(0, sys.argv[3])
from tests.test_store_samples import NOW, OUTCOME
from store.database import open_store
from store.frontier import finish
db, seen = open_store(sys.argv[1]), []
def kill(statement):
    seen.append(statement)
    if len(seen) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
db.conn.set_trace_callback(kill)
finish(db, 1, OUTCOME, NOW)
db.conn.set_trace_callback(None)
db.close()
print(len(seen))
"""

# Finishes pages without end until it is killed.
WITHOUT_END = """
import itertools, os, sys
from dataclasses import replace
sys.path.insert(0, sys.argv[2])
from tests.test_store_samples import NOW, OUTCOME, candidate, numbered
from store.database import open_store
from store.frontier import discover, finish, lease
db = open_store(sys.argv[1])
for n in itertools.count():
    url = f"https://kabar.example/{os.getpid()}-{n}"
    discover(db, "kabar", [candidate(url)], NOW)
    for page in lease(db, "kabar", 1, 1, NOW):
        article = numbered(n)
        finish(db, page.id, replace(OUTCOME, article=article, snapshot=os.urandom(50_000)), NOW)
    if n == 0:
        print("ready", flush=True)
"""

WHOLE = """
SELECT count(*) FROM pages p WHERE p.state = 'done' AND p.ending = 'article'
  AND EXISTS (SELECT 1 FROM articles a JOIN revisions r ON r.article_id = a.id
    JOIN snapshots s ON s.revision_id = r.id AND s.page_id = p.id WHERE a.id = p.article_id
    AND (SELECT count(*) FROM article_tags t WHERE t.article_id = a.id) = 2)
"""


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code, *arguments, ROOT], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("place", ["first", "early", "middle", "late", "last"])
def test_a_kill_in_the_middle_of_finish_leaves_nothing_of_it(tmp_path: Path, place: str) -> None:
    shares = {"first": 0.0, "early": 0.3, "middle": 0.5, "late": 0.8, "last": 1.0}
    file = tmp_path / "pantau.db"
    for name in ("measure.db", "pantau.db"):
        with closing(sample_store(tmp_path / name)) as db:
            leased_page(db)
    child = run(AT_A_STATEMENT, str(tmp_path / "measure.db"), "0")
    statements = int(child.communicate(timeout=30)[0])
    # 2 is the first statement after BEGIN, the last one is COMMIT.
    at = 2 + round(shares[place] * (statements - 2))
    child = run(AT_A_STATEMENT, str(file), str(at))
    child.communicate(timeout=30)
    assert child.returncode == -signal.SIGKILL
    with closing(open_store(file)) as db:
        assert check(db, NOW) == []
        for table in ("articles", "revisions", "snapshots", "tags", "article_tags"):
            assert count(db, table) == 0
        assert recover(db, NOW + DAY) == 1
        (page,) = lease(db, "kabar", 1, 1, NOW + DAY)
        saved = finish(db, page.id, OUTCOME, NOW + DAY)
        assert saved is not None and saved.kind == "new"


def test_kills_at_any_moment_leave_only_whole_pages(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    sample_store(file).close()
    chance = random.Random(7)
    for _ in range(6):
        child = run(WITHOUT_END, str(file))
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.15))
        child.kill()
        child.communicate(timeout=30)
        assert child.returncode == -signal.SIGKILL
    with closing(open_store(file)) as db:
        done = db.conn.execute("SELECT count(*) FROM pages WHERE state = 'done'").fetchone()[0]
        assert done >= 6
        assert db.conn.execute(WHOLE).fetchone()[0] == done
        assert count(db, "articles") == count(db, "revisions") == count(db, "snapshots") == done
        recover(db, NOW + DAY)
        assert check(db, NOW + DAY) == []
        assert discover(db, "kabar", [candidate()], NOW) == 1

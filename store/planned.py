"""What is planned for later, moved along when the clock is set back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from store.database import transaction
from store.encoding import to_exact_text, to_text

# Column by table; what a server or a person named by the clock (a Retry-After date apart, which
# cannot be told from a wait) is not among them.
PLANNED = (
    ("outlets", "next_run_at"),
    ("pages", "not_before"),
    ("pages", "next_check_at"),
    ("pages", "lease_until"),
    ("outbox", "not_before"),
)
EXACT = (("hosts", "next_free_at"), ("hosts", "not_before"))  # with microseconds


def move_back(db: Database, by: timedelta, now: datetime) -> int:
    """Bring everything that was planned before the clock was set back to now (aware UTC) as much
    nearer: a wait of five minutes stays one. by is positive. An alert made meanwhile counts from
    now on, or it would tell of nothing found before its old time. Returns how many were moved."""
    moved = 0
    shift = f"{-by.total_seconds():.3f} seconds"
    with transaction(db) as conn:
        for columns, form, at in (
            (PLANNED, "'%Y-%m-%dT%H:%M:%SZ'", to_text(now)),
            (EXACT, "'%Y-%m-%dT%H:%M:%f000Z'", to_exact_text(now)),
        ):
            for table, column in columns:
                sql = f"UPDATE {table} SET {column} = strftime({form}, {column}, ?)"
                moved += conn.execute(f"{sql} WHERE {column} > ?", (shift, at)).rowcount
        conn.execute(
            "UPDATE alert_rules SET created_at = min(created_at, ?1) WHERE created_at > ?1",
            (to_text(now),),
        )
    return moved

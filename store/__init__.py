"""Everything Pantau remembers: one SQLite file, one writer a process, all SQL in this package."""

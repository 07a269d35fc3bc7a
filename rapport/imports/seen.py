"""What a list has said so far, and whom it may name, however long it is: kept on disk for as long as the work takes."""

import sqlite3
from collections.abc import Iterable


def on_disk(table):
    """A database of no name lives on disk and goes with us."""
    kept = sqlite3.connect("", isolation_level=None)
    kept.execute("PRAGMA synchronous=OFF")
    kept.execute("PRAGMA journal_mode=OFF")
    kept.execute(f"CREATE TABLE {table}")
    return kept


class Seen:
    """Remembers the row that first named somebody."""

    def __init__(self):
        self.kept = on_disk("seen (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")

    def row_of(self, keys: list[str]) -> int | None:
        """The row that named one of these before; None where none did, and then this one may."""
        for key in keys:
            found = self.kept.execute("SELECT number FROM seen WHERE key = ?", (key,)).fetchone()
            if found:
                return found[0]
        return None

    def note(self, keys: list[str], number: int) -> None:
        self.kept.executemany("INSERT INTO seen VALUES (?, ?)", [(key, number) for key in dict.fromkeys(keys)])

    def close(self) -> None:
        self.kept.close()


class Tally:
    """How often each key was counted; none that never was. As much of a Counter as is needed."""

    def __init__(self):
        self.kept = on_disk("tally (key INTEGER PRIMARY KEY, n INTEGER)")

    def __getitem__(self, key: int) -> int:
        found = self.kept.execute("SELECT n FROM tally WHERE key = ?", (key,)).fetchone()
        return found[0] if found else 0

    def update(self, keys: Iterable[int]) -> None:
        words = "INSERT INTO tally VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1"
        self.kept.executemany(words, [(key,) for key in keys])


class Names:
    """Keys by what they are called; one may be called many things, and many the same."""

    def __init__(self):
        self.kept = on_disk("named (name TEXT, key INTEGER, PRIMARY KEY (name, key)) WITHOUT ROWID")

    def note(self, pairs: Iterable[tuple[str, int]]) -> None:
        self.kept.execute("BEGIN")
        self.kept.executemany("INSERT OR IGNORE INTO named VALUES (?, ?)", pairs)
        self.kept.execute("COMMIT")

    def of(self, name: str) -> set[int]:
        return {key for (key,) in self.kept.execute("SELECT key FROM named WHERE name = ?", (name,))}


class Notes:
    """What was said of each of these keys, once; the first word stays."""

    def __init__(self):
        self.kept = on_disk("notes (key TEXT PRIMARY KEY, words TEXT) WITHOUT ROWID")

    def wait_for(self, keys: Iterable[str]) -> None:
        """Let these be noted, and no others."""
        self.kept.executemany("INSERT OR IGNORE INTO notes VALUES (?, NULL)", [(key,) for key in keys])

    def note(self, pairs: Iterable[tuple[str, str]]) -> None:
        words = "UPDATE notes SET words = ? WHERE key = ? AND words IS NULL"
        self.kept.executemany(words, [(text, key) for key, text in pairs])

    def waits(self) -> bool:
        return self.kept.execute("SELECT 1 FROM notes WHERE words IS NULL LIMIT 1").fetchone() is not None

    def of(self, key: str) -> str | None:
        found = self.kept.execute("SELECT words FROM notes WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

"""Which people a list has named so far, however long it is: kept on disk for as long as the reading takes."""

import sqlite3


class Seen:
    """Remembers the row that first named somebody."""

    def __init__(self):
        self.kept = sqlite3.connect("", isolation_level=None)  # a database of no name lives on disk and goes with us
        self.kept.execute("PRAGMA synchronous=OFF")
        self.kept.execute("PRAGMA journal_mode=OFF")
        self.kept.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")

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

"""The database itself refuses to change an entry of a concern's file, or the words a concern was raised with.

While a concern is open, nothing of its file can be taken away either. Taking a whole closed file away, when its years
are over, stays possible: that is retention, and the trail tells of it.
"""

from rapport.core.triggers import by_vendor

KEPT = ("words", "raised_by_label", "raised_at", "program_id")
SAYS = "the words of a concern are never changed"

SQLITE = [
    f"""CREATE TRIGGER entry_no_update BEFORE UPDATE ON safeguarding_entry
    BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    f"""CREATE TRIGGER concern_keeps_words BEFORE UPDATE ON safeguarding_concern
    WHEN {" OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in KEPT)} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
]
SQLITE_OFF = ["DROP TRIGGER IF EXISTS entry_no_update", "DROP TRIGGER IF EXISTS concern_keeps_words"]

POSTGRESQL = [
    f"""CREATE FUNCTION safeguarding_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$""",
    """CREATE TRIGGER entry_no_update BEFORE UPDATE ON safeguarding_entry
    FOR EACH ROW EXECUTE FUNCTION safeguarding_refuse()""",
    f"""CREATE TRIGGER concern_keeps_words BEFORE UPDATE ON safeguarding_concern FOR EACH ROW
    WHEN ({" OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in KEPT)}) EXECUTE FUNCTION safeguarding_refuse()""",
]
POSTGRESQL_OFF = [
    "DROP TRIGGER IF EXISTS entry_no_update ON safeguarding_entry",
    "DROP TRIGGER IF EXISTS concern_keeps_words ON safeguarding_concern",
    "DROP FUNCTION IF EXISTS safeguarding_refuse",
]

install = by_vendor(SQLITE, POSTGRESQL)
remove = by_vendor(SQLITE_OFF, POSTGRESQL_OFF)  # for a migration that changes the tables

SAYS_OPEN = "an open file of a concern is never taken away"

SQLITE_KEEPING = [
    f"""CREATE TRIGGER entry_no_delete BEFORE DELETE ON safeguarding_entry WHEN EXISTS
    (SELECT 1 FROM safeguarding_concern WHERE id = OLD.concern_id AND closed_at IS NULL)
    BEGIN SELECT RAISE(ABORT, '{SAYS_OPEN}'); END""",  # noqa: S608  (no input)
    f"""CREATE TRIGGER concern_no_delete BEFORE DELETE ON safeguarding_concern WHEN OLD.closed_at IS NULL
    BEGIN SELECT RAISE(ABORT, '{SAYS_OPEN}'); END""",
]
SQLITE_KEEPING_OFF = ["DROP TRIGGER IF EXISTS entry_no_delete", "DROP TRIGGER IF EXISTS concern_no_delete"]

POSTGRESQL_KEEPING = [
    f"""CREATE FUNCTION safeguarding_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM safeguarding_concern WHERE id = OLD.concern_id AND closed_at IS NULL)
    THEN RAISE EXCEPTION '{SAYS_OPEN}'; END IF; RETURN OLD; END $$""",  # noqa: S608  (no input)
    f"""CREATE FUNCTION safeguarding_keep_concern() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{SAYS_OPEN}'; END $$""",
    """CREATE TRIGGER entry_no_delete BEFORE DELETE ON safeguarding_entry
    FOR EACH ROW EXECUTE FUNCTION safeguarding_keep_entry()""",
    """CREATE TRIGGER concern_no_delete BEFORE DELETE ON safeguarding_concern FOR EACH ROW
    WHEN (OLD.closed_at IS NULL) EXECUTE FUNCTION safeguarding_keep_concern()""",
]
POSTGRESQL_KEEPING_OFF = [
    "DROP TRIGGER IF EXISTS entry_no_delete ON safeguarding_entry",
    "DROP TRIGGER IF EXISTS concern_no_delete ON safeguarding_concern",
    "DROP FUNCTION IF EXISTS safeguarding_keep_entry",
    "DROP FUNCTION IF EXISTS safeguarding_keep_concern",
]

install_keeping = by_vendor(SQLITE_KEEPING, POSTGRESQL_KEEPING)
remove_keeping = by_vendor(SQLITE_KEEPING_OFF, POSTGRESQL_KEEPING_OFF)

"""The database itself refuses to change or lose a row of the trail; only sealing an unsealed row passes.

A host with root can still take the triggers away: the chain of seals shows it, and a head kept elsewhere proves it.
"""

from rapport.core.triggers import by_vendor

KEPT = (
    "kind", "verb", "at", "written_at", "actor_id", "actor_label", "program_id", "about_type", "about_id", "facts",
    "level",
)  # fmt: skip

SQLITE = [
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    f"""CREATE TRIGGER audit_only_seal BEFORE UPDATE ON audit_event
    WHEN OLD.position IS NOT NULL OR {" OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in KEPT)}
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
]
SQLITE_OFF = ["DROP TRIGGER IF EXISTS audit_no_delete", "DROP TRIGGER IF EXISTS audit_only_seal"]

POSTGRESQL = [
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    f"""CREATE TRIGGER audit_only_seal BEFORE UPDATE ON audit_event FOR EACH ROW
    WHEN (OLD.position IS NOT NULL OR {" OR ".join(f"NEW.{c}::text IS DISTINCT FROM OLD.{c}::text" for c in KEPT)})
    EXECUTE FUNCTION audit_refuse()""",
]
POSTGRESQL_OFF = [
    "DROP TRIGGER IF EXISTS audit_no_delete ON audit_event",
    "DROP TRIGGER IF EXISTS audit_only_seal ON audit_event",
    "DROP FUNCTION IF EXISTS audit_refuse",
]

install = by_vendor(SQLITE, POSTGRESQL)
remove = by_vendor(SQLITE_OFF, POSTGRESQL_OFF)  # for a migration that changes the table

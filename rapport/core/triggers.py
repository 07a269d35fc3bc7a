"""Triggers are written for each database apart; a migration runs those of the one it stands on."""


def by_vendor(sqlite, postgresql):
    """What a migration calls to run these statements."""

    def run(apps, schema_editor):
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
            schema_editor.execute(statement)

    return run

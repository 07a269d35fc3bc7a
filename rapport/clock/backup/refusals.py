"""Why a copy was not made, or not used."""

from rapport.core.refused import Refused


class BackupDamaged(Refused):
    """The copy is not what it was when it was made; nothing was touched."""


class NotABackup(BackupDamaged):
    """Some other file."""

    sentence = "This is no backup of Rapport; nothing was touched."


class CannotWrite(Refused):
    """The place does not take what should be written there."""

    def __init__(self, place, error):
        super().__init__(place, f"It cannot be written there: {getattr(error, 'strerror', None) or error}.")


class PlaceTaken(Refused):
    """A restore goes into an empty place only."""

    sentence = "There is something here already. Restore into an empty folder, and into an empty database."


class ToolMissing(Refused):
    """PostgreSQL's own tools make and read its copies."""

    def __init__(self, tool):
        super().__init__(tool, f"{tool} is not on this machine; it comes with PostgreSQL's client tools.")

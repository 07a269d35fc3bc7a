"""Making an install's folder ready: the folder itself, the tables, the roles."""

import os
import socket
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from rapport.access.actions import refresh_roles
from rapport.core.refused import Refused
from rapport.programs.actions import bring_new_rules


class PortTaken(Refused):
    """Somebody listens there already."""

    def __init__(self, port):
        super().__init__(port, f"Port {port} is taken or cannot be used. Choose another with --port.")


def a_port(text: str) -> int:
    """A port as somebody typed it. Raises ValueError, which reads as wrong usage."""
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(text)
    return port


def require_free(host: str, port: int) -> None:
    """Raises PortTaken."""
    try:
        with socket.create_server((host, port)):
            return
    except (OSError, OverflowError) as error:
        raise PortTaken(port) from error


def make_folder(folder: Path | None = None) -> Path:
    """The folder an install keeps everything in, readable by its owner alone."""
    folder = folder or settings.RAPPORT_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
    key = folder / "keys" / "secret_key"
    if not key.exists() and not os.environ.get("SECRET_KEY"):
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(settings.SECRET_KEY)
    return folder


def make_ready() -> None:
    """Bring the tables up to date, the roles as their file says, and to programs of before the limits that are new.

    Doing it twice changes nothing.
    """
    make_folder()
    call_command("migrate", verbosity=0, interactive=False)
    refresh_roles()
    bring_new_rules(at=timezone.now())
    if connection.vendor == "sqlite":
        Path(settings.DATABASES["default"]["NAME"]).chmod(0o600)

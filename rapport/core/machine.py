"""Which machine this is, for leases: whoever claimed a piece of work may be dead, and somebody asks where it ran."""

import hashlib
import socket
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")


def this_machine() -> str:
    """This machine since it was started, by a short checksum: the names of many containers begin the same."""
    boot = BOOT.read_text() if BOOT.exists() else ""
    return hashlib.sha256(f"{socket.gethostname()} {boot}".encode()).hexdigest()[:24]

"""A copy of an install that is known to open again.

The copy is one zip: the database, the files, and a manifest with counts and checksums. The zip's comment, its last 64
signs, is the checksum of everything before it, so that no changed bit passes. Keys stay out: sessions and sign-in
tokens die with a restore, and a stolen copy opens nothing. After a restore everything outgoing waits for release,
because what was waiting at the copy's moment may have gone out since (security.md §3.5 G28).
"""

from rapport.clock.backup.checking import check
from rapport.clock.backup.making import back_up
from rapport.clock.backup.restoring import restore

__all__ = ["back_up", "check", "restore"]

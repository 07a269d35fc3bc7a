"""A place in a list, as an address or a form carries it.

Keys are counted through, so two of them tell how many rows lie between, even those that a reader may not know of
(security.md §2.1, 9). What leaves the house is therefore sealed: nobody reads the key, and nobody moves it by one.
"""

import secrets

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

SALT = "rapport.core.places"
BYTES = 8


def hide(key: int) -> str:
    """The key of a row, for the outside."""
    once = secrets.token_hex(BYTES)
    return Signer(salt=SALT).sign(f"{once}{key ^ pad(once):016x}")


def find(text: str | None) -> int | None:
    """The key behind what came back; nothing where it is not ours."""
    try:
        said = Signer(salt=SALT).unsign((text or "")[:200])
    except (BadSignature, UnicodeError):
        return None
    once, hidden = said[: 2 * BYTES], said[2 * BYTES :]
    return int(hidden, 16) ^ pad(once)


def cut(rows, most: int) -> tuple[list, str]:
    """(so many of these rows, the place after which the next follow; empty where these are the last)."""
    found = list(rows[: most + 1])
    return found[:most], hide(found[most - 1].pk) if len(found) > most else ""


def pad(once: str) -> int:
    return int.from_bytes(salted_hmac(SALT, once, algorithm="sha256").digest()[:BYTES], "big")

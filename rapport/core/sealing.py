"""Sealing what must be read by nobody who holds a copy of the folder or the database, but not the keys.

An envelope: each thing is sealed with a key of its own, and that key with the newest of the house. So a new house key
means new envelopes around small keys, and no document is written anew by hand. The keys lie in the install's folder
beside the secret key, outside database and backup (docs/adr/0010). Only primitives of `cryptography` are used.
"""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as lazy

from rapport.core.refused import Refused

SIGN = b"RAPPORT1"
NAME, NONCE, KEY, TAG = 8, 12, 32, 16  # bytes: of a key's name, a nonce, a key, what proves that nothing was changed
WRAPPED = NONCE + KEY + TAG
HEAD = len(SIGN) + NAME + WRAPPED + NONCE


class KeyMissing(Refused):
    """What it was sealed with is not in this house's keys."""

    sentence = lazy(
        "This is sealed, and its key is not on this machine. Nothing is lost: whoever hosts Rapport puts the file"
        " field_keys back into the folder keys, from where it is kept apart from the backups."
    )


class Spoiled(Refused):
    """It was changed or cut outside Rapport, or it is sealed for another record."""

    sentence = lazy("This cannot be opened: the file was changed or damaged. A backup of before may have it whole.")


class KeysUnreadable(Refused):
    """The file of keys is not one, or cannot be read or written."""

    sentence = lazy("The file of keys (field_keys) cannot be read, so nothing sealed can be kept or opened just now.")


HALF_MADE = lazy(
    "Another key is just being made, or its making was cut off. If nobody is at it, remove field_keys.new from the"
    " folder keys, and try again. Nothing is sealed with it."
)


def place() -> Path:
    return Path(settings.RAPPORT_DIR) / "keys" / "field_keys"


def ring() -> dict[str, bytes]:
    """The keys of this house by their names, the newest last; none where none was made yet. Raises KeysUnreadable."""
    try:
        said = settings.FIELD_KEYS or (place().read_text().split() if place().exists() else [])
        keys = [base64.urlsafe_b64decode(line) for line in said]
    except (OSError, UnicodeError, binascii.Error) as error:
        raise KeysUnreadable(place()) from error
    if any(len(key) != KEY for key in keys):
        raise KeysUnreadable(place())
    return {name_of(key): key for key in keys}


def name_of(key: bytes) -> str:
    """What a key is called: it follows from the key, so that no other can stand in its place."""
    return hashlib.sha256(b"rapport field key" + key).hexdigest()[:NAME]


def newest() -> tuple[str, bytes]:
    """The key that new things are sealed with; the first is made when it is needed. Raises KeysUnreadable."""
    return list((ring() or first_key()).items())[-1]


def first_key() -> dict[str, bytes]:
    """The ring with the first key in it: of several who make it at once, one does. Raises KeysUnreadable."""
    with writing():
        part = put_down(f"field_keys.{secrets.token_hex(4)}", [new_line()])
        try:
            os.link(part, place())
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return ring()


def add_key() -> dict[str, bytes]:
    """Make a new key, with which everything is sealed from now on; earlier ones stay, to open what they sealed.

    Returns the ring with it. Raises KeysUnreadable.
    """
    before = ring()
    if not before:
        return first_key()
    with writing():
        os.replace(put_down("field_keys.new", [*map(written, before.values()), new_line()]), place())
    return ring()


@contextmanager
def writing() -> Iterator[None]:
    """The folder of keys is there, and what goes wrong in it is said. Raises KeysUnreadable."""
    if settings.FIELD_KEYS:
        raise KeysUnreadable(
            None, lazy("The keys come from the setting FIELD_KEYS. Add the new one there, at its end.")
        )
    try:
        place().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except FileExistsError as error:
        raise KeysUnreadable(place(), HALF_MADE) from error
    except OSError as error:
        raise KeysUnreadable(place()) from error


def put_down(name: str, lines: list[str]) -> Path:
    """A file beside the keys, whole on the disk. Two who add a key at once do not overwrite each other: one fails."""
    part = place().with_name(name)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return part


def new_line() -> str:
    return written(secrets.token_bytes(KEY))


def written(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


def seal(content: bytes, about: str) -> bytes:
    """Seal this for one record: under another name it opens no more. Raises KeysUnreadable."""
    own, nonce = secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
    return wrap(own, about) + nonce + AESGCM(own).encrypt(nonce, content, about.encode())


def wrap(own: bytes, about: str) -> bytes:
    """A key in its envelope, with the name of the house key on it."""
    name, key = newest()
    nonce = secrets.token_bytes(NONCE)
    return SIGN + name.encode() + nonce + AESGCM(key).encrypt(nonce, own, about.encode())


def unseal(sealed: bytes, about: str) -> bytes:
    """What was sealed for this record. Raises KeyMissing, Spoiled, KeysUnreadable."""
    own, rest = own_key(sealed, about), sealed[HEAD - NONCE :]
    return opened(own, rest, about)


def wrap_anew(sealed: bytes, about: str) -> bytes:
    """The same under the newest key; nothing else of it changes. Raises what `unseal` raises."""
    unseal(sealed, about)
    return wrap(own_key(sealed, about), about) + sealed[HEAD - NONCE :]


def own_key(sealed: bytes, about: str) -> bytes:
    if not is_sealed(sealed):
        raise Spoiled(about)
    key = ring().get(sealed_with(sealed))
    if key is None:
        raise KeyMissing(about)
    return opened(key, sealed[len(SIGN) + NAME : HEAD - NONCE], about)


def opened(key: bytes, closed: bytes, about: str) -> bytes:
    try:
        return AESGCM(key).decrypt(closed[:NONCE], closed[NONCE:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise Spoiled(about) from error


def is_sealed(content: bytes) -> bool:
    return content.startswith(SIGN) and len(content) >= HEAD + TAG


def sealed_with(sealed: bytes) -> str:
    """The name of the house key it needs."""
    return sealed[len(SIGN) : len(SIGN) + NAME].decode("ascii", "replace")

"""Short random names for records, used in addresses instead of counted numbers."""

import hashlib
import secrets

from django.db import models
from django.utils.text import slugify

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # 31 signs nobody mixes up when reading them aloud
LENGTH = 12
LONGEST_CODE = 60


def new_ref() -> str:
    """Twelve random signs: 59 bits, too many to guess. Drawn at once, for a list draws them by ten thousands.

    Five bits of each byte name a sign; the one number that names none is passed over, so all are as likely.
    """
    drawn = (byte & 31 for byte in secrets.token_bytes(2 * LENGTH))
    signs = [ALPHABET[number] for number in drawn if number < len(ALPHABET)][:LENGTH]
    return "".join(signs) if len(signs) == LENGTH else new_ref()


def code_of(words) -> str:
    """A short name made of words: of their letters from a to z or, in a script that has none, one of these words."""
    mark = hashlib.sha256(" ".join(words.casefold().split()).encode()).hexdigest()[:LENGTH]
    return slugify(words)[:LONGEST_CODE] or f"own-{mark}"


class RefField(models.CharField):
    """The name of a record in addresses."""

    def __init__(self, **options):
        super().__init__(**{"max_length": LENGTH, "default": new_ref, "unique": True, "editable": False} | options)

    def get_prep_value(self, value):
        """Asked for with a sign that PostgreSQL takes in no text, it is nobody's."""
        found = super().get_prep_value(value)
        return "" if isinstance(found, str) and "\x00" in found else found

"""Short random names for records, used in addresses instead of counted numbers."""

import secrets

from django.db import models

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # 31 signs nobody mixes up when reading them aloud
LENGTH = 12


def new_ref() -> str:
    """Twelve random signs: 59 bits, too many to guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class RefField(models.CharField):
    """The name of a record in addresses."""

    def __init__(self, **options):
        super().__init__(**{"max_length": LENGTH, "default": new_ref, "unique": True, "editable": False} | options)

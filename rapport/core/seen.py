"""A page that was opened before a colleague changed what it shows writes over nothing: it carries a mark of how that
stood, and what was seen is held against what stands."""

import hashlib
import json

from django import forms

from rapport.core.fields import OneLine

LENGTH = 20


def mark_of(told) -> str:
    """Plain values as one mark."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:LENGTH]


def as_they_stand(rows, names) -> str:
    """These fields of these rows as one mark, in whatever order the rows come."""
    return mark_of(sorted(json.dumps([getattr(row, name) for name in names], sort_keys=True) for row in rows))


def seen_field(mark="") -> OneLine:
    """The mark as a form carries it. A page that tells none is not held against anything."""
    return OneLine(most=LENGTH, required=False, widget=forms.HiddenInput, initial=mark)

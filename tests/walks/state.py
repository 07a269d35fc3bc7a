"""Everything a database holds, so that two of them can be compared though their numbers and random names differ.

Each row becomes a mark made of its plain columns and of the marks of the rows it points to.
"""

import hashlib
import re
from collections import Counter

from django.apps import apps

APART = {"core.heartbeat", "care.watermark", "sessions.session"}  # of the machine's own clock and order
RANDOM = {"id", "ref", "token_hash", "position", "seal", "written_at", "lease_until", "claimed_by", "message_id"}
RANDOM |= {"session_key", "password", "last_login"}
A_REF = re.compile(r"\b[0-9a-z]{12}\b")
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d)?")


def state(without_moments=False):
    """{model: {row in words: how often}}, where a row says what it points to by that row's mark."""
    found = {model: list(model.objects.order_by("pk")) for model in models()}
    plain = {model: [words_of(row, without_moments) for row in rows] for model, rows in found.items()}
    marks = {
        (model._meta.label_lower, row.pk): mark(words) for model in found for row, words in both(found, plain, model)
    }
    for _ in range(3):
        marks |= {
            (model._meta.label_lower, row.pk): mark(words + pointed(row, marks))
            for model in found
            for row, words in both(found, plain, model)
        }
    return {
        model._meta.label_lower: Counter(words + pointed(row, marks) for row, words in both(found, plain, model))
        for model in found
    }


def models():
    return [
        m for m in apps.get_models(include_auto_created=True) if m._meta.label_lower not in APART and m._meta.managed
    ]


def both(found, plain, model):
    return zip(found[model], plain[model], strict=True)


def words_of(row, without_moments):
    """The plain columns; what is drawn at random or counted by the database is left out."""
    told = []
    for field in row._meta.concrete_fields:
        if field.is_relation or field.name in RANDOM or field.name == "about_id":
            continue
        value = A_REF.sub("REF", str(getattr(row, field.attname)))
        told.append(f"{field.name}={A_MOMENT.sub('MOMENT', value) if without_moments else value}")
    return "; ".join(told)


def pointed(row, marks):
    """The marks of the rows this one points to, by real keys and by "about"."""
    told = []
    for field in row._meta.concrete_fields:
        if field.is_relation and getattr(row, field.attname) is not None:
            key = field.related_model._meta.label_lower, getattr(row, field.attname)
            told.append(f"{field.name}->{marks.get(key, key[1])}")
    kind = getattr(row, "about_type", None)
    if kind:
        label = kind if isinstance(kind, str) else f"{kind.app_label}.{kind.model}"
        told.append(f"about->{marks.get((label.lower(), row.about_id), label)}")
    return " | " + ", ".join(told)


def mark(words):
    return hashlib.sha256(words.encode()).hexdigest()[:10]

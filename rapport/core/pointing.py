"""What points at a record: every relation of the house, found by itself, so that none is forgotten."""

from functools import cache

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from rapport.core.about import About


@cache
def relations_to(model):
    """Every (model, field) that leads to this one: keys of any kind, also those of other apps."""
    found = []
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.get_fields(include_hidden=True):
            if field.is_relation and not field.auto_created and field.related_model is model:
                found.append((other, field.name))
    return found


@cache
def soft_relations():
    """Models whose rows are about any record, by kind and key."""
    return [model for model in apps.get_models() if issubclass(model, About)]


def who_points_at(model, pks, leaving=None):
    """The models of rows that lead to each of these records: {pk: {model}}. Rows that leave with them do not count.

    As many queries as there are relations, however many records.
    """
    leaving, found = leaving or {}, {}
    if not pks:
        return found
    for other, name in relations_to(model):
        rows = other._base_manager.filter(**{f"{name}__in": pks}).exclude(pk__in=leaving.get(other, ()))
        for pk in rows.order_by().values_list(name, flat=True).distinct():
            found.setdefault(pk, set()).add(other)
    kind = ContentType.objects.get_for_model(model)
    for other in soft_relations():
        rows = other._base_manager.filter(about_type=kind, about_id__in=pks).exclude(pk__in=leaving.get(other, ()))
        for pk in rows.order_by().values_list("about_id", flat=True).distinct():
            found.setdefault(pk, set()).add(other)
    return found


def points_at_nothing(error):
    """Whether a database refused a row because what it points at is gone."""
    return getattr(error.__cause__, "sqlstate", "") == "23503" or "FOREIGN KEY" in str(error)

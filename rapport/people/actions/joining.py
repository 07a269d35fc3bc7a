"""Leading every row that points at one record over to another, as the tables of `core.joining` say."""

from django.db.models import Case, CharField, F, Q, UniqueConstraint, Value, When

from rapport.core.about import type_of
from rapport.core.joining import DECISIONS, key_of
from rapport.core.pointing import relations_to, soft_relations
from rapport.people.models import OldRef

KEPT_SECRET = {"ref", "token_hash"}  # unique, and drawn at random


class NotDecided(Exception):
    """Two rows say the same and no table says which one stays; the house test fails on it long before."""


def lead_over(goes, stays, *, at):
    """Let all that points at the one record point at the other. Of two rows that cannot both stand, one steps back."""
    for model, name in hard(type(goes)):
        decision = DECISIONS.get(key_of(model, name))
        for kept, other in twins(model, name, goes, stays, decision):
            step_back(decision, kept, other, at)
        rows = model._base_manager.filter(**{name: goes})
        keys = list(rows.values_list("pk", flat=True))
        rows.update(**{name: stays})
        rename(model, keys, goes, stays)
    for model in soft_relations():
        rows = model._base_manager.filter(about_type=type_of(goes), about_id=goes.pk)
        keys = list(rows.values_list("pk", flat=True))
        rows.update(about_id=stays.pk)
        rename(model, keys, goes, stays)


def hard(model):
    """Every key that leads to this model. Those of many to many are the rows between."""
    return [(one, name) for one, name in relations_to(model) if not one._meta.get_field(name).many_to_many]


def step_back(decision, kept, other, at):
    if decision is None or not decision.joins:
        raise NotDecided(kept)
    decision.settle(kept, other, at)
    if decision.folds:
        fold(other, kept, at=at)


def fold(goes, stays, *, at):
    """Nothing is left of the one but what leads on from it."""
    lead_over(goes, stays, at=at)
    keep_ref(goes, stays, at=at)
    type(goes)._base_manager.filter(pk=goes.pk).delete()


def keep_ref(goes, stays, *, at):
    """Let the old address lead on."""
    if hasattr(goes, "ref"):
        OldRef.objects.create(ref=goes.ref, about=stays, left_at=at)


def twins(model, name, goes, stays, decision):
    """(row of the kept record, row of the other) that cannot both stand: each row once, whatever says so."""
    found = {}
    for condition, key in keys_of(model, name, decision):
        rows = model._base_manager.filter(condition).order_by("pk")
        there = {key(row): row for row in rows.filter(**{name: stays})}
        for row in rows.filter(**{name: goes}):
            if key(row) in there:
                found.setdefault(row.pk, (there[key(row)], row))
    return list(found.values())


def keys_of(model, name, decision):
    """What makes two rows the same once both lead to one record: the decision's own word, and the constraints'."""
    if decision and decision.same:
        yield Q(), decision.same
    for fields, condition in uniques(model):
        if name in fields:
            others = [field for field in fields if field != name]
            yield condition, lambda row, others=others: tuple(getattr(row, n) for n in attnames(model, others))


def uniques(model):
    found = [(one.fields, one.condition or Q()) for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    found += [(fields, Q()) for fields in model._meta.unique_together]
    return found + [((field.name,), Q()) for field in model._meta.concrete_fields if field.unique and field.is_relation]


def attnames(model, names):
    return [model._meta.get_field(name).attname for name in names]


def rename(model, keys, goes, stays):
    """A key that names its cause by the old ref names it by the new one, so that no cause acts twice."""
    for field in model._meta.concrete_fields:
        if not isinstance(field, CharField) or not field.unique or field.name in KEPT_SECRET or not keys:
            continue
        rows = model._base_manager.filter(
            pk__in=keys, **{f"{field.name}__contains": getattr(goes, "ref", None) or "\0"}
        )
        new = {pk: said.replace(goes.ref, stays.ref) for pk, said in rows.values_list("pk", field.name)}
        taken = set(
            model._base_manager.filter(**{f"{field.name}__in": new.values()}).values_list(field.name, flat=True)
        )
        free = {pk: said for pk, said in new.items() if said not in taken}
        if free:
            whens = [When(pk=pk, then=Value(said)) for pk, said in free.items()]
            model._base_manager.filter(pk__in=free).update(**{field.name: Case(*whens, default=F(field.name))})

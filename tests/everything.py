"""One record of every kind in a program, its words full of canaries: whoever must not read them must never meet one.

Kinds are found by themselves: a new model is filled by what its fields ask for. Where that is not enough, HINTS helps.
"""

from datetime import date, time, timedelta
from itertools import count

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, IntegrityError, models, transaction

from rapport.access.models import User
from rapport.core.about import About
from rapport.people.models import Person
from rapport.programs.models import Organization, Program
from tests.cast import BEGUN_ON, MONDAY

BELOW = {"core", "audit", "access"}
SHORT = 20  # signs that a canary needs
KEYS = count(1_000_000)  # of what is made here: no two kinds share one, so an address opens what it means or nothing
# Words that are names of things and not somebody's words.
NAMES = {
    "code",
    "kind",
    "profile",
    "time_zone",
    "language",
    "dedupe_key",
    "cause_key",
    "claimed_by",
    "message_id",
    "channel",
}
HINTS = {
    "portal.forecast": {
        "change": {"what": "limit", "key": "remind-after", "was": {"value": 3}, "now": {"value": 4}},
        "state": "done",
        "figures": {"sent": [], "calls": []},
    },
    "events.seat": {"colleague": None},
    "events.group": {"lead": lambda made: made.of(User).person},
    "events.leadlink": {"person": lambda made: teacher(made)},
    "events.namedlead": {"person": lambda made: teacher(made)},
    "events.groupword": {"said_by": lambda made: made.of(User).person},
    "events.absence": {"outcome": "", "ended_at": None},
    "events.eventday": {"ends_at": MONDAY + timedelta(hours=1)},
    "events.session": {"ends_at": MONDAY + timedelta(hours=1)},
    "people.conflict": {"other": lambda made: made.of(User).person},
    "matching.criterion": {"kind": "same", "settings": {"trait": "interests"}},
    "matching.wishask": {"adults_only": True},
    "meetings.alike": {"is_one": False},
    "meetings.daykeeper": {"person": lambda made: teacher(made)},
    "meetings.holidayplan": {"ends_on": date(2100, 1, 1)},
    "meetings.freetime": {"ends_at": time(10)},
    "meetings.outing": {"ends_at": MONDAY + timedelta(hours=1)},
    "programs.placerule": {"mode": "elsewhere"},  # the program has a row of each kind already
    "outbox.message": {"kind": "checkins/invitation", "state": "held"},
    "outbox.letgo": {"kind": "checkins/reminder", "ended_at": None},
}


def teacher(made):
    """Somebody of the school, who takes no part."""
    return Person.objects.create(organization=made.of(Organization), given_name="Tess", added_at=MONDAY)


class Everything:
    """Makes what is asked for once, and remembers it by its kind."""

    def __init__(self, program, given):
        self.made = {Program: program, **given}
        self.failed = {}
        self.count = 0

    def of(self, model):
        """The record of this kind; made with all that it must hang on."""
        if model not in self.made:
            values = {
                field.name: self.value(field) for field in model._meta.concrete_fields if self.wants(field, model)
            }
            hints = HINTS.get(model._meta.label_lower, {})
            values |= {name: hint(self) if callable(hint) else hint for name, hint in hints.items()}
            if issubclass(model, About):
                match = self.made[apps.get_model("matches", "match")]
                values |= {"about_type": ContentType.objects.get_for_model(match), "about_id": match.pk}
            if isinstance(model._meta.pk, models.AutoField):
                values |= {"pk": next(KEYS)}
            with transaction.atomic():
                self.made[model] = model.objects.create(**values)
        return self.made[model]

    def wants(self, field, model):
        if field.primary_key or field.name in HINTS.get(model._meta.label_lower, {}):
            return False
        if field.is_relation:
            same = field.related_model is model
            return not same and (not field.null or field.name in ("person", "match", "participant"))
        if is_words(field):
            return True
        return not (field.null or field.has_default() or field.blank or getattr(field, "auto_now_add", False))

    def value(self, field):
        if field.is_relation:
            return self.of(field.related_model)
        if field.choices:
            return field.choices[0][0]
        if is_words(field):
            return self.canary(field)
        kinds = {
            models.DateTimeField: MONDAY, models.DateField: BEGUN_ON, models.TimeField: time(9),
            models.BooleanField: False, models.JSONField: {}, models.SlugField: "some",
            models.EmailField: "canary@example.org",
        }  # fmt: skip
        return next((kinds[kind] for kind in type(field).__mro__ if kind in kinds), self.plain(field))

    def plain(self, field):
        self.count += 1
        return f"t{self.count}" if isinstance(field, models.CharField | models.TextField) else 1

    def canary(self, field):
        self.count += 1
        return f"Canary{self.count}"


def is_words(field):
    """A field that holds what somebody wrote."""
    if field.choices or field.unique or field.name in NAMES or isinstance(field, models.SlugField | models.URLField):
        return False
    if isinstance(field, models.TextField):
        return True
    return type(field) is models.CharField and field.max_length >= SHORT


def everything(program, given):
    """One of each kind above the ground floors. Returns the Everything, with what could not be made in `failed`."""
    all_of_it = Everything(program, given)
    for model in apps.get_models():
        if model.__module__.startswith("rapport.") and model._meta.app_label not in BELOW:
            try:
                all_of_it.of(model)
            except (IntegrityError, ValueError, TypeError) as error:
                all_of_it.failed[model._meta.label_lower] = str(error)[:200]
    return all_of_it


def sing(program):
    """Fill the words of everything that is in this program already with canaries, people's names first of all."""
    number = 100_000
    for model in apps.get_models():
        if not model.__module__.startswith("rapport.") or model._meta.app_label in BELOW or model is Program:
            continue
        for row in rows_of(model, program):
            words = {}
            for field in model._meta.concrete_fields:
                if is_words(field) and not field.is_relation:
                    number += 1
                    words[field.name] = f"Canary{number}"
            if words:
                quietly(model, row.pk, words)


def rows_of(model, program):
    names = {field.name for field in model._meta.concrete_fields}
    if "program" in names:
        return model.objects.filter(program=program)
    if model._meta.label_lower == "people.person":
        here = models.Q(participations__program=program) | models.Q(user__memberships__program=program)
        return model.objects.filter(here | models.Q(children__child__participations__program=program)).distinct()
    return model.objects.none()


def quietly(model, pk, words):
    """Words that the database keeps for ever stay as they are: they were canaries when they were made."""
    try:
        with transaction.atomic():
            model.objects.filter(pk=pk).update(**words)
    except DatabaseError:
        return

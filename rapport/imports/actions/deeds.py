"""What bringing in a list did, row by row."""

from django.db.models import Max

from rapport.audit.models import Event
from rapport.core.pointing import who_points_at
from rapport.imports.models import Deed
from rapport.people.enrolling import Outcome
from rapport.people.models import ContactPoint
from rapport.programs.models import Site

BATCH = 500
WRITTEN_BY_LISTS = ("participant.enrolled", "participant.changed", "match.taken-over", "match.remembered")


def note_deeds(pairs):
    """Remember what bringing in did, for rows with what was planned and done for them. Part of bringing in."""
    written = [(row, one) for row, one in pairs if one.outcome in (Outcome.NEW, Outcome.CHANGED)]
    points = keys_of_points([point for _, one in written for point in one.made if isinstance(point, ContactPoint)])
    seen_to = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    Deed.objects.bulk_create([deed_of(row, one, points, seen_to) for row, one in written], batch_size=BATCH)


def deed_of(row, planned, points, seen_to):
    made: dict[str, list[int]] = {}
    for one in planned.made:
        key = points.get((one.person_id, one.kind, one.value)) if isinstance(one, ContactPoint) else one.pk
        if key:
            made.setdefault(one._meta.label_lower, []).append(key)
    is_new = planned.participant.pk in made.get("people.participant", [])
    was = {name: values for name, values in planned.was.items() if not (is_new and name.startswith("participant."))}
    if planned.person.pk in made.get("people.person", []):
        was = {name: values for name, values in was.items() if name.startswith("contact.")}
    return Deed(
        row=row, person_key=planned.person.pk, participant_key=planned.participant.pk, made=made, was=was,
        shared=planned.made_shared, seen_to=seen_to,
    )  # fmt: skip


def keys_of_points(points):
    """Keys of ways to reach people by what they say: they are written without asking for their keys."""
    found = ContactPoint.objects.filter(person__in={point.person_id for point in points})
    return {(one.person_id, one.kind, one.value): one.pk for one in found}


def taken_back_since(deeds, label, key):
    """Keys of lines of the trail that later lists wrote about the same records, where these were taken back by now.

    A list writes one such line about a record it changes; what a person wrote has another verb or came after it.
    """
    keys = {getattr(deed, key) for deed in deeds} - {None}
    later = Deed.objects.filter(**{f"{key}__in": keys}, seen_to__gt=min((one.seen_to for one in deeds), default=0))
    later = list(later.exclude(undone_at=None).values_list(key, "seen_to"))
    if not later:
        return set()
    rows = Event.objects.filter(kind=Event.Kind.WRITE, about_type=label, about_id__in={about for about, _to in later})
    lines: dict[int, list[int]] = {}
    for about, pk in rows.filter(verb__in=WRITTEN_BY_LISTS).order_by("pk").values_list("about_id", "pk"):
        lines.setdefault(about, []).append(pk)
    return {max((pk for pk in lines.get(about, []) if pk <= seen_to), default=0) for about, seen_to in later}


def close_made_sites(staged):
    """Forget the sites a roster named that nothing came to be at, and of which nobody wrote whom to call."""
    made = staged.mapping.get("made_sites", [])
    held = who_points_at(Site, made)
    Site.objects.filter(pk__in=[pk for pk in made if pk not in held], emergency_numbers="").delete()
